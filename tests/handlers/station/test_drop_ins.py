"""Water, rest and hot meals over HTTP: seen, taken, given back, full."""

import pytest

from models.stations import walk_ins
from models.stations.drop_in_services import DropIn, DropInKind
from models.stations.port_services import Service, ServiceKind
from models.stations.walk_ins import NoSuchPort
from tests.models.stations import people, places
from tests.models.stations.places import slot, somebody

PARK = "station_park"
MINE, OURS = f"/worker/v1/stations/{PARK}", f"/station/v1/stations/{PARK}"


async def furnished(ctx, http):
    drop_ins = (DropIn(kind=DropInKind.WATER), DropIn(kind=DropInKind.REST, seats=2))
    meals = Service(
        kind=ServiceKind.HOT_MEAL, ports=1, slot_minutes=20, turnover_minutes=0
    )
    await places.put(ctx, places.station(drop_ins=drop_ins, services=(meals,)))
    return [
        http.as_(await people.token(ctx, who))
        for who in (
            await people.worker(ctx),
            await people.worker(ctx, "wang", real_name="王示例"),
            await people.clerk(ctx),
        )
    ]


async def test_water_and_seats_are_seen_on_the_stations_page(ctx, http):
    li, _, lu = await furnished(ctx, http)
    assert (await li.post(f"{MINE}/water")).body == {"today": 1}
    assert (await lu.post(f"{OURS}/water", {"cups": 5})).body == {"today": 6}
    assert (await li.post(f"{MINE}/rest")).status == 201
    page = await http.get(MINE)
    drop_ins = {each["kind"]: each for each in page.body["drop_ins"]}
    assert (drop_ins["water"]["title"], drop_ins["water"]["today"]) == ("喝水", 6)
    seats = [drop_ins["rest"][name] for name in ("seats", "inside", "free")]
    assert seats == [2, 1, 1]
    [listed] = (await http.get("/worker/v1/stations")).body["items"]
    assert [each["free"] for each in listed["drop_ins"]] == [0, 1]


async def test_seats_fill_up_and_free_up(ctx, http):
    li, wang, lu = await furnished(ctx, http)
    await li.post(f"{MINE}/rest")
    guest = await lu.post(f"{OURS}/rest")
    assert (guest.status, guest.body["name"]) == (201, None)
    full = await wang.post(f"{MINE}/rest")
    assert (full.status, full.code) == (409, "rest_full")
    seen = await lu.get(f"{OURS}/rest")
    assert (seen.body["inside"], seen.body["free"]) == (2, 0)
    assert [each["name"] for each in seen.body["guests"]] == ["李*例", None]
    out = await lu.delete(f"{OURS}/rest/{guest.body['stay_id']}")
    again = await lu.delete(f"{OURS}/rest/{guest.body['stay_id']}")
    assert (out.status, again.status, again.code) == (200, 409, "not_resting")
    left = await li.delete(f"{MINE}/rest")
    assert left.status == 200
    assert left.body["left_at"]


async def test_a_turn_at_the_hot_meals_is_booked_like_any_other(ctx, http):
    li, wang, _ = await furnished(ctx, http)
    where = {"slot_id": slot("1200", service="hot_meal")}
    made = await li.post("/worker/v1/bookings", where)
    assert (made.status, made.body["title"], made.body["port"]) == (201, "热饭", 1)
    full = await wang.post("/worker/v1/bookings", where)
    assert (full.status, full.code) == (409, "slot_full")
    code = await li.get(f"/worker/v1/bookings/{made.body['id']}/code")
    assert code.status == 200
    with pytest.raises(NoSuchPort):
        await walk_ins.walk_in(ctx, PARK, ServiceKind.HOT_MEAL, 1, by=somebody("wang"))

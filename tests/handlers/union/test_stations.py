"""Stations at the back office over HTTP: entered, described, furnished, in reach."""

from typing import Any

import pytest

from models.base.audit import Entry
from models.stations import bookings
from models.stations.booked import Booking
from models.stations.stations import Station
from models.unions.permissions import Permission
from tests.models.stations import places
from tests.models.stations.places import slot, somebody
from tests.models.unions.people import official, token

URL = "/union/v1/stations"
EAST, WEST = "/unit_city/unit_east/", "/unit_city/unit_west/"

NEW: dict[str, Any] = {
    "unit_id": "unit_east_firm",
    "name": "示例·新驿站",
    "kind": "bank",
    "address": "示例地址一层",
    "gcj02": {"lng": 113.5505, "lat": 34.8172},
    "phone": "0371-00000009",
    "facilities": ["hot_water", "rest"],
    "hours": {"weekly": {"mon": ["08:00-20:00"]}},
    "offering": {
        "services": [{"kind": "hot_meal", "ports": 2, "slot_minutes": 20}],
        "drop_ins": [{"kind": "water"}, {"kind": "rest", "seats": 6}],
    },
}
WORDS = {
    key: NEW[key] for key in ("name", "kind", "address", "gcj02", "phone", "facilities")
}


async def manager(ctx, http, unit="unit_east"):
    who = await official(ctx, unit, unit=unit, permissions=[Permission.STATIONS])
    return http.as_(await token(ctx, who))


async def both(ctx):
    """One station in each branch."""
    await places.put(
        ctx,
        places.station(org_path=EAST, unit_id="unit_east"),
        places.station("lake", org_path=WEST, unit_id="unit_west"),
    )


async def test_a_station_is_entered_and_found_by_workers(ctx, http):
    east = await manager(ctx, http)
    made = await east.post(URL, NEW)
    assert made.status == 201, made.body
    assert made.body["gcj02"] == WORDS["gcj02"]
    assert made.body["drop_ins"][1] == {"kind": "rest", "seats": 6}
    kept = await Station.find(ctx, _id=made.body["id"])
    assert kept.org_path == "/unit_city/unit_east/unit_east_firm/"
    seen = await http.get(f"/worker/v1/stations/{kept.id}")
    assert (seen.status, seen.body["state"]) == (200, "unattended")
    [noted] = await Entry.many(ctx, {"about": kept.id})
    assert (noted.what, noted.who) == ("stations.enter", "staff_unit_east")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"unit_id": "unit_west_firm"}, 404, "no_such_unit"),
        ({"unit_id": "unit_nowhere"}, 404, "no_such_unit"),
        ({"gcj02": {"lng": 0, "lat": 0}}, 422, "bad_point"),
        (
            {"hours": {"weekly": {"mon": ["08:00-12:00", "11:00-13:00"]}}},
            422,
            "bad_hours",
        ),
        ({"offering": {"drop_ins": [{"kind": "rest"}]}}, 422, "bad_services"),
        (
            {"offering": {"services": NEW["offering"]["services"] * 2}},
            422,
            "bad_services",
        ),
    ],
)
async def test_what_makes_no_sense_or_is_elsewhere_is_not_entered(
    ctx, http, change, status, code
):
    east = await manager(ctx, http)
    answer = await east.post(URL, NEW | change)
    assert (answer.status, answer.code) == (status, code)
    assert not await Station.many(ctx, {})


async def test_each_sees_their_own_branch_only(ctx, http):
    await both(ctx)
    for unit, own in (
        ("unit_east", ["station_park"]),
        ("unit_west", ["station_lake"]),
        ("unit_city", ["station_park", "station_lake"]),
    ):
        me = await manager(ctx, http, unit)
        listed = await me.get(URL)
        assert [item["id"] for item in listed.body["items"]] == own
    first = await me.get(f"{URL}?limit=1")
    rest = await me.get(f"{URL}?limit=1&cursor={first.body['next']}")
    assert rest.body["items"][0]["id"] == "station_lake"
    of_unit = await me.get(f"{URL}?unit_id=unit_west")
    assert [item["id"] for item in of_unit.body["items"]] == ["station_lake"]


async def test_a_station_is_found_by_a_part_of_its_name_or_address(ctx, http):
    east = await manager(ctx, http)
    await both(ctx)
    made = (await east.post(URL, NEW | {"name": "示例·A+路驿站"})).body["id"]
    for text, found in (
        ("a%2B路", [made]),
        ("示例地址一层", [made]),
        ("%20驿站 "[:-1], None),
        ("A.路", []),
        ("湖", []),
    ):
        seen = await east.get(f"{URL}?q={text}")
        ids = [each["id"] for each in seen.body["items"]]
        assert ids == found if found is not None else made in ids, text
    assert len((await east.get(f"{URL}?q=")).body["items"]) == 2
    for part in ("%00", "长" * 61):
        refused = await east.get(f"{URL}?q={part}")
        assert (refused.status, refused.code) == (422, "invalid"), part


async def test_nothing_of_another_branch_is_read_or_changed(ctx, http):
    await both(ctx)
    west = await manager(ctx, http, "unit_west")
    one = f"{URL}/station_park"
    before = await Station.find(ctx, _id="station_park")
    closing = {"reason": "停电"}
    hours = {"rev": 0, "reason": "调整", "hours": NEW["hours"]}
    pause = {"service": "phone_charging", "port": 1, "reason": "坏了"}
    special = {"day": "2026-11-29", "intervals": ["09:00-12:00"], "reason": "活动"}
    tries = [
        await west.get(one),
        await west.put(one, WORDS | {"rev": 0}),
        await west.put(f"{one}/hours", hours),
        await west.post(f"{one}/hours-previews", hours),
        await west.put(f"{one}/services", {"rev": 0, "reason": "调整"}),
        await west.post(f"{one}/closures", closing),
        await west.post(f"{one}/closure-previews", closing),
        await west.delete(f"{one}/closures/closure_1"),
        await west.post(f"{one}/reopening"),
        await west.put(f"{one}/special-days", special),
        await west.post(f"{one}/special-day-previews", special),
        await west.delete(f"{one}/special-days?day=2026-11-29"),
        await west.post(f"{one}/port-pauses", pause),
        await west.delete(f"{one}/port-pauses?service=phone_charging&port=1"),
        await west.get(f"{one}/disruptions"),
    ]
    assert {(each.status, each.code) for each in tries} == {(404, "no_such_station")}
    assert await Station.find(ctx, _id="station_park") == before


async def test_who_manages_no_stations_is_turned_away(ctx, http):
    await both(ctx)
    who = await official(ctx, "zhao", permissions=[Permission.TRAININGS])
    answer = await http.as_(await token(ctx, who)).get(URL)
    assert (answer.status, answer.code) == (403, "permission_missing")


async def test_of_two_who_describe_it_the_later_is_told(ctx, http):
    await both(ctx)
    east = await manager(ctx, http)
    one = f"{URL}/station_park"
    done = await east.put(one, WORDS | {"rev": 0, "name": "示例·改名驿站"})
    assert (done.status, done.body["rev"]) == (200, 1)
    late = await east.put(one, WORDS | {"rev": 0})
    assert (late.status, late.code) == (409, "station_changed")
    assert late.body["details"] == {"rev": 1}
    seen = await http.get("/worker/v1/stations/station_park")
    assert seen.body["name"] == "示例·改名驿站"


async def test_other_hours_are_foreseen_then_cost_only_what_no_longer_fits(ctx, http):
    await both(ctx)
    east = await manager(ctx, http)
    early = await bookings.book(ctx, slot("0800", day="20261124"), by=somebody("a"))
    late = await bookings.book(ctx, slot("0910", day="20261124"), by=somebody("b"))
    week = {day: ["09:10-20:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    body = {"rev": 0, "reason": "冬季作息", "hours": {"weekly": week}}
    one = f"{URL}/station_park"
    seen = await east.post(f"{one}/hours-previews", body)
    assert [each["booking_id"] for each in seen.body["bookings"]] == [early.id]
    done = await east.put(f"{one}/hours", body)
    assert (done.status, done.body["cancelled"]) == (200, 1), done.body
    assert (await Booking.find(ctx, _id=late.id)).state == "booked"
    listed = await east.get(f"{one}/disruptions")
    assert [each["cause"] for each in listed.body["items"]] == ["hours"]
    stale = await east.put(f"{one}/hours", body)
    assert (stale.status, stale.code) == (409, "station_changed")


async def test_fewer_ports_cost_the_bookings_on_those_taken_away(ctx, http):
    await both(ctx)
    east = await manager(ctx, http)
    where = slot("1055")
    made = [await bookings.book(ctx, where, by=somebody(who)) for who in "abcd"]
    one = f"{URL}/station_park"
    paused = {"service": "phone_charging", "port": 1, "reason": "坏了"}
    done = await east.post(f"{one}/port-pauses", paused)
    assert (done.status, done.body["cancelled"]) == (201, 1)
    fewer = {"kind": "phone_charging", "ports": 3, "slot_minutes": 30}
    body = {"rev": 1, "reason": "拆除一口", "services": [fewer]}
    done = await east.put(f"{one}/services", body)
    assert (done.status, done.body["cancelled"]) == (200, 1), done.body
    states = [(await Booking.find(ctx, _id=each.id)).state for each in made]
    off = "cancelled_by_station"
    assert states == [off, "booked", "booked", off]
    kept = (await east.get(one)).body["services"]
    assert [(each["ports"], each["paused"]) for each in kept] == [(3, [1])]

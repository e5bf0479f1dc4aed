"""The directory over HTTP: open or closed to the minute, free ports, distances."""

import asyncio
from datetime import date

import msgspec
import pytest

from handlers.worker.station_views import StationPieces, StationView
from models.base.documents import plain
from models.stations import bookings, hours, kit_changes, live, rest
from models.stations.counts import Counts
from models.stations.drop_in_services import DropIn, DropInKind
from models.stations.kit import Delivery
from models.stations.stations import Facility, Station
from tests.models.stations import places
from tests.models.stations.places import at, slot, somebody

CENTRE = "lng=113.5548&lat=34.8126"


async def listed(http, query=""):
    answer = await http.get(f"/worker/v1/stations?{query}")
    assert answer.status == 200, answer.body
    return answer.body["items"]


async def test_a_station_in_the_list_says_how_it_is_now(ctx, http):
    await places.put(ctx)
    await bookings.book(ctx, slot("1020"), by=somebody())
    [item] = await listed(http)
    assert item == {
        "id": "station_park",
        "name": "示例·park驿站",
        "kind": "union",
        "address": "示例地址",
        "gcj02": {"lng": 113.5505, "lat": 34.8172},
        "phone": "0371-00000001",
        "photo": None,
        "facilities": ["hot_water", "rest"],
        "state": "unattended",
        "reason": "",
        "until": "2026-11-23T12:00:00Z",
        "provisional": False,
        "services": [
            {
                "kind": "phone_charging",
                "title": "手机充电",
                "ports": 4,
                "free": 4,
                "slot_minutes": 30,
                "window_days": 7,
            },
            {
                "kind": "vehicle_charging",
                "title": "电动车充电",
                "ports": 2,
                "free": 2,
                "slot_minutes": 60,
                "window_days": 7,
            },
        ],
        "drop_ins": [],
        "distance_m": None,
    }


async def test_free_ports_are_those_of_the_slot_that_runs(ctx, http, clock):
    await places.put(ctx)
    await bookings.book(ctx, slot("1020"), by=somebody())
    for moment, free in (("10:14", 4), ("10:15", 3), ("10:49", 3), ("10:50", 4)):
        clock.put(at(moment))
        [item] = await listed(http)
        assert item["services"][0]["free"] == free, moment
    clock.put(at("20:00"))
    [item] = await listed(http)
    assert item["state"] == "closed"
    assert [service["free"] for service in item["services"]] == [0, 0]


async def test_what_is_kept_of_a_list_is_what_would_be_written_anew(ctx, http, clock):
    drop_ins = (DropIn(kind=DropInKind.REST, seats=2),)
    station = await places.put(ctx, places.station(drop_ins=drop_ins))
    kept = StationPieces()

    async def look():
        [found] = await live.look(ctx, [station])
        for way in (None, 0, 1_234):
            shown = msgspec.structs.replace(StationView.of(found), distance_m=way)
            assert bytes(kept.of(found, way)) == msgspec.json.encode(shown)
        return msgspec.json.decode(kept.of(found, None))

    assert await look() == await look() == (await listed(http))[0]
    await bookings.book(ctx, slot("1020"), by=somebody())
    clock.put(at("10:20"))
    assert (await look())["services"][0]["free"] == 3
    await rest.enter(ctx, station.id, by=somebody())
    assert (await look())["drop_ins"][0]["inside"] == 1
    station = await places.close(ctx, station)
    assert (await look())["state"] == "closed"


async def test_many_lists_at_once_are_a_few_questions(ctx, http, house):
    await places.put(ctx, *(places.station(f"s{number}") for number in range(5)))
    counts, asked = ctx.the(Counts), []
    original = counts._gathered._send_all

    async def noted(pieces):
        asked.append(len(pieces))
        return await original(pieces)

    counts._gathered._send_all = noted
    lists = await asyncio.gather(
        *(listed(http, f"{CENTRE}&limit={number}") for number in range(1, 21))
    )
    assert [len(items) for items in lists] == [min(n, 5) for n in range(1, 21)]
    assert sum(asked) == 20
    assert len(asked) < 20


async def test_a_deaf_process_asks_mongodb_once_for_all(ctx, http, house):
    await places.put(ctx, places.station("a"))
    await house.follower.stop()
    house.follower._last_answer = float("-inf")
    await Station.shelf(ctx).insert_one(plain(places.station("b")))
    lists = await asyncio.gather(*(listed(http) for _ in range(20)))
    assert [[item["id"] for item in items] for items in lists] == [
        ["station_a", "station_b"]
    ] * 20


async def test_the_state_flips_at_the_opening_minute(ctx, http, clock):
    timed = hours.parse(
        places.DAILY | {"attended": {"mon": ["09:00-12:00"]}, "holiday": []}
    )
    await places.put(ctx, places.station(hours=timed))
    for moment, state in (
        ("07:59", "closed"),
        ("08:00", "unattended"),
        ("09:00", "open"),
        ("12:00", "unattended"),
        ("20:00", "closed"),
    ):
        clock.put(at(moment))
        answer = await http.get("/worker/v1/stations/station_park")
        assert answer.body["state"] == state, moment


async def test_holidays_and_make_up_days_count(ctx, http, clock):
    week = {"weekly": {"mon": ["08:00-20:00"]}, "holiday": ["10:00-16:00"]}
    await places.put(ctx, places.station(hours=hours.parse(week)))
    sunday = at("12:00").replace(year=2025, month=9, day=28)
    for moment, state in (
        (sunday, "unattended"),
        (sunday.replace(month=9, day=27), "closed"),
        (sunday.replace(month=10, day=1, hour=10), "unattended"),
        (sunday.replace(month=10, day=1, hour=9), "closed"),
    ):
        clock.put(moment)
        answer = await http.get("/worker/v1/stations/station_park")
        assert answer.body["state"] == state, moment


async def test_closing_early_shows_the_reason_and_until_when(ctx, http):
    station = await places.put(ctx)
    await places.close(ctx, station, reason="线路检修", until=at("15:00"))
    answer = await http.get("/worker/v1/stations/station_park")
    assert (answer.body["state"], answer.body["reason"]) == ("closed", "线路检修")
    assert answer.body["until"] == "2026-11-23T07:00:00Z"


async def test_the_list_is_filtered_and_sorted_by_distance(ctx, http):
    await places.put(
        ctx,
        places.station("a", gcj02=(113.60, 34.81)),
        places.station("b", facilities=(Facility.AED, Facility.REST)),
        places.station("c", services=(), gcj02=(113.555, 34.8126)),
    )
    near = await listed(http, CENTRE)
    assert [item["id"][-1] for item in near] == ["c", "b", "a"]
    assert near[0]["distance_m"] < near[1]["distance_m"] < near[2]["distance_m"]
    assert [i["id"][-1] for i in await listed(http, "facility=rest,aed")] == ["b"]
    assert len(await listed(http, "service=phone_charging")) == 2


async def test_only_open_ones_when_asked(ctx, http, clock):
    await places.put(ctx)
    assert len(await listed(http, "open_now=true")) == 1
    clock.put(at("20:00"))
    assert await listed(http, "open_now=true") == []


async def test_pages_go_on_without_gap_or_repeat(ctx, http):
    await places.put(ctx, *(places.station(f"s{number}") for number in range(5)))
    for query in ("", CENTRE):
        seen, cursor = [], ""
        while cursor is not None:
            answer = await http.get(f"/worker/v1/stations?limit=2&{query}{cursor}")
            seen += [item["id"] for item in answer.body["items"]]
            following = answer.body["next"]
            cursor = following and f"&cursor={following}"
        assert seen == [f"station_s{number}" for number in range(5)]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("lng=113.5", "bad_point"),
        ("lat=34.8", "bad_point"),
        ("lng=34.8&lat=113.5", "bad_point"),
        ("lng=nan&lat=nan", "bad_point"),
        ("cursor=nonsense", "bad_cursor"),
        ("facility=casino", "invalid"),
        ("limit=0", "invalid"),
        ("colour=red", "invalid"),
    ],
)
async def test_a_query_without_sense_is_refused(http, query, code):
    answer = await http.get(f"/worker/v1/stations?{query}")
    assert (answer.status, answer.code) == (422, code)


async def test_a_stations_own_page(ctx, http):
    station = await places.put(ctx, places.station(aed_place="大厅"))
    for item, day in (("创可贴", 24), ("退热贴", 23)):
        delivery = Delivery(
            item=item, batch="1", expires_on=date(2026, 11, day), quantity=3
        )
        await kit_changes.lay_in(ctx, station, delivery)
    answer = await http.get("/worker/v1/stations/station_park")
    assert answer.status == 200
    assert answer.body["kit"] == ["创可贴"]
    assert answer.body["aed_place"] == "大厅"
    assert answer.body["today"] == [
        {
            "start": "2026-11-23T00:00:00Z",
            "end": "2026-11-23T12:00:00Z",
            "attended": False,
        }
    ]


async def test_a_station_that_is_not_there(http):
    answer = await http.get("/worker/v1/stations/station_none")
    assert (answer.status, answer.code) == (404, "no_such_station")


async def slots_of(http, query, station="station_park"):
    return await http.get(f"/worker/v1/stations/{station}/slots?{query}")


async def test_the_slots_of_a_day_with_what_is_free(ctx, http):
    await places.put(ctx, places.station(ports=1))
    await bookings.book(ctx, slot("1055"), by=somebody())
    answer = await slots_of(http, "service=phone_charging")
    found = {item["id"][-4:]: item for item in answer.body["items"]}
    assert len(found) == 20
    assert found["1020"] == {
        "id": slot("1020"),
        "start": "2026-11-23T02:20:00Z",
        "end": "2026-11-23T02:50:00Z",
        "ports": 1,
        "free": 1,
        "bookable": True,
    }
    assert (found["1055"]["free"], found["1055"]["bookable"]) == (0, False)
    assert found["0800"]["bookable"] is False


async def test_slots_that_are_refused(ctx, http):
    await places.put(ctx, places.station(services=()))
    for query, station, status, code in (
        ("service=phone_charging", "station_none", 404, "no_such_station"),
        ("service=phone_charging", "station_park", 404, "no_such_service"),
        ("service=sauna", "station_park", 422, "invalid"),
    ):
        answer = await slots_of(http, query, station)
        assert (answer.status, answer.code) == (status, code)
    await places.put(ctx)
    for day in ("2026-12-02", "2026-11-14", "9999-12-31", "0001-01-01"):
        answer = await slots_of(http, f"service=phone_charging&day={day}")
        assert (answer.status, answer.code) == (422, "day_out_of_sight")

"""Figures are queries over the rows: asked again, counted by hand, within reach."""

from datetime import date, timedelta

import pytest

from models.base.days import SpanBackwards
from models.base.pages import BadCursor
from models.stations import (
    bookings,
    check_ins,
    codes,
    desk_arrivals,
    desk_endings,
    first_aid,
    first_aid_response,
    visit_imports,
    visits,
    walk_ins,
)
from models.stations.first_aid import Call
from models.stations.ledger import CheckIn
from models.stations.stations import Facility, NoSuchStation
from models.stations.visits import Kind, Visitor
from models.statistics import overview, spans, stations
from models.statistics.no_shows import NoShows
from models.statistics.responses import Responses, _figures
from models.statistics.spans import SpanTooLong
from models.unions.officials import PermissionMissing
from models.unions.permissions import Permission
from models.unions.staff import Role
from models.workers import identities
from models.workers.identities import ClientClass
from tests.models.stations import people, places
from tests.models.stations.places import PHONE, VEHICLE, at, slot
from tests.models.unions import people as union

EAST, WEST = "/unit_city/unit_east/", "/unit_city/unit_west/"
READ = (Permission.STATISTICS,)
TODAY = date(2026, 11, 23)


@pytest.fixture
def lu(ctx, run):
    """A clerk of the park (east) and the lake (west), who also answers calls."""

    async def furnish():
        await places.put(
            ctx,
            places.station(org_path=EAST),
            places.station("lake", org_path=WEST),
        )
        roles = (Role.STATION_CLERK, Role.FIRST_AID_RESPONDER)
        return await people.clerk(ctx, stations=("park", "lake"), roles=roles)

    return run(furnish())


async def leader(ctx, unit="unit_east", name="wang"):
    return await union.official(ctx, name, unit=unit, permissions=READ)


async def figures(ctx, by, first=TODAY, last=TODAY):
    found, _ = await stations.of(ctx, "station_park", first, last, by=by)
    return found.figures


def phone(number, **other):
    return Visitor(kind=Kind.BY_PHONE_NUMBER, number=f"1380000{number:04}", **other)


def heads(count, **other):
    return Visitor(kind=Kind.COUNT_ONLY, people=count, **other)


async def bring_in(ctx, by, rows, station_id="station_park"):
    return await visit_imports.bring_in(ctx, station_id, rows, by=by)


async def scan_in(ctx, worker):
    code = codes.show_station(ctx, "station_park", None).code
    return await check_ins.scan_station(ctx, code, by=worker)


async def test_a_day_is_counted_as_it_was(ctx, clock, lu):
    li, qian, sun = [await people.worker(ctx, name) for name in ("li", "qian", "sun")]
    kept = await bookings.book(ctx, slot("1055"), by=li)
    missed = await bookings.book(ctx, slot("1055"), by=qian)
    await bookings.book(ctx, slot("1240"), by=qian)
    gone = await bookings.book(ctx, slot("1315"), by=sun)
    await bookings.cancel(ctx, gone.id, by=sun)
    await scan_in(ctx, sun)
    await walk_ins.walk_in(ctx, "station_park", VEHICLE, 1, by=sun)
    for said in (
        heads(7, used=Facility.HOT_WATER),
        phone(1, used=Facility.REST),
        phone(2),
    ):
        await visits.register(ctx, "station_park", said, by=lu)
    clock.put(at("10:55"))
    await desk_arrivals.mark_arrival(ctx, kept.id, by=lu)
    clock.put(at("11:05"))
    found = await figures(ctx, await leader(ctx))
    assert found.visits == 1 + 1 + 7 + 1 + 1 + 1
    assert found.persons == 2 + 2
    assert found.services == {
        "other": 2,
        "hot_water": 7,
        "rest": 1,
        "phone_charging": 1,
        "vehicle_charging": 1,
    }
    assert found.no_shows == NoShows(missed=1, kept=1, rate=0.5)
    assert found.offline_share == 0
    await desk_endings.mark_no_show(ctx, missed.id, by=lu)
    assert (await figures(ctx, await leader(ctx, name="again"))) == found


async def test_what_was_undone_is_not_counted(ctx, clock, lu):
    li = await people.worker(ctx)
    booking = await bookings.book(ctx, slot("1055"), by=li)
    clock.put(at("10:55"))
    await desk_arrivals.mark_arrival(ctx, booking.id, by=lu)
    row = await visits.register(ctx, "station_park", heads(7), by=lu)
    wang = await leader(ctx)
    assert (await figures(ctx, wang)).visits == 8
    await desk_arrivals.undo_arrival(ctx, booking.id, by=lu)
    await desk_arrivals.undo(ctx, row.id, by=lu)
    found = await figures(ctx, wang)
    assert (found.visits, found.persons, found.services) == (0, 0, {})
    assert found.offline_share is None
    clock.put(at("11:05"))
    await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    assert (await figures(ctx, wang)).no_shows.missed == 1
    await desk_endings.undo_no_show(ctx, booking.id, by=lu)
    assert (await figures(ctx, wang)).no_shows == NoShows()


async def test_what_was_written_down_later_is_off_line(ctx, clock, lu):
    yesterday = clock.now() - timedelta(days=1)
    rows = [heads(1, event_id=f"e{n}", at=yesterday) for n in range(3)]
    await bring_in(ctx, lu, [*rows, heads(1, event_id="now")])
    wang = await leader(ctx)
    days = TODAY - timedelta(days=1)
    assert (await figures(ctx, wang, days, TODAY)).offline_share == 0.75
    assert (await figures(ctx, wang, days, days)).offline_share == 1
    assert (await figures(ctx, wang)).offline_share == 0


async def test_answers_to_calls_are_measured(ctx, clock, lu):
    for waited in (10, 20, 90):
        called = await first_aid.call(ctx, "station_park", Call(), by=None)
        clock.forward(timedelta(seconds=waited))
        await first_aid_response.acknowledge(ctx, called.alert.id, by=lu)
    await first_aid.call(ctx, "station_park", Call(), by=None)
    found = await figures(ctx, await leader(ctx))
    assert found.first_aid == Responses(calls=4, unanswered=1, median_s=20, p90_s=90)


def test_ranks_are_numbers_that_were_measured():
    waits = [second * 1000 for second in range(1, 11)]
    assert _figures(waits) == Responses(calls=10, median_s=5, p90_s=9)
    assert _figures([None]) == Responses(calls=1, unanswered=1)


async def test_classes_are_counted_and_small_ones_hidden(ctx, clock, lu):
    crowd = [await people.worker(ctx, f"w{number:02}") for number in range(36)]
    rider, migrant = ClientClass.PLATFORM_WORKER, ClientClass.MIGRANT_WORKER
    for number, worker in enumerate(crowd):
        if number < 22:
            await identities.put(ctx, worker.id, [rider])
        elif number < 33:
            await identities.put(ctx, worker.id, [rider, migrant])
        await scan_in(ctx, worker)
    wang = await leader(ctx)
    _, by_class = await stations.of(ctx, "station_park", TODAY, TODAY, by=wang)
    assert by_class == {
        "transferring_worker": None,
        "platform_worker": 33,
        "unemployed_graduate": None,
        "migrant_worker": None,
        "employer": None,
        "undeclared": None,
        "unknown": None,
    }
    await bring_in(ctx, lu, [phone(n, event_id=f"e{n}") for n in range(12)])
    _, by_class = await stations.of(ctx, "station_park", TODAY, TODAY, by=wang)
    assert (by_class["unknown"], by_class["migrant_worker"]) == (12, None)


async def test_a_lapsed_class_does_not_count(ctx, clock, lu):
    crowd = [await people.worker(ctx, f"w{number:02}") for number in range(10)]
    for worker in crowd:
        await identities.put(ctx, worker.id, [ClientClass.PLATFORM_WORKER])
        await scan_in(ctx, worker)
    wang = await leader(ctx)
    _, before = await stations.of(ctx, "station_park", TODAY, TODAY, by=wang)
    ended = {"$set": {"items.$[].valid_until": clock.now()}}
    await ctx.db["identities"].update_many({}, ended)
    _, after = await stations.of(ctx, "station_park", TODAY, TODAY, by=wang)
    assert (before["platform_worker"], before["undeclared"]) == (10, None)
    assert (after["platform_worker"], after["undeclared"]) == (None, 10)


async def test_many_visits_sent_twice_are_counted_once(ctx, lu):
    rows = [phone(n % 38, event_id=f"e{n}") for n in range(390)]
    await bring_in(ctx, lu, rows)
    await bring_in(ctx, lu, rows[:100])
    found = await overview.of(ctx, None, None, by=await leader(ctx))
    assert (found.figures.visits, found.figures.persons) == (390, 38)
    rows_kept = await CheckIn.many(ctx, {}, limit=0)
    assert found.figures.visits == sum(row.people for row in rows_kept)


async def test_an_overview_holds_the_subtree_and_nothing_else(ctx, lu):
    await bring_in(ctx, lu, [phone(1, event_id="1"), heads(4, event_id="2")])
    await bring_in(ctx, lu, [phone(1, event_id="1")], "station_lake")

    async def seen(unit):
        found = await overview.of(ctx, TODAY, TODAY, by=await leader(ctx, unit, unit))
        return found.stations, found.figures.visits, found.figures.persons

    assert await seen("unit_east") == (1, 5, 1)
    assert await seen("unit_west") == (1, 1, 1)
    assert await seen("unit_city") == (2, 6, 1)
    assert await seen("unit_east_firm") == (0, 0, 0)


async def test_a_station_out_of_reach_is_not_there(ctx, lu):
    west = await leader(ctx, "unit_west", "xi")
    with pytest.raises(NoSuchStation):
        await figures(ctx, west)
    plain = await union.official(ctx, "pu", permissions=(Permission.STATIONS,))
    for deed in (
        figures(ctx, plain),
        stations.every(ctx, None, None, by=plain, limit=9),
        overview.of(ctx, None, None, by=plain),
    ):
        with pytest.raises(PermissionMissing):
            await deed


async def test_rows_of_a_station_before_it_moved_stay_where_they_were(ctx, lu):
    await bring_in(ctx, lu, [heads(3, event_id="1")])
    await places.put(ctx, places.station(org_path=WEST))
    await bring_in(ctx, lu, [heads(4, event_id="2")])
    west = await leader(ctx, "unit_west", "xi")
    city = await leader(ctx, "unit_city", "shi")
    assert (await figures(ctx, west)).visits == 4
    assert (await figures(ctx, city)).visits == 7


async def test_all_stations_come_page_by_page(ctx, lu):
    await bring_in(ctx, lu, [heads(3, event_id="1")])
    city = await leader(ctx, "unit_city", "shi")
    first = await stations.every(ctx, TODAY, TODAY, by=city, limit=1)
    rest = await stations.every(ctx, TODAY, TODAY, by=city, cursor=first.next, limit=1)
    pages = [*first.items, *rest.items]
    assert {each.station.id: each.figures.visits for each in pages} == {
        "station_park": 3,
        "station_lake": 0,
    }
    east = await leader(ctx)
    own = await stations.every(ctx, TODAY, TODAY, by=east, limit=9)
    assert [each.station.id for each in own.items] == ["station_park"]
    with pytest.raises(BadCursor):
        await stations.every(ctx, None, None, by=east, cursor="?", limit=9)


def test_a_span_is_a_year_at_the_most_and_forwards(ctx, clock):
    assert spans.of(ctx, None, None) == (date(2026, 10, 25), TODAY)
    assert spans.of(ctx, None, date(2026, 1, 30)) == (
        date(2026, 1, 1),
        date(2026, 1, 30),
    )
    year = date(2025, 11, 23)
    assert spans.of(ctx, year, TODAY).first == year
    with pytest.raises(SpanTooLong):
        spans.of(ctx, year - timedelta(days=1), TODAY)
    with pytest.raises(SpanBackwards):
        spans.of(ctx, TODAY, TODAY - timedelta(days=1))


async def test_a_walk_in_counts_where_it_was(ctx, lu):
    li = await people.worker(ctx)
    await walk_ins.walk_in(ctx, "station_park", PHONE, 1, by=li)
    found = await figures(ctx, await leader(ctx))
    assert (found.visits, found.persons) == (1, 1)
    assert found.no_shows == NoShows()

"""Visits without a phone: a number is looked up and forgotten, heads are counted."""

import asyncio
from datetime import timedelta

import pytest

from models.base import aliases
from models.base.audit import Entry
from models.base.errors import Refusal
from models.base.events import Happening
from models.stations import check_ins, codes, desk_arrivals, visit_imports, visits
from models.stations.ledger import AlreadyIn, CheckIn, Way
from models.stations.stations import Facility, NoSuchStation
from models.stations.visit_imports import Outcome
from models.stations.visits import (
    Kind,
    NotYet,
    NumberNotUsable,
    NumberOrPeople,
    Visitor,
)
from models.unions.staff import Role, RoleMissing
from models.workers.workers import Worker
from tests.models.stations import people, places

PHONE = "13800001234"
ID_NUMBER = "11010519491231002X"
"""The standard's own example; nobody's."""


@pytest.fixture
def lu(ctx, run):
    """A clerk at the park."""

    async def furnish():
        await places.put(ctx, places.station(org_path="/unit_city/"))
        return await people.clerk(ctx)

    return run(furnish())


def by_phone(number=PHONE, **other):
    return Visitor(kind=Kind.BY_PHONE_NUMBER, number=number, **other)


def heads(count, **other):
    return Visitor(kind=Kind.COUNT_ONLY, people=count, **other)


async def with_phone(ctx, name="li", number=f"+86{PHONE}"):
    worker = await people.worker(ctx, name)
    blind = ctx.secrets.blind("phone", number)
    await Worker.change(ctx, {"_id": worker.id}, {"$set": {"phone_blind": blind}})
    return worker


async def outcomes(*tries):
    answers = await asyncio.gather(*tries, return_exceptions=True)
    return sorted(a.code if isinstance(a, Refusal) else "done" for a in answers)


async def everything(ctx):
    """Return all that is kept, as text."""
    names = await ctx.db.list_collection_names()
    return "".join([str(await ctx.db[name].find().to_list()) for name in names])


async def test_an_accounts_number_is_that_workers_visit(ctx, lu):
    li = await with_phone(ctx)
    row = await visits.register(ctx, "station_park", by_phone("138 0000 1234"), by=lu)
    assert (row.worker_id, row.visitor, row.way) == (li.id, None, Way.BY_PHONE_NUMBER)
    assert (row.by, row.org_path, row.people) == (lu.id, "/unit_city/", 1)
    [event] = await Happening.many(ctx, {"kind": "VisitMade"})
    assert event.data["worker_id"] == li.id
    [entry] = await Entry.many(ctx, {"what": "visits.look_up"})
    assert (entry.who, entry.subject) == (lu.id, await aliases.of(ctx, li.id))


@pytest.mark.parametrize(
    ("kind", "number"),
    [(Kind.BY_PHONE_NUMBER, PHONE), (Kind.BY_ID_NUMBER, ID_NUMBER)],
)
async def test_a_strangers_number_leaves_a_blind_mark_only(ctx, lu, kind, number):
    said = Visitor(kind=kind, number=number)
    row = await visits.register(ctx, "station_park", said, by=lu)
    assert row.worker_id is None
    assert row.visitor
    kept = await everything(ctx)
    assert number not in kept
    assert number[-6:] not in kept
    assert number not in repr(said)
    with pytest.raises(AlreadyIn):
        await visits.register(ctx, "station_park", said, by=lu)


async def test_the_same_number_is_the_same_mark_another_day(ctx, clock, lu):
    first = await visits.register(ctx, "station_park", by_phone(), by=lu)
    clock.forward(timedelta(days=1))
    second = await visits.register(ctx, "station_park", by_phone(f"+86 {PHONE}"), by=lu)
    assert first.visitor == second.visitor
    assert first.once != second.once


async def test_scanned_and_written_down_is_one_visit(ctx, lu):
    li = await with_phone(ctx)
    code = codes.show_station(ctx, "station_park", None).code
    await check_ins.scan_station(ctx, code, by=li)
    with pytest.raises(AlreadyIn):
        await visits.register(ctx, "station_park", by_phone(), by=lu)


async def test_heads_are_counted_as_often_as_said(ctx, lu):
    for _ in range(2):
        said = heads(7, used=Facility.HOT_WATER)
        row = await visits.register(ctx, "station_park", said, by=lu)
    assert (row.people, row.used, row.worker_id) == (7, Facility.HOT_WATER, None)
    assert await CheckIn.shelf(ctx).count_documents({}) == 2
    events = await Happening.many(ctx, {"kind": "VisitorsCounted"})
    assert [event.data["people"] for event in events] == [7, 7]


async def test_an_event_id_counts_once_however_often_it_is_sent(ctx, lu):
    said = heads(3, event_id="e-1")
    first = await visits.register(ctx, "station_park", said, by=lu)
    done = await outcomes(
        *(visits.register(ctx, "station_park", said, by=lu) for _ in range(8))
    )
    assert done == ["done"] * 8
    assert await CheckIn.many(ctx, {}) == [first]


async def test_ten_clerks_with_one_number_write_one_visit(ctx, lu):
    tries = [visits.register(ctx, "station_park", by_phone(), by=lu) for _ in range(10)]
    assert await outcomes(*tries) == ["already_in"] * 9 + ["done"]


async def test_a_visit_written_by_mistake_is_taken_back(ctx, lu):
    row = await visits.register(ctx, "station_park", by_phone(), by=lu)
    await desk_arrivals.undo(ctx, row.id, by=lu)
    again = await visits.register(ctx, "station_park", by_phone(), by=lu)
    assert again.entry == row.entry


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (by_phone("12"), NumberNotUsable),
        (by_phone("李示例"), NumberNotUsable),
        (Visitor(kind=Kind.BY_ID_NUMBER, number="110105194912310021"), NumberNotUsable),
        (Visitor(kind=Kind.BY_ID_NUMBER, number="1"), NumberNotUsable),
        (by_phone(""), NumberOrPeople),
        (by_phone(people=2), NumberOrPeople),
        (Visitor(kind=Kind.COUNT_ONLY, number=PHONE), NumberOrPeople),
    ],
)
async def test_what_makes_no_sense_is_refused(ctx, lu, said, refusal):
    with pytest.raises(refusal) as refused:
        await visits.register(ctx, "station_park", said, by=lu)
    assert said.number not in str(refused.value.details) or not said.number
    assert await CheckIn.many(ctx, {}) == []


async def test_only_the_stations_own_clerks_write_down(ctx, lu):
    fan = await people.clerk(ctx, "fan", stations=("lake",))
    nurse = await people.clerk(ctx, "bai", roles=(Role.FIRST_AID_RESPONDER,))
    for who, refusal in ((fan, NoSuchStation), (nurse, RoleMissing)):
        with pytest.raises(refusal):
            await visits.register(ctx, "station_park", heads(1), by=who)
        with pytest.raises(refusal):
            await visit_imports.bring_in(ctx, "station_park", [heads(1)], by=who)


async def test_a_list_is_counted_once_row_by_row(ctx, clock, lu):
    li = await with_phone(ctx)
    yesterday = clock.now() - timedelta(days=1)
    rows = [
        by_phone(event_id="a", at=yesterday),
        by_phone(event_id="b", at=yesterday),
        by_phone("13900005678", event_id="c"),
        heads(5, event_id="d"),
        heads(5, event_id="d"),
        by_phone("12", event_id="e"),
        heads(1, event_id="f", at=clock.now() + timedelta(milliseconds=1)),
    ]
    results = await visit_imports.bring_in(ctx, "station_park", rows, by=lu)
    counted, known, refused = Outcome.COUNTED, Outcome.KNOWN, Outcome.REFUSED
    assert [each.outcome for each in results] == [
        *[counted] * 4,
        known,
        refused,
        refused,
    ]
    assert [type(each.refusal) for each in results[5:]] == [NumberNotUsable, NotYet]
    kept = await CheckIn.many(ctx, {}, sort=[("once", 1)])
    assert [row.worker_id for row in kept] == [li.id, li.id, None, None]
    assert [(row.day.day, row.online) for row in kept[:2]] == [(22, False)] * 2
    assert [(row.day.day, row.online) for row in kept[2:]] == [(23, True)] * 2
    [event] = await Happening.many(ctx, {"kind": "VisitsBroughtIn"})
    assert (event.data["rows"], event.data["people"]) == (4, 8)
    again = await visit_imports.bring_in(ctx, "station_park", rows, by=lu)
    assert [each.outcome for each in again] == [*[known] * 5, refused, refused]
    assert PHONE not in await everything(ctx)


async def test_two_stations_may_use_one_event_id(ctx, lu):
    await places.put(ctx, places.station("lake"))
    fan = await people.clerk(ctx, "fan", stations=("lake",))
    for slug, who in (("park", lu), ("lake", fan)):
        await visit_imports.bring_in(
            ctx, f"station_{slug}", [heads(1, event_id="1")], by=who
        )
    assert await CheckIn.shelf(ctx).count_documents({}) == 2


async def test_the_same_list_sent_eight_times_at_once_counts_once(ctx, lu):
    rows = [heads(1, event_id=f"e{number}") for number in range(200)]
    many = await asyncio.gather(
        *(visit_imports.bring_in(ctx, "station_park", rows, by=lu) for _ in range(8))
    )
    counted = [each for results in many for each in results if _is_new(each)]
    assert len(counted) == 200
    assert await CheckIn.shelf(ctx).count_documents({}) == 200


def _is_new(result):
    return result.outcome is Outcome.COUNTED

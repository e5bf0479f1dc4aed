"""Closing a station: who loses a booking, who is told, and nobody slips in."""

import asyncio
from datetime import timedelta

import pytest

from app.wiring import open_house
from models.agenda.hours import Agenda
from models.base.errors import Refusal
from models.base.events import Happening
from models.stations import (
    bookings,
    closures,
    lapses,
    offers,
    settling,
    slots,
    sweeps,
    walk_ins,
    writing,
)
from models.stations.booked import ACTIVE, Booking, BookingMoved
from models.stations.closures import (
    AlreadyClosed,
    BadClosure,
    NoSuchClosure,
    NotClosed,
    Shutting,
)
from models.stations.disruptions import SLIPPING, Disruption, Remedy
from models.stations.offers import NoSuchSlot
from models.stations.port_services import Service, ServiceKind
from models.stations.settling import BookingCutShort
from models.stations.slots import Holder, Slot
from models.stations.stations import NoSuchStation
from models.stations.strikes import Strike
from models.stations.walk_ins import StationClosed
from models.unions.permissions import Permission
from models.unions.staff import RoleMissing
from tests.models.stations import people, places
from tests.models.stations.places import PHONE, VEHICLE, at, slot, somebody
from tests.models.unions.people import official

PARK, EAST, WEST = "station_park", "/unit_city/unit_east/", "/unit_city/unit_west/"

TWELVE = [
    (slot(hour, day="20261124"), f"w{number}")
    for number, hour in enumerate(["0800", "0835", "0910", "0945"] * 3)
]


async def manager(ctx, unit="unit_east"):
    name = unit.removeprefix("unit_")
    return await official(ctx, name, unit=unit, permissions=[Permission.STATIONS])


async def opened(ctx, *slugs, **other):
    made = [places.station(slug, org_path=EAST, **other) for slug in slugs or ["park"]]
    await places.put(ctx, *made)
    return await manager(ctx)


async def twelve(ctx):
    return [await bookings.book(ctx, s, by=somebody(who)) for s, who in TWELVE]


def tomorrow(**other):
    whole = {"since": at("00:00", 24), "until": at("00:00", 25), "reason": "停电检修"}
    return Shutting(**whole | other)


async def told(ctx, kind):
    return await Happening.shelf(ctx).count_documents({"kind": kind})


async def test_a_closed_day_cancels_its_twelve_bookings_without_a_strike(ctx):
    by = await opened(ctx)
    made = await twelve(ctx)
    stays = await bookings.book(ctx, slot("1055"), by=somebody("today"))
    seen = await closures.foresee(ctx, PARK, tomorrow(), by=by)
    assert {each.id for each in seen} == {each.id for each in made}
    assert not await Disruption.many(ctx, {})

    done = await closures.close(ctx, PARK, tomorrow(), by=by)
    assert (done.cancelled, done.moved, done.is_open) == (12, 0, True)
    kept = await Booking.many(ctx, {})
    states = {each.id: each.state for each in kept}
    assert states.pop(stays.id) == "booked"
    assert set(states.values()) == {"cancelled_by_station"}
    assert await told(ctx, "BookingCancelled") == 12
    assert not await Strike.many(ctx, {})
    agendas = await Agenda.many(ctx, {"_id": {"$ne": "worker_today"}})
    assert [agenda.taken for agenda in agendas] == [()] * 12
    with pytest.raises(NoSuchSlot):
        await bookings.book(ctx, TWELVE[0][0], by=somebody("late"))


async def test_closing_again_is_refused_and_settling_again_changes_nothing(ctx, clock):
    by = await opened(ctx)
    await twelve(ctx)
    done = await closures.close(ctx, PARK, tomorrow(), by=by)
    with pytest.raises(AlreadyClosed):
        await closures.close(ctx, PARK, tomorrow(), by=by)
    assert await settling.settle(ctx, done) == 0
    assert await told(ctx, "BookingCancelled") == 12
    clock.forward(SLIPPING)
    await settling.settle_due(ctx)
    [kept] = await Disruption.many(ctx, {})
    assert (kept.cancelled, kept.is_open, kept.due_at) == (12, True, at("00:00", 24))
    clock.put(at("00:01", 24))
    await settling.settle_due(ctx)
    assert not await Disruption.many(ctx, {"is_open": True})


async def test_what_a_dying_process_left_is_settled_by_the_clockwork(ctx):
    by = await opened(ctx)
    await twelve(ctx)
    first = tomorrow()
    closure = closures._closure(ctx, first)
    plan = settling.Plan(cause="closure", reason="停电检修", since=closure.since)
    turn = lambda seen: closures._shut(seen, closure=closure, now=at("10:00"))  # noqa: E731
    await settling._commit(ctx, PARK, turn, plan, by=by)
    assert await Booking.shelf(ctx).count_documents({"state": "booked"}) == 12
    assert await settling.settle_due(ctx) == 12
    assert await settling.settle_due(ctx) == 0


async def test_opening_again_brings_no_booking_back_but_the_slots(ctx, clock):
    by = await opened(ctx)
    await twelve(ctx)
    await closures.close(ctx, PARK, tomorrow(), by=by)
    clock.put(at("08:10", 24))
    with pytest.raises(StationClosed) as refusal:
        await walk_ins.walk_in(ctx, PARK, PHONE, 1, by=somebody("rider"))
    assert refusal.value.details["reason"] == "停电检修"
    await closures.reopen(ctx, PARK, by=by)
    states = {each.state for each in await Booking.many(ctx, {})}
    assert states == {"cancelled_by_station"}
    again = await bookings.book(ctx, TWELVE[3][0], by=somebody("late"))
    assert again.port == 1
    with pytest.raises(NotClosed):
        await closures.reopen(ctx, PARK, by=by)


async def test_one_closure_is_lifted_before_it_begins(ctx):
    by = await opened(ctx)
    await closures.close(ctx, PARK, tomorrow(), by=by)
    [shut] = (await places.Station.find(ctx, _id=PARK)).hours.closures
    with pytest.raises(NoSuchClosure):
        await closures.lift(ctx, PARK, "closure_other", by=by)
    station = await closures.lift(ctx, PARK, shut.id, by=by)
    assert station.hours.closures == ()
    with pytest.raises(NoSuchClosure):
        await closures.lift(ctx, PARK, shut.id, by=by)


async def test_who_is_inside_is_sent_home_kindly_when_the_door_shuts(ctx, clock):
    by = await opened(ctx)
    clock.put(at("10:30"))
    session = await walk_ins.walk_in(ctx, PARK, VEHICLE, 1, by=somebody("rider"))
    since = at("10:40")
    await closures.close(ctx, PARK, Shutting(since=since, reason="跳闸"), by=by)
    assert (await Booking.find(ctx, _id=session.id)).state == "in_use"
    clock.put(since)
    await settling.settle_due(ctx)
    assert (await Booking.find(ctx, _id=session.id)).state == "finished"
    assert await told(ctx, BookingCutShort.__name__) == 1
    slot_kept = await Slot.find(ctx, _id=session.slot_ids[0])
    assert slot_kept is None or not slot_kept.holders


async def test_nobody_who_books_meanwhile_is_left_in_a_closed_hour(
    ctx, clock, settings
):
    """Two processes sell while the station closes; the second one hears it late."""
    by = await opened(ctx, ports=40)
    other = await open_house(settings, clock=clock)
    try:

        async def book(tools, number):
            await asyncio.sleep(0)
            who = somebody(f"r{number}")
            try:
                return await bookings.book(tools, TWELVE[number % 4][0], by=who)
            except Refusal:
                return None

        tools = (ctx, other.ctx)
        tries = [book(tools[number % 2], number) for number in range(80)]
        half = len(tries) // 2
        await asyncio.gather(
            *tries[:half], closures.close(ctx, PARK, tomorrow(), by=by), *tries[half:]
        )
    finally:
        await other.close()
    clock.forward(timedelta(seconds=20))
    await settling.settle_due(ctx)
    clock.forward(timedelta(seconds=20))
    await sweeps.sweep_recent(ctx)
    await settling.settle_due(ctx)
    kept = await Booking.many(ctx, {}, limit=200)
    assert not [each for each in kept if each.state in ACTIVE]
    assert not await Slot.shelf(ctx).count_documents({"holders.0": {"$exists": True}})
    [done] = await Disruption.many(ctx, {})
    assert done.cancelled == len(kept) == await told(ctx, "BookingCancelled")
    assert not await Strike.many(ctx, {})


async def test_bookings_move_to_another_station_and_stay_the_same_ones(ctx):
    by = await opened(ctx, "park", "lake")
    made = await twelve(ctx)
    wish = tomorrow(remedy=Remedy.MOVE, move_to="station_lake")
    done = await closures.close(ctx, PARK, wish, by=by)
    assert (done.moved, done.cancelled) == (12, 0)
    kept = {each.id: each for each in await Booking.many(ctx, {})}
    assert set(kept) == {each.id for each in made}
    for each in made:
        moved = kept[each.id]
        assert (moved.state, moved.station_id) == ("booked", "station_lake")
        assert moved.start == each.start
        held = await Slot.find(ctx, _id=moved.slot_ids[0])
        assert held.held_by(each.id).port == moved.port
        agenda = await Agenda.find(ctx, _id=each.worker_id)
        assert [taken.start for taken in agenda.taken] == [moved.start]
    assert await told(ctx, "BookingRelocated") == 12
    old = await Slot.shelf(ctx).count_documents({"station_id": PARK})
    assert old == 0
    await bookings.cancel(ctx, made[0].id, by=somebody("w0"))


async def test_who_finds_no_room_within_two_hours_is_called_off(ctx):
    by = await opened(ctx)
    made = await twelve(ctx)
    shut = tomorrow(until=at("10:20", 24), remedy=Remedy.MOVE)
    done = await closures.close(ctx, PARK, shut, by=by)
    assert (done.moved, done.cancelled) == (9, 3)
    kept = [await Booking.find(ctx, _id=each.id) for each in made]
    off = {each.start for each in kept if each.state == "cancelled_by_station"}
    assert off == {at("08:00", 24)}
    moved = [each for each in kept if each.state == "booked"]
    assert {each.start for each in moved} <= {
        at("10:20", 24),
        at("10:55", 24),
        at("11:30", 24),
    }
    assert len({(each.slot_ids, each.port) for each in moved}) == 9


async def test_a_booking_that_is_used_meanwhile_is_not_called_off(ctx, clock):
    by = await opened(ctx)
    booking = await bookings.book(ctx, slot("1020"), by=somebody())
    clock.put(at("10:12"))
    await bookings.check_in(ctx, booking.id, by="staff_lu")
    done = await Disruption(
        id="disruption_1",
        station_id=PARK,
        cause="closure",
        reason="停电",
        by=by.id,
        made_at=at("10:12"),
        since=at("10:12"),
        remedy="cancel",
        move_to=PARK,
        due_at=at("10:12"),
    ).insert(ctx)
    with pytest.raises(BookingMoved):
        await settling._call_off(ctx, booking, done)


@pytest.mark.parametrize(
    ("wish", "path"),
    [
        (Shutting(since=at("12:00"), until=at("11:00"), reason="停电"), "$.until"),
        (Shutting(until=at("09:00"), reason="停电"), "$.until"),
        (Shutting(until=at("09:00") + timedelta(days=400), reason="停电"), "$.until"),
        (Shutting(since=at("12:00") + timedelta(days=400), reason="停电"), "$.from"),
    ],
)
async def test_a_closure_that_makes_no_sense_is_refused(ctx, wish, path):
    by = await opened(ctx)
    with pytest.raises(BadClosure) as refusal:
        await closures.close(ctx, PARK, wish, by=by)
    assert refusal.value.details == {"path": path}


async def test_another_branch_finds_no_station_and_changes_nothing(ctx):
    await opened(ctx)
    await twelve(ctx)
    west = await manager(ctx, "unit_west")
    with pytest.raises(NoSuchStation):
        await closures.close(ctx, PARK, tomorrow(), by=west)
    with pytest.raises(NoSuchStation):
        await closures.foresee(ctx, PARK, tomorrow(), by=west)
    with pytest.raises(NoSuchStation):
        await closures.reopen(ctx, PARK, by=west)
    assert await Booking.shelf(ctx).count_documents({"state": "booked"}) == 12
    assert not await Disruption.many(ctx, {})


async def test_bookings_are_not_moved_to_a_station_of_another_branch(ctx):
    by = await opened(ctx)
    await places.put(ctx, places.station("lake", org_path=WEST))
    await twelve(ctx)
    wish = tomorrow(remedy=Remedy.MOVE, move_to="station_lake")
    with pytest.raises(NoSuchStation):
        await closures.close(ctx, PARK, wish, by=by)
    station = await places.Station.find(ctx, _id=PARK)
    assert station.hours.closures == ()


async def test_clerks_close_their_own_station_only_and_only_clerks(ctx):
    await opened(ctx)
    lu = await people.clerk(ctx)
    done = await closures.close(ctx, PARK, Shutting(reason="停水"), by=lu)
    assert done.by == "staff_lu"
    fan = await people.clerk(ctx, "fan", stations=("lake",))
    with pytest.raises(NoSuchStation):
        await closures.reopen(ctx, PARK, by=fan)
    song = await people.clerk(ctx, "song", roles=())
    with pytest.raises(RoleMissing):
        await closures.reopen(ctx, PARK, by=song)


async def test_a_move_that_died_half_way_keeps_the_old_place_and_frees_the_new(
    ctx, clock
):
    """The port at the lake was taken, the booking was not written anew."""
    by = await opened(ctx, "park", "lake")
    booking = await bookings.book(ctx, slot("1055"), by=somebody())
    lake = await offers.find(ctx, slot("1055", slug="lake"))
    holder = Holder(
        port=0, booking_id=booking.id, worker_id="worker_li", since=clock.now()
    )
    await slots.take_port(ctx, lake.empty(), holder=holder)
    clock.forward(timedelta(minutes=1))
    assert await sweeps.sweep_recent(ctx) == 1
    assert not (await Slot.find(ctx, _id=lake.time.id)).holders
    assert (await Booking.find(ctx, _id=booking.id)).station_id == PARK
    wish = tomorrow(
        since=at("10:40"), until=None, remedy=Remedy.MOVE, move_to="station_lake"
    )
    assert (await closures.close(ctx, PARK, wish, by=by)).moved == 1


async def test_of_forty_who_want_one_turn_at_the_hot_meals_three_get_it(ctx):
    meals = Service(kind=ServiceKind.HOT_MEAL, ports=3, slot_minutes=15)
    await opened(ctx, services=(meals,))

    async def book(number):
        where = slot("1200", service=ServiceKind.HOT_MEAL)
        try:
            return await bookings.book(ctx, where, by=somebody(f"r{number}"))
        except Refusal:
            return None

    got = [each for each in await asyncio.gather(*map(book, range(40))) if each]
    assert sorted(each.port for each in got) == [1, 2, 3]


async def test_a_slot_that_closes_while_its_port_is_taken_is_not_booked(ctx):
    by = await opened(ctx)
    [wanted, who] = TWELVE[0]
    offer = await offers.find(ctx, wanted)
    holder = Holder(
        port=0,
        booking_id=ctx.new_id("booking"),
        worker_id=somebody(who).id,
        since=ctx.clock.now(),
    )
    known = await bookings._look(ctx, offer, writing.draft(offer, holder))
    taken = await slots.take_port(ctx, offer.empty(), holder=holder)
    await closures.close(ctx, PARK, tomorrow(), by=by)
    held = taken.held_by(holder.booking_id)
    with pytest.raises(NoSuchSlot):
        await writing.write_or_give_back(ctx, offer, held, known=known)
    assert not await Booking.many(ctx, {})
    assert (await Slot.find(ctx, _id=wanted)).holders == ()


@pytest.mark.parametrize("way", ["gives it up late", "does not come"])
async def test_who_was_moved_by_the_station_gets_no_strike(ctx, clock, way):
    by = await opened(ctx, "park", "lake")
    li = somebody("li")
    booking = await bookings.book(ctx, slot("1055"), by=li)
    wish = Shutting(
        since=at("10:40"), reason="停电检修", remedy=Remedy.MOVE, move_to="station_lake"
    )
    assert (await closures.close(ctx, PARK, wish, by=by)).moved == 1
    if way == "gives it up late":
        clock.put(at("10:50"))
        ended = await bookings.cancel(ctx, booking.id, by=li)
        assert ended.state == "cancelled_by_worker"
    else:
        clock.put(at("11:05"))
        assert await lapses.lapse_no_shows(ctx) == 1
        ended = await Booking.find(ctx, _id=booking.id)
        assert (ended.state, ended.port_due) == ("cancelled_by_station", False)
    assert not await Strike.many(ctx, {})

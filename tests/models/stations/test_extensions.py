"""Extensions: one slot more on the same port, with every guard of a booking."""

import asyncio
from datetime import timedelta

import pytest

from models.agenda import hours
from models.agenda.hours import Taken, TimeConflict
from models.base.errors import Refusal
from models.base.events import Happening
from models.stations import bookings, extensions, lapses, slots, sweeps, walk_ins
from models.stations.booked import Booking, BookingMoved, State, TooEarly
from models.stations.desk_marks import Mark, UndoTooLate
from models.stations.extensions import NothingFollows
from models.stations.fair_use import TooManyMinutes
from models.stations.regaining import holder_of
from models.stations.slots import AlreadyHeld, Slot
from models.stations.walk_ins import ReservedSoon
from tests.models.stations import people, places
from tests.models.stations.places import PHONE, VEHICLE, at, slot


@pytest.fixture
def inn(ctx, run, clock):
    """A park with two ports, where li uses one from 10:55 on and lu is a clerk."""

    async def furnish():
        await places.put(ctx, places.station(ports=2))
        li, lu = await people.worker(ctx), await people.clerk(ctx)
        booking = await bookings.book(ctx, slot("1055"), by=li)
        clock.put(at("10:55"))
        return li, lu, await bookings.check_in(ctx, booking.id, by=li)

    return run(furnish())


async def test_a_booking_reaches_into_the_next_slot(ctx, clock, inn):
    li, lu, booking = inn
    clock.put(at("11:20"))
    await lapses.tell_endings(ctx)
    longer = await extensions.extend(ctx, booking.id, by=lu)
    assert longer.slot_ids == (slot("1055"), slot("1130"))
    assert (longer.end, longer.is_ending_told) == (at("12:00"), False)
    [taken] = await hours.of(ctx, li.id)
    assert (taken.start, taken.end) == (booking.start, longer.end)
    assert (await Slot.find(ctx, _id=slot("1130"))).held_by(booking.id).port == 1
    [mark] = await Mark.many(ctx, {})
    assert (mark.slot_id, mark.end_before) == (slot("1130"), booking.end)
    assert await Happening.find(ctx, kind="BookingExtended")
    finished = await bookings.finish(ctx, booking.id, by=li)
    assert finished.port_due is False
    assert (await Slot.find(ctx, _id=slot("1130"))).holders == ()


async def test_a_port_booked_by_another_ends_it(ctx, clock, inn):
    _, lu, booking = inn
    qian = await people.worker(ctx, "qian")
    await bookings.book(ctx, slot("1130"), by=qian)
    with pytest.raises(ReservedSoon):
        await extensions.extend(ctx, booking.id, by=lu)
    assert (await Booking.find(ctx, _id=booking.id)).slot_ids == (slot("1055"),)


async def test_extending_and_booking_at_once_give_the_port_to_one(ctx, clock, inn):
    _, lu, booking = inn
    crowd = [await people.worker(ctx, f"w{number}") for number in range(6)]
    await asyncio.gather(
        extensions.extend(ctx, booking.id, by=lu),
        *(bookings.book(ctx, slot("1130"), by=who) for who in crowd),
        return_exceptions=True,
    )
    held = await Slot.find(ctx, _id=slot("1130"))
    kept = await Booking.many(ctx, {"slot_ids": slot("1130")})
    assert {each.id for each in kept} == {h.booking_id for h in held.holders}
    assert sorted(h.port for h in held.holders) == [1, 2]


async def test_five_clerks_at_once_extend_by_one_slot(ctx, clock, inn):
    _, lu, booking = inn
    tries = await asyncio.gather(
        *(extensions.extend(ctx, booking.id, by=lu) for _ in range(5)),
        return_exceptions=True,
    )
    assert sum(not isinstance(each, Refusal) for each in tries) == 1
    longer = await Booking.find(ctx, _id=booking.id)
    assert longer.slot_ids == (slot("1055"), slot("1130"))
    assert (await Slot.find(ctx, _id=slot("1130"))).held_by(booking.id)
    assert len(await Mark.many(ctx, {})) == 1


async def test_only_the_slot_after_the_running_one_may_be_had(ctx, clock, inn):
    _, lu, booking = inn
    await extensions.extend(ctx, booking.id, by=lu)
    with pytest.raises(TooEarly):
        await extensions.extend(ctx, booking.id, by=lu)
    clock.put(at("11:30"))
    longer = await extensions.extend(ctx, booking.id, by=lu)
    assert longer.end == at("12:35")


async def test_what_is_not_in_use_is_not_extended(ctx, clock, inn):
    li, lu, booking = inn
    waiting = await bookings.book(ctx, slot("1240"), by=li)
    with pytest.raises(BookingMoved):
        await extensions.extend(ctx, waiting.id, by=lu)
    clock.put(at("11:30"))
    with pytest.raises(BookingMoved) as refused:
        await extensions.extend(ctx, booking.id, by=lu)
    assert refused.value.details == {"state": State.OVERSTAYED}


async def test_nothing_follows_when_the_door_shuts(ctx, clock, inn):
    _, lu, booking = inn
    await places.close(ctx, places.station(ports=2))
    with pytest.raises(NothingFollows):
        await extensions.extend(ctx, booking.id, by=lu)


async def test_the_last_slot_of_the_day_has_none_after_it(ctx, clock, inn):
    _, lu, _ = inn
    qian = await people.worker(ctx, "qian")
    clock.put(at("19:15"))
    late = await walk_ins.walk_in(ctx, "station_park", PHONE, 1, by=qian)
    with pytest.raises(NothingFollows):
        await extensions.extend(ctx, late.id, by=lu)


async def test_the_workers_other_plans_come_first(ctx, clock, inn):
    li, lu, booking = inn
    mine = await bookings.book(ctx, slot("1130"), by=await people.worker(ctx, "qian"))
    await bookings.cancel(ctx, mine.id, by=await people.worker(ctx, "qian"))
    course = Taken(
        ref="enrolment_1",
        kind=PHONE,
        title="示例·家政培训",
        start=at("11:30"),
        end=at("12:30"),
        binding=True,
    )
    await hours.take(ctx, li.id, [course])
    with pytest.raises(TimeConflict) as told:
        await extensions.extend(ctx, booking.id, by=lu)
    assert (told.value.details, course.title in told.value.message) == ({}, False)
    assert (await Slot.find(ctx, _id=slot("1130"))).holders == ()


async def test_the_workers_own_next_booking_is_not_doubled(ctx, clock, inn):
    li, lu, _ = inn
    qian = await people.worker(ctx, "qian")
    walk_in = await walk_ins.walk_in(ctx, "station_park", VEHICLE, 1, by=qian)
    await bookings.book(ctx, slot("1115", service=VEHICLE), by=li)
    zhou = await people.worker(ctx, "zhou")
    await bookings.book(ctx, slot("1220", service=VEHICLE), by=zhou)
    clock.put(at("11:15"))
    with pytest.raises((ReservedSoon, AlreadyHeld)):
        await extensions.extend(ctx, walk_in.id, by=lu)


async def test_the_weeks_minutes_count(ctx, clock, inn, monkeypatch):
    _, lu, booking = inn
    monkeypatch.setitem(extensions.fair_use.MOST_MINUTES_A_WEEK, PHONE, 59)
    with pytest.raises(TooManyMinutes):
        await extensions.extend(ctx, booking.id, by=lu)
    assert (await Slot.find(ctx, _id=slot("1130"))).holders == ()
    assert (await Booking.find(ctx, _id=booking.id)).end == booking.end


async def test_an_extension_is_undone_within_a_minute(ctx, clock, inn):
    li, lu, booking = inn
    await extensions.extend(ctx, booking.id, by=lu)
    clock.forward(timedelta(seconds=59))
    back = await extensions.undo(ctx, booking.id, by=lu)
    assert (back.slot_ids, back.end) == (booking.slot_ids, booking.end)
    assert (await Slot.find(ctx, _id=slot("1130"))).holders == ()
    assert [taken.end for taken in await hours.of(ctx, li.id)] == [booking.end]
    with pytest.raises(BookingMoved):
        await extensions.undo(ctx, booking.id, by=lu)
    clock.forward(timedelta(seconds=1))
    await extensions.extend(ctx, booking.id, by=lu)
    clock.forward(timedelta(minutes=1))
    with pytest.raises(UndoTooLate):
        await extensions.undo(ctx, booking.id, by=lu)


async def test_a_slot_taken_by_a_process_that_died_is_swept(ctx, clock, inn):
    _, _, booking = inn
    empty = Slot.empty(
        slot("1130"),
        station_id="station_park",
        service=PHONE,
        start=at("11:30"),
        end=at("12:00"),
        ports=2,
    )
    taker = holder_of(ctx, booking)
    await slots._write_down(ctx, empty)
    await slots.take_port(ctx, empty, holder=taker, any_port=False)
    clock.forward(timedelta(seconds=30))
    assert await sweeps.sweep_recent(ctx) == 1
    assert (await Slot.find(ctx, _id=slot("1130"))).holders == ()
    assert (await Slot.find(ctx, _id=slot("1055"))).held_by(booking.id)

"""No-shows and finishes marked at the desk, and what an undo takes back."""

import asyncio
from datetime import timedelta

import pytest

from models.agenda import hours
from models.agenda.hours import TimeConflict
from models.base.audit import Entry
from models.base.errors import Refusal
from models.base.events import Happening
from models.stations import (
    bookings,
    desk_arrivals,
    desk_endings,
    extensions,
    fitting,
    lapses,
    slots,
    strikes,
    sweeps,
    walk_ins,
)
from models.stations.booked import (
    Booking,
    BookingMoved,
    NoSuchBooking,
    State,
    TooEarly,
)
from models.stations.desk_marks import Deed, Mark, UndoTooLate
from models.stations.offers import NoSuchSlot
from models.stations.regaining import holder_of
from models.stations.slots import AlreadyHeld, PortInUse, Slot
from models.stations.strikes import Strike
from models.unions.staff import Role, RoleMissing
from tests.models.stations import people, places
from tests.models.stations.places import PHONE, VEHICLE, at, slot


@pytest.fixture
def inn(ctx, run):
    """A park with one port, where lu is a clerk and li has booked 10:55."""

    async def furnish():
        await places.put(ctx, places.station(ports=1))
        li, lu = await people.worker(ctx), await people.clerk(ctx)
        return li, lu, await bookings.book(ctx, slot("1055"), by=li)

    return run(furnish())


async def words(*tries):
    answers = await asyncio.gather(*tries, return_exceptions=True)
    return sorted(a.code if isinstance(a, Refusal) else "done" for a in answers)


async def marks(ctx):
    found = await Mark.many(ctx, {}, sort=[("_id", 1)])
    return [(mark.deed, mark.is_undo) for mark in found]


async def count(ctx, kind):
    return await Happening.shelf(ctx).count_documents({"kind": kind})


async def test_called_off_it_frees_the_port_and_is_no_strike(ctx, clock, inn):
    li, lu, booking = inn
    clock.put(at("10:54"))
    ended = await desk_endings.call_off(ctx, booking.id, reason="本人来电取消", by=lu)
    assert (ended.state, ended.port_due) == (State.CANCELLED_BY_STATION, False)
    assert await Strike.many(ctx, {}) == []
    (mark,) = await Mark.many(ctx, {})
    assert (mark.deed, mark.by, mark.reason) == (Deed.CALL_OFF, lu.id, "本人来电取消")
    (told,) = [
        each["data"]
        async for each in Happening.shelf(ctx).find({"kind": "BookingCancelled"})
    ]
    assert (told["by_station"], told["reason"]) == (True, "本人来电取消")
    (seen,) = await Entry.many(ctx, {"what": "bookings.call_off"})
    assert (seen.who, seen.about, seen.reason) == (lu.id, booking.id, "本人来电取消")
    with pytest.raises(BookingMoved):
        await desk_endings.call_off(ctx, booking.id, reason="再来一次", by=lu)
    assert len(await Entry.many(ctx, {"what": "bookings.call_off"})) == 1
    assert (await bookings.book(ctx, slot("1055"), by=li)).port == 1


async def test_who_did_not_come_is_called_off_no_more(ctx, clock, inn):
    _, lu, booking = inn
    clock.put(at("11:05"))
    with pytest.raises(BookingMoved):
        await desk_endings.call_off(ctx, booking.id, reason="本人来电取消", by=lu)
    assert (await Booking.get(ctx, booking.id)).state is State.BOOKED


async def test_calling_off_and_coming_in_at_once_one_holds(ctx, clock, inn):
    _, lu, booking = inn
    clock.put(at("10:54"))
    tries = (
        desk_endings.call_off(ctx, booking.id, reason="本人来电取消", by=lu),
        desk_arrivals.mark_arrival(ctx, booking.id, by=lu),
    )
    assert len([word for word in await words(*tries) if word == "done"]) == 1


async def test_a_no_show_frees_the_port_and_is_a_strike(ctx, clock, inn):
    _, lu, booking = inn
    clock.put(at("11:04"))
    with pytest.raises(TooEarly) as refused:
        await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    assert refused.value.details["from"] == "2026-11-23T03:05:00+00:00"
    clock.put(at("11:05"))
    missed = await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    assert (missed.state, missed.port_due) == (State.NO_SHOW, False)
    assert len(await Strike.many(ctx, {})) == 1
    assert await marks(ctx) == [(Deed.NO_SHOW, False)]
    with pytest.raises(BookingMoved):
        await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    next_one = await people.worker(ctx, "next")
    assert (await bookings.book(ctx, slot("1055"), by=next_one)).port == 1


async def test_clerks_and_the_clockwork_at_once_make_one_strike(ctx, clock, inn):
    _, lu, booking = inn
    clock.put(at("11:05"))
    done = await words(
        *(desk_endings.mark_no_show(ctx, booking.id, by=lu) for _ in range(4))
    )
    await lapses.lapse_no_shows(ctx)
    assert done == ["booking_moved"] * 3 + ["done"]
    assert len(await Strike.many(ctx, {})) == 1


async def test_where_the_door_was_shut_it_is_called_off(ctx, clock, inn):
    _, lu, booking = inn
    clock.put(at("10:50"))
    await places.close(ctx, places.station(ports=1))
    clock.put(at("11:05"))
    missed = await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    assert missed.state is State.CANCELLED_BY_STATION
    assert await Strike.many(ctx, {}) == []


@pytest.mark.parametrize("noted", ["by_hand", "by_the_clockwork", "by_nobody_yet"])
async def test_an_undone_no_show_is_a_booking_again_without_a_strike(
    ctx, clock, inn, noted
):
    li, lu, booking = inn
    clock.put(at("11:05"))
    if noted == "by_hand":
        await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    elif noted == "by_the_clockwork":
        await lapses.lapse_no_shows(ctx)
    clock.put(at("11:12"))
    back = await desk_endings.undo_no_show(ctx, booking.id, by=lu)
    assert (back.state, back.left_at) == (State.BOOKED, None)
    assert back.come_by == at("11:22")
    assert await Strike.many(ctx, {}) == []
    assert [taken.ref for taken in await hours.of(ctx, li.id)] == [booking.id]
    assert (await Slot.find(ctx, _id=slot("1055"))).held_by(booking.id).port == 1
    assert (await marks(ctx))[-1] == (Deed.NO_SHOW, True)
    assert await count(ctx, "NoShowUndone") == 1
    assert (await bookings.check_in(ctx, booking.id, by=li)).state is State.IN_USE


async def test_who_still_does_not_come_is_struck_again(ctx, clock, inn):
    _, lu, booking = inn
    clock.put(at("11:05"))
    await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    await desk_endings.undo_no_show(ctx, booking.id, by=lu)
    clock.put(at("11:15"))
    await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    assert len(await Strike.many(ctx, {})) == 1


async def test_a_suspension_ends_with_the_undo(ctx, clock, inn):
    li, lu, booking = inn
    for number in range(2):
        await strikes.add(
            ctx,
            li.id,
            booking_id=f"booking_{number}",
            org_path="",
            weight=strikes.Weight.NO_SHOW,
            at=clock.now(),
        )
    clock.put(at("11:05"))
    await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    with pytest.raises(strikes.BookingSuspended):
        await strikes.check(ctx, li.id)
    await desk_endings.undo_no_show(ctx, booking.id, by=lu)
    await strikes.check(ctx, li.id)


async def test_a_port_that_somebody_else_has_is_not_taken_back(ctx, clock, inn):
    _, lu, booking = inn
    clock.put(at("11:05"))
    await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    next_one = await people.worker(ctx, "next")
    await walk_ins.walk_in(ctx, "station_park", PHONE, 1, by=next_one)
    with pytest.raises(PortInUse):
        await desk_endings.undo_no_show(ctx, booking.id, by=lu)
    assert (await Booking.find(ctx, _id=booking.id)).state is State.NO_SHOW
    assert len(await Strike.many(ctx, {})) == 1


async def test_undoing_and_booking_at_once_give_the_port_to_one(ctx, clock, inn):
    _, lu, booking = inn
    clock.put(at("11:05"))
    await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    crowd = [await people.worker(ctx, f"w{number}") for number in range(8)]
    await asyncio.gather(
        desk_endings.undo_no_show(ctx, booking.id, by=lu),
        *(bookings.book(ctx, slot("1055"), by=who) for who in crowd),
        return_exceptions=True,
    )
    active = await Booking.many(ctx, {"state": State.BOOKED})
    [holder] = (await Slot.find(ctx, _id=slot("1055"))).holders
    assert [each.id for each in active] == [holder.booking_id]


async def test_clerks_who_undo_at_once_leave_the_port_with_its_worker(ctx, clock, inn):
    _, lu, booking = inn
    clock.put(at("11:05"))
    await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    clock.put(at("11:06"))
    tries = [desk_endings.undo_no_show(ctx, booking.id, by=lu) for _ in range(5)]
    assert (await words(*tries)).count("done") == 1
    assert (await Slot.find(ctx, _id=slot("1055"))).held_by(booking.id)
    assert await marks(ctx) == [(Deed.NO_SHOW, False), (Deed.NO_SHOW, True)]


async def test_what_came_between_keeps_a_no_show_from_being_undone(ctx, clock, inn):
    li, lu, booking = inn
    with pytest.raises(BookingMoved):
        await desk_endings.undo_no_show(ctx, booking.id, by=lu)
    clock.put(at("11:05"))
    await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    mine = await bookings.book(ctx, slot("1055"), by=li)
    with pytest.raises((AlreadyHeld, TimeConflict)) as told:
        await desk_endings.undo_no_show(ctx, booking.id, by=lu)
    assert (told.value.details, "您" in told.value.message) == ({}, False)
    await bookings.cancel(ctx, mine.id, by=li)
    clock.put(at("11:25"))
    with pytest.raises(UndoTooLate):
        await desk_endings.undo_no_show(ctx, booking.id, by=lu)


async def test_a_finish_is_undone_within_a_minute(ctx, clock, inn):
    li, lu, booking = inn
    clock.put(at("10:55"))
    with pytest.raises(BookingMoved):
        await desk_endings.finish(ctx, booking.id, by=lu)
    await bookings.check_in(ctx, booking.id, by=li)
    clock.put(at("11:05"))
    finished = await desk_endings.finish(ctx, booking.id, by=lu)
    assert (finished.state, finished.port_due) == (State.FINISHED, False)
    clock.forward(timedelta(seconds=59))
    back = await desk_endings.undo_finish(ctx, booking.id, by=lu)
    assert (back.state, back.left_at) == (State.IN_USE, None)
    assert (await Slot.find(ctx, _id=slot("1055"))).held_by(booking.id)
    assert await count(ctx, "FinishUndone") == 1
    with pytest.raises(BookingMoved):
        await desk_endings.undo_finish(ctx, booking.id, by=lu)
    clock.forward(timedelta(seconds=1))
    await desk_endings.finish(ctx, booking.id, by=lu)
    clock.forward(timedelta(minutes=1))
    with pytest.raises(UndoTooLate):
        await desk_endings.undo_finish(ctx, booking.id, by=lu)
    assert await marks(ctx) == [
        (Deed.FINISH, False),
        (Deed.FINISH, True),
        (Deed.FINISH, False),
    ]


async def test_what_the_worker_finished_the_desk_does_not_undo(ctx, clock, inn):
    li, lu, booking = inn
    clock.put(at("10:55"))
    await bookings.check_in(ctx, booking.id, by=li)
    await bookings.finish(ctx, booking.id, by=li)
    with pytest.raises(BookingMoved):
        await desk_endings.undo_finish(ctx, booking.id, by=lu)


async def test_a_finished_port_given_to_another_is_not_taken_back(ctx, clock, inn):
    li, lu, booking = inn
    clock.put(at("10:55"))
    await bookings.check_in(ctx, booking.id, by=li)
    await desk_endings.finish(ctx, booking.id, by=lu)
    next_one = await people.worker(ctx, "next")
    await walk_ins.walk_in(ctx, "station_park", PHONE, 1, by=next_one)
    with pytest.raises(PortInUse):
        await desk_endings.undo_finish(ctx, booking.id, by=lu)


async def test_others_do_not_mark_endings(ctx, clock, inn):
    _, _, booking = inn
    fan = await people.clerk(ctx, "fan", stations=("lake",))
    nurse = await people.clerk(ctx, "bai", roles=(Role.FIRST_AID_RESPONDER,))
    clock.put(at("11:05"))
    for deed in (
        desk_endings.mark_no_show,
        desk_endings.undo_no_show,
        desk_endings.finish,
        desk_endings.undo_finish,
        extensions.extend,
        extensions.undo,
    ):
        with pytest.raises(NoSuchBooking):
            await deed(ctx, booking.id, by=fan)
        with pytest.raises(RoleMissing):
            await deed(ctx, booking.id, by=nurse)


async def test_a_port_regained_by_a_process_that_died_is_swept(ctx, clock, inn):
    _, lu, booking = inn
    clock.put(at("11:05"))
    missed = await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    held = await Slot.find(ctx, _id=slot("1055"))
    await slots.take_port(ctx, held, holder=holder_of(ctx, missed), any_port=False)
    clock.forward(timedelta(seconds=29))
    assert await sweeps.sweep_recent(ctx) == 0
    clock.forward(timedelta(seconds=1))
    assert await sweeps.sweep_recent(ctx) == 1
    assert (await Slot.find(ctx, _id=slot("1055"))).free == (1,)


async def test_a_vehicle_has_the_same_endings(ctx, clock, inn):
    _, lu, _ = inn
    qian = await people.worker(ctx, "qian")
    booking = await bookings.book(ctx, slot("1115", service=VEHICLE), by=qian)
    clock.put(booking.come_by)
    await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    back = await desk_endings.undo_no_show(ctx, booking.id, by=lu)
    assert back.state is State.BOOKED


async def test_an_undo_holds_a_slot_that_was_forgotten_meanwhile(ctx, clock, inn):
    _, lu, booking = inn
    clock.put(at("11:05"))
    await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    await fitting.forget_empty(ctx, places.station(ports=1))
    assert await Slot.find(ctx, _id=slot("1055")) is None
    await desk_endings.undo_no_show(ctx, booking.id, by=lu)
    kept = await Slot.find(ctx, _id=slot("1055"))
    assert (kept.free, kept.held_by(booking.id).port) == ((), 1)
    with pytest.raises(slots.SlotFull):
        await bookings.book(ctx, slot("1055"), by=await people.worker(ctx, "next"))


async def test_nothing_is_undone_in_a_slot_that_is_closed(ctx, clock, inn):
    _, lu, booking = inn
    clock.put(at("11:05"))
    await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    await fitting.forget_empty(ctx, places.station(ports=1))
    await places.close(ctx, places.station(ports=1))
    with pytest.raises(NoSuchSlot):
        await desk_endings.undo_no_show(ctx, booking.id, by=lu)
    assert (await Booking.find(ctx, _id=booking.id)).state is State.NO_SHOW


async def test_who_has_ten_minutes_more_is_not_missed_by_an_older_look(ctx, clock, inn):
    _, lu, booking = inn
    clock.put(at("11:05"))
    await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    await desk_endings.undo_no_show(ctx, booking.id, by=lu)
    with pytest.raises(BookingMoved):
        await lapses.miss(ctx, booking)
    assert (await Booking.find(ctx, _id=booking.id)).state is State.BOOKED
    assert await Strike.many(ctx, {}) == []

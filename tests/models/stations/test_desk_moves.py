"""Bookings moved at the desk: one port at a time, each refusal, each race."""

import asyncio

import pytest

from models.agenda import hours
from models.agenda.hours import TimeConflict
from models.base.audit import Entry
from models.base.errors import Refusal
from models.base.events import Happening
from models.stations import bookings, desk_moves, lapses, sweeps
from models.stations.booked import Booking, BookingMoved, NoSuchBooking, State
from models.stations.desk_marks import Deed, Mark
from models.stations.offers import NoSuchSlot, SlotOver, TooFarAhead
from models.stations.slots import Slot, SlotFull
from models.stations.strikes import Strike
from models.unions.staff import Role, RoleMissing
from tests.models.stations import people, places
from tests.models.stations.places import VEHICLE, at, slot

WHY = "本人来电改时间"


@pytest.fixture
def inn(ctx, run):
    """A park with two ports, where lu is a clerk and li has booked 10:55."""

    async def furnish():
        far = places.station("far", gcj02=(113.90, 34.8268))
        await places.put(ctx, places.station(ports=2), far)
        li, lu = await people.worker(ctx), await people.clerk(ctx)
        return li, lu, await bookings.book(ctx, slot("1055"), by=li)

    return run(furnish())


async def held(ctx, clock_time):
    found = await Slot.find(ctx, _id=slot(clock_time))
    return [] if found is None else [each.booking_id for each in found.holders]


async def words(*tries):
    answers = await asyncio.gather(*tries, return_exceptions=True)
    return sorted(a.code if isinstance(a, Refusal) else "done" for a in answers)


async def test_a_booking_goes_on_in_another_slot(ctx, inn):
    li, lu, booking = inn
    moved = await desk_moves.move(ctx, booking.id, slot("1205"), reason=WHY, by=lu)
    assert (moved.id, moved.start, moved.state) == (
        booking.id,
        at("12:05"),
        State.BOOKED,
    )
    assert await held(ctx, "1055") == []
    assert await held(ctx, "1205") == [booking.id]
    agenda = await hours.seen(ctx, li.id)
    assert [each.start for each in agenda.taken] == [at("12:05")]
    [mark] = await Mark.many(ctx, {})
    assert (mark.deed, mark.slot_id, mark.reason) == (Deed.MOVE, slot("1055"), WHY)
    told = await Happening.find(ctx, kind="BookingRelocated")
    assert told.data["reason"] == WHY
    [seen] = await Entry.many(ctx, {"what": "bookings.move"})
    assert (seen.who, seen.about, seen.reason) == (lu.id, booking.id, WHY)


async def test_the_same_slot_again_changes_nothing(ctx, inn):
    _, lu, booking = inn
    await desk_moves.move(ctx, booking.id, slot("1205"), reason=WHY, by=lu)
    again = await desk_moves.move(ctx, booking.id, slot("1205"), reason=WHY, by=lu)
    assert again.slot_ids == (slot("1205"),)
    assert len(await Mark.many(ctx, {})) == 1
    assert len(await Entry.many(ctx, {"what": "bookings.move"})) == 1


async def test_who_was_moved_and_does_not_come_gets_no_strike(ctx, clock, inn):
    _, lu, booking = inn
    await desk_moves.move(ctx, booking.id, slot("1205"), reason=WHY, by=lu)
    clock.put(at("12:20"))
    await lapses.lapse_no_shows(ctx)
    assert await Strike.many(ctx, {}) == []


async def test_what_may_not_be(ctx, clock, inn):
    li, lu, booking = inn
    helper = await people.clerk(ctx, "he", roles=(Role.FIRST_AID_RESPONDER,))
    stranger = await people.clerk(ctx, "fan", ("far",))
    own = await bookings.book(ctx, slot("1130", slug="far"), by=li)
    for by, where, refusal in (
        (stranger, slot("1205"), NoSuchBooking),
        (helper, slot("1205"), RoleMissing),
        (lu, slot("1205", slug="far"), NoSuchSlot),
        (lu, slot("1220", service=VEHICLE), NoSuchSlot),
        (lu, slot("1100"), NoSuchSlot),
        (lu, slot("0800"), SlotOver),
        (lu, slot("1055", day="20261214"), TooFarAhead),
        (lu, slot("1130"), TimeConflict),
    ):
        with pytest.raises(refusal):
            await desk_moves.move(ctx, booking.id, where, reason=WHY, by=by)
    with pytest.raises(TimeConflict) as told:
        await desk_moves.move(ctx, booking.id, slot("1130"), reason=WHY, by=lu)
    assert told.value.details == {}
    assert "您" not in told.value.message
    for name in ("a", "b"):
        other = await people.worker(ctx, name)
        await bookings.book(ctx, slot("1240"), by=other)
    with pytest.raises(SlotFull):
        await desk_moves.move(ctx, booking.id, slot("1240"), reason=WHY, by=lu)
    clock.put(at("10:56"))
    await bookings.check_in(ctx, booking.id, by=li)
    with pytest.raises(BookingMoved):
        await desk_moves.move(ctx, booking.id, slot("1205"), reason=WHY, by=lu)
    assert (await Booking.get(ctx, booking.id)).slot_ids == (slot("1055"),)
    assert await held(ctx, "1130") == await held(ctx, "1205") == []
    assert (await Booking.get(ctx, own.id)).state is State.BOOKED


async def test_two_clerks_moving_one_booking_leave_it_one_port(ctx, inn):
    _, lu, booking = inn
    song = await people.clerk(ctx, "song")
    for there in (("1205", "1205"), ("1240", "1315"), ("1205", "1205")):
        await words(
            *(
                desk_moves.move(ctx, booking.id, slot(to), reason=WHY, by=by)
                for to, by in zip(there, (lu, song), strict=True)
            )
        )
        kept = await Booking.get(ctx, booking.id)
        everywhere = await Slot.many(ctx, {"holders.booking_id": booking.id})
        assert [each.id for each in everywhere] == list(kept.slot_ids)
        assert kept.slot_ids[0] in {slot(to) for to in there}


async def test_a_move_and_a_cancellation_leave_one_of_them(ctx, inn):
    li, lu, booking = inn
    done = await words(
        desk_moves.move(ctx, booking.id, slot("1205"), reason=WHY, by=lu),
        bookings.cancel(ctx, booking.id, by=li),
    )
    await sweeps.sweep_recent(ctx)
    kept = await Booking.get(ctx, booking.id)
    everywhere = await Slot.many(ctx, {"holders.booking_id": booking.id})
    if kept.state is State.BOOKED:
        assert done == ["booking_moved", "done"]
        assert [each.id for each in everywhere] == [slot("1205")]
    else:
        assert everywhere == []


async def test_many_moved_to_one_slot_never_share_a_port(ctx, inn):
    _, lu, first = inn
    others = [await people.worker(ctx, f"w{n}") for n in range(5)]
    await bookings.book(ctx, slot("1055"), by=others[0])
    booked = [first]
    for n, who in enumerate(others[1:]):
        where = slot("1130") if n < 2 else slot("1315")
        booked.append(await bookings.book(ctx, where, by=who))
    done = await words(
        *(
            desk_moves.move(ctx, each.id, slot("1240"), reason=WHY, by=lu)
            for each in booked
        )
    )
    assert done == ["done", "done", "slot_full", "slot_full", "slot_full"]
    full = await Slot.find(ctx, _id=slot("1240"))
    assert sorted(each.port for each in full.holders) == [1, 2]
    for each in booked:
        kept = await Booking.get(ctx, each.id)
        [where] = await Slot.many(ctx, {"holders.booking_id": each.id})
        assert kept.slot_ids == (where.id,)

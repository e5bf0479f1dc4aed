"""Extensions (续用): one slot more on the same port, if nobody booked it.

The next slot's port is taken as in booking: its own update is the commit, and the
worker's transaction follows with the same guards. Nobody holds more than the slot
that runs and the one after.

Source: screens.md, "Client: station staff" (extend); issue 3 §3; rules §3.3, §3.6.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from models.agenda import hours
from models.base.clock import day_of
from models.base.context import Context
from models.base.errors import Conflict, Refusal
from models.base.events import record
from models.base.store import atomic
from models.stations import desk, desk_marks, fair_use, offers, slots
from models.stations.booked import (
    OVERSTAY,
    Booking,
    BookingMoved,
    State,
    TooEarly,
    tell,
)
from models.stations.desk_marks import BookingExtended, Deed, ExtensionUndone, Mark
from models.stations.offers import NoSuchSlot, Offer
from models.stations.regaining import holder_of, let_go
from models.stations.slots import PortInUse, Way
from models.stations.walk_ins import ReservedSoon
from models.unions.staff import Staff

ONE_DAY = timedelta(days=1)


class NothingFollows(Conflict):
    """The door shuts, or rests, after this slot."""

    code = "nothing_follows"
    message = "后面没有相连的时段了，驿站将关闭或调整，不能续用。"


class _Longer(NamedTuple):
    """A booking, and the slot it is to reach into."""

    booking: Booking
    offer: Offer


async def extend(ctx: Context, booking_id: str, *, by: Staff) -> Booking:
    """Let somebody stay for the next slot, if their port is free then (续用).

    Rules: while the last slot they hold is running; counted for fair use like a
    booking, unless they walked in.
    Refuses: NoSuchBooking, RoleMissing, BookingMoved, TooEarly, NothingFollows,
        ReservedSoon, AlreadyHeld, TimeConflict, TooManyActive, TooManyToday,
        TooManyMinutes, BackToBack.
    Records: BookingExtended.
    """
    now = ctx.clock.now()
    booking = await desk.find(ctx, booking_id, by=by)
    if booking.state_at(now) is not State.IN_USE:
        raise BookingMoved({"state": booking.state_at(now)})
    offer = await _following(ctx, booking)
    try:
        with desk.of_another():
            await slots.take_port(
                ctx, offer.empty(), holder=holder_of(ctx, booking), any_port=False
            )
            return await _extend(ctx, _Longer(booking, offer), by)
    except PortInUse as refusal:
        raise ReservedSoon(
            refusal.details, message="后一时段这个充电口已有人预约，不能续用。"
        ) from refusal
    except Refusal:
        await let_go(ctx, booking.id, [offer.time.id])
        raise


@atomic()
async def _extend(ctx: Context, longer: _Longer, by: Staff) -> Booking:
    seen, offer = longer
    booking = await _turn(
        ctx,
        seen,
        {
            "slot_ids": [*seen.slot_ids, offer.time.id],
            "end": offer.time.end,
            "is_ending_told": False,
        },
    )
    await hours.take(ctx, booking.worker_id, [booking.taken()])
    if booking.way is Way.BOOKING:
        await _check_fair(ctx, booking, offer)
    await desk_marks.put(
        ctx,
        booking,
        Deed.EXTENSION,
        by=by,
        slot_id=offer.time.id,
        end_before=seen.end,
    )
    await record(ctx, BookingExtended(**tell(booking)))
    return booking


async def undo(ctx: Context, booking_id: str, *, by: Staff) -> Booking:
    """Take an extension back within a minute (撤销续用).

    Refuses: NoSuchBooking, RoleMissing, BookingMoved, UndoTooLate.
    Records: ExtensionUndone.
    """
    seen = await desk.find(ctx, booking_id, by=by)
    mark = await desk_marks.undoable(ctx, seen, Deed.EXTENSION)
    booking = await _undo(ctx, seen, mark, by)
    await let_go(ctx, booking.id, seen.slot_ids[-1:])
    return booking


@atomic()
async def _undo(ctx: Context, seen: Booking, mark: Mark, by: Staff) -> Booking:
    before = {"slot_ids": list(seen.slot_ids[:-1]), "end": mark.end_before}
    booking = await _turn(ctx, seen, before)
    await hours.impose(ctx, booking.worker_id, [booking.taken()])
    await desk_marks.put(ctx, booking, Deed.EXTENSION, by=by, is_undo=True)
    await record(ctx, ExtensionUndone(**tell(booking)))
    return booking


async def _turn(ctx: Context, seen: Booking, change: Mapping[str, Any]) -> Booking:
    """Change the slots of a booking in use, if they are as seen.

    Refuses: BookingMoved.
    """
    booking = await Booking.change(
        ctx,
        where={
            "_id": seen.id,
            "state": State.IN_USE,
            "slot_ids": list(seen.slot_ids),
            "end": {"$gt": ctx.clock.now() - OVERSTAY},
        },
        update={"$set": change},
    )
    if booking is None:
        raise BookingMoved({"state": seen.state_at(ctx.clock.now())})
    return booking


async def _following(ctx: Context, booking: Booking) -> Offer:
    """Return the slot that follows at once on the last one of a booking.

    Refuses: TooEarly, NothingFollows.
    """
    try:
        last = await offers.find(ctx, booking.slot_ids[-1])
    except NoSuchSlot:
        raise NothingFollows from None
    if ctx.clock.now() < last.time.start and booking.start < last.time.start:
        raise TooEarly(
            {"from": last.time.start.isoformat()},
            message="已经续到后一时段，到那时才能再续。",
        )
    turnover = timedelta(minutes=last.service.turnover_minutes)
    day = day_of(last.time.start)
    for time in (
        *last.station.timetable(last.service, day),
        *last.station.timetable(last.service, day + ONE_DAY)[:1],
    ):
        if last.time.end <= time.start <= last.time.end + turnover:
            return Offer(last.station, last.service, time)
    raise NothingFollows


async def _check_fair(ctx: Context, booking: Booking, offer: Offer) -> None:
    """Make sure that the longer booking is as fair as if it were booked so.

    Refuses: TooManyActive, TooManyToday, TooManyMinutes, BackToBack.
    """
    now = ctx.clock.now()
    since = fair_use.counts_from(booking, now)
    found = await fair_use.counted(ctx, [booking.worker_id], since)
    others = [
        each
        for each in found
        if each.id != booking.id and fair_use.counts(each, booking, now)
    ]
    fair_use.judge(booking, offer.service, others, now)

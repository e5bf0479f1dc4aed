"""Booking a port (预约充电口): book, come, leave or give it up.

The slot's own update is the commit: it names the booking before the booking is
written. What belongs to one worker (the booking, the agenda, strikes, the event)
then follows in one transaction. Should the process die between the two, the
worker's next try or the sweep (`sweeps`) finishes it.

Source: requirements 4.3 (站点服务预约); rules §3.1–3.6; features S1-16, S1-22.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from models.agenda import hours
from models.agenda.hours import TimeConflict
from models.base.context import Context
from models.base.events import record
from models.base.store import atomic
from models.stations import (
    booked,
    lapses,
    offers,
    slots,
    standing,
    strikes,
    writing,
)
from models.stations.booked import (
    EARLY,
    GRACE,
    Booking,
    BookingCancelled,
    BookingFinished,
    BookingMoved,
    BookingUsed,
    NoSuchBooking,
    State,
    TooEarly,
    TooLate,
    tell,
)
from models.stations.endings import end, free_port, was_shut
from models.stations.fair_use import UNFAIR
from models.stations.offers import Offer
from models.stations.port_services import ServiceKind
from models.stations.slots import AlreadyHeld, Holder, Slot, SlotFull
from models.stations.strikes import BookingSuspended, Weight
from models.stations.writing import Known
from models.workers.sessions import SignedIn

LATE = timedelta(minutes=15)
"""Nobody finds a port freed later than this before its start."""

KINDS = frozenset(ServiceKind)


async def book(ctx: Context, slot_id: str, *, by: SignedIn) -> Booking:
    """Hold the lowest free port of a slot (预约).

    Rules: a try whose answer was lost is finished by the next one.
    Refuses: NoSuchSlot, SlotOver, TooFarAhead, SlotFull, AlreadyHeld,
        BookingSuspended, TimeConflict, TooManyActive, TooManyToday,
        TooManyMinutes, BackToBack.
    Records: BookingMade.
    """
    now = ctx.clock.now()
    offer = await offers.find(ctx, slot_id)
    offer.check(now)
    await _check_room(ctx, offer, by)
    holder = Holder(
        port=0, booking_id=ctx.new_id("booking"), worker_id=by.id, since=now
    )
    try:
        known = await _look(ctx, offer, writing.draft(offer, holder))
        slot = await _take(ctx, offer, holder)
    except (TimeConflict, AlreadyHeld, BookingSuspended, *UNFAIR) as refusal:
        return await writing.finish_writing(ctx, offer, by, refusal)
    taken = slot.held_by(holder.booking_id) or holder
    return await writing.write_or_give_back(ctx, offer, taken, known=known)


async def _check_room(ctx: Context, offer: Offer, by: SignedIn) -> None:
    """Refuse what is plainly full; in a rush one read serves all who ask at once.

    Refuses: SlotFull.
    """
    row = await ctx.loader.load(Slot.SHELF, offer.time.id)
    if row is None or row["free"] or _is_in(row, by.id):
        return
    if ctx.clock.now() < offer.time.start + GRACE:
        raise SlotFull({"slot_id": offer.time.id})


def _is_in(slot: Mapping[str, Any], worker_id: str) -> bool:
    """Tell whether somebody holds a port, by the row as it is: in a rush it is long."""
    return any(holder["worker_id"] == worker_id for holder in slot["holders"])


async def _look(ctx: Context, offer: Offer, wanted: Booking) -> Known:
    """Look whether the worker may book, as far as the port does not matter.

    Refuses: TimeConflict, BookingSuspended, TooManyActive, TooManyToday,
        TooManyMinutes.
    """
    agenda, now = await hours.seen(ctx, wanted.worker_id), ctx.clock.now()
    if any(each.start <= now and each.kind in KINDS for each in agenda.taken):
        await lapses.lapse_of(ctx, wanted.worker_id)
        agenda = await hours.seen(ctx, wanted.worker_id)
    hours.check(agenda, [wanted.taken()])
    known = await standing.of(ctx, wanted)
    known.judge(wanted, offer.service, now)
    return Known(agenda, known)


async def _take(ctx: Context, offer: Offer, holder: Holder) -> Slot:
    try:
        return await slots.take_port(ctx, offer.empty(), holder=holder)
    except SlotFull:
        has_begun = holder.since >= offer.time.start + GRACE
        if not has_begun or not await lapses.lapse_in(ctx, offer.time.id):
            raise
    return await slots.take_port(ctx, offer.empty(), holder=holder)


@atomic()
async def check_in(ctx: Context, booking_id: str, *, by: Any) -> Booking:
    """Begin to use a booked port, on arrival (签到).

    Rules: from ten minutes before the start till ten after it. Who comes early
    begins at once if nobody is on the port, else at the start. Whether ``by``
    may do it, for this worker at this station, is the check-in's own question.
    Refuses: NoSuchBooking, BookingMoved, TooEarly, TooLate.
    Records: BookingUsed.
    """
    now = ctx.clock.now()
    seen = await Booking.find(ctx, _id=booking_id)
    if seen is None:
        raise NoSuchBooking
    if seen.state is State.BOOKED and now < seen.start - EARLY:
        raise TooEarly({"from": (seen.start - EARLY).isoformat()})
    if seen.state is State.BOOKED and now >= seen.come_by:
        raise TooLate({"until": seen.come_by.isoformat()})
    booking = await Booking.change(
        ctx,
        where={"_id": booking_id, "state": State.BOOKED, "come_by": {"$gt": now}},
        update={
            "$set": {"state": State.IN_USE, "begun_at": await _begins(ctx, seen, now)}
        },
    )
    if booking is None:
        raise BookingMoved({"state": seen.state_at(now)})
    await record(ctx, BookingUsed(**tell(booking), way=booking.way))
    return booking


async def _begins(ctx: Context, booking: Booking, now: datetime) -> datetime:
    """Return now, or the start while the port is somebody else's till then."""
    if now >= booking.start:
        return now
    before = await Booking.many(
        ctx,
        {
            "station_id": booking.station_id,
            "service": booking.service,
            "port": booking.port,
            "state": State.IN_USE,
            "end": {"$gt": now},
        },
        limit=1,
    )
    return booking.start if before else now


async def cancel(ctx: Context, booking_id: str, *, by: SignedIn) -> Booking:
    """Give a booked port up (取消预约).

    Rules: within 15 minutes of the start it costs half a strike, unless the
    station had moved it or is shut. A try whose answer was lost is finished by the
    next one.
    Refuses: NoSuchBooking, BookingMoved.
    Records: BookingCancelled; WorkerSuspended, when it was one too many.
    """
    try:
        booking = await _cancel(ctx, booking_id, by)
    except BookingMoved:
        ended = await booked.get(ctx, booking_id, worker_id=by.id)
        if ended.port_due:
            await free_port(ctx, ended)
        raise
    return await free_port(ctx, booking)


@atomic()
async def _cancel(ctx: Context, booking_id: str, by: SignedIn) -> Booking:
    now = ctx.clock.now()
    seen = await booked.get(ctx, booking_id, worker_id=by.id)
    booking = await end(
        ctx,
        seen,
        State.CANCELLED_BY_WORKER,
        only={"state": State.BOOKED, "come_by": {"$gt": now}},
    )
    is_late = now > booking.start - LATE
    if is_late and not booking.is_moved and not await was_shut(ctx, booking):
        await strikes.add(
            ctx,
            by.id,
            booking_id=booking.id,
            org_path=booking.org_path,
            weight=Weight.LATE_CANCEL,
            at=now,
        )
    await record(ctx, BookingCancelled(**tell(booking), is_late=is_late))
    return booking


async def finish(ctx: Context, booking_id: str, *, by: SignedIn) -> Booking:
    """Say that the port is free again (结束使用).

    Refuses: NoSuchBooking, BookingMoved.
    Records: BookingFinished.
    """
    booking = await _finish(ctx, booking_id, by)
    return await free_port(ctx, booking)


@atomic()
async def _finish(ctx: Context, booking_id: str, by: SignedIn) -> Booking:
    overstayed_since = ctx.clock.now() - booked.OVERSTAY
    seen = await booked.get(ctx, booking_id, worker_id=by.id)
    booking = await end(
        ctx,
        seen,
        State.FINISHED,
        only={"state": State.IN_USE, "end": {"$gt": overstayed_since}},
    )
    await record(ctx, BookingFinished(**tell(booking)))
    return booking

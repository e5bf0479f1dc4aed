"""Endings at the desk (登记爽约、结束、取消): by hand, and some of them undone.

::

    booked ── call_off, for a reason ──▶ cancelled_by_station
    booked ── mark_no_show ─▶ no_show ── undo, till the slot ends ──▶ booked
    in_use ── finish ───────▶ finished ── undo, within a minute ────▶ in_use

An undo needs the port; when somebody else has it, nothing is undone.

Source: screens.md, "Client: station staff"; issue 3 §3; rules §3.4, §3.5.
"""

from models.agenda import hours
from models.base.context import Context
from models.base.events import record
from models.base.store import atomic
from models.stations import desk, desk_marks, lapses, strikes
from models.stations.booked import (
    GRACE,
    OVERSTAY,
    Booking,
    BookingCancelled,
    BookingFinished,
    BookingMoved,
    State,
    TooEarly,
    tell,
)
from models.stations.desk_marks import Deed, FinishUndone, NoShowUndone, UndoTooLate
from models.stations.endings import end, free_port
from models.stations.regaining import regain
from models.unions.staff import Staff


async def call_off(ctx: Context, booking_id: str, *, reason: str, by: Staff) -> Booking:
    """Give somebody's booking up for them, such as for who phones (取消预约).

    Rules: while they may still come; no strike, for the station did it; the worker
    is told why; not undone, for the port may be somebody else's at once; the audit
    keeps who did it.
    Refuses: NoSuchBooking, RoleMissing, BookingMoved.
    Records: BookingCancelled.
    """
    booking = await desk.find(ctx, booking_id, by=by)
    return await free_port(ctx, await _call_off(ctx, booking, reason, by))


@atomic()
async def _call_off(ctx: Context, booking: Booking, reason: str, by: Staff) -> Booking:
    only = {"state": State.BOOKED, "come_by": {"$gt": ctx.clock.now()}}
    ended = await end(ctx, booking, State.CANCELLED_BY_STATION, only=only)
    await desk_marks.put(ctx, ended, Deed.CALL_OFF, by=by, reason=reason)
    await desk.note(ctx, ended, "bookings.call_off", reason=reason, by=by)
    await record(ctx, BookingCancelled(**tell(ended), by_station=True, reason=reason))
    return ended


async def mark_no_show(ctx: Context, booking_id: str, *, by: Staff) -> Booking:
    """Say that somebody did not come, before the clockwork does (登记爽约).

    Rules: not in the ten minutes after the start, which the worker was promised;
    where the door was shut, it is called off and no strike.
    Refuses: NoSuchBooking, RoleMissing, TooEarly, BookingMoved.
    Records: BookingMissed, or BookingCancelled; WorkerSuspended, when it was one
        too many.
    """
    booking = await desk.find(ctx, booking_id, by=by)
    if booking.state is State.BOOKED and ctx.clock.now() < booking.come_by:
        raise TooEarly(
            {"from": booking.come_by.isoformat()},
            message="开始后 10 分钟内劳动者仍可签到，之后才能登记爽约。",
        )
    return await free_port(ctx, await _mark_no_show(ctx, booking, by))


@atomic()
async def _mark_no_show(ctx: Context, booking: Booking, by: Staff) -> Booking:
    missed = await lapses.miss(ctx, booking)
    await desk_marks.put(ctx, missed, Deed.NO_SHOW, by=by)
    return missed


async def undo_no_show(ctx: Context, booking_id: str, *, by: Staff) -> Booking:
    """Say that somebody came after all, though late (撤销爽约).

    Rules: till the slot ends, whoever noted the no-show; the strike is gone, and
    there are ten minutes to check in.
    Refuses: NoSuchBooking, RoleMissing, BookingMoved, UndoTooLate, NoSuchSlot,
        PortInUse, AlreadyHeld, TimeConflict.
    Records: NoShowUndone.
    """
    now = ctx.clock.now()
    booking = await desk.find(ctx, booking_id, by=by)
    if booking.state is State.BOOKED and now >= booking.come_by:
        await lapses.lapse_in(ctx, booking.slot_ids[0])
        booking = await desk.find(ctx, booking_id, by=by)
    if booking.state is not State.NO_SHOW:
        raise BookingMoved({"state": booking.state_at(now)})
    if now >= booking.end:
        raise UndoTooLate.since(booking.end)
    return await regain(ctx, booking, lambda: _undo_no_show(ctx, booking, by))


@atomic()
async def _undo_no_show(ctx: Context, missed: Booking, by: Staff) -> Booking:
    come_by = min(missed.end, ctx.clock.now() + GRACE)
    change = {"state": State.BOOKED, "left_at": None, "come_by": come_by}
    booking = await Booking.change(
        ctx,
        where={"_id": missed.id, "state": State.NO_SHOW, "port_due": False},
        update={"$set": change},
    )
    if booking is None:
        raise BookingMoved
    await hours.take(ctx, booking.worker_id, [booking.taken()])
    await strikes.take_back(ctx, booking.id)
    await desk_marks.put(ctx, booking, Deed.NO_SHOW, by=by, is_undo=True)
    await record(ctx, NoShowUndone(**tell(booking)))
    return booking


async def finish(ctx: Context, booking_id: str, *, by: Staff) -> Booking:
    """Say that somebody has left and the port is free (登记结束).

    Refuses: NoSuchBooking, RoleMissing, BookingMoved.
    Records: BookingFinished.
    """
    booking = await desk.find(ctx, booking_id, by=by)
    return await free_port(ctx, await _finish(ctx, booking, by))


@atomic()
async def _finish(ctx: Context, booking: Booking, by: Staff) -> Booking:
    not_stayed = {"$gt": ctx.clock.now() - OVERSTAY}
    only = {"state": State.IN_USE, "end": not_stayed}
    finished = await end(ctx, booking, State.FINISHED, only=only)
    await desk_marks.put(ctx, finished, Deed.FINISH, by=by)
    await record(ctx, BookingFinished(**tell(finished)))
    return finished


async def undo_finish(ctx: Context, booking_id: str, *, by: Staff) -> Booking:
    """Say that somebody has not left yet (撤销结束).

    Refuses: NoSuchBooking, RoleMissing, BookingMoved, UndoTooLate, NoSuchSlot,
        PortInUse, AlreadyHeld, TimeConflict.
    Records: FinishUndone.
    """
    booking = await desk.find(ctx, booking_id, by=by)
    if booking.state is not State.FINISHED:
        raise BookingMoved({"state": booking.state_at(ctx.clock.now())})
    await desk_marks.undoable(ctx, booking, Deed.FINISH)
    return await regain(ctx, booking, lambda: _undo_finish(ctx, booking, by))


@atomic()
async def _undo_finish(ctx: Context, finished: Booking, by: Staff) -> Booking:
    booking = await Booking.change(
        ctx,
        where={"_id": finished.id, "state": State.FINISHED, "port_due": False},
        update={"$set": {"state": State.IN_USE, "left_at": None}},
    )
    if booking is None:
        raise BookingMoved
    await hours.take(ctx, booking.worker_id, [booking.taken()])
    await desk_marks.put(ctx, booking, Deed.FINISH, by=by, is_undo=True)
    await record(ctx, FinishUndone(**tell(booking)))
    return booking

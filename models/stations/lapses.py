"""What ends by the clock (到时处理): no-shows, overstays, and the last five minutes.

Every verb takes a batch of what is due and may be run by any number of workers;
late, it changes nothing that a reader sees. Who needs the port sooner than the
clockwork comes by ends it himself (`lapse_in`).

Source: rules §3.5, §3.7; features S1-22.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from models.base.context import Context
from models.base.events import record
from models.base.rounds import each
from models.base.store import atomic
from models.stations import cut_offs, strikes
from models.stations.booked import (
    OVERSTAY,
    Booking,
    BookingCancelled,
    BookingEnding,
    BookingMissed,
    BookingMoved,
    BookingOverstayed,
    State,
    tell,
)
from models.stations.endings import end, free_port, was_shut
from models.stations.port_services import ServiceKind
from models.stations.strikes import Weight

BATCH = 100

CHARGING = [kind for kind in ServiceKind if kind.charges]
"""There is something to unplug."""

MOVED = "驿站调整过这次预约，您未能前来"

ENDING = timedelta(minutes=5)
"""Time to walk back to the station."""


async def lapse_no_shows(ctx: Context) -> int:
    """Free the ports of those who did not come (爽约释放).

    Records: BookingMissed; BookingCancelled, where the door was shut;
        WorkerSuspended, when it was one too many.
    """
    return await _lapse(ctx, {})


async def lapse_in(ctx: Context, slot_id: str) -> int:
    """Do the same for one slot, at once: somebody wants its port."""
    return await _lapse(ctx, {"slot_ids": slot_id})


async def lapse_of(ctx: Context, worker_id: str) -> int:
    """Do the same for one worker, at once: the strikes are asked for."""
    return await _lapse(ctx, {"worker_id": worker_id})


async def _lapse(ctx: Context, where: dict[str, Any]) -> int:
    now = ctx.clock.now()
    due = await Booking.many(
        ctx,
        {"state": State.BOOKED, "come_by": {"$lte": now}, **where},
        sort=[("come_by", 1)],
        limit=BATCH,
    )
    return await each("lapses.lapse", due, lambda one: _end(ctx, one, miss))


async def _end(
    ctx: Context,
    booking: Booking,
    verb: Callable[[Context, Booking], Awaitable[Booking]],
) -> bool:
    """End a booking and free its port, unless somebody else has ended it."""
    try:
        ended = await verb(ctx, booking)
    except BookingMoved:
        return False
    await free_port(ctx, ended)
    return True


@atomic()
async def miss(ctx: Context, booking: Booking) -> Booking:
    """Note that somebody did not come; the port is still to be freed.

    Rules: who was let come later by an undo has till then.
    Refuses: BookingMoved.
    Records: BookingMissed; BookingCancelled, where the door was shut or the
        station had moved it;
        WorkerSuspended, when it was one too many.
    """
    only = {"state": State.BOOKED, "come_by": {"$lte": ctx.clock.now()}}
    if booking.is_moved or await was_shut(ctx, booking):
        shut = await end(ctx, booking, State.CANCELLED_BY_STATION, only=only)
        reason = MOVED if booking.is_moved else ""
        told = BookingCancelled(**tell(shut), by_station=True, reason=reason)
        await record(ctx, told)
        return shut
    missed = await end(ctx, booking, State.NO_SHOW, only=only)
    await strikes.add(
        ctx,
        booking.worker_id,
        booking_id=booking.id,
        org_path=booking.org_path,
        weight=Weight.NO_SHOW,
        at=booking.come_by,
    )
    await record(ctx, BookingMissed(**tell(missed)))
    return missed


async def end_overstays(ctx: Context) -> int:
    """Note who did not say that the port is free (超时未离开).

    Records: BookingOverstayed.
    """
    return await _end_overstays(ctx, {})


async def end_overstays_at(ctx: Context, station_id: str) -> int:
    """Do the same for one station, at once: its desk looks."""
    return await _end_overstays(ctx, {"station_id": station_id})


async def _end_overstays(ctx: Context, where: dict[str, Any]) -> int:
    late = {"state": State.IN_USE, "end": {"$lte": ctx.clock.now() - OVERSTAY}}
    due = await Booking.many(
        ctx,
        late | where,
        sort=[("end", 1)],
        limit=BATCH,
    )
    return await each("lapses.overstay", due, lambda one: _end(ctx, one, _overstay))


@atomic()
async def _overstay(ctx: Context, booking: Booking) -> Booking:
    stayed = await end(ctx, booking, State.OVERSTAYED, only={"state": State.IN_USE})
    await cut_offs.plan(ctx, stayed)
    await record(ctx, BookingOverstayed(**tell(stayed)))
    return stayed


async def tell_endings(ctx: Context) -> int:
    """Say that five minutes are left, once each (即将到时提醒).

    Records: BookingEnding.
    """
    now = ctx.clock.now()
    due = await Booking.many(
        ctx,
        {
            "state": State.IN_USE,
            "end": {"$gt": now, "$lte": now + ENDING},
            "is_ending_told": False,
            "service": {"$in": CHARGING},
        },
        sort=[("end", 1)],
        limit=BATCH,
    )
    return await each("lapses.tell_ending", due, lambda one: _tell_ending(ctx, one))


@atomic()
async def _tell_ending(ctx: Context, booking: Booking) -> bool:
    told = await Booking.change(
        ctx,
        where={"_id": booking.id, "state": State.IN_USE, "is_ending_told": False},
        update={"$set": {"is_ending_told": True}},
    )
    if told is not None:
        await record(ctx, BookingEnding(**tell(told)))
    return told is not None

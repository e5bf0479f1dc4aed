"""How a booking ends (预约结束): its state first, its port right after.

The state changes in the worker's transaction, which marks the port as due; the
port is given back after it, outside, since the slot is everybody's document.
What dies between is found by the mark.
"""

from typing import Any

from models.agenda import hours
from models.base.context import Context
from models.stations import directory, slots
from models.stations.booked import Booking, BookingMoved, State
from models.stations.hours import Status


async def end(
    ctx: Context, booking: Booking, state: State, *, only: dict[str, Any]
) -> Booking:
    """Bring a booking to its end, and free the worker's hours.

    Rules: called in a transaction; ``only`` is the state it must still be in.
    Refuses: BookingMoved.
    """
    ended = await Booking.change(
        ctx,
        where={"_id": booking.id, **only},
        update={"$set": {"state": state, "left_at": ctx.clock.now(), "port_due": True}},
    )
    if ended is None:
        raise BookingMoved({"state": booking.state_at(ctx.clock.now())})
    await hours.give_back(ctx, booking.worker_id, ref=booking.id)
    return ended


async def free_port(ctx: Context, booking: Booking) -> Booking:
    """Give the port of an ended booking back; a second time changes nothing."""
    till = booking.left_at or ctx.clock.now()
    for slot_id in booking.slot_ids:
        await slots.give_back_port(ctx, slot_id, booking_id=booking.id, till=till)
    freed = await Booking.change(
        ctx,
        where={"_id": booking.id, "port_due": True},
        update={"$set": {"port_due": False}},
    )
    return freed or booking


async def was_shut(ctx: Context, booking: Booking) -> bool:
    """Tell whether nobody could have come in."""
    station = await directory.look(ctx, booking.station_id)
    if station is None:
        return True
    return station.hours.state_at(booking.start).status is Status.CLOSED

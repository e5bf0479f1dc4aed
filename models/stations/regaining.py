"""Regaining a port (收回充电口): an undo takes back what the ended booking had held.

The port may be somebody else's by now; then nothing is undone. As with booking, the
slot's own update comes first and the worker's transaction follows; what dies between
is given back by the sweep.

Source: issue 3 §3; house §6 (the slot's update is the commit).
"""

from collections.abc import Awaitable, Callable, Sequence

from models.agenda import hours
from models.base.context import Context
from models.base.errors import Refusal
from models.stations import desk, offers, slots
from models.stations.booked import ACTIVE, Booking
from models.stations.endings import free_port
from models.stations.slots import Holder, Slot


async def regain(
    ctx: Context, booking: Booking, write: Callable[[], Awaitable[Booking]]
) -> Booking:
    """Hold an ended booking's port again, and write down why.

    Refuses: NoSuchSlot, PortInUse, AlreadyHeld, TimeConflict, and what ``write``
        refuses.
    """
    if booking.port_due:
        await free_port(ctx, booking)
    holder = holder_of(ctx, booking)
    taken: list[str] = []
    with desk.of_another():
        await hours.look(ctx, booking.worker_id, [booking.taken()])
        try:
            for slot in await _left(ctx, booking):
                await slots.take_port(ctx, slot, holder=holder, any_port=False)
                taken.append(slot.id)
            return await write()
        except Refusal:
            await let_go(ctx, booking.id, taken)
            raise


def holder_of(ctx: Context, booking: Booking) -> Holder:
    """Return who holds a booking's port from now on."""
    return Holder(
        port=booking.port,
        booking_id=booking.id,
        worker_id=booking.worker_id,
        since=ctx.clock.now(),
        way=booking.way,
    )


async def let_go(ctx: Context, booking_id: str, slot_ids: Sequence[str]) -> None:
    """Give ports back that were taken for nothing.

    Rules: not those that somebody faster has taken for the same booking.
    """
    stands = await Booking.find(ctx, _id=booking_id)
    is_active = stands is not None and stands.state in ACTIVE
    kept = stands.slot_ids if stands is not None and is_active else ()
    for slot_id in slot_ids:
        if slot_id not in kept:
            await slots.give_back_port(ctx, slot_id, booking_id=booking_id)


async def _left(ctx: Context, booking: Booking) -> list[Slot]:
    """Return the booking's slots that are not over.

    Rules: one that nobody holds may be forgotten by now, and is wholly free.
    Refuses: NoSuchSlot.
    """
    known = await slots.known(ctx, booking.slot_ids)
    lacking = [each for each in booking.slot_ids if each not in known]
    empty = [(await offers.find(ctx, each)).empty() for each in lacking]
    now = ctx.clock.now()
    return [slot for slot in (*known.values(), *empty) if slot.end > now]

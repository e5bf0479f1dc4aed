"""Writing a booking down (写入预约单): what follows once a port is held.

The port's holder says everything the booking needs. So whoever finds a port held
for a booking that is lacking can write it: the one who took it, the same worker's
next try, or the sweep; a booking's id lets only one of them.

Source: rules §3.4; house §6 (the slot's update is the commit).
"""

from datetime import timedelta

from models.agenda import hours
from models.base.context import Context
from models.base.errors import Refusal
from models.base.events import record
from models.base.store import atomic
from models.stations import fair_use, slots, strikes
from models.stations.booked import GRACE, Booking, BookingMade, tell
from models.stations.offers import Offer
from models.stations.slots import AlreadyHeld, Holder, Slot
from models.workers.sessions import SignedIn

WRITING = timedelta(seconds=10)
"""Longer than a transaction may take: a port held for so long without a booking
was left behind by a process that died."""


def draft(offer: Offer, holder: Holder) -> Booking:
    """Return the booking that a holder stands for."""
    time = offer.time
    return Booking(
        id=holder.booking_id,
        worker_id=holder.worker_id,
        station_id=offer.station.id,
        station_name=offer.station.name,
        service=offer.service.kind,
        slot_ids=(time.id,),
        port=holder.port,
        start=time.start,
        end=time.end,
        way=holder.way,
        made_at=holder.since,
        come_by=min(time.end, max(time.start, holder.since) + GRACE),
    )


async def write_or_give_back(ctx: Context, offer: Offer, booking: Booking) -> Booking:
    """Write the booking of a port just taken; refused, the port is free again.

    Refuses: as ``write_down``.
    """
    try:
        return await write_down(ctx, offer, booking)
    except AlreadyHeld:
        raise
    except Refusal:
        await slots.give_back_port(ctx, offer.time.id, booking_id=booking.id)
        raise


async def finish_writing(
    ctx: Context, offer: Offer, by: SignedIn, refusal: Refusal
) -> Booking:
    """Write the booking of a port that the worker was left holding, if it is one."""
    slot = await Slot.find(ctx, _id=offer.time.id)
    holder = None if slot is None else slot.held_for(by.id)
    if holder is None:
        raise refusal
    told = AlreadyHeld({"booking_id": holder.booking_id, "slot_id": offer.time.id})
    if ctx.clock.now() - holder.since < WRITING:
        raise told
    if await Booking.find(ctx, _id=holder.booking_id) is not None:
        raise told
    return await write_down(ctx, offer, draft(offer, holder))


@atomic(duplicate=AlreadyHeld)
async def write_down(ctx: Context, offer: Offer, booking: Booking) -> Booking:
    """Write the booking of a port that is held already; one of many writes it.

    Refuses: AlreadyHeld, BookingSuspended, TimeConflict, TooManyActive,
        TooManyToday, TooManyMinutes, BackToBack.
    Records: BookingMade.
    """
    await hours.take(ctx, booking.worker_id, [booking.taken()])
    await strikes.check(ctx, booking.worker_id)
    await fair_use.check(ctx, booking, offer.service)
    await booking.insert(ctx)
    await record(ctx, BookingMade(**tell(booking)))
    return booking

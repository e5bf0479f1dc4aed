"""Writing a booking down (写入预约单): what follows once a port is held.

The port's holder says everything the booking needs. So whoever finds a port held
for a booking that is lacking can write it: the one who took it, the same worker's
next try, or the sweep; a booking's id lets only one of them. Who gives the port back
instead records that under the id of the event that the booking would begin with.

Source: rules §3.4; house §6 (the slot's update is the commit).
"""

from typing import NamedTuple

from pymongo.errors import DuplicateKeyError

from models.agenda import hours
from models.agenda.hours import Agenda
from models.base import deeds
from models.base.context import Context
from models.base.deeds import Deed
from models.base.errors import Refusal
from models.base.events import Happening, happening, record
from models.base.store import atomic
from models.stations import fair_use, offers, slots, strikes
from models.stations.booked import (
    GRACE,
    Booking,
    BookingDropped,
    BookingMade,
    first_event,
    tell,
)
from models.stations.offers import Offer
from models.stations.slots import AlreadyHeld, Holder, Slot, Way
from models.stations.standing import Standing
from models.workers.sessions import SignedIn


class Known(NamedTuple):
    """What was read of a worker before a port was taken, in this order."""

    agenda: Agenda
    standing: Standing


def draft(offer: Offer, holder: Holder) -> Booking:
    """Return the booking that a holder stands for."""
    time = offer.time
    return Booking(
        id=holder.booking_id,
        worker_id=holder.worker_id,
        station_id=offer.station.id,
        org_path=offer.station.org_path,
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


async def write_or_give_back(
    ctx: Context, offer: Offer, holder: Holder, *, known: Known
) -> Booking:
    """Write the booking of a port just taken; refused, the port is free again.

    Rules: most are written along with others, since nothing happened to the worker
    after the look; who is refused that is looked at again, alone. A slot that was
    closed while its port was taken is not booked. What the worker's next try has
    written meanwhile is the answer to this one too.
    Refuses: NoSuchSlot; as ``write_down``.
    """
    booking = draft(offer, holder)
    try:
        await offers.look_again(ctx, offer)
        known.standing.judge_port(booking, offer.service, ctx.clock.now())
        if await deeds.write(ctx, _deed(ctx, booking, known.agenda)):
            return booking
        await hours.look(ctx, booking.worker_id, [booking.taken()])
        return await write_down(ctx, offer, booking)
    except Refusal:
        await let_go(ctx, offer.time.id, holder.booking_id)
        written = await Booking.find(ctx, _id=holder.booking_id)
        if written is None:
            raise
        return written


def _deed(ctx: Context, booking: Booking, agenda: Agenda) -> Deed:
    made = happening(ctx, _made(booking))
    taking = hours.taking(ctx, agenda, [booking.taken()])
    return Deed(booking.worker_id, taking, (booking, made))


async def let_go(ctx: Context, slot_id: str, booking_id: str) -> None:
    """Give a port back whose booking is lacking, unless somebody has written it.

    Rules: of this and `write_down`, whoever records the first event has decided.
    Records: BookingDropped.
    """
    first = first_event(booking_id)
    try:
        await record(
            ctx, BookingDropped(id=first, booking_id=booking_id, slot_id=slot_id)
        )
    except DuplicateKeyError:
        kept = await Happening.find(ctx, _id=first)
        if kept is None or kept.kind != BookingDropped.__name__:
            return
    if await Booking.find(ctx, _id=booking_id) is None:
        await slots.give_back_port(ctx, slot_id, booking_id=booking_id)


async def finish_writing(
    ctx: Context, offer: Offer, by: SignedIn, refusal: Refusal
) -> Booking:
    """Write the booking of a port that the worker was left holding, if it is one.

    Rules: nobody is told of a booking that is not written; one that may not be
    leaves its port free.
    """
    slot = await Slot.find(ctx, _id=offer.time.id)
    holder = None if slot is None else slot.held_for(by.id)
    if holder is None:
        raise refusal
    told = AlreadyHeld({"booking_id": holder.booking_id, "slot_id": offer.time.id})
    if holder.way is not Way.BOOKING:
        raise told
    if await Booking.find(ctx, _id=holder.booking_id) is not None:
        raise told
    left = draft(offer, holder)
    try:
        await hours.look(ctx, by.id, [left.taken()])
        return await write_down(ctx, offer, left)
    except Refusal as problem:
        await let_go(ctx, offer.time.id, holder.booking_id)
        is_written = await Booking.find(ctx, _id=holder.booking_id) is not None
        raise told if is_written else problem from None


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
    await record(ctx, _made(booking))
    return booking


def _made(booking: Booking) -> BookingMade:
    return BookingMade(id=first_event(booking.id), **tell(booking))

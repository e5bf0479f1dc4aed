"""Moves at the desk (改签): a booking goes on in another slot, as the worker asks.

Source: screens.md, "Console: station desk" (change); rules §3.4.
"""

from models.base.context import Context
from models.stations import desk, desk_marks, offers, relocations
from models.stations.booked import Booking, BookingMoved, State
from models.stations.desk_marks import Deed
from models.stations.offers import NoSuchSlot, Offer
from models.unions.staff import Staff


async def move(
    ctx: Context, booking_id: str, slot_id: str, *, reason: str, by: Staff
) -> Booking:
    """Let somebody's booking go on in another slot of its service (改签).

    Rules: while they may still come; to a station the clerk serves too; the new port
        is theirs before the old one is anybody else's; the same slot again changes
        nothing. The worker is told why, not coming there is no strike, and the audit
        keeps who moved it.
    Refuses: NoSuchBooking, RoleMissing, BookingMoved, NoSuchSlot, SlotOver,
        TooFarAhead, SlotFull, AlreadyHeld, TimeConflict.
    Records: BookingRelocated.
    """
    now = ctx.clock.now()
    booking = await desk.find(ctx, booking_id, by=by)
    if booking.state_at(now) is not State.BOOKED:
        raise BookingMoved({"state": booking.state_at(now)})
    if slot_id in booking.slot_ids:
        return booking
    offer = await _offer(ctx, booking, slot_id, by)
    offer.check(now)

    async def mark(moved: Booking) -> None:
        left = booking.slot_ids[0]
        await desk_marks.put(ctx, moved, Deed.MOVE, by=by, slot_id=left, reason=reason)
        await desk.note(ctx, moved, "bookings.move", reason=reason, by=by)

    with desk.of_another():
        return await relocations.go_on_at(ctx, booking, offer, reason=reason, also=mark)


async def _offer(ctx: Context, booking: Booking, slot_id: str, by: Staff) -> Offer:
    offer = await offers.find(ctx, slot_id)
    is_same = offer.service.kind is booking.service
    if not (is_same and by.may_serve(offer.station.id)):
        raise NoSuchSlot({"slot_id": slot_id})
    return offer

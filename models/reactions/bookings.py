"""What follows from bookings (预约): what the worker is told, and reminded of."""

from datetime import timedelta

from models.base.context import Context
from models.base.events import Reaction
from models.messages import inbox
from models.messages.kinds import Kind, Values
from models.stations import booked, strikes
from models.stations.appeals import AppealDecided
from models.stations.booked import Booking, BookingEvent

BEFORE_BOOKING = timedelta(minutes=30)
"""Time to set out, or to give the port to somebody else."""


def _of_booking(event: BookingEvent) -> Values:
    return {
        "station": event.station_name,
        "what": event.service.place(event.port),
        "start": event.start,
        "end": event.end,
        "reason": getattr(event, "reason", "") or "驿站临时关闭",
    }


def tell_of_booking(kind: Kind) -> Reaction:
    """Make the reaction that tells of a booking in one kind of message."""

    async def tell(ctx: Context, event: BookingEvent) -> None:
        said, ref = _of_booking(event), event.booking_id
        await inbox.tell(ctx, event.worker_id, kind, said, ref=ref, cause=event.id)

    return tell


async def tell_of_cancelled_booking(
    ctx: Context, event: booked.BookingCancelled
) -> None:
    """Say who called it off."""
    kind = Kind.BOOKING_CALLED_OFF if event.by_station else Kind.BOOKING_CANCELLED
    await tell_of_booking(kind)(ctx, event)


async def tell_of_suspension(ctx: Context, event: strikes.WorkerSuspended) -> None:
    """Say until when."""
    await inbox.tell(
        ctx,
        event.worker_id,
        Kind.BOOKING_SUSPENDED,
        {"until": event.until},
        ref=event.booking_id,
        cause=event.id,
    )


async def tell_of_appeal(ctx: Context, event: AppealDecided) -> None:
    """Say what was decided, and why."""
    kind = Kind.APPEAL_ACCEPTED if event.is_accepted else Kind.APPEAL_REFUSED
    said: Values = {
        "station": event.station_name,
        "start": event.missed_at,
        "reason": event.reason.rstrip("。"),
    }
    await inbox.tell(
        ctx, event.worker_id, kind, said, ref=event.booking_id, cause=event.id
    )


async def plan_booking_reminder(ctx: Context, event: BookingEvent) -> None:
    """Remind half an hour before, unless that is over already."""
    at = event.start - BEFORE_BOOKING
    if at <= ctx.clock.now():
        return
    await inbox.tell(
        ctx,
        event.worker_id,
        Kind.BOOKING_REMINDER,
        _of_booking(event),
        ref=event.booking_id,
        cause=event.id,
        at=at,
    )
    booking = await Booking.find(ctx, _id=event.booking_id)
    if booking is None or booking.state is not booked.State.BOOKED:
        await inbox.drop(ctx, event.booking_id)


async def drop_booking_reminder(ctx: Context, event: BookingEvent) -> None:
    """There is nothing to be reminded of any more."""
    await inbox.drop(ctx, event.booking_id)

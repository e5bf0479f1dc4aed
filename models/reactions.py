"""The switchboard: what follows from what happened.

One page, read top to bottom. Rooms never call each other sideways; what one
room's deed means for another is written here and nowhere else. A reaction may
be run again, so each makes its effect unique by the event's id.

A reminder is planned first and then its reason is looked at: whoever cancels in
between is seen either by this look or by the event of the cancellation.
"""

from datetime import datetime, timedelta

from models.base.clock import SHANGHAI
from models.base.context import Context
from models.base.documents import Document
from models.base.events import Reaction, Reactions
from models.messages import inbox, pushes
from models.messages.kinds import Kind, Values
from models.moderation import checking, media, pieces
from models.moderation.words import Word
from models.policies import advice
from models.stations import booked, first_aid_details, strikes
from models.stations.booked import Booking, BookingEvent
from models.stations.desk_marks import BookingExtended, NoShowUndone
from models.stations.stations import Station
from models.trainings import calling_off, enrolments, moving, sessions, waitlist
from models.trainings.enrolments import Enrolment, Told
from models.trainings.programmes import Programme
from models.unions import moves
from models.unions.moves import UnitMoved
from models.workers.consent_texts import Purpose
from models.workers.consents import ConsentWithdrawn

BEFORE_BOOKING = timedelta(minutes=30)
"""Time to set out, or to give the port to somebody else."""

BEFORE_TRAINING = timedelta(hours=2)

EVENING = 19
"""Hour in Shanghai at which people plan the next day."""

APPEAL = "或在“我的评价”里申诉，由另一位审核员复核。"


def _of_booking(event: BookingEvent) -> Values:
    return {
        "station": event.station_name,
        "port": event.port,
        "start": event.start,
        "end": event.end,
    }


def _of_training(event: Told) -> Values:
    told: dict[str, str | int | datetime] = {
        "programme": event.title,
        "start": event.start,
        "place": event.place,
    }
    for name in ("until", "position", "reason", "old_start", "old_place", "clash"):
        if getattr(event, name, None) is not None:
            told[name] = getattr(event, name)
    return told


def _tell_of_booking(kind: Kind) -> Reaction:
    async def tell(ctx: Context, event: BookingEvent) -> None:
        said, ref = _of_booking(event), event.booking_id
        await inbox.tell(ctx, event.worker_id, kind, said, ref=ref, cause=event.id)

    return tell


def _tell_of_training(kind: Kind) -> Reaction:
    async def tell(ctx: Context, event: Told) -> None:
        said, ref = _of_training(event), event.enrolment_id
        await inbox.tell(ctx, event.worker_id, kind, said, ref=ref, cause=event.id)

    return tell


async def tell_of_cancelled_booking(
    ctx: Context, event: booked.BookingCancelled
) -> None:
    """Say who called it off."""
    kind = Kind.BOOKING_CALLED_OFF if event.by_station else Kind.BOOKING_CANCELLED
    await _tell_of_booking(kind)(ctx, event)


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


async def plan_booking_reminder(ctx: Context, event: booked.BookingMade) -> None:
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


async def plan_training_reminders(ctx: Context, event: Told) -> None:
    """Remind the evening before and two hours before, at the time it has now."""
    for at in (_evening_before(event.start), event.start - BEFORE_TRAINING):
        if at > ctx.clock.now():
            await inbox.tell(
                ctx,
                event.worker_id,
                Kind.TRAINING_REMINDER,
                _of_training(event),
                ref=event.enrolment_id,
                cause=event.id,
                at=at,
            )
    enrolment = await Enrolment.find(ctx, _id=event.enrolment_id)
    if enrolment is None or enrolment.state is not enrolments.State.ENROLLED:
        await inbox.drop(ctx, event.enrolment_id)
    elif not await _is_as_told(ctx, event):
        await inbox.drop(ctx, event.enrolment_id, of=event.id)


async def drop_training_reminders(ctx: Context, event: Told) -> None:
    """There is nothing to be reminded of any more."""
    await inbox.drop(ctx, event.enrolment_id)


async def tell_of_move(ctx: Context, event: moving.SessionMoved) -> None:
    """Say what was and what is, and what it clashes with now."""
    clashes = event.clash is not None
    kind = Kind.TRAINING_MOVED_CLASH if clashes else Kind.TRAINING_MOVED
    await _tell_of_training(kind)(ctx, event)


async def renew_training_reminders(ctx: Context, event: moving.SessionMoved) -> None:
    """Remind of the new time in place of the old one."""
    if await _is_as_told(ctx, event):
        await inbox.drop(ctx, event.enrolment_id, besides=event.id)
        await plan_training_reminders(ctx, event)


async def _is_as_told(ctx: Context, event: Told) -> bool:
    """Say whether a session is still held when and where an event says."""
    session = await sessions.find(ctx, event.session_id)
    now = (session.starts_at, session.place.name)
    return now == (event.start, event.place)


async def tell_of_refused_piece(ctx: Context, event: pieces.PieceRefused) -> None:
    """Say why, and what can be done about it."""
    way = APPEAL if event.may_appeal else "谢谢理解。"
    said = {"reason": event.reason, "way": way}
    kind, author_id = Kind.COMMENT_REFUSED, event.author_id
    await inbox.tell(ctx, author_id, kind, said, ref=event.about, cause=event.id)


async def tell_of_allowed_piece(ctx: Context, event: pieces.PieceAllowed) -> None:
    """Say that others can read it now."""
    kind, author_id = Kind.COMMENT_ALLOWED, event.author_id
    await inbox.tell(ctx, author_id, kind, {}, ref=event.about, cause=event.id)


async def take_media_verdict(ctx: Context, event: pushes.MediaJudged) -> None:
    """Settle the picture that was judged."""
    await media.keep(ctx, event.trace_id, event.suggest, event.label)
    await checking.take_media_verdict(ctx, event.trace_id)


async def forget_facts(ctx: Context, event: ConsentWithdrawn) -> None:
    """Matches keep no facts of somebody who took the consent back."""
    if event.purpose is Purpose.FACTS and event.at is not None:
        await advice.forget_facts(ctx, event.worker_id, until=event.at)


def _follow(belongings: type[Document]) -> Reaction:
    async def follow(ctx: Context, event: UnitMoved) -> None:
        await moves.follow(ctx, belongings, event.unit_id)

    return follow


def _evening_before(start: datetime) -> datetime:
    evening = start.astimezone(SHANGHAI).replace(
        hour=EVENING, minute=0, second=0, microsecond=0
    )
    return evening - timedelta(days=1)


REACTIONS: Reactions = {
    ConsentWithdrawn: [forget_facts, first_aid_details.forget_withdrawn],
    booked.BookingMade: [_tell_of_booking(Kind.BOOKING_MADE), plan_booking_reminder],
    booked.BookingUsed: [drop_booking_reminder],
    booked.BookingEnding: [_tell_of_booking(Kind.BOOKING_ENDING)],
    booked.BookingCancelled: [drop_booking_reminder, tell_of_cancelled_booking],
    booked.BookingMissed: [_tell_of_booking(Kind.BOOKING_MISSED)],
    strikes.WorkerSuspended: [tell_of_suspension],
    BookingExtended: [_tell_of_booking(Kind.BOOKING_EXTENDED)],
    NoShowUndone: [_tell_of_booking(Kind.NO_SHOW_UNDONE)],
    enrolments.EnrolmentMade: [
        _tell_of_training(Kind.ENROLMENT_MADE),
        plan_training_reminders,
    ],
    enrolments.EnrolmentCancelled: [
        drop_training_reminders,
        _tell_of_training(Kind.ENROLMENT_CANCELLED),
    ],
    calling_off.SessionCalledOff: [
        drop_training_reminders,
        _tell_of_training(Kind.TRAINING_CALLED_OFF),
    ],
    moving.SessionMoved: [renew_training_reminders, tell_of_move],
    waitlist.WaitlistJoined: [_tell_of_training(Kind.WAITLIST_JOINED)],
    waitlist.WaitlistEnded: [_tell_of_training(Kind.WAITLIST_ENDED)],
    waitlist.EligibilityLost: [_tell_of_training(Kind.ELIGIBILITY_LOST)],
    waitlist.SeatOffered: [_tell_of_training(Kind.SEAT_OFFERED)],
    waitlist.OfferLapsed: [_tell_of_training(Kind.OFFER_LAPSED)],
    UnitMoved: [_follow(Station), _follow(Programme), _follow(Word)],
    pieces.PieceHandedIn: [checking.check_handed_in],
    pieces.PieceRefused: [tell_of_refused_piece],
    pieces.PieceAllowed: [tell_of_allowed_piece],
    pushes.MediaJudged: [take_media_verdict],
    pushes.CardAnswered: [pushes.count_answers],
    pushes.CardRefused: [pushes.clear_refused],
    pushes.CardDelivered: [pushes.mark_delivered],
}

"""What follows from sign-ups and sessions (培训): what the worker is told of."""

from datetime import datetime, timedelta

from models.base.clock import SHANGHAI
from models.base.context import Context
from models.base.events import Reaction
from models.messages import inbox
from models.messages.kinds import Kind, Values
from models.trainings import enrolments, moving, sessions
from models.trainings.enrolments import Enrolment, Told

BEFORE_TRAINING = timedelta(hours=2)

MORE = (
    "until",
    "position",
    "reason",
    "old_start",
    "old_place",
    "clash",
    "attended",
    "lessons",
)
"""What some events tell beside the rest."""

EVENING = 19
"""Hour in Shanghai at which people plan the next day."""


def _of_training(event: Told) -> Values:
    told: dict[str, str | int | datetime] = {
        "programme": event.title,
        "start": event.start,
        "place": event.place,
    }
    for name in MORE:
        if getattr(event, name, None) is not None:
            told[name] = getattr(event, name)
    return told


def tell_of_training(kind: Kind) -> Reaction:
    """Make the reaction that tells of a sign-up in one kind of message."""

    async def tell(ctx: Context, event: Told) -> None:
        said, ref = _of_training(event), event.enrolment_id
        await inbox.tell(ctx, event.worker_id, kind, said, ref=ref, cause=event.id)

    return tell


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
    await tell_of_training(kind)(ctx, event)


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


def _evening_before(start: datetime) -> datetime:
    evening = start.astimezone(SHANGHAI).replace(
        hour=EVENING, minute=0, second=0, microsecond=0
    )
    return evening - timedelta(days=1)

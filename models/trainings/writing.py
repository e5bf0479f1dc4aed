"""Writing a sign-up down (报名落账), once its seat is taken, or giving it up.

Repeatable under the id that the session keeps; whoever inserts the id first, as an
enrolment or as dropped, has decided.
Source: house §6 (hot documents); rules §2.3.
"""

from pymongo.errors import DuplicateKeyError

from models.agenda import hours
from models.base import deeds
from models.base.context import Context
from models.base.deeds import Deed
from models.base.events import happening, record
from models.base.store import atomic
from models.trainings.enrolments import Enrolment, EnrolmentMade, State, about
from models.trainings.programmes import Programme
from models.trainings.seats import AlreadyEnrolled
from models.trainings.sessions import Session


async def write_down(
    ctx: Context, enrolment: Enrolment, programme: Programme, session: Session
) -> Enrolment:
    """Write down who took a seat; repeatable under the id kept in the session.

    Rules: of this and `drop`, whoever inserts the id first has decided. Most are
        written along with others; who is refused that is looked at alone.
    Refuses: TimeConflict, AlreadyEnrolled; the seat is then the caller's to free.
    Records: EnrolmentMade.
    """
    try:
        if await _write_along(ctx, enrolment, programme, session):
            return enrolment
        return await _write_down(ctx, enrolment, programme, session)
    except AlreadyEnrolled:
        written = await Enrolment.find(ctx, _id=enrolment.id)
        if written is None or written.state is not State.ENROLLED:
            raise
        return written


async def _write_along(
    ctx: Context, enrolment: Enrolment, programme: Programme, session: Session
) -> bool:
    wanted = session.hours(enrolment.id, programme.title)
    agenda = await hours.seen(ctx, enrolment.worker_id)
    if not hours.are_free(agenda, wanted):
        return False
    made = happening(ctx, EnrolmentMade(**about(enrolment, programme, session)))
    taking = hours.taking(ctx, agenda, wanted)
    return await deeds.write(ctx, Deed(enrolment.worker_id, taking, (enrolment, made)))


@atomic(duplicate=AlreadyEnrolled)
async def _write_down(
    ctx: Context, enrolment: Enrolment, programme: Programme, session: Session
) -> Enrolment:
    await enrolment.insert(ctx)
    wanted = session.hours(enrolment.id, programme.title)
    await hours.take(ctx, enrolment.worker_id, wanted)
    await record(ctx, EnrolmentMade(**about(enrolment, programme, session)))
    return enrolment


async def drop(ctx: Context, enrolment: Enrolment) -> bool:
    """Decide that a seat taken leads to nothing; False if it was written down."""
    dropped = Enrolment(
        id=enrolment.id,
        worker_id=enrolment.worker_id,
        programme_id=enrolment.programme_id,
        session_id=enrolment.session_id,
        org_path=enrolment.org_path,
        state=State.DROPPED,
        state_since=ctx.clock.now(),
        until=enrolment.until,
        received_at=enrolment.received_at,
    )
    try:
        await dropped.insert(ctx)
    except DuplicateKeyError:
        written = await Enrolment.find(ctx, _id=enrolment.id)
        return written is not None and written.state is State.DROPPED
    return True

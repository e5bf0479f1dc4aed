"""Settling a seat (落座): once taken it is written down, or freed again.

Whoever meets a seat that is held and not written down finishes it: who took it, the
same person's next try, or the clockwork. The enrolment's id, which the seat knows,
lets one of them write.
Source: house §6 (hot documents); rules §2.3.
"""

import msgspec

from models.agenda.hours import TimeConflict
from models.base.context import Context
from models.base.errors import Refusal
from models.trainings import offers, seats, writing
from models.trainings.enrolments import SEATED, Enrolment, State
from models.trainings.programmes import Programme
from models.trainings.seats import AlreadyEnrolled
from models.trainings.sessions import Holder, Session


async def settle(
    ctx: Context, enrolment: Enrolment, programme: Programme, session: Session
) -> Enrolment:
    """Write a taken seat down, or free it if that is refused.

    Refuses: AlreadyEnrolled, TimeConflict.
    """
    try:
        return await writing.write_down(ctx, enrolment, programme, session)
    except (AlreadyEnrolled, TimeConflict):
        if not await writing.drop(ctx, enrolment):
            return await Enrolment.find(ctx, _id=enrolment.id) or enrolment
        await offers.free(ctx, session.id, enrolment.id)
        raise


async def meet(
    ctx: Context, wanted: Enrolment, programme: Programme, refusal: Refusal
) -> Enrolment | None:
    """Finish what a person's earlier try left behind; None if they may try anew.

    wanted: what they ask for now; it takes the id of the seat that was left.
    refusal: what they are told if they hold no seat here.
    Rules: nobody is told of a sign-up that is not written down. A seat left by one
        that has ended goes on to who waits, or back to all.
    Refuses: AlreadyEnrolled, TimeConflict.
    """
    found = await seats.held_for(ctx, wanted.session_id, wanted.worker_id)
    if found is None:
        raise refusal
    session, held = found
    written = await Enrolment.find(ctx, _id=held.enrolment_id)
    if written is None:
        left = msgspec.structs.replace(wanted, id=held.enrolment_id)
        return await settle(ctx, left, programme, session)
    if written.state in {*SEATED, State.WAITLISTED}:
        raise AlreadyEnrolled({"enrolment_id": written.id, "state": written.state})
    await offers.free(ctx, session.id, held.enrolment_id)
    return None


def record_of(session: Session, held: Holder) -> Enrolment:
    """Return the enrolment that a seat was taken for, as far as the seat knows it."""
    return Enrolment(
        id=held.enrolment_id,
        worker_id=held.worker_id,
        programme_id=session.programme_id,
        session_id=session.id,
        org_path=session.org_path,
        moves=session.moves,
        state=State.ENROLLED,
        state_since=held.since,
        until=session.ends_at,
        received_at=held.since,
        groups=() if held.group is None else (held.group,),
    )

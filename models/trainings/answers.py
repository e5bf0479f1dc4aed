"""Answers to an offer (确认、放弃名额): what a person does with the seat held for them.

Of accepting, declining and time running out, whichever changes the enrolment's state
first has decided; the seat follows.
Source: features S9-04; rules §2.5 (decline is one tap).
"""

from datetime import datetime

from models.agenda import hours
from models.base.context import Context
from models.base.errors import Conflict
from models.base.events import record
from models.base.store import atomic
from models.trainings import enrolments, offers
from models.trainings.enrolments import (
    Enrolment,
    EnrolmentMade,
    State,
    about,
    become,
)
from models.trainings.programmes import Programme
from models.trainings.sessions import Session, check_on
from models.trainings.waitlist import OfferDeclined
from models.workers.sessions import SignedIn


class OfferOver(Conflict):
    """The seat was held for a while, and the while is over."""

    code = "offer_over"
    message = "为您保留的名额已过时，可以重新报名或加入候补。"


class NotOffered(Conflict):
    """No seat is held for this enrolment; ``details.state`` says what it is."""

    code = "not_offered"
    message = "目前没有为您保留的名额，请到“我的培训”查看最新状态。"


async def accept(
    ctx: Context, enrolment_id: str, *, by: SignedIn, received_at: datetime
) -> Enrolment:
    """Take the seat that is held (确认名额); a second tap changes nothing.

    Refuses: NoSuchEnrolment, NotOffered, OfferOver, TimeConflict, SessionCancelled.
    Records: EnrolmentMade.
    """
    enrolment = await enrolments.find(ctx, enrolment_id, by=by)
    if enrolment.state is State.OFFERED:
        programme, session = await enrolments.both(ctx, enrolment)
        check_on(session)
        await hours.look(ctx, by.id, session.hours(enrolment.id, programme.title))
        accepted = await _accept(ctx, enrolment, programme, session, received_at)
        enrolment = accepted or await enrolments.find(ctx, enrolment_id, by=by)
    if enrolment.state is State.ENROLLED:
        return enrolment
    if enrolment.state in {State.OFFERED, State.OFFER_LAPSED}:
        raise OfferOver
    raise NotOffered({"state": enrolment.state})


@atomic()
async def _accept(
    ctx: Context,
    enrolment: Enrolment,
    programme: Programme,
    session: Session,
    received_at: datetime,
) -> Enrolment | None:
    held = {
        "_id": enrolment.id,
        "state": State.OFFERED,
        "until": {"$gt": received_at},
    }
    accepted = await become(ctx, held, State.ENROLLED, until=session.ends_at)
    if accepted is not None:
        wanted = session.hours(enrolment.id, programme.title)
        await hours.take(ctx, enrolment.worker_id, wanted)
        await record(ctx, EnrolmentMade(**about(enrolment, programme, session)))
    return accepted


async def decline(ctx: Context, enrolment_id: str, *, by: SignedIn) -> Enrolment:
    """Let the held seat go to the next (放弃名额).

    Refuses: NoSuchEnrolment, NotOffered.
    Records: OfferDeclined.
    """
    enrolment = await enrolments.find(ctx, enrolment_id, by=by)
    programme, session = await enrolments.both(ctx, enrolment)
    declined = await _decline(ctx, enrolment, programme, session)
    if declined is None:
        raise NotOffered({"state": enrolment.state_at(ctx.clock.now())})
    await offers.free(ctx, session.id, enrolment.id)
    return declined


@atomic()
async def _decline(
    ctx: Context, enrolment: Enrolment, programme: Programme, session: Session
) -> Enrolment | None:
    held = {"_id": enrolment.id, "state": State.OFFERED}
    declined = await become(ctx, held, State.DECLINED)
    if declined is not None:
        await record(ctx, OfferDeclined(**about(enrolment, programme, session)))
    return declined

"""Signing up and leaving (报名、取消报名).

The order is: look (window, admission, agenda), take the seat, write it down. Only
the second step is contended, and only it is a commit.
Source: rules §2.1–2.6; features S9-02, S9-04, S9-09.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import msgspec

from models.agenda import hours
from models.agenda.hours import TimeConflict
from models.base.context import Context
from models.base.errors import Conflict
from models.base.events import record
from models.base.store import atomic
from models.eligibility.facts import Facts
from models.trainings import (
    admission,
    enrolments,
    offers,
    programmes,
    seats,
    sessions,
    settling,
    waitlist,
    windows,
)
from models.trainings.enrolments import (
    ACTIVE,
    Enrolment,
    EnrolmentCancelled,
    State,
    about,
    become,
)
from models.trainings.programmes import Programme
from models.trainings.seats import AlreadyEnrolled, Claim, SessionFull
from models.trainings.sessions import Session
from models.workers.sessions import SignedIn

NOTHING: Mapping[str, Any] = MappingProxyType({})


class CancelTooLate(Conflict):
    """A seat can no longer be given back by oneself."""

    code = "cancel_too_late"
    message = "已过自行取消的时间，如确实不能参加请联系主办单位。"


class EnrolmentOver(Conflict):
    """The enrolment has ended already; ``details.state`` says how."""

    code = "enrolment_over"
    message = "这条报名已经结束，无需再取消。"


async def sign_up(
    ctx: Context,
    session_id: str,
    *,
    by: SignedIn,
    received_at: datetime,
    told: Mapping[str, Any] = NOTHING,
    or_wait: bool = False,
) -> Enrolment:
    """Take a seat in a session (报名), or wait for one if asked to (候补).

    received_at: when the request arrived; that it is worked on later harms nobody.
    told: facts for the admission, used and not kept.
    Rules: a try whose answer was lost is finished by the next one.
    Refuses: NoSuchTrainingSession, NoSuchProgramme, SessionCancelled,
        SignUpNotOpen, SignUpClosed, AlreadyEnrolled, BadFacts, NotEligible,
        FactsMissing, DocumentsMissing, TimeConflict, SessionFull.
    Records: EnrolmentMade, or WaitlistJoined.
    """
    session = await sessions.find(ctx, session_id)
    windows.check_window(session, received_at)
    programme = await programmes.find_open(ctx, session.programme_id)
    if await _turned_over(ctx, programme, by):
        session = await sessions.find(ctx, session_id)
    known = await admission.facts_of(ctx, by.id, told)
    enrolment = admitted(
        ctx, programme, session, known=known, by=by, received_at=received_at
    )
    try:
        return await _seat(ctx, enrolment, programme, session, or_wait)
    except (SessionFull, AlreadyEnrolled, TimeConflict) as refusal:
        met = await settling.meet(ctx, enrolment, programme, refusal)
    return met or await _seat(ctx, enrolment, programme, session, or_wait)


async def _turned_over(ctx: Context, programme: Programme, by: SignedIn) -> bool:
    """Let only those on who have no active sign-up; end one whose time is over."""
    earlier = await enrolments.active(ctx, by.id, programme.id)
    if earlier is None:
        return False
    if earlier.until > ctx.clock.now():
        raise AlreadyEnrolled({"enrolment_id": earlier.id, "state": earlier.state})
    return await offers.turn_over(ctx, earlier)


def admitted(
    ctx: Context,
    programme: Programme,
    session: Session,
    *,
    known: Facts,
    by: SignedIn,
    received_at: datetime,
) -> Enrolment:
    """Return the enrolment of somebody who fits the programme.

    Refuses: NotEligible, FactsMissing, DocumentsMissing.
    """
    verdict = admission.judge(programme, session, known, received_at)
    let_in = admission.admit(programme, verdict)
    classes = admission.classes_in(known)
    return Enrolment(
        id=ctx.new_id("enrolment"),
        worker_id=by.id,
        programme_id=programme.id,
        session_id=session.id,
        org_path=session.org_path,
        moves=session.moves,
        state=State.ENROLLED,
        state_since=ctx.clock.now(),
        until=session.ends_at,
        received_at=received_at,
        groups=session.groups_of(classes),
        priority=waitlist.priority_of(programme, classes),
        admitted=let_in,
    )


async def _seat(
    ctx: Context,
    enrolment: Enrolment,
    programme: Programme,
    session: Session,
    or_wait: bool,
) -> Enrolment:
    """Take a seat and write it down, or wait.

    Refuses: AlreadyEnrolled, SessionCancelled, TimeConflict, SessionFull.
    """
    if session.left <= 0 and not or_wait:
        raise SessionFull.at(session, ctx.clock.now())
    wanted = session.hours(enrolment.id, programme.title)
    await hours.look(ctx, enrolment.worker_id, wanted)
    await offers.offer_seats(ctx, session)
    claim = Claim(enrolment.id, enrolment.worker_id, enrolment.groups)
    try:
        await seats.take(ctx, session, claim)
    except SessionFull:
        if not or_wait or ctx.clock.now() >= session.last_offer_at:
            raise
        return await _wait(ctx, enrolment, programme, session)
    return await settling.settle(ctx, enrolment, programme, session)


async def _wait(
    ctx: Context, enrolment: Enrolment, programme: Programme, session: Session
) -> Enrolment:
    """Join the waitlist; a seat that came free meanwhile is offered at once."""
    waiter = msgspec.structs.replace(
        enrolment, state=State.WAITLISTED, until=session.last_offer_at
    )
    await waitlist.join(ctx, waiter, programme, session)
    fresh = await sessions.find(ctx, session.id)
    if await offers.offer_seats(ctx, fresh):
        return await Enrolment.find(ctx, _id=waiter.id) or waiter
    return waiter


async def cancel(
    ctx: Context, enrolment_id: str, *, by: SignedIn, received_at: datetime
) -> Enrolment:
    """Give a seat or a place in the queue back (取消报名).

    Rules: a seat only before ``cancel_until``; waiting and offers at any time. A try
        whose answer was lost is finished by the next one.
    Refuses: NoSuchEnrolment, CancelTooLate, EnrolmentOver.
    Records: EnrolmentCancelled.
    """
    enrolment = await enrolments.find(ctx, enrolment_id, by=by)
    programme, session = await enrolments.both(ctx, enrolment)
    late = received_at >= session.cancel_until
    cancelled = await _cancel(ctx, enrolment, programme, session, late)
    if cancelled is None:
        enrolment = await enrolments.find(ctx, enrolment_id, by=by)
        state = enrolment.state_at(ctx.clock.now())
        if enrolment.state is State.CANCELLED_BY_WORKER:
            await offers.free(ctx, session.id, enrolment.id)
        raise (
            CancelTooLate
            if state is State.ENROLLED
            else EnrolmentOver({"state": state})
        )
    await offers.free(ctx, session.id, enrolment.id)
    return cancelled


@atomic()
async def _cancel(
    ctx: Context,
    enrolment: Enrolment,
    programme: Programme,
    session: Session,
    late: bool,
) -> Enrolment | None:
    may = [state for state in ACTIVE if state is not State.ENROLLED or not late]
    mine = {"_id": enrolment.id, "state": {"$in": may}}
    cancelled = await become(ctx, mine, State.CANCELLED_BY_WORKER)
    if cancelled is not None:
        await hours.give_back(ctx, enrolment.worker_id, ref=enrolment.id)
        await record(ctx, EnrolmentCancelled(**about(enrolment, programme, session)))
    return cancelled

"""Adding to a roster and taking off it (增补、移除学员): staff's deeds, with a reason.

Whoever is added takes a seat like anybody else and fits the rule like anybody else;
only the window is not asked. What else they have in these hours may be overridden
with a reason: both stay in the agenda, and the clash is shown.
Source: rules §2.7 (staff may override with reason); features S1-28, S9-09.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec

from models.agenda import hours
from models.base.context import Context
from models.base.errors import NotFound
from models.base.events import record
from models.base.store import atomic
from models.trainings import (
    admission,
    attendance,
    enrolments,
    offers,
    programmes,
    seats,
    settling,
    sign_ups,
)
from models.trainings.enrolments import (
    ACTIVE,
    Enrolment,
    EnrolmentMade,
    State,
    Told,
    about,
    become,
)
from models.trainings.programmes import Programme
from models.trainings.seats import AlreadyEnrolled, Claim, SessionFull
from models.trainings.sessions import Session
from models.trainings.sign_ups import EnrolmentOver
from models.trainings.turning import RUNNING, SessionMovedOn, note, reach
from models.unions import units
from models.unions.officials import Official
from models.unions.permissions import Permission
from models.workers.sessions import SignedIn
from models.workers.workers import State as AccountState
from models.workers.workers import Worker


class EnrolmentRemoved(Told, kw_only=True, frozen=True):
    """Staff took somebody off the roster."""

    reason: str


class NoSuchLearner(NotFound):
    """No worker of this id belongs here or has signed up here before."""

    code = "no_such_learner"
    message = "没有找到这位劳动者，请核对后再添加。"


async def add(
    ctx: Context,
    session_id: str,
    worker_id: str,
    *,
    told: Mapping[str, Any],
    reason: str,
    override: bool,
    by: Official,
) -> Enrolment:
    """Put somebody on the roster (增补学员) till the session begins.

    told: facts for the admission, used and not kept.
    override: whether they are needed elsewhere then does not matter.
    Refuses: PermissionMissing, NoSuchTrainingSession, SessionMovedOn, NoSuchLearner,
        AlreadyEnrolled, BadFacts, NotEligible, FactsMissing, DocumentsMissing,
        TimeConflict, SessionFull, SessionCancelled.
    Records: EnrolmentMade.
    """
    session = await reach(ctx, session_id, by=by)
    now = ctx.clock.now()
    if session.stage not in RUNNING or session.starts_at <= now:
        raise SessionMovedOn({"stage": session.stage_at(now)})
    await _check_known(ctx, worker_id, by)
    programme = await programmes.find(ctx, session.programme_id)
    with _of_a_learner():
        if await enrolments.active(ctx, worker_id, programme.id) is not None:
            raise AlreadyEnrolled
    known = await admission.facts_of(ctx, worker_id, told)
    learner = SignedIn(id=worker_id, session_id="")
    enrolment = sign_ups.admitted(
        ctx, programme, session, known=known, by=learner, received_at=now
    )
    with _of_a_learner():
        if not override:
            wanted = session.hours(enrolment.id, programme.title)
            await hours.look(ctx, worker_id, wanted)
        await seats.take(ctx, session, Claim(enrolment.id, worker_id, enrolment.groups))
        if override:
            added = await _impose(ctx, enrolment, programme, session)
        else:
            added = await settling.settle(ctx, enrolment, programme, session)
    await note(ctx, "training.add", added, by=by, reason=reason, subject=worker_id)
    return added


@contextmanager
def _of_a_learner() -> Iterator[None]:
    """Say a refusal that is about the learner to the trainer who asks for them."""
    with hours.of_another():
        try:
            yield
        except AlreadyEnrolled as refusal:
            raise AlreadyEnrolled(
                message="这位学员已报名这个培训，请在名册中查看。"
            ) from refusal
        except SessionFull as refusal:
            raise SessionFull(
                refusal.details,
                message="这一期名额已满，请先调整名额，或改选其他班次。",
            ) from refusal


async def remove(
    ctx: Context, enrolment_id: str, *, reason: str, by: Official
) -> Enrolment:
    """Take somebody off the roster (移除学员); the seat goes to who waits.

    Refuses: PermissionMissing, NoSuchEnrolment, EnrolmentOver.
    Records: EnrolmentRemoved, SeatOffered.
    """
    enrolment = await attendance.reach(ctx, enrolment_id, by=by)
    programme, session = await enrolments.both(ctx, enrolment)
    removed = await _remove(ctx, enrolment, programme, session, reason, by=by)
    if removed is None:
        now = await attendance.reach(ctx, enrolment_id, by=by)
        raise EnrolmentOver({"state": now.state_at(ctx.clock.now())})
    await offers.free(ctx, session.id, enrolment.id)
    return removed


@atomic()
async def _remove(
    ctx: Context,
    enrolment: Enrolment,
    programme: Programme,
    session: Session,
    reason: str,
    *,
    by: Official,
) -> Enrolment | None:
    mine = {
        "_id": enrolment.id,
        "state": {"$in": list(ACTIVE)},
        "until": {"$gt": ctx.clock.now()},
    }
    if await become(ctx, mine, State.CANCELLED_BY_ORGANISER) is None:
        return None
    removed = await Enrolment.change(
        ctx, {"_id": enrolment.id}, {"$set": {"reason": reason}}
    )
    await hours.give_back(ctx, enrolment.worker_id, ref=enrolment.id)
    told = about(enrolment, programme, session)
    await record(ctx, EnrolmentRemoved(**told, reason=reason))
    who = enrolment.worker_id
    await note(ctx, "training.remove", enrolment, by=by, reason=reason, subject=who)
    return removed


@atomic(duplicate=AlreadyEnrolled)
async def _impose(
    ctx: Context, enrolment: Enrolment, programme: Programme, session: Session
) -> Enrolment:
    wanted = session.hours(enrolment.id, programme.title)
    clash = await hours.impose(ctx, enrolment.worker_id, wanted)
    imposed = msgspec.structs.replace(enrolment, clash=clash)
    await imposed.insert(ctx)
    await record(ctx, EnrolmentMade(**about(enrolment, programme, session)))
    return imposed


async def _check_known(ctx: Context, worker_id: str, by: Official) -> None:
    """Let only people on a roster who belong here, or have signed up here before."""
    worker = await Worker.find(ctx, _id=worker_id, state=AccountState.ACTIVE)
    if worker is None:
        raise NoSuchLearner
    scope = by.scope(Permission.TRAININGS)
    if scope.covers(await units.path_of(ctx, worker.unit_id)):
        return
    been_here = {"worker_id": worker_id, **scope.where()}
    if await Enrolment.find(ctx, **been_here) is None:
        raise NoSuchLearner

"""Completion (结业): what the register says in the end, for each learner once.

::

    enrolled, ended ── at 80 % or more of the lessons ──▶ completed   and told
                    ├── at some ──▶ partial
                    └── at none ──▶ no_show

Closing the register is the commit: nothing is marked after it. The learners follow
one by one, each in a transaction of their own; the clockwork finishes what a process
left.
Source: rules §2.4, §2.8, §2.13; features S9-06 (80 % rule), S9-12.
"""

from models.base.context import Context
from models.base.events import record
from models.base.rounds import each
from models.base.store import atomic
from models.trainings import attendance, programmes, sessions
from models.trainings.attendance import LEARNING, THERE
from models.trainings.enrolments import Enrolment, State, Told, about, become
from models.trainings.programmes import Programme
from models.trainings.sessions import Session, Stage
from models.trainings.turning import RUNNING, SessionMovedOn, note, reach
from models.unions.officials import Official

ENOUGH_PERCENT = 80
"""Of the lessons; S9-06."""

A_ROUND = 500


class TrainingCompleted(Told, kw_only=True, frozen=True):
    """Somebody was at enough of the lessons; once an enrolment."""

    attended: int
    lessons: int


async def close_register(ctx: Context, session_id: str, *, by: Official) -> Session:
    """Close the register of a session that is over (结业).

    Refuses: PermissionMissing, NoSuchTrainingSession, SessionMovedOn.
    Records: TrainingCompleted, for each who completed it.
    """
    session = await reach(ctx, session_id, by=by)
    now = ctx.clock.now()
    closed = await Session.change(
        ctx,
        {
            "_id": session.id,
            "stage": {"$in": list(RUNNING)},
            "ends_at": {"$lte": now},
            "register_closed_at": None,
        },
        {"$set": {"register_closed_at": now}, "$inc": {"version": 1}},
    )
    if closed is None:
        is_closed = session.register_closed_at is not None
        stage = Stage.DONE if is_closed else session.stage_at(now)
        raise SessionMovedOn({"stage": stage, "register_closed": is_closed})
    await note(ctx, "training_session.close_register", closed, by=by)
    await settle(ctx, closed)
    return await reach(ctx, session_id, by=by)


async def settle_all(ctx: Context) -> int:
    """Finish what closing registers left to do (clockwork)."""
    rows = Session.shelf(ctx).find(
        {**sessions.REGISTERED, "register_settled": False}, sessions.WITHOUT_HOLDERS
    )
    closed = [Session.of(row) async for row in rows]
    return await each("settle_register", closed, lambda one: settle(ctx, one))


async def settle(ctx: Context, session: Session) -> int:
    """Say of every learner how it ended; again does nothing.

    Rules: a lesson that was moved after somebody signed in to it counts no more.
    Records: TrainingCompleted, for each who completed it.
    """
    programme = await programmes.find(ctx, session.programme_id)
    left = {"session_id": session.id, "state": {"$in": list(LEARNING)}}
    held = {each.starts_at for each in session.meetings}
    settled = 0
    while learners := await Enrolment.many(ctx, left, limit=A_ROUND):
        marks = await attendance.of(ctx, [one.id for one in learners])
        for one in learners:
            there = {each.lesson for each in marks[one.id] if each.mark in THERE}
            attended = len(there & held)
            settled += await _end(ctx, one, programme, session, attended)
    await Session.change(ctx, {"_id": session.id}, {"$set": {"register_settled": True}})
    return settled


@atomic()
async def _end(
    ctx: Context,
    enrolment: Enrolment,
    programme: Programme,
    session: Session,
    attended: int,
) -> bool:
    lessons = len(session.meetings)
    state = _outcome(attended, lessons)
    mine = {"_id": enrolment.id, "state": {"$in": list(LEARNING)}}
    if await become(ctx, mine, state) is None:
        return False
    if state is State.COMPLETED:
        told = about(enrolment, programme, session)
        completed = TrainingCompleted(**told, attended=attended, lessons=lessons)
        await record(ctx, completed)
    return True


def _outcome(attended: int, lessons: int) -> State:
    if not attended:
        return State.NO_SHOW
    enough = attended * 100 >= lessons * ENOUGH_PERCENT
    return State.COMPLETED if enough else State.PARTIAL

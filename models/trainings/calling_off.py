"""Calling a session off (取消班次): it does not take place, and nobody is left in it.

The session's stage is the commit: from then on no seat is taken, and every reader
sees it cancelled. Whoever was in it is then told one by one, each in a transaction
of their own, so a process that dies half-way leaves the rest to the clockwork::

    enrolled, offered, waiting ──▶ cancelled_by_organiser   hours free, told, no strike
    a seat taken and nothing written ──▶ dropped            who is still writing it
                                                            is refused

Other sessions of the programme stay as they are.
Source: rules §2.4, §2.12.
"""

from datetime import timedelta

from models.agenda import hours
from models.base.context import Context
from models.base.events import record
from models.base.rounds import each
from models.base.store import atomic
from models.trainings import programmes, seats, sessions, settling, writing
from models.trainings.enrolments import ACTIVE, Enrolment, State, Told, about, become
from models.trainings.loose_ends import PATIENCE
from models.trainings.programmes import Programme
from models.trainings.sessions import Session, Stage
from models.trainings.turning import RUNNING, Seen, reach, staged, turn
from models.unions.officials import Official

LOOKED_AFTER = timedelta(days=1)
"""So long after its end a cancelled session is looked at: nobody writes any more."""

A_ROUND = 500


class SessionCalledOff(Told, kw_only=True, frozen=True):
    """The session of somebody's enrolment does not take place."""

    reason: str


async def call_off(
    ctx: Context, session_id: str, *, version: int, reason: str, by: Official
) -> Session:
    """Cancel a session before it begins (取消班次); everybody in it is told.

    Refuses: PermissionMissing, NoSuchTrainingSession, SessionMovedOn, StaleVersion.
    Records: SessionCalledOff, for each.
    """
    session = await reach(ctx, session_id, by=by)
    fields = {**staged(ctx, Stage.CANCELLED), "reason": reason}
    seen = Seen("call_off", (Stage.PLANNED, *RUNNING), version, by, reason)
    cancelled = await turn(ctx, session, fields, seen)
    await wind_up(ctx, cancelled)
    return cancelled


async def wind_up_all(ctx: Context) -> int:
    """Finish what calling off left to do in any session (clockwork)."""
    since = ctx.clock.now() - LOOKED_AFTER
    rows = Session.shelf(ctx).find(
        {"stage": Stage.CANCELLED, "ends_at": {"$gt": since}}, sessions.WITHOUT_HOLDERS
    )
    called_off = [Session.of(row) async for row in rows]
    return await each("wind_up", called_off, lambda one: wind_up(ctx, one))


async def wind_up(ctx: Context, session: Session) -> int:
    """End everything that is still active in a cancelled session; again does nothing.

    Records: SessionCalledOff, for each.
    """
    left = {"session_id": session.id, "state": {"$in": list(ACTIVE)}}
    active = await Enrolment.many(ctx, left, limit=A_ROUND)
    ended = 0
    if active:
        programme = await programmes.find(ctx, session.programme_id)
        for enrolment in active:
            ended += await _end(ctx, enrolment, programme, session)
    return ended + await _free_seats(ctx, session.id)


@atomic()
async def _end(
    ctx: Context, enrolment: Enrolment, programme: Programme, session: Session
) -> bool:
    mine = {"_id": enrolment.id, "state": {"$in": list(ACTIVE)}}
    if await become(ctx, mine, State.CANCELLED_BY_ORGANISER) is None:
        return False
    await hours.give_back(ctx, enrolment.worker_id, ref=enrolment.id)
    told = about(enrolment, programme, session)
    await record(ctx, SessionCalledOff(**told, reason=session.reason))
    return True


async def _free_seats(ctx: Context, session_id: str) -> int:
    """Give back the seats of what has ended, and of what was never written."""
    session = await Session.find(ctx, _id=session_id)
    if session is None or not session.holders:
        return 0
    ids = [held.enrolment_id for held in session.holders]
    rows = Enrolment.shelf(ctx).find({"_id": {"$in": ids}}, {"state": 1})
    states = {row["_id"]: row["state"] async for row in rows}
    freed = 0
    for held in session.holders:
        state = states.get(held.enrolment_id)
        if state is None and held.since <= ctx.clock.now() - PATIENCE:
            dropped = await writing.drop(ctx, settling.record_of(session, held))
            state = State.DROPPED if dropped else None
        if state is not None and state not in ACTIVE:
            freed += await seats.give_back(ctx, session, held)
    return freed

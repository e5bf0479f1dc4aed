"""Moving a session (改期): another time or place, and everybody hears old and new.

The session's own change is the commit; it counts its moves, and every enrolment keeps
how many of them it has heard of. Who is behind is brought up one by one, each in a
transaction of their own: new hours in the agenda, whatever they clash with noted and
told, and a free cancellation till the start. Who dies half-way leaves the rest to
the clockwork; who signed up by the old time is found by the same count.
Source: rules §2.7, §2.12.
"""

from datetime import datetime
from typing import Any

import msgspec

from models.agenda import hours
from models.agenda.hours import Taken
from models.base.context import Context
from models.base.documents import plain
from models.base.events import record
from models.base.rounds import each
from models.base.store import atomic
from models.base.units import Instant
from models.trainings import programmes, sessions
from models.trainings.enrolments import ACTIVE, Enrolment, State, Told, about
from models.trainings.programmes import Place, Programme
from models.trainings.session_drafts import BadSession, check_meetings
from models.trainings.sessions import Meeting, Session, Stage, Whereabouts
from models.trainings.turning import RUNNING, Seen, reach, turn
from models.unions.officials import Official

A_ROUND = 500


class NewDate(msgspec.Struct, kw_only=True, frozen=True):
    """When and where a session is held instead."""

    meetings: tuple[Meeting, ...]
    place: Place
    sign_up_closes: Instant | None = None
    """None: as before, but not after the new start."""


class SessionMoved(Told, kw_only=True, frozen=True):
    """The session of somebody's enrolment has another time or place."""

    old_start: Instant
    old_place: str
    reason: str
    clash: str | None
    """What the person calls the thing it clashes with now."""


async def move(
    ctx: Context,
    session_id: str,
    new: NewDate,
    *,
    version: int,
    reason: str,
    by: Official,
) -> Session:
    """Hold a session at another time or place (改期); everybody in it is told.

    Rules: nobody loses their seat; a seat may be given back till the new start.
    Refuses: PermissionMissing, NoSuchTrainingSession, BadSession, SessionMovedOn,
        StaleVersion.
    Records: SessionMoved, for each.
    """
    session = await reach(ctx, session_id, by=by)
    check_meetings(new.meetings, ctx.clock.now())
    fields = _fields(session, new)
    fields["reason"] = reason
    seen = Seen("move", RUNNING, version, by, reason)
    moved = await turn(ctx, session, plain(fields), seen, count="moves")
    await bring_up(ctx, moved)
    return moved


async def bring_up_all(ctx: Context) -> int:
    """Tell whoever has not heard of a move yet, in any session (clockwork)."""
    rows = Session.shelf(ctx).find(
        {**sessions.MOVED, "ends_at": {"$gt": ctx.clock.now()}},
        sessions.WITHOUT_HOLDERS,
    )
    moved = [Session.of(row) async for row in rows]
    return await each("bring_up", moved, lambda one: bring_up(ctx, one))


async def bring_up(ctx: Context, session: Session) -> int:
    """Bring every enrolment of a moved session up to its last move; again does nothing.

    Records: SessionMoved, for each.
    """
    if session.stage is Stage.CANCELLED:
        return 0
    behind = await Enrolment.many(
        ctx,
        {
            "session_id": session.id,
            "state": {"$in": list(ACTIVE)},
            "moves": {"$not": {"$gte": session.moves}},
        },
        limit=A_ROUND,
    )
    if not behind:
        return 0
    programme = await programmes.find(ctx, session.programme_id)
    return sum([await _bring_up(ctx, one, programme, session) for one in behind])


@atomic()
async def _bring_up(
    ctx: Context, enrolment: Enrolment, programme: Programme, session: Session
) -> bool:
    where = {
        "_id": enrolment.id,
        "state": enrolment.state,
        "moves": {"$not": {"$gte": session.moves}},
    }
    up = {"moves": session.moves, "until": _until(enrolment, session)}
    if await Enrolment.change(ctx, where, {"$set": up}) is None:
        return False
    clash = await _new_hours(ctx, enrolment, programme, session)
    before = session.before or Whereabouts(
        starts_at=session.starts_at, place=session.place.name
    )
    told = SessionMoved(
        **about(enrolment, programme, session),
        old_start=before.starts_at,
        old_place=before.place,
        reason=session.reason,
        clash=None if clash is None else clash.title,
    )
    await record(ctx, told)
    return True


async def _new_hours(
    ctx: Context, enrolment: Enrolment, programme: Programme, session: Session
) -> Taken | None:
    """Give who has a seat the new hours, and keep what they clash with."""
    if enrolment.state is not State.ENROLLED:
        return None
    wanted = session.hours(enrolment.id, programme.title)
    clash = await hours.impose(ctx, enrolment.worker_id, wanted)
    await Enrolment.change(
        ctx, {"_id": enrolment.id}, {"$set": {"clash": plain(clash)}}
    )
    return clash


def _until(enrolment: Enrolment, session: Session) -> datetime:
    if enrolment.state is State.ENROLLED:
        return session.ends_at
    if enrolment.state is State.WAITLISTED:
        return session.last_offer_at
    return min(enrolment.until, session.starts_at)


def _fields(session: Session, new: NewDate) -> dict[str, Any]:
    starts_at = new.meetings[0].starts_at
    closes = new.sign_up_closes or min(session.sign_up_closes, starts_at)
    if not session.sign_up_opens < closes <= starts_at:
        message = "报名截止须在报名开始之后、新的开课时间之前。"
        raise BadSession({"path": "$.sign_up_closes"}, message=message)
    return {
        "meetings": new.meetings,
        "starts_at": starts_at,
        "ends_at": new.meetings[-1].ends_at,
        "place": new.place,
        "sign_up_closes": closes,
        "cancel_until": starts_at,
        "before": Whereabouts(starts_at=session.starts_at, place=session.place.name),
    }

"""Turning a session (班次变更): what every deed of staff on one has in common.

Reached within the official's subtree, changed by one guarded update that holds the
version they saw, kept in the audit. Of two managers at once, one is told so.
Source: rules §7.3; house §6 (hot documents stay out of transactions).
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import msgspec

from models.base.context import Context
from models.base.errors import Conflict
from models.trainings.sessions import (
    WITHOUT_HOLDERS,
    NoSuchTrainingSession,
    Session,
    Stage,
)
from models.unions import acts
from models.unions.officials import Official
from models.unions.permissions import Permission

RUNNING = (Stage.OPEN, Stage.CLOSED)


class Seen(NamedTuple):
    """What somebody wants to do, to what they saw."""

    deed: str
    stages: Sequence[str]
    """From which stages, or standings, this may be done."""
    version: int
    by: Official
    reason: str = ""


class Owned(Protocol):
    """A record with an id and a place in the tree."""

    @property
    def id(self) -> str:
        """Name it."""

    @property
    def org_path(self) -> str:
        """Say whose it is."""


class StaleVersion(Conflict):
    """Somebody changed it meanwhile; ``details.version`` is the present one."""

    code = "stale_version"
    message = "内容已被他人修改，请刷新后再操作。"


class SessionMovedOn(Conflict):
    """The session is not where this starts from; ``details.stage`` says where."""

    code = "session_moved_on"
    message = "班次当前状态不能这样操作，请刷新后再试。"


async def reach(ctx: Context, session_id: str, *, by: Official) -> Session:
    """Return a session within the official's reach, without its holders.

    Refuses: PermissionMissing, NoSuchTrainingSession.
    """
    where = {"_id": session_id, **by.scope(Permission.TRAININGS).where()}
    row = await Session.shelf(ctx).find_one(where, WITHOUT_HOLDERS)
    if row is None:
        raise NoSuchTrainingSession
    return Session.of(row)


async def turn(
    ctx: Context,
    session: Session,
    fields: Mapping[str, Any],
    seen: Seen,
    *,
    count: str | None = None,
) -> Session:
    """Change a session that is still as it was seen, and keep who did.

    Refuses: SessionMovedOn, StaleVersion.
    """
    more = {"version": 1, **({count: 1} if count else {})}
    update = {"$set": dict(fields), "$inc": more}
    turned = await Session.change(ctx, guard(ctx, session, seen), update)
    if turned is None:
        raise await refusal(ctx, session, seen)
    what = f"training_session.{seen.deed}"
    await note(ctx, what, session, by=seen.by, reason=seen.reason)
    return msgspec.structs.replace(turned, holders=())


def guard(ctx: Context, session: Session, seen: Seen) -> dict[str, Any]:
    """Return what must still hold of a session for the deed."""
    return {
        "_id": session.id,
        "version": seen.version,
        "stage": {"$in": list(seen.stages)},
        "starts_at": {"$gt": ctx.clock.now()},
    }


async def refusal(
    ctx: Context, session: Session, seen: Seen
) -> SessionMovedOn | StaleVersion:
    """Say why the deed found nothing to change."""
    row = await Session.shelf(ctx).find_one({"_id": session.id}, WITHOUT_HOLDERS)
    now = session if row is None else Session.of(row)
    has_begun = now.starts_at <= ctx.clock.now()
    if now.stage not in seen.stages or has_begun:
        stage = now.stage_at(ctx.clock.now())
        return SessionMovedOn({"stage": stage, "has_begun": has_begun})
    return StaleVersion({"version": now.version})


def staged(ctx: Context, stage: Stage) -> dict[str, Any]:
    """Return the fields of a session that comes to a stage now."""
    return {"stage": stage, "stage_since": ctx.clock.now()}


async def note(
    ctx: Context,
    what: str,
    about: "Owned",
    *,
    by: Official,
    reason: str = "",
    subject: str | None = None,
) -> None:
    """Keep what an official did to a training."""
    await acts.note(
        ctx,
        what,
        about.id,
        under=Permission.TRAININGS,
        at=about.org_path,
        by=by,
        reason=reason,
        subject=subject,
    )

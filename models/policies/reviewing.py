"""Reviewing (审核): let a manuscript pass or send it back, publish in an emergency.

Whoever wrote, submitted or forced it has no say; power that was lent counts as its
lender's. What is forced goes live at once and waits for another person to stand up
for it; until then it is on everybody's list.
Source: rules §1.3; features S1-07.
"""

from datetime import datetime
from typing import Any

from msgspec import structs

from models.base.context import Context
from models.base.errors import Conflict, Invalid
from models.base.store import atomic
from models.policies import contents, manuscripts, progress, releases
from models.policies.manuscripts import ANYTHING, Forced, Manuscript, Seen, advance
from models.policies.stages import Stage
from models.policies.transitions import (
    APPROVE,
    CONFIRM,
    FORCE,
    FORCE_PUBLISH,
    REJECT,
    REVIEW,
)
from models.unions.officials import Official


class RemarkNeeded(Invalid):
    """Sending back and forcing need a reason that others can read."""

    code = "remark_needed"
    message = "请写明原因，方便同事了解和修改。"


class MomentPast(Invalid):
    """The moment to publish at is over."""

    code = "publish_at_past"
    message = "发布时间已过，请选择以后的时间，或立即发布。"


class NothingToConfirm(Conflict):
    """It was not forced, or somebody stood up for it already."""

    code = "nothing_to_confirm"
    message = "该稿件没有待确认的强制发布。"


@atomic()
async def approve(
    ctx: Context,
    manuscript_id: str,
    *,
    by: Official,
    publish_at: datetime | None = None,
    hold: bool = False,
    seen: Seen = ANYTHING,
    remark: str = "",
) -> Manuscript:
    """Let a manuscript pass (审核通过): public now, at a moment, or once scheduled.

    hold: approved, and nothing more; its moment is chosen later.
    Refuses: NoSuchManuscript, BadTransition, StaleVersion, FourEyes, MomentPast,
    NeverShown, OutOfOrder, PermissionMissing.
    Records: ManuscriptApproved.
    """
    at = require_ahead(ctx, publish_at)
    if hold:
        passed: dict[str, Any] = {"stage": Stage.APPROVED}
    else:
        passed = {"stage": Stage.RELEASED, "is_open": False}
    approved = await advance(
        ctx, manuscript_id, APPROVE, passed, by=by, seen=seen, remark=remark
    )
    await progress.tell(ctx, progress.ManuscriptApproved, approved, remark, by=by)
    if hold:
        return approved
    return await releases.go_public(ctx, approved, at)


@atomic()
async def reject(
    ctx: Context,
    manuscript_id: str,
    *,
    by: Official,
    remark: str,
    seen: Seen = ANYTHING,
) -> Manuscript:
    """Send a manuscript back and say why (退回).

    Refuses: RemarkNeeded, NoSuchManuscript, BadTransition, StaleVersion, FourEyes,
    PermissionMissing.
    Records: ManuscriptRejected.
    """
    said = require_remark(remark)
    back = {"stage": Stage.REJECTED}
    rejected = await advance(
        ctx, manuscript_id, REJECT, back, by=by, seen=seen, remark=said
    )
    await progress.tell(ctx, progress.ManuscriptRejected, rejected, said, by=by)
    return rejected


@atomic()
async def force_publish(
    ctx: Context,
    manuscript_id: str,
    *,
    by: Official,
    reason: str,
    seen: Seen = ANYTHING,
) -> Manuscript:
    """Publish at once without review (强制发布); another person must confirm it.

    Refuses: RemarkNeeded, NoSuchManuscript, BadTransition, StaleVersion, Incomplete,
    TestPersonsFailed, NeverShown, OutOfOrder, PermissionMissing.
    Records: ManuscriptForced.
    """
    said, now = require_remark(reason), ctx.clock.now()
    found = await manuscripts.find(ctx, manuscript_id, by=by, needs=FORCE)
    hands = manuscripts.hands_of(by, FORCE)
    released = {
        "stage": Stage.RELEASED,
        "is_open": False,
        "unconfirmed": True,
        "forced": Forced(by=by.id, at=now, reason=said),
        "hands": manuscripts.joined(found.hands, hands),
    }
    forced = await advance(
        ctx, manuscript_id, FORCE_PUBLISH, released, by=by, seen=seen, remark=said
    )
    contents.require_whole(forced.kind, forced.content)
    await progress.tell(ctx, progress.ManuscriptForced, forced, said, by=by)
    return await releases.go_public(ctx, forced, now)


@atomic()
async def confirm(
    ctx: Context, manuscript_id: str, *, by: Official, remark: str = ""
) -> Manuscript:
    """Stand up for what somebody else forced (事后确认).

    Refuses: NoSuchManuscript, BadTransition, NothingToConfirm, FourEyes,
    PermissionMissing.
    Records: ManuscriptConfirmed.
    """
    found = await manuscripts.find(ctx, manuscript_id, by=by, needs=REVIEW)
    if found.forced is None or not found.unconfirmed:
        raise NothingToConfirm
    stood_up = structs.replace(
        found.forced, confirmed_by=by.id, confirmed_at=ctx.clock.now()
    )
    changes = {"forced": stood_up, "unconfirmed": False}
    confirmed = await advance(
        ctx, manuscript_id, CONFIRM, changes, by=by, remark=remark
    )
    await progress.tell(ctx, progress.ManuscriptConfirmed, confirmed, remark, by=by)
    return confirmed


async def count_unconfirmed(ctx: Context) -> int:
    """Count what was forced and nobody else has stood up for."""
    return await Manuscript.shelf(ctx).count_documents({"unconfirmed": True})


def require_ahead(ctx: Context, moment: datetime | None) -> datetime:
    """Return the moment to publish at; none is now.

    Refuses: MomentPast.
    """
    now = ctx.clock.now()
    if moment is not None and moment < now:
        raise MomentPast
    return now if moment is None else moment


def require_remark(remark: str) -> str:
    """Return a remark that says something.

    Refuses: RemarkNeeded.
    """
    said = remark.strip()
    if not said:
        raise RemarkNeeded
    return said

"""Ending (下线): a reason is given and it is withdrawn, or another takes its place.

Both end the whole policy or article, with what is scheduled of it; to call off only
what is scheduled, take its moment back (``scheduling``).
Source: rules §1.2; features S1-08.
"""

from datetime import datetime

from models.base.context import Context
from models.base.errors import Invalid
from models.base.store import atomic
from models.policies import announcements, chain, editions, guides, releases, successors
from models.policies.announcements import News
from models.policies.contents import Kind
from models.policies.manuscripts import ANYTHING, Manuscript, Seen, advance
from models.policies.reviewing import require_remark
from models.policies.texts import Because, Withdrawal
from models.policies.transitions import SUPERSEDE, WITHDRAW
from models.unions.officials import Official

REPLACED = "已由新的政策替代。"
"""What is kept as the remark of a replacement."""


class SuccessorNeeded(Invalid):
    """What is withdrawn as replaced names what replaced it; nothing else does."""

    code = "successor_needed"
    message = "因替代而撤回时请选择替代的政策；其他原因请勿填写。"


@atomic()
async def withdraw(
    ctx: Context,
    manuscript_id: str,
    *,
    by: Official,
    because: Because,
    reason: str,
    successor: str | None = None,
    seen: Seen = ANYTHING,
) -> Manuscript:
    """Take a policy or article from the public now, and say why (撤回).

    Refuses: RemarkNeeded, SuccessorNeeded, NoSuchSuccessor, ReplacementCircle,
    NoSuchManuscript, BadTransition, StaleVersion, PermissionMissing.
    """
    said = require_remark(reason)
    if (because is Because.REPLACED_BY) is not (successor is not None):
        raise SuccessorNeeded
    ended = await advance(
        ctx, manuscript_id, WITHDRAW, {}, by=by, seen=seen, remark=said
    )
    now = ctx.clock.now()
    told = Withdrawal(at=now, reason=said, because=because)
    await _withdraw(ctx, ended, told)
    if successor is not None:
        await _replace(ctx, ended, successor, now)
    return await _announce(ctx, ended, News.WITHDRAWN, now, said)


@atomic()
async def supersede(
    ctx: Context,
    manuscript_id: str,
    *,
    by: Official,
    successor: str,
    seen: Seen = ANYTHING,
) -> Manuscript:
    """Let another policy or article take one's place (替代): now, or when it begins.

    Rules: of what has ended already it only tells what came instead.
    Refuses: NoSuchManuscript, BadTransition, StaleVersion, NoSuchSuccessor,
    ReplacementCircle, PermissionMissing.
    """
    was = await advance(
        ctx, manuscript_id, SUPERSEDE, {}, by=by, seen=seen, remark=REPLACED
    )
    now = ctx.clock.now()
    at = await _replace(ctx, was, successor, now)
    if was.public is not None and was.public.ends_at <= now:
        return await releases.settle(ctx, was)
    return await _announce(ctx, was, News.SUPERSEDED, at, "")


async def _withdraw(ctx: Context, ended: Manuscript, told: Withdrawal) -> None:
    if ended.kind is Kind.GUIDANCE:
        await guides.withdraw(ctx, ended.document_id, at=told.at, told=told)
        return
    await editions.withdraw(
        ctx,
        ended.document_id,
        reason=told.reason,
        because=told.because,
        at=told.at,
    )


async def _replace(
    ctx: Context, was: Manuscript, successor: str, now: datetime
) -> datetime:
    """Name what takes the place; returns from when on."""
    text, id_ = releases.TEXTS[was.kind], was.document_id
    begins = await successors.begins_at(ctx, text, id_, successor=successor)
    at = max(now, begins)
    await text.ABOUT.change(ctx, {"_id": id_}, {"$inc": {"endings": 1}})
    await chain.replace(ctx, text, id_, successor, at)
    return at


async def _announce(
    ctx: Context, ended: Manuscript, news: News, at: datetime, reason: str
) -> Manuscript:
    id_ = ended.document_id
    await announcements.drop(ctx, id_, due_at={"$gte": at})
    if ended.kind is Kind.POLICY:
        await announcements.plan(
            ctx, id_, news, title=ended.content.title, at=at, reason=reason
        )
    return await releases.settle(ctx, ended)

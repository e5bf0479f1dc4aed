"""Pictures (图片送审): asked of WeChat now, answered by a push later.

The push may come before WeChat's answer to the question has been kept, so verdicts
are kept by WeChat's trace id and found from whichever side comes last. A repeat of
the push keeps nothing new.
Source: rules §8 (wxa_media_check); mediaCheckAsync version 2.
"""

from datetime import timedelta

from pymongo import IndexModel

from miniprogram_api.errors import WeChatError
from miniprogram_api.safety import Media, Scene
from models.base import personal
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.units import Instant
from models.moderation.findings import Finding, Says
from models.moderation.pieces import Piece, State
from models.workers import workers

ANSWERED_WITHIN = timedelta(hours=1)
"""WeChat may never answer for a wrong address; then it is asked anew."""

KEPT = timedelta(days=7)


class MediaVerdict(Document, kw_only=True, frozen=True):
    """What WeChat said of a picture; the id is its trace id."""

    SHELF = "media_verdicts"
    PERSONAL = personal.passing("WeChat's word on a picture, for a week")
    INDEXES = (IndexModel(["at"]),)

    finding: Finding
    at: Instant


async def ask(ctx: Context, piece: Piece) -> bool:
    """Have a picture checked; True once WeChat has taken it."""
    openid = await workers.openid_of(ctx, piece.author_id)
    if openid is None or piece.media_url is None:
        return False
    try:
        trace_id = await ctx.wechat.check_media(
            piece.media_url, Media.PICTURE, openid=openid, scene=Scene.COMMENT
        )
    except WeChatError:
        return False
    due_at = ctx.clock.now() + ANSWERED_WITHIN
    asked = await Piece.change(
        ctx,
        {"_id": piece.id, "state": State.PENDING},
        {"$set": {"trace_id": trace_id, "due_at": due_at}},
    )
    return asked is not None


async def keep(ctx: Context, trace_id: str, suggest: str | None, label: int) -> None:
    """Keep WeChat's verdict on a picture; a repeat keeps nothing new.

    Rules: what WeChat could not fetch or judge is for a person, never passed.
    """
    says = Says.REVIEW if suggest is None else Says(suggest)
    finding = Finding(provider="wechat", says=says, label=label)
    verdict = {"finding": plain(finding), "at": ctx.clock.now()}
    await MediaVerdict.shelf(ctx).update_one(
        {"_id": trace_id}, {"$setOnInsert": verdict}, upsert=True
    )


async def finding_of(ctx: Context, piece: Piece) -> Finding | None:
    """Return what WeChat has said of a piece's picture, if it has."""
    if piece.trace_id is None:
        return None
    verdict = await MediaVerdict.find(ctx, _id=piece.trace_id)
    return None if verdict is None else verdict.finding


async def forget_old(ctx: Context) -> int:
    """Delete verdicts that nobody waits for any more."""
    old = {"at": {"$lt": ctx.clock.now() - KEPT}}
    return (await MediaVerdict.shelf(ctx).delete_many(old)).deleted_count

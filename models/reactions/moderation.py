"""What follows from what people wrote (内容安全): it is checked, its author told."""

from models.base.context import Context
from models.messages import inbox, pushes
from models.messages.kinds import Kind
from models.moderation import checking, media, pieces

APPEAL = "或在“我的评价”里申诉，由另一位审核员复核。"

NO_APPEAL = "谢谢理解。"


async def tell_of_refused(ctx: Context, event: pieces.PieceRefused) -> None:
    """Say why, and what can be done about it."""
    said = {"reason": event.reason, "way": APPEAL if event.may_appeal else NO_APPEAL}
    kind, author_id = Kind.COMMENT_REFUSED, event.author_id
    await inbox.tell(ctx, author_id, kind, said, ref=event.about, cause=event.id)


async def tell_of_allowed(ctx: Context, event: pieces.PieceAllowed) -> None:
    """Say that others can read it now."""
    kind, author_id = Kind.COMMENT_ALLOWED, event.author_id
    await inbox.tell(ctx, author_id, kind, {}, ref=event.about, cause=event.id)


async def take_media_verdict(ctx: Context, event: pushes.MediaJudged) -> None:
    """Settle the picture that was judged."""
    await media.keep(ctx, event.trace_id, event.suggest, event.label)
    await checking.take_media_verdict(ctx, event.trace_id)

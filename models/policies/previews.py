"""Previews (预览链接): a manuscript shown to whoever has the link, for a day.

::

    open ── expires_at ──▶ expired
      └──── revoke ──────▶ revoked

A leader without an account looks at a text before it is public, on a phone. The link
shows the manuscript as it stands when it is opened. It is an id and our signature of
it, so none can be guessed; what is made of it is kept without the signature, and the
canonical line names the route and not the link.

Source: issue 3 §2; screens 政策编辑 (preview in phone frame).
"""

from datetime import datetime, timedelta

import msgspec
from pymongo import IndexModel

from models.base import audit, personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Gone, NotFound
from models.base.files import KeptFile
from models.base.pages import Page
from models.base.store import atomic
from models.base.units import Instant
from models.policies import attachments, manuscripts
from models.policies.attachments import NoSuchAttachment
from models.policies.manuscripts import Manuscript
from models.policies.transitions import ANY
from models.unions.officials import Official

LIFE = timedelta(hours=24)

KEPT = timedelta(days=30)
"""How long one sees that there was a link, and who made it."""

PURPOSE = "preview"
"""What the signature is for."""


class Preview(Document, kw_only=True, frozen=True):
    """One link to one manuscript."""

    SHELF = "previews"
    PERSONAL = personal.nobody()
    INDEXES = (
        IndexModel([("manuscript_id", 1), ("_id", -1)]),
        IndexModel(["expires_at"]),
    )

    manuscript_id: str
    made_by: str
    made_at: Instant
    expires_at: Instant
    revoked_at: Instant | None = None

    def is_open(self, now: datetime) -> bool:
        """Say whether the link shows anything at a moment."""
        return self.revoked_at is None and now < self.expires_at


class Link(msgspec.Struct, frozen=True):
    """A preview just made, and the only time its token is told."""

    preview: Preview
    token: str


class NoSuchPreview(NotFound):
    """The link is not ours, was changed, or is long forgotten."""

    code = "no_such_preview"
    message = "预览链接无效，请向编辑人员索要新的链接。"


class PreviewOver(Gone):
    """The link has lived its day, or was called back."""

    code = "preview_over"
    message = "预览链接已失效，请向编辑人员索要新的链接。"


@atomic()
async def make(ctx: Context, manuscript_id: str, *, by: Official) -> Link:
    """Make a link to a manuscript (生成预览链接).

    Refuses: NoSuchManuscript, PermissionMissing.
    """
    found = await manuscripts.find(ctx, manuscript_id, by=by)
    now = ctx.clock.now()
    preview = await Preview(
        id=ctx.new_id("preview"),
        manuscript_id=found.id,
        made_by=by.id,
        made_at=now,
        expires_at=now + LIFE,
    ).insert(ctx)
    await _note(ctx, "manuscripts.previewed", found, by=by)
    return Link(preview, f"{preview.id}.{ctx.secrets.sign(PURPOSE, preview.id)}")


@atomic()
async def revoke(
    ctx: Context, manuscript_id: str, preview_id: str, *, by: Official
) -> None:
    """Let a link show nothing any more (撤销预览链接); again changes nothing.

    Refuses: NoSuchManuscript, NoSuchPreview, PermissionMissing.
    """
    found = await manuscripts.find(ctx, manuscript_id, by=by)
    preview = await Preview.find(ctx, _id=preview_id, manuscript_id=found.id)
    if preview is None:
        raise NoSuchPreview
    revoked = await Preview.change(
        ctx,
        {"_id": preview.id, "revoked_at": None},
        {"$set": {"revoked_at": ctx.clock.now()}},
    )
    if revoked is not None:
        await _note(ctx, "manuscripts.preview_revoked", found, by=by)


async def of(
    ctx: Context,
    manuscript_id: str,
    *,
    by: Official,
    cursor: str | None,
    limit: int,
) -> Page[Preview]:
    """List the links to a manuscript, newest first, without their tokens.

    Refuses: NoSuchManuscript, BadCursor, PermissionMissing.
    """
    found = await manuscripts.find(ctx, manuscript_id, by=by)
    where = {"manuscript_id": found.id}
    return await Preview.page(ctx, where, cursor=cursor, limit=limit)


async def look(ctx: Context, token: str) -> Manuscript:
    """Return what a link shows: the manuscript as it stands (打开预览).

    Refuses: NoSuchPreview, PreviewOver.
    """
    preview_id, _, signature = token.partition(".")
    if not ctx.secrets.is_signed(PURPOSE, preview_id, signature):
        raise NoSuchPreview
    preview = await Preview.get(ctx, preview_id)
    if preview is None:
        raise NoSuchPreview
    if not preview.is_open(ctx.clock.now()):
        raise PreviewOver
    found = await Manuscript.get(ctx, preview.manuscript_id)
    if found is None:
        raise NoSuchPreview
    return found


async def file_of(ctx: Context, token: str, attachment_id: str) -> KeptFile:
    """Return a file of what a link shows.

    Refuses: NoSuchPreview, PreviewOver, NoSuchAttachment, FileGone.
    """
    found = await look(ctx, token)
    for each in found.attachments:
        if each.id == attachment_id:
            return await attachments.kept(ctx, each)
    raise NoSuchAttachment


async def forget_old(ctx: Context) -> int:
    """Delete the links that have been over for a month."""
    old = {"expires_at": {"$lt": ctx.clock.now() - KEPT}}
    return (await Preview.shelf(ctx).delete_many(old)).deleted_count


async def _note(ctx: Context, what: str, found: Manuscript, *, by: Official) -> None:
    await audit.note(
        ctx,
        who=by.id,
        what=what,
        about=found.id,
        acting_for=manuscripts.lender(by, ANY, found.org_path),
        org_path=found.org_path,
    )

"""Attachments (附件) of a manuscript: added, put in order, removed while it is written.

A published edition never changes, so a file that is replaced or removed is so in the
next edition, and only once that is public. A file that no edition ever carried goes
with its removal; one that the public has seen is kept, and its removal says why.

Source: features S1-10; rules §1.13.
"""

from collections.abc import Sequence
from typing import Any

from models.base import files
from models.base.context import Context
from models.base.errors import Conflict, Invalid, NotFound
from models.base.files import FileGone, KeptFile
from models.base.inspection import Purpose, Upload
from models.base.store import atomic
from models.policies import manuscripts
from models.policies.carried import Attachment, Removal
from models.policies.contents import Kind
from models.policies.editions import Edition
from models.policies.manuscripts import ANYTHING, Manuscript, Seen, advance
from models.policies.reviewing import require_remark
from models.policies.stages import Stage
from models.policies.transitions import SAVE, WRITE
from models.unions.officials import Official

MOST = 20
"""Of one manuscript; a notice with its forms has five."""

UPDATED = "该附件已更新，请返回政策页下载新文件。"
"""Why a file is not there any more that another took the place of."""


class NoSuchAttachment(NotFound):
    """The manuscript or the public text carries no file of this id."""

    code = "no_such_attachment"
    message = "没有找到该附件，请返回后重新打开。"


class AttachmentsFull(Conflict):
    """It carries as many files as it may; ``details.most`` says how many."""

    code = "attachments_full"
    message = "附件数量已达上限，请删除不需要的，或合并后再上传。"


class SameFile(Conflict):
    """It carries this very content already; ``details`` name that attachment."""

    code = "same_file"
    message = "稿件中已有内容相同的附件，不用重复上传。"


class NotForArticles(Invalid):
    """Only policies carry files."""

    code = "not_for_articles"
    message = "就业指导文章不带附件，请把内容写进正文。"


class WrongOrder(Invalid):
    """The new order must name each attachment once."""

    code = "wrong_order"
    message = "排序要列出全部附件，每个一次，请刷新后再排。"


async def attach(
    ctx: Context,
    manuscript_id: str,
    upload: Upload,
    *,
    by: Official,
    replaces: str | None = None,
) -> Manuscript:
    """Add a file to a manuscript (上传附件), or put it in another's place (替换附件).

    Refuses: NoSuchManuscript, BadTransition, NotForArticles, NoSuchAttachment,
    AttachmentsFull, SameFile, PermissionMissing; as `files.keep` does.
    """
    found = await manuscripts.find(ctx, manuscript_id, by=by, needs=WRITE)
    manuscripts.require_state(found, SAVE, ctx.clock.now())
    if found.kind is not Kind.POLICY:
        raise NotForArticles
    file = await files.keep(ctx, upload, purpose=Purpose.ATTACHMENT, by=by.id)
    added = Attachment.of(file, ctx.new_id("attachment"))
    return await _carry(ctx, manuscript_id, added, replaces, by=by)


@atomic()
async def put_in_order(
    ctx: Context, manuscript_id: str, ids: Sequence[str], *, version: int, by: Official
) -> Manuscript:
    """Put the attachments of a manuscript in order (附件排序).

    Refuses: NoSuchManuscript, BadTransition, StaleVersion, WrongOrder,
    PermissionMissing.
    """
    found = await manuscripts.find(ctx, manuscript_id, by=by, needs=WRITE)
    carried = {each.id: each for each in found.attachments}
    if version == found.lock_version and sorted(ids) != sorted(carried):
        raise WrongOrder
    ordered = [carried[id_] for id_ in ids if id_ in carried]
    changes = {"attachments": ordered}
    return await _save(ctx, found, changes, by=by, seen=Seen(version=version))


@atomic()
async def remove(
    ctx: Context, manuscript_id: str, attachment_id: str, *, by: Official, reason: str
) -> Manuscript:
    """Take a file out of a manuscript (删除附件).

    reason: for those with an old link; needed once the public has seen the file.
    Refuses: NoSuchManuscript, BadTransition, NoSuchAttachment, RemarkNeeded,
    PermissionMissing.
    """
    found = await manuscripts.find(ctx, manuscript_id, by=by, needs=WRITE)
    _place(found, attachment_id)
    left = [each for each in found.attachments if each.id != attachment_id]
    changes = {"attachments": left, **await _gone(ctx, found, attachment_id, reason)}
    return await _save(ctx, found, changes, by=by)


async def file_of(
    ctx: Context, manuscript_id: str, attachment_id: str, *, by: Official
) -> KeptFile:
    """Return a file of a manuscript within somebody's reach.

    Refuses: NoSuchManuscript, NoSuchAttachment, FileGone, PermissionMissing.
    """
    found = await manuscripts.find(ctx, manuscript_id, by=by)
    return await kept(ctx, found.attachments[_place(found, attachment_id)])


async def kept(ctx: Context, attachment: Attachment) -> KeptFile:
    """Return the file of an attachment.

    Refuses: FileGone.
    """
    file = await KeptFile.get(ctx, attachment.file_id)
    if file is None:
        raise FileGone
    return file


@atomic()
async def _carry(
    ctx: Context,
    manuscript_id: str,
    added: Attachment,
    replaces: str | None,
    *,
    by: Official,
) -> Manuscript:
    found = await manuscripts.find(ctx, manuscript_id, by=by, needs=WRITE)
    _require_new(found, added)
    carried, changes = list(found.attachments), dict[str, Any]()
    if replaces is None:
        if len(carried) >= MOST:
            raise AttachmentsFull({"most": MOST})
        carried.append(added)
    else:
        carried[_place(found, replaces)] = added
        changes = await _gone(ctx, found, replaces, UPDATED)
    await files.hold(ctx, added.file_id, owner=added.id)
    return await _save(ctx, found, {"attachments": carried, **changes}, by=by)


def _require_new(found: Manuscript, added: Attachment) -> None:
    for each in found.attachments:
        if each.sha256 == added.sha256:
            raise SameFile({"attachment_id": each.id})


def _place(found: Manuscript, attachment_id: str) -> int:
    for place, each in enumerate(found.attachments):
        if each.id == attachment_id:
            return place
    raise NoSuchAttachment


async def _gone(
    ctx: Context, found: Manuscript, attachment_id: str, reason: str
) -> dict[str, Any]:
    """Say why a file goes that the public may have seen; let go of one it has not."""
    published = await Edition.find(
        ctx, **{"policy_id": found.document_id, "attachments.id": attachment_id}
    )
    if published is None:
        await files.let_go(ctx, owner=attachment_id)
        return {}
    said, now = require_remark(reason), ctx.clock.now()
    return {"removed": [*found.removed, Removal(id=attachment_id, reason=said, at=now)]}


async def _save(
    ctx: Context,
    found: Manuscript,
    changes: dict[str, Any],
    *,
    by: Official,
    seen: Seen = ANYTHING,
) -> Manuscript:
    hands = manuscripts.joined(found.hands, manuscripts.hands_of(by, WRITE))
    told = {**changes, "hands": hands, "stage": Stage.DRAFT}
    return await advance(ctx, found.id, SAVE, told, by=by, seen=seen)

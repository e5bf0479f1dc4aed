"""Originals (政策原文): the files of a policy as the public may download them.

A file is public exactly while the edition that carries it is; nothing else decides.

Source: features S1-10; rules §1.12, §1.13.
"""

from models.base.context import Context
from models.base.errors import Gone
from models.base.files import KeptFile
from models.policies import attachments, library
from models.policies.attachments import NoSuchAttachment
from models.policies.carried import Attachment
from models.policies.editions import NEWEST, Edition
from models.policies.texts import WAS_PUBLIC

REMOVED = "该附件已移除。"


class AttachmentRemoved(Gone):
    """An earlier edition carried it; ``details.reason`` says why not any more."""

    code = "attachment_removed"
    message = "该附件已被移除或更新，请返回政策页查看。"


async def download(ctx: Context, policy_id: str, attachment_id: str) -> KeptFile:
    """Return a file that the policy's public edition carries (下载附件).

    Refuses: NoSuchPolicy, PolicyGone, PolicyWithdrawn, NoSuchAttachment,
    AttachmentRemoved, FileGone.
    """
    note = library.policy_note(ctx, policy_id)
    edition = await (
        library.policy(ctx, policy_id) if note is None else library.text_of(ctx, note)
    )
    for each in edition.attachments:
        if each.id == attachment_id:
            return await attachments.kept(ctx, each)
    raise await _missing(ctx, policy_id, attachment_id)


async def _missing(
    ctx: Context, policy_id: str, attachment_id: str
) -> NoSuchAttachment | AttachmentRemoved:
    """Say that a file was never public, or why it is not any more."""
    named = [{"attachments.id": attachment_id}, {"removed.id": attachment_id}]
    begun = {"policy_id": policy_id, "visible_from": {"$lte": ctx.clock.now()}}
    known = await Edition.many(
        ctx, {**begun, "$and": [{"$or": named}, WAS_PUBLIC]}, sort=NEWEST
    )
    if not any(_carries(edition.attachments, attachment_id) for edition in known):
        return NoSuchAttachment()
    told = (each for edition in known for each in edition.removed)
    reasons = (each.reason for each in told if each.id == attachment_id)
    return AttachmentRemoved({"reason": next(reasons, REMOVED)})


def _carries(carried: tuple[Attachment, ...], attachment_id: str) -> bool:
    return any(each.id == attachment_id for each in carried)

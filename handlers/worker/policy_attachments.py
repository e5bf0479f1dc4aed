"""A policy's files over HTTP (下载附件): whole or in part, while they are public."""

from handlers.base.access import public
from handlers.base.downloads import Download
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from models.base.files import FileGone
from models.base.inspection import ALLOWED, Purpose
from models.policies import originals
from models.policies.attachments import NoSuchAttachment
from models.policies.editions import NoSuchPolicy
from models.policies.library import PolicyGone, PolicyWithdrawn
from models.policies.originals import AttachmentRemoved

MEDIA = tuple(sorted(ALLOWED[Purpose.ATTACHMENT]))

CACHES_ASK = "public, no-cache"
"""Caches may keep a file but ask every time: withdrawal holds at once."""


class PolicyAttachmentHandler(Handler):
    """One file of a policy."""

    @endpoint(
        access=public,
        media=MEDIA,
        refusals=(
            NoSuchPolicy,
            PolicyGone,
            PolicyWithdrawn,
            NoSuchAttachment,
            AttachmentRemoved,
            FileGone,
        ),
    )
    async def get(self, policy_id: str, attachment_id: str) -> Download:
        """Download a file that the policy carries now."""
        file = await originals.download(self.ctx, policy_id, attachment_id)
        return Download(file, CACHES_ASK)


ROUTES: list[Route] = [
    (
        "/worker/v1/policies/{policy_id}/attachments/{attachment_id}",
        PolicyAttachmentHandler,
    )
]

"""A manuscript's files over HTTP (稿件附件): in, in order, out."""

from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.base.access import official
from handlers.base.downloads import Download
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.routing import Route
from handlers.base.uploads import UPLOADS, UploadHandler, UploadQuery
from handlers.union.manuscript_views import attachments_of
from handlers.worker.policy_views import AttachmentView
from models.base.files import FileGone
from models.base.inspection import ALLOWED, REFUSED, Purpose, Upload
from models.base.units import Id
from models.policies import attachments, manuscripts
from models.policies.attachments import (
    MOST,
    AttachmentsFull,
    NoSuchAttachment,
    NotForArticles,
    SameFile,
    WrongOrder,
)
from models.policies.manuscripts import (
    BadTransition,
    Manuscript,
    NoSuchManuscript,
    StaleVersion,
)
from models.policies.reviewing import RemarkNeeded
from models.policies.transitions import ANY, WRITE

MEDIA = tuple(sorted(ALLOWED[Purpose.ATTACHMENT]))

PRIVATE = "private, no-store"
"""Nobody but editors may have it yet, so nothing on the way keeps it."""


class AttachmentUploadQuery(UploadQuery, frozen=True, forbid_unknown_fields=True):
    """What the file is called, and whose place it takes."""

    replaces: Id | None = None


class OrderRequest(msgspec.Struct, forbid_unknown_fields=True):
    """All attachments in their new order, on top of which version."""

    lock_version: Annotated[int, Meta(ge=1)]
    ids: Annotated[list[Id], Meta(max_length=MOST)]


class RemovalQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Why; the sentence for those with an old link, once the public has seen it."""

    reason: Annotated[str, Meta(max_length=200)] = ""


class AttachmentListView(msgspec.Struct):
    """A manuscript's files, and the version to save on top of."""

    items: list[AttachmentView]
    lock_version: int
    next: None = None

    @classmethod
    def of(cls, manuscript: Manuscript) -> "AttachmentListView":
        """Show a manuscript's files."""
        return cls(attachments_of(manuscript), manuscript.lock_version)


class AttachmentsHandler(UploadHandler):
    """The files of one manuscript."""

    @endpoint(access=official(*ANY), refusals=(NoSuchManuscript,))
    async def get(self, manuscript_id: str) -> AttachmentListView:
        """List a manuscript's files in their order."""
        found = await manuscripts.find(self.ctx, manuscript_id, by=self.actor)
        return AttachmentListView.of(found)

    @endpoint(
        access=official(*WRITE),
        status=201,
        takes=MEDIA,
        refusals=(
            NoSuchManuscript,
            BadTransition,
            NotForArticles,
            NoSuchAttachment,
            AttachmentsFull,
            SameFile,
            RemarkNeeded,
            FileGone,
            *REFUSED,
        ),
        limit=UPLOADS,
        repeats=True,
    )
    async def post(
        self, manuscript_id: str, *, query: AttachmentUploadQuery, body: bytes
    ) -> AttachmentListView:
        """Add a file to a manuscript, or put it in another's place."""
        carrying = await attachments.attach(
            self.ctx,
            manuscript_id,
            Upload(query.name, body),
            by=self.actor,
            replaces=query.replaces,
        )
        return AttachmentListView.of(carrying)


class AttachmentOrderHandler(Handler):
    """The order of a manuscript's files."""

    @endpoint(
        access=official(*WRITE),
        refusals=(NoSuchManuscript, BadTransition, StaleVersion, WrongOrder),
        limit=WRITES,
    )
    async def put(
        self, manuscript_id: str, *, body: OrderRequest
    ) -> AttachmentListView:
        """Put a manuscript's files in order."""
        ordered = await attachments.put_in_order(
            self.ctx,
            manuscript_id,
            body.ids,
            version=body.lock_version,
            by=self.actor,
        )
        return AttachmentListView.of(ordered)


class AttachmentHandler(Handler):
    """One file of a manuscript."""

    @endpoint(
        access=official(*ANY),
        media=MEDIA,
        refusals=(NoSuchManuscript, NoSuchAttachment, FileGone),
    )
    async def get(self, manuscript_id: str, attachment_id: str) -> Download:
        """Download a file of a manuscript, public or not."""
        file = await attachments.file_of(
            self.ctx, manuscript_id, attachment_id, by=self.actor
        )
        return Download(file, PRIVATE)

    @endpoint(
        access=official(*WRITE),
        refusals=(NoSuchManuscript, BadTransition, NoSuchAttachment, RemarkNeeded),
        limit=WRITES,
    )
    async def delete(
        self, manuscript_id: str, attachment_id: str, *, query: RemovalQuery
    ) -> AttachmentListView:
        """Take a file out of a manuscript, and say why to those with an old link."""
        left = await attachments.remove(
            self.ctx, manuscript_id, attachment_id, by=self.actor, reason=query.reason
        )
        return AttachmentListView.of(left)


ROUTES: list[Route] = [
    ("/union/v1/manuscripts/{manuscript_id}/attachments", AttachmentsHandler),
    ("/union/v1/manuscripts/{manuscript_id}/attachment-order", AttachmentOrderHandler),
    (
        "/union/v1/manuscripts/{manuscript_id}/attachments/{attachment_id}",
        AttachmentHandler,
    ),
]

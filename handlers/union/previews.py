"""Links to a manuscript over HTTP (预览): made and revoked by editors, open to all."""

import msgspec

from handlers.base.access import official, public
from handlers.base.downloads import Download
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES, per_minute
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from handlers.union.attachments import MEDIA, PRIVATE
from handlers.worker.policy_views import AttachmentView
from models.base.files import FileGone
from models.base.pages import BadCursor, Page
from models.base.units import Day, Instant
from models.policies import previews, wording
from models.policies.attachments import NoSuchAttachment
from models.policies.benefits import Benefit
from models.policies.contents import Kind
from models.policies.manuscripts import Manuscript, NoSuchManuscript
from models.policies.previews import Link, NoSuchPreview, Preview, PreviewOver
from models.policies.transitions import ANY
from models.policies.vocabulary import (
    CATEGORY_NAMES,
    LEVEL_NAMES,
    TOPIC_NAMES,
    Category,
    Level,
    Topic,
)
from models.workers.identities import ClientClass

LOOKS = per_minute("previews", 120, by_address=True)
"""A meeting's worth of phones behind one address; no use for guessing."""


class PreviewsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """From where on."""

    cursor: Cursor | None = None
    limit: Limit = 20


class PreviewItem(msgspec.Struct):
    """A link that was made; what opens it is told once, to its maker."""

    id: str
    made_at: Instant
    expires_at: Instant
    revoked_at: Instant | None

    @classmethod
    def of(cls, preview: Preview) -> "PreviewItem":
        """Show a link in a list."""
        return cls(preview.id, preview.made_at, preview.expires_at, preview.revoked_at)


class PreviewLinkView(msgspec.Struct):
    """A link just made."""

    id: str
    url: str
    expires_at: Instant

    @classmethod
    def of(cls, link: Link) -> "PreviewLinkView":
        """Show a link to its maker."""
        url = f"/union/v1/previews/{link.token}"
        return cls(link.preview.id, url, link.preview.expires_at)


class PreviewView(msgspec.Struct):
    """A manuscript as its reader would see it; what is not written yet is null."""

    kind: Kind
    id: str
    """The policy's or article's."""
    title: str
    number: str
    issuer: str
    topic: Topic | None
    topic_name: str | None
    category: Category | None
    category_name: str | None
    level: Level | None
    level_name: str | None
    region: str
    tags: tuple[str, ...]
    audience: tuple[ClientClass, ...]
    summary: str
    html: str
    effective_from: Day | None
    effective_to: Day | None
    valid_to: Day | None
    benefit: Benefit | None
    has_rule: bool
    attachments: list[AttachmentView]

    @classmethod
    def of(cls, manuscript: Manuscript, url: str) -> "PreviewView":
        """Show a manuscript that was opened by a link."""
        told = manuscript.content
        return cls(
            kind=manuscript.kind,
            id=manuscript.document_id,
            title=told.title,
            number=told.number,
            issuer=told.issuer,
            topic=told.topic,
            topic_name=TOPIC_NAMES[told.topic] if told.topic else None,
            category=told.category,
            category_name=CATEGORY_NAMES[told.category] if told.category else None,
            level=told.level,
            level_name=LEVEL_NAMES[told.level] if told.level else None,
            region=told.region,
            tags=told.tags,
            audience=told.audience,
            summary=told.summary,
            html=wording.html_of(told.body, told.body_format),
            effective_from=told.effective_from,
            effective_to=told.effective_to,
            valid_to=told.valid_to,
            benefit=told.benefit,
            has_rule=told.rule is not None,
            attachments=[
                AttachmentView.of(each, url) for each in manuscript.attachments
            ],
        )


class PreviewsHandler(Handler):
    """The links to one manuscript."""

    @endpoint(access=official(*ANY), refusals=(NoSuchManuscript, BadCursor))
    async def get(
        self, manuscript_id: str, *, query: PreviewsQuery
    ) -> Page[PreviewItem]:
        """List the links to a manuscript, newest first."""
        page = await previews.of(
            self.ctx,
            manuscript_id,
            by=self.actor,
            cursor=query.cursor,
            limit=query.limit,
        )
        return Page([PreviewItem.of(each) for each in page.items], page.next)

    @endpoint(
        access=official(*ANY),
        refusals=(NoSuchManuscript,),
        limit=WRITES,
    )
    async def post(self, manuscript_id: str) -> PreviewLinkView:
        """Make a link that shows a manuscript to anybody, for a day.

        No ``Idempotency-Key``: the answer opens the text, so it is kept nowhere.
        """
        link = await previews.make(self.ctx, manuscript_id, by=self.actor)
        return PreviewLinkView.of(link)


class PreviewHandler(Handler):
    """One link to a manuscript, for its editors."""

    @endpoint(
        access=official(*ANY), refusals=(NoSuchManuscript, NoSuchPreview), limit=WRITES
    )
    async def delete(self, manuscript_id: str, preview_id: str) -> None:
        """Let a link show nothing any more."""
        await previews.revoke(self.ctx, manuscript_id, preview_id, by=self.actor)


class LookingHandler(Handler):
    """What a link shows, to whoever has it."""

    def clear(self) -> None:
        """Begin an answer that no search engine lists and no referrer tells of."""
        super().clear()
        self.put_header("X-Robots-Tag", "noindex, nofollow")
        self.put_header("Referrer-Policy", "no-referrer")


class LinkHandler(LookingHandler):
    """The text."""

    @endpoint(access=public, refusals=(NoSuchPreview, PreviewOver), limit=LOOKS)
    async def get(self, token: str) -> PreviewView:
        """Read a manuscript as its readers would, by a link and without signing in."""
        found = await previews.look(self.ctx, token)
        return PreviewView.of(found, f"/union/v1/previews/{token}")


class LinkFileHandler(LookingHandler):
    """One of its files."""

    @endpoint(
        access=public,
        media=MEDIA,
        refusals=(NoSuchPreview, PreviewOver, NoSuchAttachment, FileGone),
        limit=LOOKS,
    )
    async def get(self, token: str, attachment_id: str) -> Download:
        """Download a file of a manuscript by a link."""
        file = await previews.file_of(self.ctx, token, attachment_id)
        return Download(file, PRIVATE)


ONE = "/union/v1/manuscripts/{manuscript_id}"

ROUTES: list[Route] = [
    (f"{ONE}/previews", PreviewsHandler),
    (f"{ONE}/previews/{{preview_id}}", PreviewHandler),
    ("/union/v1/previews/{token}", LinkHandler),
    ("/union/v1/previews/{token}/attachments/{attachment_id}", LinkFileHandler),
]

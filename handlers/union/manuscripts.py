"""Manuscripts over HTTP (稿件): looked for, begun, read, saved, compared, tried."""

import asyncio
from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit, Part
from handlers.base.routing import Route
from handlers.union.manuscript_views import ManuscriptItem, ManuscriptView
from handlers.union.rule_check import RuleCheckView
from models.base.days import SpanBackwards
from models.base.pages import BadCursor, Page
from models.base.units import Day, Id
from models.eligibility.problems import BadRule
from models.policies import comparing, contents, desk, manuscripts, writing
from models.policies.comparing import Difference
from models.policies.contents import Content, Kind, Unstorable
from models.policies.desk import Order, Wanted
from models.policies.manuscripts import (
    BadTransition,
    NoSuchManuscript,
    StaleVersion,
)
from models.policies.stages import State
from models.policies.transitions import ANY, WRITE
from models.policies.vocabulary import Category, Level, Topic
from models.policies.writing import NoSuchDocument, OpenDraftExists, TitleNeeded

editor = official(*WRITE)
"""Whoever writes."""

anybody = official(*ANY)
"""Whoever has anything to do with publishing."""

BADLY_WRITTEN = (TitleNeeded, BadRule, Unstorable)

Version = Annotated[int, Meta(ge=1, description="The `lock_version` that was read.")]


class ManuscriptsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which ones, from where on."""

    state: tuple[State, ...] = ()
    kind: Kind | None = None
    topic: Topic | None = None
    category: Category | None = None
    level: Level | None = None
    region: Annotated[str, Meta(pattern="^[0-9]{6}$")] | None = None
    document_id: Id | None = None
    q: Part = ""
    """A part of the title or number."""
    mine: bool = False
    awaiting_my_review: bool = False
    unconfirmed: bool = False
    """Forced, and nobody else has stood up for it yet."""
    since: Day | None = msgspec.field(name="from", default=None)
    until: Day | None = msgspec.field(name="to", default=None)
    """The days on which it was last changed, both among them."""
    order: Order = Order.NEWEST
    cursor: Cursor | None = None
    limit: Limit = 20


class ManuscriptRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A new manuscript."""

    kind: Kind
    content: Content
    document_id: Id | None = None
    """The policy or article whose next edition it is; null for something new."""


class SavingRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What was written, on top of which version."""

    lock_version: Version
    content: Content


class ManuscriptsHandler(Handler):
    """The desk."""

    @endpoint(access=anybody, refusals=(BadCursor, SpanBackwards))
    async def get(self, *, query: ManuscriptsQuery) -> Page[ManuscriptItem]:
        """List the manuscripts within my reach, newest or longest waiting first."""
        wanted = Wanted(
            states=query.state,
            kind=query.kind,
            topic=query.topic,
            category=query.category,
            level=query.level,
            region=query.region,
            document_id=query.document_id,
            text=query.q,
            mine=query.mine,
            awaiting_my_review=query.awaiting_my_review,
            unconfirmed=query.unconfirmed,
            since=query.since,
            until=query.until,
            order=query.order,
        )
        page = await desk.of(
            self.ctx, wanted, by=self.actor, cursor=query.cursor, limit=query.limit
        )
        shown = (ManuscriptItem.of(self.ctx, each) for each in page.items)
        return Page(await asyncio.gather(*shown), page.next)

    @endpoint(
        access=editor,
        status=201,
        refusals=(NoSuchDocument, OpenDraftExists, *BADLY_WRITTEN),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, *, body: ManuscriptRequest) -> ManuscriptView:
        """Begin a manuscript of something new, or of a document's next edition."""
        begun = await writing.begin(
            self.ctx,
            body.kind,
            body.content,
            by=self.actor,
            document_id=body.document_id,
        )
        return await ManuscriptView.of(self.ctx, begun)


class ManuscriptHandler(Handler):
    """One manuscript."""

    @endpoint(access=anybody, refusals=(NoSuchManuscript,))
    async def get(self, manuscript_id: str) -> ManuscriptView:
        """Read a manuscript with its history."""
        found = await manuscripts.find(self.ctx, manuscript_id, by=self.actor)
        return await ManuscriptView.of(self.ctx, found)

    @endpoint(
        access=editor,
        refusals=(NoSuchManuscript, BadTransition, StaleVersion, *BADLY_WRITTEN),
        limit=WRITES,
    )
    async def put(self, manuscript_id: str, *, body: SavingRequest) -> ManuscriptView:
        """Save what was written, unless somebody else has since."""
        saved = await writing.save(
            self.ctx,
            manuscript_id,
            body.content,
            version=body.lock_version,
            by=self.actor,
        )
        return await ManuscriptView.of(self.ctx, saved)


class CopyHandler(Handler):
    """A copy."""

    @endpoint(
        access=editor,
        status=201,
        refusals=(NoSuchManuscript, *BADLY_WRITTEN),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, manuscript_id: str) -> ManuscriptView:
        """Begin something new with this manuscript's words."""
        copied = await writing.copy(self.ctx, manuscript_id, by=self.actor)
        return await ManuscriptView.of(self.ctx, copied)


class ManuscriptDiffHandler(Handler):
    """What a manuscript would change."""

    @endpoint(access=anybody, refusals=(NoSuchManuscript,))
    async def get(self, manuscript_id: str) -> Difference:
        """Compare a manuscript with what the public reads now."""
        found = await manuscripts.find(self.ctx, manuscript_id, by=self.actor)
        return await comparing.with_public(self.ctx, found)


class RuleCheckHandler(Handler):
    """A trial of the rule."""

    @endpoint(access=anybody, refusals=(NoSuchManuscript, BadRule), limit=WRITES)
    async def post(self, manuscript_id: str) -> RuleCheckView:
        """Try the rule on its test persons."""
        found = await manuscripts.find(self.ctx, manuscript_id, by=self.actor)
        failures = contents.try_rule(found.content)
        outcomes = contents.outcomes(found.content)
        return RuleCheckView(not failures, failures, outcomes)


ROUTES: list[Route] = [
    ("/union/v1/manuscripts", ManuscriptsHandler),
    ("/union/v1/manuscripts/{manuscript_id}", ManuscriptHandler),
    ("/union/v1/manuscripts/{manuscript_id}/copy", CopyHandler),
    ("/union/v1/manuscripts/{manuscript_id}/diff", ManuscriptDiffHandler),
    ("/union/v1/manuscripts/{manuscript_id}/rule-check", RuleCheckHandler),
]

"""How a manuscript is shown (稿件的展示): in a list, and whole with its history.

Whoever did something is shown by their masked name.
"""

import asyncio

import msgspec

from handlers.worker.policy_views import AttachmentView
from models.base.context import Context
from models.base.units import Instant
from models.policies.contents import Content, Kind
from models.policies.manuscripts import Forced, Manuscript, Step
from models.policies.stages import Public, State
from models.policies.transitions import Deed
from models.policies.vocabulary import Category, Level, Topic
from models.unions.staff import Staff


class StepView(msgspec.Struct):
    """Who did what, and when; names are masked."""

    deed: Deed
    by: str
    acting_for: str | None
    at: Instant
    remark: str

    @classmethod
    async def of(cls, ctx: Context, step: Step) -> "StepView":
        """Show a step."""
        return cls(
            deed=step.deed,
            by=await _name(ctx, step.by) or "",
            acting_for=await _name(ctx, step.acting_for),
            at=step.at,
            remark=step.remark,
        )


class ForcedView(msgspec.Struct):
    """That it went live unreviewed."""

    by: str
    at: Instant
    reason: str
    confirmed_by: str | None
    confirmed_at: Instant | None

    @classmethod
    async def of(cls, ctx: Context, forced: Forced) -> "ForcedView":
        """Show who forced it, and who stood up for it."""
        return cls(
            by=await _name(ctx, forced.by) or "",
            at=forced.at,
            reason=forced.reason,
            confirmed_by=await _name(ctx, forced.confirmed_by),
            confirmed_at=forced.confirmed_at,
        )


class ManuscriptItem(msgspec.Struct, kw_only=True):
    """A manuscript in a list."""

    id: str
    kind: Kind
    document_id: str
    state: State
    lock_version: int
    title: str
    number: str
    topic: Topic | None
    category: Category | None
    level: Level | None
    region: str
    author: str
    """The masked name of whoever began it."""
    public: Public | None
    unconfirmed: bool
    changed_at: Instant

    @classmethod
    async def of(cls, ctx: Context, manuscript: Manuscript) -> "ManuscriptItem":
        """Show a manuscript in a list."""
        content = manuscript.content
        return cls(
            id=manuscript.id,
            kind=manuscript.kind,
            document_id=manuscript.document_id,
            state=manuscript.state_at(ctx.clock.now()),
            lock_version=manuscript.lock_version,
            title=content.title,
            number=content.number,
            topic=content.topic,
            category=content.category,
            level=content.level,
            region=content.region,
            author=await _name(ctx, manuscript.author) or "",
            public=manuscript.public,
            unconfirmed=manuscript.unconfirmed,
            changed_at=manuscript.changed_at,
        )


class ManuscriptView(msgspec.Struct, kw_only=True):
    """A manuscript as its editors see it."""

    id: str
    kind: Kind
    document_id: str
    state: State
    lock_version: int
    content: Content
    author: str
    based_on: str | None
    attachments: list[AttachmentView]
    public: Public | None
    forced: ForcedView | None
    unconfirmed: bool
    history: list[StepView]
    changed_at: Instant

    @classmethod
    async def of(cls, ctx: Context, manuscript: Manuscript) -> "ManuscriptView":
        """Show a manuscript whole."""
        forced = manuscript.forced
        steps = (StepView.of(ctx, step) for step in manuscript.history)
        return cls(
            id=manuscript.id,
            kind=manuscript.kind,
            document_id=manuscript.document_id,
            state=manuscript.state_at(ctx.clock.now()),
            lock_version=manuscript.lock_version,
            content=manuscript.content,
            author=await _name(ctx, manuscript.author) or "",
            based_on=manuscript.based_on,
            attachments=attachments_of(manuscript),
            public=manuscript.public,
            forced=None if forced is None else await ForcedView.of(ctx, forced),
            unconfirmed=manuscript.unconfirmed,
            history=await asyncio.gather(*steps),
            changed_at=manuscript.changed_at,
        )


def attachments_of(manuscript: Manuscript) -> list[AttachmentView]:
    """Show a manuscript's files in their order."""
    below = f"/union/v1/manuscripts/{manuscript.id}"
    return [AttachmentView.of(each, below) for each in manuscript.attachments]


async def _name(ctx: Context, staff_id: str | None) -> str | None:
    if staff_id is None:
        return None
    who = await Staff.get(ctx, staff_id)
    return None if who is None else who.masked_name(ctx)

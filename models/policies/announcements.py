"""Announcements (变更通知): who saved or matched a policy hears that it changed, once.

Planned in the very transaction of the change, for the moment it takes effect::

    planned ── its moment comes ──▶ going out, batch after batch ──▶ done
       └── the change is taken back ──▶ gone

Each batch is an event; the place to go on from moves, and the next one is recorded,
in one transaction when its people have been told. So it may stop anywhere and nobody
is left out; the inbox keeps one message a person and announcement, so nobody is told
twice.
Source: rules §1.2 (minor), §1.14.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from pymongo import IndexModel

from models.base import personal, rounds
from models.base.context import Context
from models.base.documents import Document
from models.base.events import Event, record
from models.base.store import atomic
from models.base.units import Instant
from models.policies.advice import Advice
from models.policies.saved import Saved

A_BATCH = 100
"""People told by one event, well within its lease."""

A_ROUND = 20
"""Announcements begun in one turn of the clockwork."""

LATE = timedelta(minutes=1)
"""An announcement this late counts as overdue."""


class News(StrEnum):
    """What became of the policy."""

    UPDATED = "updated"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class Announcement(Document, kw_only=True, frozen=True):
    """One change that those concerned are to hear of."""

    SHELF = "announcements"
    PERSONAL = personal.passing("the last one told, while the others are being told")
    INDEXES = (
        IndexModel(["due_at"], partialFilterExpression={"done": False}),
        IndexModel(["policy_id", "due_at"]),
    )

    policy_id: str
    text_id: str | None = None
    """The edition that begins; None when something ends."""
    title: str
    news: News
    reason: str = ""
    due_at: Instant
    """When the change takes effect."""
    batch: int = 0
    """Which one is going out; 0 before the first."""
    cursor: str = ""
    """The last person told, while it is going out."""
    told: int = 0
    done: bool = False


class PolicyChanged(Event, kw_only=True, frozen=True):
    """A policy changed, and a batch of those concerned is to be told."""

    announcement_id: str
    policy_id: str
    title: str
    news: News
    reason: str
    effective_at: Instant
    batch: int


async def plan(
    ctx: Context,
    policy_id: str,
    news: News,
    *,
    title: str,
    at: datetime,
    text_id: str | None = None,
    reason: str = "",
) -> Announcement:
    """Plan to tell of a change when it takes effect, in its transaction."""
    announcement = Announcement(
        id=ctx.new_id("announcement"),
        policy_id=policy_id,
        text_id=text_id,
        title=title,
        news=news,
        reason=reason,
        due_at=at,
    )
    return await announcement.insert(ctx)


async def drop(ctx: Context, policy_id: str, **which: Any) -> None:
    """Take back what was planned and will not happen."""
    await Announcement.shelf(ctx).delete_many(
        {"policy_id": policy_id, "batch": 0, **which}
    )


async def begin_due(ctx: Context) -> int:
    """Begin to tell of every change that has taken effect; returns how many."""
    due = await Announcement.many(
        ctx,
        {"done": False, "batch": 0, "due_at": {"$lte": ctx.clock.now()}},
        sort=[("due_at", 1)],
        limit=A_ROUND,
    )
    return await rounds.each("announcements.begin_due", due, partial(_begin, ctx))


async def hearers(ctx: Context, event: PolicyChanged) -> list[str]:
    """Return who is to be told in this batch; nobody if it was told already."""
    now = await Announcement.find(ctx, _id=event.announcement_id, batch=event.batch)
    return [] if now is None or now.done else await _next(ctx, now)


@atomic()
async def go_on(ctx: Context, event: PolicyChanged, told: Sequence[str]) -> None:
    """Go on to the next batch when this one was told; again changes nothing."""
    more = bool(told)
    moved = {"cursor": told[-1]} if more else {"cursor": "", "done": True}
    now = await Announcement.change(
        ctx,
        {"_id": event.announcement_id, "batch": event.batch, "done": False},
        {"$set": moved, "$inc": {"batch": 1, "told": len(told)}},
    )
    if now is not None and more:
        await record(ctx, _event(now))


async def count_overdue(ctx: Context) -> int:
    """Count the changes that took effect a while ago and are not all told."""
    return await Announcement.shelf(ctx).count_documents(
        {"done": False, "due_at": {"$lt": ctx.clock.now() - LATE}}
    )


@atomic()
async def _begin(ctx: Context, announcement: Announcement) -> bool:
    begun = await Announcement.change(
        ctx, {"_id": announcement.id, "batch": 0}, {"$set": {"batch": 1}}
    )
    if begun is not None:
        await record(ctx, _event(begun))
    return begun is not None


async def _next(ctx: Context, now: Announcement) -> list[str]:
    """Return the next people who saved or matched it before it changed, by id."""
    after = {"worker_id": {"$gt": now.cursor}, "at": {"$lt": now.due_at}}
    savers = await _ids(ctx, Saved, {"policy_id": now.policy_id, **after})
    matched = await _ids(ctx, Advice, {"fitting": now.policy_id, **after})
    full = [ids[-1] for ids in (savers, matched) if len(ids) == A_BATCH]
    known = sorted({*savers, *matched})
    return [id_ for id_ in known if not full or id_ <= min(full)]


async def _ids(ctx: Context, kind: type[Document], where: dict[str, Any]) -> list[str]:
    rows = kind.shelf(ctx).find(
        where, {"worker_id": 1}, sort=[("worker_id", 1)], limit=A_BATCH
    )
    return [row["worker_id"] for row in await rows.to_list()]


def _event(now: Announcement) -> PolicyChanged:
    return PolicyChanged(
        announcement_id=now.id,
        policy_id=now.policy_id,
        title=now.title,
        news=now.news,
        reason=now.reason,
        effective_at=now.due_at,
        batch=now.batch,
    )

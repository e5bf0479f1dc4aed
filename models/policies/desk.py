"""The desk (编辑台): the manuscripts within an official's reach, as they look for them.

Source: screens 政策管理; features S1-07.
"""

from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from models.base import days, pages
from models.base.context import Context
from models.base.documents import NEWEST_FIRST, holding
from models.base.pages import Page
from models.base.units import Instant
from models.policies import manuscripts
from models.policies.contents import Kind
from models.policies.manuscripts import Manuscript
from models.policies.stages import Stage, State, is_in
from models.policies.transitions import ANY, REVIEW
from models.policies.vocabulary import Category, Level, Topic
from models.unions.officials import Official


class Order(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    """What was begun last."""
    WAITING = "waiting"
    """What has stood longest as it stands."""


LONGEST_FIRST = (("changed_at", 1), ("_id", 1))


class Spot(NamedTuple):
    """Where a page of what waits ends."""

    changed_at: Instant
    id: str


class Wanted(msgspec.Struct, kw_only=True, frozen=True):
    """Which manuscripts to list."""

    states: tuple[State, ...] = ()
    kind: Kind | None = None
    topic: Topic | None = None
    category: Category | None = None
    level: Level | None = None
    region: str | None = None
    document_id: str | None = None
    text: str = ""
    """A part of the title or number."""
    mine: bool = False
    """Those I wrote or had a hand in."""
    awaiting_my_review: bool = False
    """Those submitted or forced by others, which I may let pass."""
    unconfirmed: bool = False
    """Those forced, which nobody else has stood up for."""
    since: date | None = None
    until: date | None = None
    """The days on which it was last changed, both among them."""
    order: Order = Order.NEWEST


async def of(
    ctx: Context, wanted: Wanted, *, by: Official, cursor: str | None, limit: int
) -> Page[Manuscript]:
    """List manuscripts in their order, without texts and histories.

    Refuses: SpanBackwards, BadCursor, PermissionMissing.
    """
    needs = REVIEW if wanted.awaiting_my_review else ANY
    parts = [manuscripts.reach(by, needs).where(), *_parts(ctx, wanted, by)]
    by_waiting = wanted.order is Order.WAITING
    if cursor is not None:
        parts.append(_after(cursor) if by_waiting else _before(cursor))
    found = await manuscripts.listed(
        ctx,
        {"$and": parts},
        sort=LONGEST_FIRST if by_waiting else NEWEST_FIRST,
        limit=limit + 1,
    )
    return pages.cut(found, limit, _spot if by_waiting else _id)


def _id(manuscript: Manuscript) -> str:
    return manuscript.id


def _spot(manuscript: Manuscript) -> Spot:
    return Spot(manuscript.changed_at, manuscript.id)


def _before(cursor: str) -> dict[str, Any]:
    return {"_id": {"$lt": pages.decode(cursor, str)}}


def _after(cursor: str) -> dict[str, Any]:
    spot = pages.decode(cursor, Spot)
    beyond = [{"changed_at": {"$gt": spot.changed_at}}, {"_id": {"$gt": spot.id}}]
    return {"changed_at": {"$gte": spot.changed_at}, "$or": beyond}


def _parts(ctx: Context, wanted: Wanted, by: Official) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = [_said(wanted)]
    if wanted.states:
        parts.append(is_in(wanted.states, ctx.clock.now()))
    if wanted.text.strip():
        words = holding(wanted.text)
        parts.append({"$or": [{"content.title": words}, {"content.number": words}]})
    if wanted.mine:
        parts.append({"hands": by.id})
    if wanted.awaiting_my_review:
        parts.append({"hands": {"$nin": sorted(manuscripts.hands_of(by, REVIEW))}})
        parts.append({"$or": [{"stage": Stage.SUBMITTED}, {"unconfirmed": True}]})
    if wanted.unconfirmed:
        parts.append({"unconfirmed": True})
    if changed := _changed(ctx, wanted):
        parts.append({"changed_at": changed})
    return parts


def _changed(ctx: Context, wanted: Wanted) -> dict[str, Any]:
    first, end = days.moments(ctx, wanted.since, wanted.until)
    bounds = {"$gte": first, "$lt": end}
    return {name: moment for name, moment in bounds.items() if moment is not None}


def _said(wanted: Wanted) -> dict[str, Any]:
    said = {
        "kind": wanted.kind,
        "document_id": wanted.document_id,
        "content.topic": wanted.topic,
        "content.category": wanted.category,
        "content.level": wanted.level,
        "content.region": wanted.region,
    }
    return {name: value for name, value in said.items() if value is not None}

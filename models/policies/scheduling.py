"""Scheduling (排期): the moment of what is approved, chosen, moved and taken back.

Source: features S1-08; screens 排期日历.
"""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec

from models.base import pages
from models.base.clock import start_of
from models.base.context import Context
from models.base.errors import Invalid
from models.base.pages import Page
from models.base.store import atomic
from models.base.units import Instant
from models.policies import manuscripts, releases
from models.policies.manuscripts import ANYTHING, Manuscript, Seen, advance
from models.policies.reviewing import require_ahead
from models.policies.stages import Stage
from models.policies.texts import shown_until
from models.policies.transitions import ANY, PLAN, SCHEDULE, UNSCHEDULE
from models.policies.writing import OpenDraftExists, open_one
from models.unions.officials import Official

MOST_DAYS = 92
"""Of one calendar: a quarter."""


class What(StrEnum):
    """What happens at a moment."""

    BEGINS = "begins"
    """上线"""
    ENDS = "ends"
    """到期或下线"""


HAPPENS = {"$expr": {"$lt": ["$public.begins_at", "$public.ends_at"]}}
"""Leaves out what was ended before it began."""

FIELDS = {What.BEGINS: "public.begins_at", What.ENDS: "public.ends_at"}


class Due(msgspec.Struct, kw_only=True, frozen=True):
    """One moment of the calendar."""

    at: Instant
    what: What
    manuscript: Manuscript


class Place(msgspec.Struct, array_like=True, frozen=True):
    """A place in the calendar, as its cursor keeps it."""

    at: datetime
    what: What
    id: str


class BadDays(Invalid):
    """The days are in the wrong order, or too many."""

    code = "bad_days"
    message = "日期范围有误，请选择不超过92天的起止日期。"


@atomic()
async def schedule(
    ctx: Context,
    manuscript_id: str,
    *,
    by: Official,
    publish_at: datetime | None,
    seen: Seen = ANYTHING,
) -> Manuscript:
    """Choose the moment of what is approved, or move it while it has not come (排期).

    Refuses: NoSuchManuscript, BadTransition, StaleVersion, MomentPast, NeverShown,
    OutOfOrder, PermissionMissing.
    """
    at = require_ahead(ctx, publish_at)
    found = await manuscripts.find(ctx, manuscript_id, by=by, needs=PLAN)
    released = {"stage": Stage.RELEASED, "is_open": False, "public": None}
    moved = await advance(ctx, manuscript_id, SCHEDULE, released, by=by, seen=seen)
    if found.public is not None:
        await releases.take_back(ctx, moved, found.public.text_id)
    return await releases.go_public(ctx, moved, at)


async def unschedule(
    ctx: Context, manuscript_id: str, *, by: Official, seen: Seen = ANYTHING
) -> Manuscript:
    """Take the moment back before it comes (取消排期); what was public goes on.

    Refuses: NoSuchManuscript, BadTransition, StaleVersion, OpenDraftExists,
    PermissionMissing.
    """
    try:
        return await _unschedule(ctx, manuscript_id, by=by, seen=seen)
    except OpenDraftExists:
        found = await manuscripts.find(ctx, manuscript_id, by=by, needs=PLAN)
        raise OpenDraftExists(await open_one(ctx, found.document_id)) from None


async def calendar(
    ctx: Context,
    first: date,
    last: date,
    *,
    by: Official,
    cursor: str | None,
    limit: int,
) -> Page[Due]:
    """List what begins and what ends from one day to another, in order (排期日历).

    Refuses: BadDays, BadCursor, PermissionMissing.
    """
    if not 0 <= (last - first).days < MOST_DAYS:
        raise BadDays
    scope = manuscripts.reach(by, ANY)
    after = None if cursor is None else pages.decode(cursor, Place)
    due: list[Due] = []
    for what, field in FIELDS.items():
        days = {field: {"$gte": start_of(first), "$lt": shown_until(last)}}
        where = [scope.where(), {"stage": Stage.RELEASED}, HAPPENS, days]
        due += _moments(
            what,
            await manuscripts.listed(
                ctx,
                {"$and": [*where, _beyond(after, what)]},
                sort=[(field, 1), ("_id", 1)],
                limit=limit + 1,
            ),
        )
    return pages.cut(sorted(due, key=_place), limit, _place)


@atomic(duplicate=OpenDraftExists)
async def _unschedule(
    ctx: Context, manuscript_id: str, *, by: Official, seen: Seen
) -> Manuscript:
    found = await manuscripts.find(ctx, manuscript_id, by=by, needs=PLAN)
    waiting = {"stage": Stage.APPROVED, "is_open": True, "public": None}
    back = await advance(ctx, manuscript_id, UNSCHEDULE, waiting, by=by, seen=seen)
    if found.public is None:
        return back
    return await releases.take_back(ctx, back, found.public.text_id)


def _moments(what: What, found: Iterable[Manuscript]) -> list[Due]:
    return [
        Due(at=at, what=what, manuscript=each)
        for each in found
        if each.public is not None
        for at in [
            each.public.begins_at if what is What.BEGINS else each.public.ends_at
        ]
    ]


def _beyond(after: Place | None, what: What) -> dict[str, Any]:
    """Return what a row must fulfil to come after a place, for MongoDB."""
    if after is None:
        return {}
    field = FIELDS[what]
    later = {field: {"$gt": after.at}}
    if what < after.what:
        return later
    rest = {} if what > after.what else {"_id": {"$gt": after.id}}
    return {"$or": [later, {field: after.at, **rest}]}


def _place(due: Due) -> tuple[datetime, What, str]:
    """Return where it stands: in order as it is, in a cursor as a `Place`."""
    return due.at, due.what, due.manuscript.id

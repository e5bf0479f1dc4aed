"""Attempts (尝试次数): who guesses too often has to wait, whatever is guessed at.

An attempt is counted before it is looked at, in one guarded update, so a hundred
guesses at the same moment are not a hundred guesses. What is guessed at, how often
and what is said then is the caller's.

Source: OWASP ASVS 2.2.1.
"""

from datetime import timedelta

from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import TooMany
from models.base.units import Instant

LOCKED = timedelta(minutes=15)

FORGOTTEN = timedelta(minutes=15)
"""After so long without an attempt the count begins anew."""


class Attempts(Document, kw_only=True, frozen=True):
    """The attempts under one name; its id is a blind index, no name is kept."""

    SHELF = "attempts"
    PERSONAL = personal.passing("blind, for a while after the last attempt")
    INDEXES = (IndexModel(["at"]),)

    count: int
    at: Instant
    locked_until: Instant | None = None


async def count(ctx: Context, key: str, *, most: int, refusal: type[TooMany]) -> None:
    """Count an attempt before looking at it.

    key: a blind index of whoever, or whatever, has so many attempts in a row.
    Rules: a lock that was waited for is over, whoever knocked meanwhile.
    Refuses: ``refusal``, which says when to come back.
    """
    now = ctx.clock.now()
    is_old = {"$lte": ["$at", now - FORGOTTEN]}
    is_over = {"$lte": [{"$ifNull": ["$locked_until", now + LOCKED]}, now]}
    begins_anew = {"$or": [is_old, is_over]}
    so_far = {"$cond": [begins_anew, 0, {"$ifNull": ["$count", 0]}]}
    locked = {"$gt": [{"$ifNull": ["$locked_until", now]}, now]}
    kept = await Attempts.change_or_make(
        ctx,
        key,
        [
            {"$set": {"count": {"$add": [so_far, 1]}}},
            {
                "$set": {
                    "locked_until": {
                        "$switch": {
                            "branches": [
                                {"case": locked, "then": "$locked_until"},
                                {
                                    "case": {"$gt": ["$count", most]},
                                    "then": now + LOCKED,
                                },
                            ],
                            "default": None,
                        }
                    },
                    "at": now,
                }
            },
        ],
    )
    if kept.locked_until is not None:
        too_many = refusal()
        too_many.retry_after = int((kept.locked_until - now).total_seconds()) + 1
        raise too_many


async def take_back(ctx: Context, key: str) -> None:
    """Let one attempt that was right not count; the wrong ones before it still do."""
    await Attempts.shelf(ctx).update_one(
        {"_id": key, "count": {"$gt": 0}}, {"$inc": {"count": -1}}
    )


async def forgive(ctx: Context, key: str) -> None:
    """Begin anew after a success."""
    await Attempts.shelf(ctx).delete_one({"_id": key})


async def forget_old(ctx: Context) -> int:
    """Delete what does not count any more."""
    over = {"at": {"$lt": ctx.clock.now() - FORGOTTEN - LOCKED}}
    return (await Attempts.shelf(ctx).delete_many(over)).deleted_count

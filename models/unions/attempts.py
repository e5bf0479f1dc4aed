"""Attempts (登录尝试): who guesses too often has to wait, whoever is guessed at.

An attempt is counted before it is looked at, in one guarded update, so a hundred
guesses at the same moment are not a hundred guesses. Names nobody has are counted
alike: a lock does not tell who works for us.

Source: issue "Staff and editors" (lock-out); OWASP ASVS 2.2.1.
"""

from datetime import timedelta

from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import TooMany
from models.base.units import Instant

MOST = 5
"""Attempts in a row; a typing error or two and the authenticator's roll-over."""

LOCKED = timedelta(minutes=15)

FORGOTTEN = timedelta(minutes=15)
"""After so long without an attempt the count begins anew."""


class Attempts(Document, kw_only=True, frozen=True):
    """The attempts on one name; its id is a blind index, no name is kept."""

    SHELF = "sign_in_attempts"
    PERSONAL = personal.passing("blind, for a while after the last attempt")
    INDEXES = (IndexModel(["at"]),)

    count: int
    at: Instant
    locked_until: Instant | None = None


class SignInLocked(TooMany):
    """Too many attempts in a row; ``Retry-After`` says when to come back."""

    code = "sign_in_locked"
    message = "尝试次数过多，账号已暂时锁定，请15分钟后再试，或用绑定的微信登录。"


async def count(ctx: Context, name: str) -> None:
    """Count an attempt on a name before looking at it.

    Refuses: SignInLocked.
    """
    now = ctx.clock.now()
    is_old = {"$lte": ["$at", now - FORGOTTEN]}
    so_far = {"$cond": [is_old, 0, {"$ifNull": ["$count", 0]}]}
    locked = {"$gt": [{"$ifNull": ["$locked_until", now]}, now]}
    kept = await Attempts.change_or_make(
        ctx,
        _key(ctx, name),
        [
            {"$set": {"count": {"$add": [so_far, 1]}}},
            {
                "$set": {
                    "locked_until": {
                        "$switch": {
                            "branches": [
                                {"case": locked, "then": "$locked_until"},
                                {
                                    "case": {"$gt": ["$count", MOST]},
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
        refusal = SignInLocked()
        refusal.retry_after = int((kept.locked_until - now).total_seconds()) + 1
        raise refusal


async def forgive(ctx: Context, name: str) -> None:
    """Begin anew after a success."""
    await Attempts.shelf(ctx).delete_one({"_id": _key(ctx, name)})


async def forget_old(ctx: Context) -> int:
    """Delete what does not count any more."""
    over = {"at": {"$lt": ctx.clock.now() - FORGOTTEN - LOCKED}}
    return (await Attempts.shelf(ctx).delete_many(over)).deleted_count


def _key(ctx: Context, name: str) -> str:
    return ctx.secrets.blind("sign_in_name", name)

"""Saved policies (收藏): what a worker keeps at hand, and is told of when it changes.

Source: screens 政策详情; rules §1.14.
"""

from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.errors import Conflict
from models.base.pages import Page
from models.base.units import Instant
from models.policies import editions, library
from models.policies.editions import Edition, NoSuchPolicy, Policy
from models.workers.sessions import SignedIn

MOST_SAVED = 500
"""Of one person; every policy there is would still fit."""


class Saved(Document, kw_only=True, frozen=True):
    """That somebody saved a policy."""

    SHELF = "saved_policies"
    PERSONAL = personal.deleted("收藏的政策", "worker_id")
    INDEXES = (
        IndexModel(["worker_id", "policy_id"], unique=True),
        IndexModel([("worker_id", 1), ("_id", -1)]),
        IndexModel(["policy_id", "worker_id"]),
    )

    worker_id: str
    policy_id: str
    at: Instant


class TooManySaved(Conflict):
    """The person has saved as many as we keep."""

    code = "too_many_saved"
    message = "收藏已满，请先取消一些不再需要的收藏。"


async def save(ctx: Context, policy_id: str, *, by: SignedIn) -> None:
    """Save a policy that is public (收藏); again changes nothing.

    Refuses: NoSuchPolicy, PolicyGone, PolicyWithdrawn, TooManySaved.
    """
    if library.policy_note(ctx, policy_id) is None:
        await library.policy(ctx, policy_id)
    others = {"worker_id": by.id, "policy_id": {"$ne": policy_id}}
    if await Saved.shelf(ctx).count_documents(others, limit=MOST_SAVED) >= MOST_SAVED:
        raise TooManySaved
    row = plain(
        Saved(
            id=ctx.new_id("saved"),
            worker_id=by.id,
            policy_id=policy_id,
            at=ctx.clock.now(),
        )
    )
    await Saved.shelf(ctx).update_one(
        {"worker_id": row.pop("worker_id"), "policy_id": row.pop("policy_id")},
        {"$setOnInsert": row},
        upsert=True,
    )


async def forget(ctx: Context, policy_id: str, *, by: SignedIn) -> None:
    """Save a policy no longer (取消收藏); again changes nothing.

    Refuses: NoSuchPolicy, for what never was one.
    """
    gone = await Saved.shelf(ctx).delete_one(
        {"worker_id": by.id, "policy_id": policy_id}
    )
    if not gone.deleted_count and await Policy.get(ctx, policy_id) is None:
        raise NoSuchPolicy


async def of(
    ctx: Context, *, by: SignedIn, cursor: str | None, limit: int
) -> Page[tuple[Saved, Edition]]:
    """List what somebody saved, the last first, each with its newest edition.

    Refuses: BadCursor.
    """
    page = await Saved.page(ctx, {"worker_id": by.id}, cursor=cursor, limit=limit)
    newest = await editions.newest_of(ctx, [each.policy_id for each in page.items])
    return Page(
        [
            (each, newest[each.policy_id])
            for each in page.items
            if each.policy_id in newest
        ],
        page.next,
    )

"""Guides (就业指导): articles on finding, keeping and changing work.

Shown from one moment to another like a policy's edition, asked in every query.
Source: features S1-11 (articles).
"""

from datetime import datetime

from pymongo import IndexModel

from models.base import personal
from models.base.clock import end_of, start_of
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.errors import NotFound
from models.base.units import Day, Instant
from models.policies import wording
from models.policies.editions import FOREVER, REMEMBERED
from models.policies.vocabulary import Category
from models.workers.identities import ClientClass


class Guide(Document, kw_only=True, frozen=True):
    """One article."""

    SHELF = "guides"
    PERSONAL = personal.nobody()
    INDEXES = (IndexModel(["visible_to"]),)

    title: str
    category: Category
    audience: tuple[ClientClass, ...]
    """Whom it is mainly for; empty is everybody."""
    region: str
    summary: str
    tags: tuple[str, ...]
    html: str
    text: str
    """The words alone, for search."""
    visible_from: Instant
    visible_to: Instant = FOREVER

    def is_visible(self, at: datetime) -> bool:
        """Say whether the public may read it at a moment."""
        return self.visible_from <= at < self.visible_to


class NoSuchGuide(NotFound):
    """No article of this id is public."""

    code = "no_such_guide"
    message = "没有找到这篇文章，可能已下线，请返回列表重新选择。"


async def publish(
    ctx: Context,
    guide_id: str,
    *,
    title: str,
    category: Category,
    audience: tuple[ClientClass, ...],
    region: str,
    summary: str,
    tags: tuple[str, ...],
    body: str,
    published_on: Day,
    valid_to: Day | None,
) -> bool:
    """Put an article before the public; False when its id is there already."""
    html = wording.html_of(body)
    guide = Guide(
        id=guide_id,
        title=title,
        category=category,
        audience=audience,
        region=region,
        summary=summary,
        tags=tags,
        html=html,
        text=wording.plain_of(html),
        visible_from=start_of(published_on),
        visible_to=FOREVER if valid_to is None else end_of(valid_to),
    )
    row = plain(guide)
    done = await Guide.shelf(ctx).update_one(
        {"_id": row.pop("_id")}, {"$setOnInsert": row}, upsert=True
    )
    return done.upserted_id is not None


async def withdraw(ctx: Context, guide_id: str, *, at: datetime) -> None:
    """Take an article down from a moment on.

    Refuses: NoSuchGuide.
    """
    taken = await Guide.change(
        ctx,
        where={"_id": guide_id, "visible_to": {"$gt": at}},
        update={"$set": {"visible_to": at}},
    )
    if taken is None:
        raise NoSuchGuide


async def public_now(ctx: Context) -> list[Guide]:
    """List every article that is public, as MongoDB has it."""
    now = ctx.clock.now()
    return await Guide.many(
        ctx, {"visible_from": {"$lte": now}, "visible_to": {"$gt": now}}, limit=0
    )


async def remembered(ctx: Context) -> list[Guide]:
    """List every article that is, will be or lately was public."""
    return await Guide.many(
        ctx,
        {"visible_to": {"$gt": ctx.clock.now() - REMEMBERED}},
        sort=[("visible_to", 1)],
        limit=0,
    )

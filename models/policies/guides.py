"""Guides (就业指导): articles on finding, keeping and changing work.

Shown from one moment to another like a policy's edition, asked in every query; an
article goes through as many texts as its editors write, one public at any instant.
Source: features S1-11 (articles).
"""

from datetime import datetime
from typing import Any, ClassVar

import msgspec
from pymongo import IndexModel

from models.base import personal
from models.base.clock import start_of
from models.base.context import Context
from models.base.documents import plain
from models.base.errors import NotFound
from models.base.store import atomic
from models.base.units import Day
from models.policies import chain, wording
from models.policies.editions import REMEMBERED
from models.policies.texts import Subject, Text, Withdrawal, shown_until
from models.policies.vocabulary import Category
from models.policies.wording import BodyFormat
from models.workers.identities import ClientClass


class Article(Subject, kw_only=True, frozen=True):
    """One article through all its texts (文章)."""

    SHELF = "articles"
    PERSONAL = personal.nobody()


class Guide(Text, kw_only=True, frozen=True):
    """One text of one article."""

    ABOUT: ClassVar[type[Subject]] = Article
    SHELF = "guides"
    PERSONAL = personal.nobody()
    INDEXES = (IndexModel(["visible_to"]), IndexModel(["article_id"]))

    article_id: str = ""
    """The article it is a text of; empty in its first, which carries its id."""
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

    @property
    def article(self) -> str:
        """Return the id by which readers know it."""
        return self.article_id or self.id

    @classmethod
    def about(cls, subject_id: str) -> dict[str, Any]:
        """Return what a row must fulfil to be a text of an article."""
        return {"$or": [{"_id": subject_id}, {"article_id": subject_id}]}


class Writing(msgspec.Struct, kw_only=True, frozen=True):
    """What is handed in for one text of an article."""

    title: str
    category: Category
    audience: tuple[ClientClass, ...] = ()
    region: str
    summary: str
    tags: tuple[str, ...] = ()
    body: str
    body_format: BodyFormat = BodyFormat.MARKDOWN
    publish_at: datetime
    valid_to: Day | None = None


class NoSuchGuide(NotFound):
    """No article of this id is public."""

    code = "no_such_guide"
    message = "没有找到这篇文章，可能已下线，请返回列表重新选择。"


@atomic()
async def release(
    ctx: Context, article_id: str, writing: Writing, org_path: str = ""
) -> Guide:
    """Put a text before the public from its moment on, ending the one before (发布).

    Refuses: OutOfOrder.
    """
    article = await chain.make_room(
        ctx,
        Guide,
        article_id,
        title=writing.title,
        at=writing.publish_at,
        org_path=org_path,
    )
    return await _guide(article, writing).insert(ctx)


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
    org_path: str = "",
) -> bool:
    """Put an article before the public; False when its id is there already."""
    if await Article.get(ctx, guide_id) or await Guide.get(ctx, guide_id):
        return False
    writing = Writing(
        title=title,
        category=category,
        audience=audience,
        region=region,
        summary=summary,
        tags=tags,
        body=body,
        publish_at=start_of(published_on),
        valid_to=valid_to,
    )
    await release(ctx, guide_id, writing, org_path)
    return True


@atomic()
async def withdraw(
    ctx: Context, guide_id: str, *, at: datetime, told: Withdrawal | None = None
) -> None:
    """Take an article down from a moment on.

    Refuses: NoSuchGuide.
    """
    await Article.change(ctx, {"_id": guide_id}, {"$inc": {"endings": 1}})
    still = {"$and": [Guide.about(guide_id), {"visible_to": {"$gt": at}}]}
    if await Guide.shelf(ctx).find_one(still, {"_id": 1}) is None:
        raise NoSuchGuide
    also = {} if told is None else {"withdrawn": plain(told)}
    await chain.end(ctx, Guide, guide_id, at, also)


async def public(ctx: Context, article_id: str) -> Guide:
    """Return the text of an article that is public now.

    Refuses: NoSuchGuide.
    """
    now = ctx.clock.now()
    shown = {"visible_from": {"$lte": now}, "visible_to": {"$gt": now}}
    row = await Guide.shelf(ctx).find_one({"$and": [Guide.about(article_id), shown]})
    if row is None:
        raise NoSuchGuide
    return Guide.of(row)


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


def _guide(article: Subject, writing: Writing) -> Guide:
    html = wording.html_of(writing.body, writing.body_format)
    is_first = article.editions == 1
    return Guide(
        id=article.id if is_first else f"{article.id}_{article.editions}",
        article_id="" if is_first else article.id,
        title=writing.title,
        category=writing.category,
        audience=writing.audience,
        region=writing.region,
        summary=writing.summary,
        tags=writing.tags,
        html=html,
        text=wording.plain_of(html),
        visible_from=writing.publish_at,
        visible_to=shown_until(writing.valid_to),
        valid_to=writing.valid_to,
    )

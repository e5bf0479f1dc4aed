"""Consent texts (同意书): what we ask for, purpose by purpose, version by version.

A published version never changes; new words are a new version. The current one is
the highest that has been published by today.

Source: features X-08; PIPL (个人信息保护法) art. 14, 29: separate consent, asked
again when what it covers changes.
"""

from datetime import date
from enum import StrEnum

import msgspec
from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Conflict
from models.base.units import Day


class Purpose(StrEnum):
    """What a consent is for; each is asked for separately."""

    PRIVACY = "privacy"
    """What an account needs to work: a notice; nothing else is done under it."""
    PHONE = "phone"
    LOCATION = "location"
    """Keeping where somebody was last."""
    IDENTITY = "identity"
    """Real name and papers that prove a client class."""
    HEALTH = "health"
    """Details of a first-aid call."""
    FACTS = "facts"
    """Keeping sensitive facts about oneself for the next policy match."""


class ConsentText(Document, kw_only=True, frozen=True):
    """One version of one text."""

    SHELF = "consent_texts"
    PERSONAL = personal.nobody()
    INDEXES = (IndexModel([("purpose", 1), ("version", -1)], unique=True),)

    purpose: Purpose
    version: int
    title: str
    text: str
    """Markdown."""
    required_for: str = ""
    """What cannot be done without it, in one sentence."""
    published_on: Day
    """The first day it is asked for."""


class TextFixed(Conflict):
    """This version has been published with other words."""

    code = "consent_text_fixed"
    message = "这一版同意书已发布，不能改写，请另发新版本。"


async def publish(
    ctx: Context,
    *,
    purpose: Purpose,
    version: int,
    title: str,
    text: str,
    published_on: date,
    required_for: str = "",
) -> ConsentText:
    """Publish a version of a text; the same again changes nothing.

    Refuses: TextFixed.
    """
    new = ConsentText(
        id=f"consent_{purpose}_{version}",
        purpose=purpose,
        version=version,
        title=title,
        text=text,
        required_for=required_for,
        published_on=published_on,
    )
    try:
        return await new.insert(ctx)
    except DuplicateKeyError as clash:
        published = await ConsentText.find(ctx, _id=new.id)
        if published != new:
            raise TextFixed from clash
        return published


async def current(ctx: Context, purpose: Purpose) -> ConsentText | None:
    """Return the version that counts today; None when nothing was published."""
    texts = await ConsentText.many(
        ctx,
        {"purpose": purpose, **_published(ctx)},
        sort=[("version", -1)],
        limit=1,
    )
    return texts[0] if texts else None


async def all_current(ctx: Context) -> list[ConsentText]:
    """List the version that counts today of every purpose."""
    rows = await ConsentText.shelf(ctx).aggregate(
        [
            {"$match": _published(ctx)},
            {"$sort": {"purpose": 1, "version": -1}},
            {"$group": {"_id": "$purpose", "text": {"$first": "$$ROOT"}}},
        ]
    )
    texts = [ConsentText.of(row["text"]) async for row in rows]
    order = list(Purpose)
    return sorted(texts, key=lambda text: order.index(text.purpose))


def _published(ctx: Context) -> dict[str, object]:
    return {"published_on": {"$lte": msgspec.to_builtins(ctx.clock.today())}}

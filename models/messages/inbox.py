"""The inbox (消息): what a person was told, and what they will be told in time.

A message lives through this and nothing else::

    planned ── its time comes ──▶ told ── open ──▶ read
       └────── drop ──▶ dropped          the booking it reminds of is gone

When its time comes is a condition in the query, so a late worker hides nothing.
The inbox is the record; WeChat's card (``sends``) is a courtesy on top of it.
Source: issue "reminders and inbox"; features X-07.
"""

import re
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.errors import NotFound
from models.base.ids import new_id
from models.base.pages import Page
from models.base.units import Instant
from models.messages.kinds import Kind, Values
from models.messages.telling import card, told
from models.messages.wordings import WORDINGS

MOST_UNREAD = 99
"""A badge shows no more than 99+."""


class Card(StrEnum):
    """How far the message's card in WeChat has come."""

    NONE = "none"
    """This kind has no card."""
    WAITING = "waiting"
    SENDING = "sending"
    """Claimed; if the process dies here it is never sent, rather than twice."""
    SENT = "sent"
    DELIVERED = "delivered"
    NO_CREDIT = "no_credit"
    """The person allowed none (any more): inbox only."""
    FAILED = "failed"


class Message(Document, kw_only=True, frozen=True):
    """One thing one person is told (消息)."""

    SHELF = "messages"
    PERSONAL = personal.deleted("消息", "worker_id", hidden=("key", "msgid", "tries"))
    INDEXES = (
        IndexModel(["worker_id", "key"], unique=True),
        IndexModel([("worker_id", 1), ("_id", -1)]),
        IndexModel(["ref"]),
        IndexModel(["card_due_at"], partialFilterExpression={"card": Card.WAITING}),
        IndexModel(["msgid"], sparse=True),
    )

    worker_id: str
    key: str
    """What makes it one: the event and the kind, however often it is delivered."""
    kind: Kind
    title: str
    text: str
    ref: str
    """The booking, enrolment or policy it is about."""
    due_at: Instant
    """When it is told; in the future it is a reminder."""
    dropped: bool = False
    read_at: Instant | None = None
    card: Card = Card.NONE
    fields: dict[str, str] = msgspec.field(default_factory=dict)
    """The card's values, within WeChat's limits."""
    card_due_at: Instant | None = None
    """When the card may be sent: not before it is told, not at night."""
    tries: int = 0
    msgid: str | None = None
    """WeChat's id of the card, for its later report."""


class NoSuchMessage(NotFound):
    """This person has no such message."""

    code = "no_such_message"
    message = "没有找到这条消息，可能已失效。"


async def tell(
    ctx: Context,
    worker_id: str,
    kind: Kind,
    values: Values,
    *,
    ref: str,
    cause: str,
    at: datetime | None = None,
) -> None:
    """Tell a person something, now or at a time (通知); again changes nothing.

    cause: the id of the event it follows from.
    """
    due_at = ctx.clock.now() if at is None else at
    title, text = told(kind, values)
    has_card = bool(WORDINGS[kind].card) and kind in ctx.templates
    message = Message(
        id=new_id("message", due_at),
        worker_id=worker_id,
        key=f"{cause}:{kind}:{due_at.isoformat() if at else ''}",
        kind=kind,
        title=title,
        text=text,
        ref=ref,
        due_at=due_at,
        card=Card.WAITING if has_card else Card.NONE,
        fields=card(kind, values) if has_card else {},
        card_due_at=due_at if has_card else None,
    )
    row = plain(message)
    await Message.shelf(ctx).update_one(
        {"worker_id": row.pop("worker_id"), "key": row.pop("key")},
        {"$setOnInsert": row},
        upsert=True,
    )


async def drop(
    ctx: Context, ref: str, *, besides: str | None = None, of: str | None = None
) -> None:
    """Take back what was planned about a ref and not told yet.

    besides: a cause whose reminders stay; of: the only cause whose go.
    """
    where: dict[str, Any] = {"ref": ref, "due_at": {"$gt": ctx.clock.now()}}
    if besides is not None:
        where["key"] = {"$not": _caused_by(besides)}
    if of is not None:
        where["key"] = _caused_by(of)
    await Message.shelf(ctx).update_many(where, {"$set": {"dropped": True}})


async def of(
    ctx: Context, worker_id: str, *, cursor: str | None = None, limit: int = 20
) -> Page[Message]:
    """List what a person was told, newest first."""
    where = _visible(ctx, worker_id)
    return await Message.page(ctx, where, cursor=cursor, limit=limit)


async def count_unread(ctx: Context, worker_id: str) -> int:
    """Count what was told and not read, up to a badge's worth."""
    return await Message.shelf(ctx).count_documents(
        _visible(ctx, worker_id) | {"read_at": None}, limit=MOST_UNREAD + 1
    )


async def mark_read(ctx: Context, message_id: str, *, worker_id: str) -> None:
    """Mark one message read; again changes nothing.

    Refuses: NoSuchMessage.
    """
    found = await Message.shelf(ctx).update_one(
        _visible(ctx, worker_id) | {"_id": message_id},
        [{"$set": {"read_at": {"$ifNull": ["$read_at", ctx.clock.now()]}}}],
    )
    if not found.matched_count:
        raise NoSuchMessage


async def mark_all_read(ctx: Context, *, worker_id: str) -> None:
    """Mark everything told so far read."""
    await Message.shelf(ctx).update_many(
        _visible(ctx, worker_id) | {"read_at": None},
        {"$set": {"read_at": ctx.clock.now()}},
    )


def _caused_by(cause: str) -> re.Pattern[str]:
    return re.compile(f"^{re.escape(cause)}:")


def _visible(ctx: Context, worker_id: str) -> dict[str, Any]:
    return {
        "worker_id": worker_id,
        "dropped": False,
        "due_at": {"$lte": ctx.clock.now()},
    }

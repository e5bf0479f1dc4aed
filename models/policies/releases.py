"""Releases (上线): from a manuscript to what the public reads, in one transaction.

An approved text is written at once with the moment it begins, so nothing has to
happen when that moment comes: what is approved and due is public, although every
process was down.
Source: features S1-08; rules §1.2, §1.4.
"""

from datetime import date, datetime
from typing import Any

from msgspec import structs
from pymongo import UpdateOne

from models.base.context import Context
from models.base.documents import Row, plain
from models.base.store import atomic
from models.policies import announcements, chain, contents, editions, guides
from models.policies.announcements import News
from models.policies.contents import Kind
from models.policies.editions import Edition
from models.policies.guides import Guide
from models.policies.manuscripts import Manuscript, NoSuchManuscript
from models.policies.stages import Public, State
from models.policies.texts import Text, shown_until

TEXTS: dict[Kind, type[Text]] = {Kind.POLICY: Edition, Kind.GUIDANCE: Guide}

MOMENTS = {
    "visible_from": 1,
    "visible_to": 1,
    "valid_to": 1,
    "withdrawn.at": 1,
}


@atomic()
async def go_public(ctx: Context, manuscript: Manuscript, at: datetime) -> Manuscript:
    """Write the text that the public reads from a moment on.

    Refuses: NeverShown, OutOfOrder, Incomplete.
    """
    contents.require_shown(manuscript.content, at)
    text = await _publish(ctx, manuscript, at)
    kind, id_ = TEXTS[manuscript.kind], manuscript.document_id
    await chain.keep_replaced(ctx, kind, id_, after=at)
    shown = Public(text_id=text.id, begins_at=at, ends_at=text.visible_to)
    await Manuscript.change(
        ctx, {"_id": manuscript.id}, {"$set": {"public": plain(shown)}}
    )
    return await settle(ctx, manuscript)


@atomic()
async def take_back(ctx: Context, manuscript: Manuscript, text_id: str) -> Manuscript:
    """Let a text that has not begun never begin; nobody hears of it.

    Refuses: AlreadyBegun.
    """
    kind, id_ = manuscript.kind, manuscript.document_id
    await chain.take_back(ctx, TEXTS[kind], id_, text_id=text_id)
    await announcements.drop(ctx, id_, text_id=text_id)
    return await settle(ctx, manuscript)


async def settle(ctx: Context, manuscript: Manuscript) -> Manuscript:
    """Let every manuscript of a document know when its text is shown.

    Returns the manuscript as it is then.
    """
    text = TEXTS[manuscript.kind]
    rows = text.shelf(ctx).find(text.about(manuscript.document_id), MOMENTS)
    now = ctx.clock.now()
    moved = [_moved(row, now) for row in await rows.to_list()]
    if moved:
        await Manuscript.shelf(ctx).bulk_write(moved)
    settled = await Manuscript.find(ctx, _id=manuscript.id)
    if settled is None:
        raise NoSuchManuscript
    return settled


async def public(ctx: Context, manuscript: Manuscript) -> Text | None:
    """Return the text of a manuscript's document that is public now."""
    text, now = TEXTS[manuscript.kind], ctx.clock.now()
    shown = {"visible_from": {"$lte": now}, "visible_to": {"$gt": now}}
    row = await text.shelf(ctx).find_one(
        {"$and": [text.about(manuscript.document_id), shown]}
    )
    return None if row is None else text.of(row)


async def _publish(ctx: Context, manuscript: Manuscript, at: datetime) -> Text:
    content, id_, path = manuscript.content, manuscript.document_id, manuscript.org_path
    if manuscript.kind is Kind.GUIDANCE:
        writing = contents.writing_of(content, at)
        return await guides.release(ctx, id_, writing, path)
    identity = contents.identity_of(content)
    draft = structs.replace(
        contents.draft_of(content, at),
        attachments=manuscript.attachments,
        removed=manuscript.removed,
    )
    edition = await editions.publish(ctx, id_, identity, draft, path)
    if not content.minor:
        await announcements.plan(
            ctx, id_, News.UPDATED, title=content.title, at=at, text_id=edition.id
        )
    return edition


def _moved(row: Row, now: datetime) -> UpdateOne:
    begins, ends = row["visible_from"], row["visible_to"]
    change: dict[str, Any] = {"$set": {"public.ending": _ending(row)}}
    if begins < ends:
        change["$set"] |= {"public.begins_at": begins, "public.ends_at": ends}
    else:
        change["$min"] = {"public.ends_at": now}
    return UpdateOne({"public.text_id": row["_id"]}, change)


def _ending(row: Row) -> State:
    if row.get("withdrawn"):
        return State.WITHDRAWN
    told = row["valid_to"]
    last_day = None if told is None else date.fromisoformat(told)
    is_early = row["visible_to"] < shown_until(last_day)
    return State.SUPERSEDED if is_early else State.EXPIRED

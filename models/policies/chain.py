"""The chain (版本链): a subject's texts one after the other, one public at any instant.

::

    ── text 1 ──┤── text 2 ──┤── text 3 ── visible_to
                └ ends where the next begins

A text joins at its end, also in the future. What has not begun may be taken back;
the one before it then goes on as long as it would have.
Source: rules §1.1, §1.4; features S1-08.
"""

from datetime import datetime
from typing import Any

from models.base.context import Context
from models.base.documents import Row
from models.base.errors import Conflict
from models.base.store import atomic
from models.policies.texts import WAS_TO_BE, Subject, Text, shown_until


class OutOfOrder(Conflict):
    """Another text is to begin then or later; ``details.begins_at`` say when."""

    code = "edition_out_of_order"
    message = "已有一版将在此之后公开，请把发布时间排在其后，或先取消那一版的排期。"


class AlreadyBegun(Conflict):
    """The text is public, or was; only what has not begun can be taken back."""

    code = "already_public"
    message = "该版本已公开或已结束，不能改期，可撤回或发布新版本。"


@atomic()
async def make_room(
    ctx: Context, kind: type[Text], id_: str, *, title: str, at: datetime, org_path: str
) -> Subject:
    """Take a subject's next number and end its last text at a moment.

    Refuses: OutOfOrder.
    """
    subject = await kind.ABOUT.change_or_make(
        ctx,
        id_,
        {
            "$set": {"title": title},
            "$inc": {"editions": 1},
            "$setOnInsert": {"org_path": org_path},
        },
    )
    last = await _neighbour(ctx, kind, id_, {}, -1)
    if last is not None and last["visible_from"] >= at:
        raise OutOfOrder({"begins_at": last["visible_from"].isoformat()})
    if last is not None and last["visible_to"] > at:
        await _show_until(ctx, kind, last["_id"], at)
    return subject


@atomic()
async def take_back(ctx: Context, kind: type[Text], id_: str, *, text_id: str) -> None:
    """Let a text that has not begun never begin (取消发布).

    Refuses: AlreadyBegun.
    """
    await kind.ABOUT.change(ctx, {"_id": id_}, {"$inc": {"endings": 1}})
    gone = await kind.change(
        ctx,
        {"_id": text_id, "visible_from": {"$gt": ctx.clock.now()}, **WAS_TO_BE},
        [{"$set": {"visible_to": "$visible_from"}}],
    )
    if gone is None:
        raise AlreadyBegun
    edge = gone.visible_from
    before = await _neighbour(ctx, kind, id_, {"visible_from": {"$lt": edge}}, -1)
    if before is None or before["visible_to"] != edge or before["withdrawn"]:
        return
    after = await _neighbour(ctx, kind, id_, {"visible_from": {"$gt": edge}}, 1)
    own = shown_until(kind.of(before).valid_to)
    until = own if after is None else min(own, after["visible_from"])
    await _show_until(ctx, kind, before["_id"], until)
    if gone.replaced_at is not None and gone.replaced_by is not None:
        await replace(ctx, kind, id_, gone.replaced_by, gone.replaced_at)


async def end(
    ctx: Context, kind: type[Text], id_: str, at: datetime, also: dict[str, Any]
) -> None:
    """End what is or will be public at a moment; what has ended stays as it is."""
    ends = {"$max": [at, "$visible_from"]}
    literally = {name: {"$literal": value} for name, value in also.items()}
    await kind.shelf(ctx).update_many(
        {"$and": [kind.about(id_), {"visible_to": {"$gt": at}}]},
        [{"$set": {**literally, "visible_to": ends}}],
    )


async def replace(
    ctx: Context, kind: type[Text], id_: str, successor: str, at: datetime
) -> None:
    """End what is or will be public at a moment, and name what comes instead."""
    await end(ctx, kind, id_, at, {"replaced_at": at})
    await kind.shelf(ctx).update_many(
        {"$and": [kind.about(id_), {"replaced_by": {"$ne": successor}}]},
        {"$set": {"replaced_by": successor}},
    )


async def keep_replaced(
    ctx: Context, kind: type[Text], id_: str, *, after: datetime
) -> None:
    """End a text that just joined when another subject is to take the place."""
    row = await kind.shelf(ctx).find_one(
        {
            "$and": [
                kind.about(id_),
                {"replaced_at": {"$gt": after}, "withdrawn": None},
            ]
        },
        sort=[("visible_from", -1)],
    )
    if row is not None:
        await replace(ctx, kind, id_, row["replaced_by"], row["replaced_at"])


async def _neighbour(
    ctx: Context, kind: type[Text], id_: str, where: dict[str, Any], way: int
) -> Row | None:
    """Return the nearest text that was, is or will be public."""
    return await kind.shelf(ctx).find_one(
        {"$and": [kind.about(id_), where, WAS_TO_BE]}, sort=[("visible_from", way)]
    )


async def _show_until(
    ctx: Context, kind: type[Text], text_id: str, until: datetime
) -> None:
    await kind.shelf(ctx).update_one({"_id": text_id}, {"$set": {"visible_to": until}})

"""Who has left (注销名册), kept apart: so that a restored backup lets them go again.

A backup still knows everybody who left after it was taken. So an erasure leaves a mark
in a database of its own, in the same transaction that closes the account, and the
marks are copied out beside the backups (`scripts.backups.erased`). A mark is a blind
index of the worker's id: whoever has the list learns nobody's name, and only a
database that still holds the person tells who it was.

Source: PIPL (个人信息保护法) art. 47; docs/operations.md#erasures.
"""

from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from typing import Any

import msgspec
from pymongo import WriteConcern
from pymongo.asynchronous.collection import AsyncCollection

from models.base.context import Context
from models.base.units import Instant
from models.privacy.erasures import Cause

KEPT = timedelta(days=180)
"""No backup may be kept as long; after this a mark serves nobody."""

APART = "_erased"
"""What the database is called, behind the name of the inn's own."""


class Mark(msgspec.Struct, kw_only=True, frozen=True):
    """Somebody has left."""

    id: str = msgspec.field(name="_id")
    """Blind index of their id."""
    cause: Cause
    at: Instant


def mark_of(ctx: Context, worker_id: str) -> str:
    """Return the mark that somebody leaves."""
    return ctx.secrets.blind("erased", worker_id)


async def note(ctx: Context, worker_id: str, cause: Cause) -> None:
    """Keep that somebody has left; joins the transaction that closes the account."""
    await _keep(ctx, Mark(id=mark_of(ctx, worker_id), cause=cause, at=ctx.clock.now()))


async def take_over(ctx: Context, marks: Iterable[Mark]) -> None:
    """Keep the marks of the inn before: older backups still know whose they are."""
    for mark in marks:
        await _keep(ctx, mark)


async def all_marks(ctx: Context) -> AsyncIterator[Mark]:
    """Read every mark there is."""
    async for row in _marks(ctx).find({}, sort=[("_id", 1)]):
        yield msgspec.convert(row, Mark)


async def forget_old(ctx: Context) -> int:
    """Forget the marks that no backup needs any more."""
    old = {"at": {"$lt": ctx.clock.now() - KEPT}}
    return (await _marks(ctx).delete_many(old)).deleted_count


async def _keep(ctx: Context, mark: Mark) -> None:
    """Keep a mark; one that is there already stays as it is."""
    left = {"cause": mark.cause.value, "at": mark.at}
    await _marks(ctx).update_one({"_id": mark.id}, {"$setOnInsert": left}, upsert=True)


def _marks(ctx: Context) -> AsyncCollection[dict[str, Any]]:
    apart = ctx.db.client.get_database(
        ctx.db.name + APART,
        write_concern=WriteConcern(),
        codec_options=ctx.db.codec_options,
    )
    return apart["marks"]

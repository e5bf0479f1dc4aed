"""Rekeying (换密钥): everything sealed comes under the newest keys, beside the service.

::

    old,new everywhere ──▶ new,old everywhere ──▶ rekey ──▶ new alone ──▶ rekey

In the first step all processes learn to read the new keys, in the second they write
with them; then this walk leaves the old ones behind. It asks no list of sealed fields:
whatever in a row is a seal of ours is sealed anew, so nothing can be forgotten. A row
that somebody changes meanwhile is taken again as it is then. Cut off, the walk goes on
where it was; and what it says at the end is what a second walk, writing nothing, saw.

Blind marks are made again from what is sealed beside them (``MARKED``). Marks of what
nobody kept (a stranger's number, who reported a text) stay as they are; under the new
key the same stranger counts as another person.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
from pymongo.errors import DuplicateKeyError

from models.base import audit, documents, file_seals, files, personal
from models.base.context import Context
from models.base.documents import Document, Row
from models.base.files import KeptFile
from models.base.secrets import SEAL_BEGINS, Mark, Unreadable
from models.base.units import Instant

ROWS_AT_ONCE = 200
"""A tenth of a second of work; the service's own requests go between."""

MOST_TRIES = 5
"""Times a row may be changed under our hands before it is left to the next walk."""

NOT_WALKED = {audit.Entry.SHELF, f"{files.BUCKET}.chunks", f"{files.BUCKET}.files"}
"""Chained by hash and never sealed; and bytes, which `file_seals` looks at."""


class Rekeying(Document, kw_only=True, frozen=True):
    """How far a walk has come; its id names the keys it walks towards."""

    SHELF = "rekeyings"
    PERSONAL = personal.nobody()

    done: frozenset[str] = frozenset()
    """Shelves that were walked to their end."""
    within: str | None = None
    after: str | None = None
    """The shelf that is being walked, and the last row of it that was done."""
    began_at: Instant
    ended_at: Instant | None = None


class Left(msgspec.Struct, kw_only=True, frozen=True):
    """What is not under the newest keys alone."""

    seals: int = 0
    marks: int = 0
    files: int = 0
    unreadable: int = 0
    """What looks like a seal and opens with no key we have."""

    @property
    def is_nothing(self) -> bool:
        """Say whether the older keys are needed no more."""
        return self == Left()


Told = Callable[[str, int], None]


async def rekey(ctx: Context, told: Told) -> Left:
    """Bring everything under the newest keys (换密钥); returns what is left.

    told: hears the shelf, and how many of its rows are done.
    """
    begun = await _begin(ctx)
    for shelf in await _shelves(ctx):
        if shelf not in begun.done:
            await _walk(ctx, begun, shelf, told)
    async for file in _sealed_files(ctx):
        await file_seals.reseal(ctx, file)
    await Rekeying.change(
        ctx, {"_id": begun.id}, {"$set": {"ended_at": ctx.clock.now()}}
    )
    return await left(ctx)


async def left(ctx: Context) -> Left:
    """Count what the newest keys alone do not open or find; writes nothing."""
    seals = marks = unreadable = 0
    for shelf in await _shelves(ctx):
        async for row in _rows(ctx, shelf, None):
            for seal in _seals(row):
                is_known = _opens(ctx, seal)
                unreadable += not is_known
                seals += is_known and not ctx.secrets.is_newest(seal.encode())
            marks += len(new_marks(ctx, shelf, row))
    old = [
        file async for file in _sealed_files(ctx) if await file_seals.is_old(ctx, file)
    ]
    return Left(seals=seals, marks=marks, files=len(old), unreadable=unreadable)


async def _begin(ctx: Context) -> Rekeying:
    """Begin, or go on where a walk towards the same keys was cut off."""
    id_ = f"rekeying_{ctx.secrets.fingerprint()}"
    begun = await Rekeying.find(ctx, _id=id_)
    if begun is not None and begun.ended_at is None:
        return begun
    await Rekeying.erase(ctx, {"_id": id_})
    return await Rekeying(id=id_, began_at=ctx.clock.now()).insert(ctx)


async def _walk(ctx: Context, begun: Rekeying, shelf: str, told: Told) -> None:
    after = begun.after if begun.within == shelf else None
    done, where = 0, {"_id": begun.id}
    async for row in _rows(ctx, shelf, after):
        await _renew(ctx, shelf, row)
        done += 1
        if done % ROWS_AT_ONCE == 0:
            so_far = {"within": shelf, "after": row["_id"]}
            await Rekeying.change(ctx, where, {"$set": so_far})
            told(shelf, done)
            await asyncio.sleep(0)
    await Rekeying.change(ctx, where, {"$addToSet": {"done": shelf}})
    told(shelf, done)


async def _renew(ctx: Context, shelf: str, row: Row) -> None:
    """Renew a row as it stands; who changes it meanwhile goes first."""
    for _ in range(MOST_TRIES):
        new = _renewed(ctx, shelf, row)
        if not new:
            return
        seen = {"_id": row["_id"], **{name: row.get(name) for name in new}}
        try:
            done = await ctx.db[shelf].update_one(seen, {"$set": new})
        except DuplicateKeyError:
            return
        if done.matched_count:
            return
        again = await ctx.db[shelf].find_one({"_id": row["_id"]})
        if again is None:
            return
        row = again


def _renewed(ctx: Context, shelf: str, row: Row) -> Row:
    """Return the fields of a row that are not as the newest keys would have them."""
    new = {}
    for name, value in row.items():
        resealed = _resealed(ctx, value)
        if resealed != value:
            new[name] = resealed
    return new | new_marks(ctx, shelf, row)


def _resealed(ctx: Context, value: Any) -> Any:
    match value:
        case str() if value.startswith(SEAL_BEGINS):
            is_old = _opens(ctx, value) and not ctx.secrets.is_newest(value.encode())
            return ctx.secrets.reseal(value) if is_old else value
        case list():
            return [_resealed(ctx, each) for each in value]
        case dict():
            return {name: _resealed(ctx, each) for name, each in value.items()}
    return value


def new_marks(ctx: Context, shelf: str, row: Row) -> Row:
    """Return the blind marks that a row should have and has not."""
    new: Row = {}
    for name, (kind, sealed) in _marked().get(shelf, {}).items():
        if isinstance(row.get(sealed), str) and _opens(ctx, row[sealed]):
            mark = _kept(ctx.secrets.mark(kind, ctx.secrets.open(row[sealed])))
            if row.get(name) != mark:
                new[name] = mark
    return new


def _kept(mark: Mark) -> str | list[str]:
    return mark if isinstance(mark, str) else list(mark)


def _marked() -> dict[str, dict[str, tuple[str, str]]]:
    kinds = documents.all_documents()
    return {kind.SHELF: dict(kind.MARKED) for kind in kinds if kind.MARKED}


def _seals(value: Any) -> list[str]:
    match value:
        case str():
            return [value] if value.startswith(SEAL_BEGINS) else []
        case list():
            return [seal for each in value for seal in _seals(each)]
        case dict():
            return [seal for each in value.values() for seal in _seals(each)]
    return []


def _opens(ctx: Context, sealed: str) -> bool:
    try:
        ctx.secrets.open(sealed)
    except Unreadable:
        return False
    return True


async def _shelves(ctx: Context) -> list[str]:
    """Name every shelf there is, whether or not a document class knows it."""
    names = await ctx.db.list_collection_names(filter={"type": "collection"})
    return sorted(name for name in names if _is_walked(name))


def _is_walked(name: str) -> bool:
    return not (name.startswith("system.") or name in NOT_WALKED)


async def _rows(ctx: Context, shelf: str, after: str | None) -> AsyncIterator[Row]:
    """Go through a shelf by id, a handful at a time, so that no cursor grows old."""
    while True:
        where = {} if after is None else {"_id": {"$gt": after}}
        some = ctx.db[shelf].find(where, sort=[("_id", 1)], limit=ROWS_AT_ONCE)
        rows = await some.to_list()
        for row in rows:
            yield row
        if len(rows) < ROWS_AT_ONCE:
            return
        after = rows[-1]["_id"]


async def _sealed_files(ctx: Context) -> AsyncIterator[KeptFile]:
    async for row in _rows(ctx, KeptFile.SHELF, None):
        if row.get("sealed"):
            yield KeptFile.of(row)

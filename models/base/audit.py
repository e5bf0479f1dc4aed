"""Who did what to whom, kept for good: append-only and chained by hash.

An entry is inserted plainly, so no document is hot; one writer chains what was
inserted since. Every link's hash covers the link before, so a changed, removed
or slipped-in entry breaks the chain at a place that ``first_broken`` names.
"""

import hashlib
from datetime import timedelta
from typing import Any

import msgspec
from msgspec import structs
from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from models.base import aliases, personal
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.units import Instant

NOUN = "audit"
"""How the ids of entries begin; what follows grows with time."""

SETTLE = timedelta(seconds=2)
"""Younger entries wait for the next round."""

LINKS_A_ROUND = 1_000

FIRST_HASH = "0" * 64

SAID_LATER = ("acting_for", "subject", "org_path")
"""Fields that the first entries did not have; their hashes still hold."""


class Entry(Document, kw_only=True, frozen=True):
    """One thing somebody did or read."""

    SHELF = "audit"
    PERSONAL = personal.aliased(
        "谁看过、动过我的资料",
        "subject",
        "about",
        hidden=("trace", "loose", "seq", "previous", "hash"),
    )
    INDEXES = (
        IndexModel(
            ["seq"], unique=True, partialFilterExpression={"seq": {"$type": "number"}}
        ),
        IndexModel(["about", "_id"]),
        IndexModel(["who", "_id"]),
        IndexModel([("what", 1), ("_id", -1)]),
        IndexModel(
            ["subject", ("_id", -1)], partialFilterExpression={"subject": {"$gt": ""}}
        ),
        IndexModel([("org_path", 1), ("_id", -1)]),
        IndexModel(["at", "_id"], partialFilterExpression={"loose": True}),
    )

    who: str
    """A staff member's id, a worker's alias; ``clockwork`` when nobody did it."""
    what: str
    """The verb, such as ``staff.read_worker``."""
    about: str
    """The id of the thing, its noun first; a worker's alias."""
    reason: str = ""
    acting_for: str | None = None
    """Whose power the actor used, if it was lent (代理)."""
    subject: str | None = None
    """Alias of the worker whose record was read or changed; they see who looked."""
    org_path: str = ""
    """Where in the union's tree it happened; nowhere for what has no unit."""
    at: Instant
    trace: str
    loose: bool = True
    """Not chained yet; what the writer looks for."""
    seq: int | None = None
    """Its place in the chain; given by the writer."""
    previous: str | None = None
    hash: str | None = None


async def note(
    ctx: Context,
    *,
    who: str,
    what: str,
    about: str,
    reason: str = "",
    acting_for: str | None = None,
    subject: str | None = None,
    org_path: str = "",
) -> Entry:
    """Keep that somebody did something; in the transaction, if there is one.

    Rules: a worker is named by their alias, so that nothing here needs to change
    when they leave.
    """
    entry = Entry(
        id=ctx.new_id(NOUN),
        who=await aliases.of(ctx, who),
        what=what,
        about=await aliases.of(ctx, about),
        reason=reason,
        acting_for=acting_for,
        subject=None if subject is None else await aliases.of(ctx, subject),
        org_path=org_path,
        at=ctx.clock.now(),
        trace=ctx.trace,
    )
    return await entry.insert(ctx)


async def chain_up(ctx: Context) -> int:
    """Chain the entries inserted since; returns how many. One writer at a time.

    Rules: a second writer breaks the unique ``seq`` and gives way.
    """
    last = await _last_link(ctx)
    seq, previous = (0, FIRST_HASH) if last is None else (last.seq or 0, last.hash)
    loose = await Entry.many(
        ctx,
        {"loose": True, "at": {"$lte": ctx.clock.now() - SETTLE}},
        sort=[("at", 1), ("_id", 1)],
        limit=LINKS_A_ROUND,
    )
    chained = 0
    for entry in loose:
        seq += 1
        link = structs.replace(entry, loose=False, seq=seq, previous=previous)
        previous = _hash(link)
        if not await _fasten(ctx, link, previous):
            break
        chained += 1
    return chained


async def first_broken(ctx: Context) -> int | None:
    """Walk the chain; return the seq of the first broken link, or None."""
    expected, previous = 1, FIRST_HASH
    cursor = Entry.shelf(ctx).find({"seq": {"$type": "number"}}, sort=[("seq", 1)])
    async for row in cursor:
        entry = Entry.of(row)
        if (
            entry.seq != expected
            or entry.previous != previous
            or entry.hash != _hash(entry)
        ):
            return expected
        expected, previous = expected + 1, entry.hash
    return None


async def head(ctx: Context) -> tuple[int, str]:
    """Return how long the chain is, and the hash of its last link."""
    last = await _last_link(ctx)
    return (0, FIRST_HASH) if last is None else (last.seq or 0, last.hash or "")


async def has(ctx: Context, seq: int, own_hash: str) -> bool:
    """Say whether the link at a place still has the hash that was noted down."""
    return (
        await Entry.find(ctx, seq={"$eq": seq, "$type": "number"}, hash=own_hash)
        is not None
    )


async def _last_link(ctx: Context) -> Entry | None:
    links = await Entry.many(
        ctx, {"seq": {"$type": "number"}}, sort=[("seq", -1)], limit=1
    )
    return links[0] if links else None


async def _fasten(ctx: Context, link: Entry, own_hash: str) -> bool:
    try:
        done = await Entry.shelf(ctx).update_one(
            {"_id": link.id, "loose": True},
            {
                "$set": {
                    "loose": False,
                    "seq": link.seq,
                    "previous": link.previous,
                    "hash": own_hash,
                }
            },
        )
    except DuplicateKeyError:
        return False
    return done.modified_count == 1


def _hash(entry: Entry) -> str:
    told: dict[str, Any] = plain(entry) | {"at": entry.at.isoformat(), "hash": None}
    for name in SAID_LATER:
        if not told[name]:
            del told[name]
    return hashlib.sha256(msgspec.json.encode(told, order="sorted")).hexdigest()

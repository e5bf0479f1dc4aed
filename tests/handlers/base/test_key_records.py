"""Records of keys: written together, and each still its own."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from handlers.base.key_records import NOTHING, KeyRecords, Outcome, Record
from models.base.changes import Follower
from models.base.store import ids_taken

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def record(name, trace="here"):
    return Record(
        id=f"nobody:{name}",
        body_hash="same",
        at=NOW,
        leased_until=NOW + timedelta(seconds=30),
        trace=trace,
    )


def came(name, trace="here", change=None):
    told = {"$set": {"status": 201, "answer": ""}} if change is None else change
    return Outcome(record(name).id, trace, told)


async def statuses(ctx):
    rows = Record.shelf(ctx).find(sort=[("_id", 1)])
    return {row["_id"].partition(":")[2]: row["status"] async for row in rows}


async def test_a_key_that_is_there_keeps_no_other_from_being_taken(ctx):
    keys = ctx.the(KeyRecords)
    await record("b").insert(ctx)
    taken = await asyncio.gather(*(keys.take(record(name)) for name in "abcd"))
    assert taken == [True, False, True, True]
    assert await statuses(ctx) == dict.fromkeys("abcd")


async def test_a_key_that_many_want_at_once_is_taken_by_one(ctx):
    other = KeyRecords()
    house = structs.replace(ctx, live={**ctx.live, KeyRecords: other})
    other.listen(Follower(ctx.db, ctx.clock), house)
    wanted = [
        (keys, name) for name in "abcdef" for keys in (ctx.the(KeyRecords), other)
    ]
    tries = [keys.take(record(name)) for keys, name in wanted * 3]
    taken = await asyncio.gather(*tries)
    assert sorted(
        name for (_, name), is_new in zip(wanted * 3, taken, strict=True) if is_new
    ) == list("abcdef")


async def test_only_the_call_that_runs_under_a_key_says_what_came_of_it(ctx):
    keys = ctx.the(KeyRecords)
    await asyncio.gather(*(keys.take(record(name)) for name in "abcd"))
    await asyncio.gather(
        keys.tell(came("a")),
        keys.tell(came("b", change=NOTHING)),
        keys.tell(came("c", trace="elsewhere")),
        keys.tell(came("d", trace="elsewhere", change=NOTHING)),
    )
    assert await statuses(ctx) == {"a": 201, "c": None, "d": None}
    await keys.tell(came("a", change=NOTHING))
    assert (await statuses(ctx))["a"] == 201


async def test_what_went_wrong_otherwise_is_not_taken_for_a_key_that_is_there(ctx):
    await record("a").insert(ctx)
    breaks = [{"$set": {"status": {"$divide": [1, 0]}}}]
    with pytest.raises(BulkWriteError) as fault:
        await Record.shelf(ctx).bulk_write([UpdateOne({"status": None}, breaks)])
    with pytest.raises(BulkWriteError):
        ids_taken(fault.value)

"""The audit chain holds what was noted and shows where somebody touched it."""

import asyncio
from datetime import timedelta

import pytest

from models.base import audit
from models.base.audit import Entry


async def note_some(ctx, clock, count=5):
    for number in range(count):
        await audit.note(
            ctx, who="staff_1", what="staff.read_worker", about=f"worker_{number}"
        )
    clock.forward(timedelta(seconds=10))


async def test_an_untouched_chain_is_whole(ctx, clock):
    await note_some(ctx, clock)
    assert await audit.chain_up(ctx) == 5
    assert await audit.first_broken(ctx) is None


async def test_chaining_goes_on_where_it_stopped(ctx, clock):
    await note_some(ctx, clock, 3)
    await audit.chain_up(ctx)
    await note_some(ctx, clock, 2)
    assert await audit.chain_up(ctx) == 2
    assert [entry.seq for entry in await Entry.many(ctx, {}, sort=[("seq", 1)])] == [
        1,
        2,
        3,
        4,
        5,
    ]
    assert await audit.first_broken(ctx) is None


@pytest.mark.parametrize(
    "tamper",
    [
        lambda shelf: shelf.update_one({"seq": 3}, {"$set": {"who": "nobody"}}),
        lambda shelf: shelf.delete_one({"seq": 3}),
        lambda shelf: shelf.update_one({"seq": 3}, {"$set": {"previous": "0" * 64}}),
    ],
)
async def test_a_touched_link_is_named(ctx, clock, tamper):
    await note_some(ctx, clock)
    await audit.chain_up(ctx)
    await tamper(Entry.shelf(ctx))
    assert await audit.first_broken(ctx) == 3


async def test_two_writers_make_one_chain(ctx, clock):
    await note_some(ctx, clock, 40)
    await asyncio.gather(audit.chain_up(ctx), audit.chain_up(ctx))
    await audit.chain_up(ctx)
    assert await Entry.shelf(ctx).count_documents({"seq": None}) == 0
    assert await audit.first_broken(ctx) is None

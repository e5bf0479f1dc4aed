"""One runner at a time, in order, from where the last one stopped, while we serve."""

import asyncio
import re
from pathlib import Path

import pytest

from app.migrations import plan, running
from app.migrations.plan import Batch, Migration, all_migrations
from app.migrations.running import LEASE, MigrationNeeded, State, TurnLost
from models.base import personal
from models.base.documents import Document

ROWS, A_BATCH = 25, 10


class Box(Document, kw_only=True, frozen=True):
    SHELF = "test_boxes"
    PERSONAL = personal.nobody()

    size: int = 0


class Killed(Exception):
    pass


async def grow(ctx, after):
    """Give the next boxes a size, as a migration would."""
    rows = await (
        Box.shelf(ctx)
        .find({"_id": {"$gt": after or ""}}, sort=[("_id", 1)], limit=A_BATCH)
        .to_list()
    )
    ids = [row["_id"] for row in rows]
    done = await Box.shelf(ctx).update_many(
        {"_id": {"$in": ids}, "size": {"$exists": False}}, {"$set": {"size": 1}}
    )
    return Batch(done.modified_count, ids[-1] if len(ids) == A_BATCH else None)


def migration(name="m0001_grow", batch=grow, **other):
    return Migration(name=name, why="boxes have a size", batch=batch, **other)


async def fill(ctx):
    await Box.shelf(ctx).insert_many([{"_id": f"box_{n:03}"} for n in range(ROWS)])


async def test_it_is_carried_out_once_and_tells_of_every_batch(ctx):
    await fill(ctx)
    told = []
    assert await running.carry_out(ctx, [migration()], told=told.append) == ROWS
    assert [(one.state, one.changed) for one in told] == [
        (State.UNDER_WAY, 10),
        (State.UNDER_WAY, 20),
        (State.DONE, 25),
    ]
    assert await Box.shelf(ctx).count_documents({"size": 1}) == ROWS
    assert await running.carry_out(ctx, [migration()], told=told.append) == 0
    assert len(told) == 3


async def test_the_next_runner_goes_on_where_one_died(ctx, clock):
    await fill(ctx)
    places = []

    async def dies_in_the_second(ctx, after):
        places.append(after)
        batch = await grow(ctx, after)
        if len(places) == 2:
            raise Killed  # after the write, before the note
        return batch

    dying = [migration(batch=dies_in_the_second)]
    with pytest.raises(Killed):
        await running.carry_out(ctx, dying)
    assert await running.carry_out(ctx, dying) == ROWS - 2 * A_BATCH
    assert places == [None, "box_009", "box_009", "box_019"]
    assert await Box.shelf(ctx).count_documents({"size": 1}) == ROWS


async def test_a_second_runner_waits_and_finds_nothing_left(ctx):
    await fill(ctx)
    begun, go_on = asyncio.Event(), asyncio.Event()
    running_now = []

    async def slow(ctx, after):
        running_now.append(1)
        begun.set()
        await go_on.wait()
        batch = await grow(ctx, after)
        assert running_now == [1]
        running_now.pop()
        return batch

    one = asyncio.create_task(running.carry_out(ctx, [migration(batch=slow)]))
    await begun.wait()
    assert not await running.take_turn(ctx, "another")
    two = asyncio.create_task(running.carry_out(ctx, [migration(batch=slow)]))
    go_on.set()
    assert await asyncio.gather(one, two) == [ROWS, 0]


async def test_who_slept_through_the_lease_notes_nothing_any_more(ctx, clock):
    await fill(ctx)

    async def sleeps(ctx, after):
        batch = await grow(ctx, after)
        clock.put(clock.now() + LEASE)
        assert await running.take_turn(ctx, "another")
        return batch

    with pytest.raises(TurnLost, match="m0001_grow"):
        await running.carry_out(ctx, [migration(batch=sleeps)])
    far = await running.progress(ctx, [migration()])
    assert [(one.state, one.changed) for one in far] == [(State.WAITING, 0)]
    assert not await running.take_turn(ctx, "a third")


async def test_they_are_carried_out_in_order(ctx):
    order = []

    def noting(name):
        async def batch(ctx, after):
            order.append(name)
            return Batch(0, None)

        return migration(name, batch)

    plan_ = [noting("m0001_a"), noting("m0002_b"), noting("m0003_c")]
    await running.carry_out(ctx, plan_[:1])
    await running.carry_out(ctx, plan_)
    assert order == ["m0001_a", "m0002_b", "m0003_c"]


async def test_a_release_that_needs_one_does_not_start_before_it_is_over(ctx):
    needed, other = migration(needed=True), migration("m0002_other")
    with pytest.raises(MigrationNeeded, match=r"m0001_grow.*python -m app migrate"):
        await running.check(ctx, [needed, other])
    await running.carry_out(ctx, [needed])
    await running.check(ctx, [needed, other])


def test_the_files_are_numbered_without_a_gap_and_called_as_their_migrations():
    files = sorted(path.stem for path in Path(plan.__file__).parent.glob("m*.py"))
    names = [each.name for each in all_migrations()]
    assert names == files
    numbers = [int(re.fullmatch(r"m(\d{4})_[a-z_]+", name)[1]) for name in names]
    assert numbers == list(range(1, len(names) + 1))

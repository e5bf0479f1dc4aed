"""The worker: quiet without work, wide with much of it, held up by none of it."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from msgspec import structs
from pymongo import AsyncMongoClient

from app import worker
from app.schedule import LINES, Line, claim
from app.worker import LANES, Bell, Worker
from models.base import events
from tests.miniprogram_api.waiting import until
from tests.models.base.test_events import ThingMade, make

OFTEN = timedelta(0)

STOP_SECONDS = 30
"""What ends a test whose worker holds something for ever."""


@asynccontextmanager
async def working(ctx, bell=None):
    """Let a worker run; when the block is over, it has stopped or is let go."""
    one = Worker(ctx, bell or Bell())
    running = asyncio.create_task(one.run())
    try:
        yield one
    finally:
        one.stop()
        stopped, _ = await asyncio.wait({running}, timeout=STOP_SECONDS)
        running.cancel()
    assert stopped, "it does not stop"
    await running


@pytest.fixture
def patient(monkeypatch):
    """Nothing is found by looking again, only by being told."""
    monkeypatch.setattr(worker, "LOOK_EVERY_SECONDS", 3600.0)


async def test_without_work_it_asks_twice_a_look(ctx, ear, patient):
    await asyncio.gather(*(claim(ctx, line) for line in LINES))
    ear.commands = 0
    async with working(ctx):
        await until(lambda: ear.commands == 2)
        for _ in range(5):
            await ctx.db.command("ping")  # long enough for who would ask again
    assert ear.commands == 2
    assert {each.shelf for each in ear.asked} >= {"events", "clockwork"}


async def test_what_waits_is_delivered_side_by_side(ctx, patient, monkeypatch):
    """A backlog that no bell told of; each holds its lane till all lanes are open."""
    all_open = asyncio.Barrier(LANES)
    done = []

    async def hold(ctx, event):
        await all_open.wait()
        done.append(event.id)

    monkeypatch.setattr(worker, "REACTIONS", {ThingMade: [hold]})
    monkeypatch.setattr(worker, "LINES", ())
    await make(ctx, 2 * LANES)
    async with working(ctx):
        await until(lambda: len(done) == 2 * LANES)
    assert len(set(done)) == 2 * LANES
    assert await events.count_waiting(ctx) == 0


async def test_what_rings_while_every_lane_asks_in_vain_is_asked_for(
    ctx, patient, monkeypatch
):
    bell, answer, asked = Bell(), asyncio.Event(), []

    async def in_vain(*_, claimed):
        asked.append(claimed)
        await answer.wait()
        return False

    monkeypatch.setattr(worker.events, "deliver_one", in_vain)
    monkeypatch.setattr(worker, "LINES", ())
    async with working(ctx, bell):
        await until(lambda: bell.rung.set() or len(asked) == LANES)
        bell.rung.set()
        answer.set()
        await until(lambda: len(asked) > LANES)


async def test_a_line_that_takes_long_keeps_no_other_waiting(ctx, monkeypatch):
    may_end, ran = asyncio.Event(), []

    async def slow(ctx):
        ran.append("slow")
        await may_end.wait()
        return 1

    async def quick(ctx):
        ran.append("quick")
        return 1

    lines = (Line("test.slow", OFTEN, slow), Line("test.quick", OFTEN, quick))
    monkeypatch.setattr(worker, "LINES", lines)
    monkeypatch.setattr(worker, "LOOK_EVERY_SECONDS", 0.01)
    async with working(ctx):
        await until(lambda: ran.count("quick") >= 3)
        assert ran.count("slow") == 1
        may_end.set()
        await until(lambda: ran.count("slow") >= 2)


async def test_who_stops_finishes_what_it_holds(ctx, patient, monkeypatch):
    may_end, ran = asyncio.Event(), []

    async def slow(ctx):
        ran.append("begun")
        await may_end.wait()
        ran.append("ended")
        return 1

    monkeypatch.setattr(worker, "LINES", (Line("test.slow", OFTEN, slow),))
    async with working(ctx) as one:
        await until(lambda: ran)
        one.stop()
        may_end.set()
    assert ran == ["begun", "ended"]


async def test_who_stops_begins_nothing_that_it_hears_of_then(
    ctx, patient, monkeypatch
):
    asked, answer, ran = asyncio.Event(), asyncio.Event(), []

    async def run(ctx):
        ran.append("begun")
        return 1

    async def late(ctx, lines):
        asked.set()
        await answer.wait()
        return list(lines)

    monkeypatch.setattr(worker, "LINES", (Line("test.late", OFTEN, run),))
    monkeypatch.setattr(worker, "due", late)
    async with working(ctx) as one:
        await asked.wait()
        one.stop()
        answer.set()
    assert ran == []


async def test_where_mongodb_is_away_each_line_fails_under_its_name(ctx, patient):
    client = AsyncMongoClient()
    await client.close()  # so that whatever is asked of it fails at once
    once_more = {name: count + 1 for name, count in failures().items()}
    async with working(structs.replace(ctx, db=client["inn"])):
        await until(lambda: failures() == once_more)


def failures():
    """Count them by that one counter alone: all figures of a house take long."""
    names = {worker.RELAY, *(line.name for line in LINES)}
    (counted,) = worker.failed.collect()
    return {
        each.labels["task"]: each.value
        for each in counted.samples
        if each.name.endswith("_total") and each.labels["task"] in names
    }

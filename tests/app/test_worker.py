"""The worker: quiet without work, wide with much of it, held up by none of it."""

import asyncio
from datetime import timedelta

from msgspec import structs
from prometheus_client import REGISTRY
from pymongo import AsyncMongoClient

from app import worker
from app.schedule import LINES, Line, claim
from app.worker import LANES, Bell, Worker
from models.base import events
from tests.models.base.test_events import ThingMade, make

OFTEN = timedelta(0)


async def until(happened):
    """Let the loop turn till something is so; the test's own time ends it if never."""
    while not happened():  # noqa: ASYNC110 - a loop's turn is not a wait
        await asyncio.sleep(0)


async def stop(working, running):
    working.stop()
    await running


async def test_without_work_it_asks_twice_a_look(ctx, ear, monkeypatch):
    monkeypatch.setattr(worker, "LOOK_EVERY_SECONDS", 60.0)
    await asyncio.gather(*(claim(ctx, line) for line in LINES))
    ear.commands = 0
    working = Worker(ctx, Bell())
    running = asyncio.create_task(working.run())
    await until(lambda: ear.commands == 2)
    await stop(working, running)
    assert ear.commands == 2
    assert {each.shelf for each in ear.asked} >= {"events", "clockwork"}


async def test_what_waits_is_delivered_side_by_side(ctx, monkeypatch):
    """A backlog that no bell told of; each holds its lane till all lanes are open."""
    all_open = asyncio.Barrier(LANES)
    done = []

    async def hold(ctx, event):
        await all_open.wait()
        done.append(event.id)

    monkeypatch.setattr(worker, "REACTIONS", {ThingMade: [hold]})
    monkeypatch.setattr(worker, "LINES", ())
    monkeypatch.setattr(worker, "LOOK_EVERY_SECONDS", 60.0)
    await make(ctx, 2 * LANES)
    working = Worker(ctx, Bell())
    running = asyncio.create_task(working.run())
    await until(lambda: len(done) == 2 * LANES)
    await stop(working, running)
    assert len(set(done)) == 2 * LANES
    assert await events.count_waiting(ctx) == 0


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
    working = Worker(ctx, Bell())
    running = asyncio.create_task(working.run())
    await until(lambda: ran.count("quick") >= 3)
    assert ran.count("slow") == 1
    may_end.set()
    await until(lambda: ran.count("slow") >= 2)
    await stop(working, running)


async def test_who_stops_finishes_what_it_holds(ctx, monkeypatch):
    may_end, ran = asyncio.Event(), []

    async def slow(ctx):
        ran.append("begun")
        await may_end.wait()
        ran.append("ended")
        return 1

    monkeypatch.setattr(worker, "LINES", (Line("test.slow", OFTEN, slow),))
    monkeypatch.setattr(worker, "LOOK_EVERY_SECONDS", 60.0)
    working = Worker(ctx, Bell())
    running = asyncio.create_task(working.run())
    await until(lambda: ran)
    working.stop()
    may_end.set()
    await running
    assert ran == ["begun", "ended"]


async def test_where_mongodb_is_away_each_line_fails_under_its_name(ctx, monkeypatch):
    monkeypatch.setattr(worker, "LOOK_EVERY_SECONDS", 60.0)
    client = AsyncMongoClient()
    await client.close()  # so that whatever is asked of it fails at once
    working = Worker(structs.replace(ctx, db=client["inn"]), Bell())
    before = failures()
    running = asyncio.create_task(working.run())
    await until(lambda: all(failures()[name] == before[name] + 1 for name in before))
    await stop(working, running)


def failures():
    names = [worker.RELAY, *(line.name for line in LINES)]
    counted = "inn_tasks_failed_total"
    return {name: REGISTRY.get_sample_value(counted, {"task": name}) for name in names}

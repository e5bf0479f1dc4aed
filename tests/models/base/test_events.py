"""What happened is delivered at least once, and every effect is there once."""

import asyncio
from datetime import timedelta

import pytest
from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from app.worker import Bell, Worker
from models.base import events, personal
from models.base.changes import Follower
from models.base.documents import Document
from models.base.events import (
    LEASE,
    MOST_TRIES,
    Event,
    Happening,
    UnknownKind,
    record,
)
from models.base.store import atomic

MANY = 1_000


class ThingMade(Event, kw_only=True, frozen=True):
    number: int


class Effect(Document, kw_only=True, frozen=True):
    SHELF = "test_effects"
    PERSONAL = personal.nobody()
    INDEXES = (IndexModel(["cause"], unique=True),)

    cause: str
    number: int


async def have_an_effect(ctx, event):
    effect = Effect(id=ctx.new_id("effect"), cause=event.id, number=event.number)
    try:
        await effect.insert(ctx)
    except DuplicateKeyError:
        return


REACTIONS = {ThingMade: [have_an_effect]}


async def make(ctx, count):
    for number in range(count):
        await record(ctx, ThingMade(number=number))


async def deliver_all(ctx, reactions=REACTIONS):
    delivered = 0
    while await events.deliver_one(ctx, reactions):
        delivered += 1
    return delivered


async def count_effects(ctx):
    return await Effect.shelf(ctx).count_documents({})


async def test_an_event_reaches_its_reaction_with_what_it_tells(ctx):
    seen = []

    async def listen(ctx, event):
        seen.append(event)

    kept = await record(ctx, ThingMade(number=7))
    assert await deliver_all(ctx, {ThingMade: [listen]}) == 1
    assert seen == [ThingMade(id=kept.id, at=ctx.clock.now(), number=7)]


async def test_two_relays_on_a_thousand_events_have_a_thousand_effects(ctx):
    await make(ctx, MANY)
    delivered = await asyncio.gather(deliver_all(ctx), deliver_all(ctx))
    assert sum(delivered) == MANY
    assert min(delivered) > 0
    assert await count_effects(ctx) == MANY


async def test_a_redis_flush_in_the_middle_changes_nothing(ctx):
    await make(ctx, 100)
    await asyncio.gather(deliver_all(ctx), ctx.redis.flushall(), deliver_all(ctx))
    assert await count_effects(ctx) == 100


async def test_an_event_of_a_transaction_that_failed_never_happened(ctx):
    @atomic()
    async def make_and_fail(ctx):
        await record(ctx, ThingMade(number=1))
        raise KeyError("no")

    with pytest.raises(KeyError):
        await make_and_fail(ctx)
    assert await deliver_all(ctx) == 0


async def test_a_reaction_that_fails_is_run_again_when_the_lease_is_over(ctx, clock):
    failures = iter([True, False])

    async def fail_once(ctx, event):
        await have_an_effect(ctx, event)
        if next(failures):
            raise KeyError("down")

    await make(ctx, 1)
    with pytest.raises(KeyError):
        await events.deliver_one(ctx, {ThingMade: [fail_once]})
    assert not await events.deliver_one(ctx, {ThingMade: [fail_once]})
    clock.forward(LEASE + timedelta(seconds=1))
    assert await deliver_all(ctx, {ThingMade: [fail_once]}) == 1
    assert await count_effects(ctx) == 1


async def test_an_event_that_always_fails_is_counted_for_a_person(ctx, clock):
    async def fail(ctx, event):
        raise KeyError("down")

    await make(ctx, 1)
    for _ in range(MOST_TRIES):
        with pytest.raises(KeyError):
            await events.deliver_one(ctx, {ThingMade: [fail]})
        clock.forward(LEASE * 2**MOST_TRIES)
    assert not await events.deliver_one(ctx, {ThingMade: [fail]})
    assert await events.count_stuck(ctx) == 1


async def test_an_event_nobody_reacts_to_is_done(ctx):
    await make(ctx, 1)
    assert await deliver_all(ctx, {ThingMade: []}) == 1
    (kept,) = await Happening.many(ctx, {})
    assert kept.state is events.State.DONE


async def test_an_event_of_a_newer_release_waits_for_a_worker_that_knows_it(ctx, clock):
    """A worker of the release before runs beside, and is the first to take it."""
    await make(ctx, 1)
    with pytest.raises(UnknownKind):
        await events.deliver_one(ctx, {})
    (kept,) = await Happening.many(ctx, {})
    assert kept.state is events.State.WAITING
    clock.forward(LEASE + timedelta(seconds=1))
    assert await deliver_all(ctx, {ThingMade: [have_an_effect]}) == 1
    assert await count_effects(ctx) == 1


async def test_two_workers_wake_by_the_bell_and_do_each_thing_once(ctx, monkeypatch):
    monkeypatch.setattr("app.worker.REACTIONS", REACTIONS)
    monkeypatch.setattr("app.worker.LINES", ())
    monkeypatch.setattr("app.worker.LOOK_EVERY_SECONDS", 30.0)
    follower, workers = Follower(ctx.db, ctx.clock), []
    for _ in range(2):
        bell = Bell()
        bell.listen(follower, ctx)
        workers.append(Worker(ctx, bell))
    await follower.start()
    running = [asyncio.create_task(worker.run()) for worker in workers]
    await make(ctx, 100)
    async with await Happening.shelf(ctx).watch() as stream:
        while await Happening.shelf(ctx).count_documents({"state": "waiting"}):
            await stream.try_next()
    for worker in workers:
        worker.stop()
    await asyncio.gather(*running)
    await follower.stop()
    assert await count_effects(ctx) == 100

"""What can happen to machines: killed, frozen, slow, cut off; and each mended.

Source: issue "fast and unbreakable", section 2.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from scripts.stack.processes import Process
from tests.faults.inn import Inn
from tests.faults.trial import Fault
from tests.faults.wires import APP, Wires

FROZEN_SECONDS = 60.0
"""Till somebody has been called and has killed what hangs."""

SLOW_SECONDS = 0.1
"""What each piece takes to MongoDB and back, some hundred times the usual."""


@asynccontextmanager
async def kill_the_primary(inn: Inn) -> AsyncIterator[None]:
    """``kill -9`` of the member that takes the writes; it comes back later."""
    primary = await asyncio.to_thread(inn.mongo.primary)
    primary.kill()
    yield
    primary.start()


@asynccontextmanager
async def freeze_the_primary(inn: Inn) -> AsyncIterator[None]:
    """SIGSTOP: it neither answers nor hangs up, and wakes believing it is primary.

    Rules: a member that calls the frozen one is taken by its kernel and may wait for
    ever, so that two are away; then somebody kills it, as docs/operations.md has it.
    """
    primary = await asyncio.to_thread(inn.mongo.primary)
    _signal(primary.process, signal.SIGSTOP)
    loop = asyncio.get_running_loop()
    killing = loop.call_later(FROZEN_SECONDS, primary.kill)
    try:
        yield
    finally:
        killing.cancel()
        if primary.process.running:
            _signal(primary.process, signal.SIGCONT)
        else:
            primary.start()


@asynccontextmanager
async def kill_two_members(inn: Inn) -> AsyncIterator[None]:
    """The primary and another die: one is left, and takes no write till one is back."""
    primary = await asyncio.to_thread(inn.mongo.primary)
    other = next(each for each in inn.mongo.members if each is not primary)
    primary.kill()
    other.kill()
    yield
    primary.start()
    other.start()


@asynccontextmanager
async def kill_a_door(inn: Inn) -> AsyncIterator[None]:
    """``kill -9`` of a ``serve`` process in the midst of its requests."""
    door = inn.doors[0]
    door.kill()
    yield
    door.start()
    await inn.ready(door)


@asynccontextmanager
async def kill_the_worker(inn: Inn) -> AsyncIterator[None]:
    """``kill -9`` of the ``work`` process in the midst of its tasks."""
    worker = inn.workers[0]
    worker.kill()
    yield
    worker.start()
    await inn.working()


@asynccontextmanager
async def empty_redis(inn: Inn) -> AsyncIterator[None]:
    """Redis dies and is back at once, with nothing in it."""
    inn.redis.kill()
    await asyncio.to_thread(inn.redis.start)
    yield


@asynccontextmanager
async def take_redis_away(inn: Inn) -> AsyncIterator[None]:
    """Redis is gone for as long as it takes."""
    inn.redis.kill()
    yield
    await asyncio.to_thread(inn.redis.start)


@asynccontextmanager
async def freeze_redis(inn: Inn) -> AsyncIterator[None]:
    """SIGSTOP: whoever asks it gets no answer, and no refusal either."""
    _signal(inn.redis.process, signal.SIGSTOP)
    try:
        yield
    finally:
        _signal(inn.redis.process, signal.SIGCONT)


@asynccontextmanager
async def slow_mongodb(inn: Inn) -> AsyncIterator[None]:
    """Everything takes long on its way to every member and back."""
    with _wires(inn).slow(APP, SLOW_SECONDS):
        yield


@asynccontextmanager
async def cut_the_primary_off(inn: Inn) -> AsyncIterator[None]:
    """The primary hears nothing of the others; the inn still reaches all three."""
    wires, primary = _wires(inn), await asyncio.to_thread(inn.mongo.primary)
    number = inn.mongo.members.index(primary)
    others = [str(n) for n in range(len(inn.mongo.members)) if n != number]
    with wires.cut(str(number), *others):
        yield


@asynccontextmanager
async def cut_mongodb_off(inn: Inn) -> AsyncIterator[None]:
    """The inn reaches no member at all; they are well and hear each other."""
    with _wires(inn).cut(APP):
        yield


FAULTS = (
    Fault("primary killed", kill_the_primary),
    Fault("primary frozen", freeze_the_primary),
    Fault("two members killed", kill_two_members, stops_all=True),
    Fault("serve killed", kill_a_door),
    Fault("work killed", kill_the_worker),
    Fault("redis emptied", empty_redis),
    Fault("redis gone", take_redis_away),
    Fault("redis frozen", freeze_redis),
    Fault("mongodb slow", slow_mongodb, wired=True),
    Fault("members cut", cut_the_primary_off, wired=True),
    Fault("mongodb cut off", cut_mongodb_off, wired=True, stops_all=True),
)


def _signal(process: Process, number: int) -> None:
    assert process.pid is not None
    os.kill(process.pid, number)


def _wires(inn: Inn) -> Wires:
    assert inn.wires is not None
    return inn.wires

"""A start that fails leaves nothing behind, wherever it fails."""

import asyncio
from contextlib import suppress

import pytest

from app.wiring import open_house


class Unwilling(Exception):
    """What a thing says that does not start."""


class Deaf:
    """Something live that cannot be told."""

    def listen(self, follower, ctx):
        raise Unwilling


class Unread:
    """Something live that cannot load what there is."""

    def listen(self, follower, ctx):
        follower.on("outbox", print, load=self.load)

    async def load(self):
        raise Unwilling


class Waiting:
    """Something live whose load takes for ever."""

    def __init__(self):
        self.begun = asyncio.Event()

    def listen(self, follower, ctx):
        follower.on("outbox", print, load=self.load)

    async def load(self):
        self.begun.set()
        await asyncio.Event().wait()


@pytest.mark.parametrize("broken", [Deaf, Unread])
async def test_a_start_that_fails_leaves_nothing_behind(settings, broken):
    before = asyncio.all_tasks()
    with pytest.raises(Unwilling):
        await open_house(settings, also=[broken()])
    await ended(before)


async def test_a_start_that_is_given_up_leaves_nothing_behind(settings):
    before, waiting = asyncio.all_tasks(), Waiting()
    start = asyncio.create_task(open_house(settings, also=[waiting]))
    await waiting.begun.wait()
    start.cancel()
    with suppress(asyncio.CancelledError):
        await start
    await ended(before)


async def ended(before):
    """Wait till nothing goes on that did not before; the test's own end ends a hang."""
    while left := asyncio.all_tasks() - before:
        await asyncio.wait(left)

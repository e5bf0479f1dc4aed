"""The process without doors: delivers events and keeps the clockwork.

It needs nothing but MongoDB. The follower is the bell: a new event wakes the
relay within milliseconds; a look every second finds what the bell missed. Any
number of workers may run; claims keep them apart.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog
from prometheus_client import Counter
from pymongo.errors import PyMongoError

from app.schedule import LINES, Line, claim
from models.base import events
from models.base.changes import Change, Follower
from models.base.context import Context
from models.reactions import REACTIONS

log = structlog.get_logger("inn.worker")

failed = Counter("inn_tasks_failed", "Pieces of background work that failed.", ["task"])

LOOK_EVERY_SECONDS = 1.0

RELAY = "relay"
"""What delivering an event is called where failures are counted."""

RELAYS = 8
"""Events under way at once in one process."""


class Bell:
    """Rings when an event was recorded, by any process."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()

    def listen(self, follower: Follower, ctx: Context) -> None:
        """Let new events ring the bell."""
        follower.on(events.Happening.SHELF, self._heard, only_new=True)

    def _heard(self, _: Change) -> None:
        self.rung.set()


class Worker:
    """Runs until told to stop, then finishes what it holds."""

    def __init__(self, ctx: Context, bell: Bell) -> None:
        self._ctx = ctx
        self._bell = bell.rung
        self._stopping = asyncio.Event()
        for name in (RELAY, *(line.name for line in LINES)):
            failed.labels(name)  # from 0, so that the first failure is a rise

    def stop(self) -> None:
        """Take nothing new."""
        self._stopping.set()
        self._bell.set()

    async def run(self) -> None:
        """Work until stopped."""
        await asyncio.gather(
            *(self._relay() for _ in range(RELAYS)),
            *(self._keep(line) for line in LINES),
        )

    async def _relay(self) -> None:
        while not self._stopping.is_set():
            delivered = await self._guarded(
                RELAY, events.deliver_one(self._ctx, REACTIONS)
            )
            if not delivered:
                self._bell.clear()
                await self._wait(LOOK_EVERY_SECONDS)

    async def _keep(self, line: Line) -> None:
        while not self._stopping.is_set():
            await self._guarded(line.name, self._run_line(line))
            await self._pause(min(line.every.total_seconds(), LOOK_EVERY_SECONDS))

    async def _run_line(self, line: Line) -> int:
        if not await claim(self._ctx, line):
            return 0
        return await line.verb(self._ctx.traced(f"clockwork:{line.name}"))

    async def _guarded(self, name: str, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a piece of work; its failure is logged and never ends the worker.

        The claim holds the work's lease, so it comes back by itself.
        """
        task = asyncio.ensure_future(work)
        await asyncio.wait({task})
        failure = task.exception()
        if failure is None:
            return task.result()
        passing = isinstance(failure, PyMongoError)
        failed.labels(name).inc()
        log.error("task_failed", task=name, kind=type(failure).__name__)
        await self._pause(LOOK_EVERY_SECONDS if passing else 0)
        return not passing

    async def _wait(self, seconds: float) -> None:
        waiting = asyncio.ensure_future(self._bell.wait())
        await asyncio.wait({waiting}, timeout=seconds)
        waiting.cancel()

    async def _pause(self, seconds: float) -> None:
        waiting = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({waiting}, timeout=seconds)
        waiting.cancel()

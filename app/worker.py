"""The process without doors: delivers events and keeps the clockwork.

It needs nothing but MongoDB. The follower is the bell: a new event wakes the
relay within milliseconds; a look every second finds what the bell missed. Any
number of workers may run; claims keep them apart.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

import structlog
from prometheus_client import Counter
from pymongo.errors import PyMongoError

from app.schedule import LINES, Line, claim, due
from models.base import events
from models.base.changes import Change, Follower
from models.base.context import Context
from models.base.store import in_time
from models.reactions import REACTIONS

log = structlog.get_logger("inn.worker")

failed = Counter("inn_tasks_failed", "Pieces of background work that failed.", ["task"])

LOOK_EVERY_SECONDS = 1.0

RELAY = "relay"
"""What delivering an event is called where failures are counted."""

CLOCKWORK = "clockwork"
"""What asking for all that is due is called in the log."""

LANES = 8
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
        await asyncio.gather(self._relay(), self._keep_time())

    async def _relay(self) -> None:
        """Open a lane whenever the bell rings; an idle worker asks once a second.

        Rules: what rings while every lane is open is answered when one has ended.
        """
        lanes: set[asyncio.Task[None]] = set()
        while not self._stopping.is_set():
            if len(lanes) == LANES:
                await asyncio.wait(lanes, return_when=asyncio.FIRST_COMPLETED)
                continue
            self._bell.clear()
            lane = asyncio.create_task(self._deliver())
            lanes.add(lane)
            lane.add_done_callback(lanes.discard)
            await self._wait(self._bell, LOOK_EVERY_SECONDS)
        await asyncio.gather(*lanes)

    async def _deliver(self) -> None:
        """Deliver one event after the other; where there is one there may be more."""
        found = True
        while found and not self._stopping.is_set():
            one = events.deliver_one(self._ctx, REACTIONS, claimed=self._bell.set)
            found = await self._guarded(RELAY, one)

    async def _keep_time(self) -> None:
        """Run each line when it is due; one that takes long keeps no other waiting."""
        under_way: dict[str, asyncio.Task[Any]] = {}
        while not self._stopping.is_set():
            for line in await self._due():
                if line.name not in under_way:
                    work = self._guarded(line.name, self._run_line(line))
                    under_way[line.name] = asyncio.create_task(work)
            await self._wait(self._stopping, LOOK_EVERY_SECONDS)
            under_way = {n: task for n, task in under_way.items() if not task.done()}
        await asyncio.gather(*under_way.values())

    async def _due(self) -> Sequence[Line]:
        """Return what is due: nothing for who stops meanwhile, and all if nobody can
        say, so that each fails under its own name.
        """
        with in_time():  # every line waits behind this one question
            asked = await self._tried(CLOCKWORK, due(self._ctx, LINES))
        if self._stopping.is_set():
            return ()
        return asked.result() if asked.exception() is None else LINES

    async def _run_line(self, line: Line) -> int:
        if not await claim(self._ctx, line):
            return 0
        return await line.verb(self._ctx.traced(f"clockwork:{line.name}"))

    async def _guarded(self, name: str, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a piece of work; its failure is logged and never ends the worker.

        The claim holds the work's lease, so it comes back by itself.
        """
        task = await self._tried(name, work)
        failure = task.exception()
        if failure is None:
            return task.result()
        passing = isinstance(failure, PyMongoError)
        failed.labels(name).inc()
        await self._wait(self._stopping, LOOK_EVERY_SECONDS if passing else 0)
        return not passing

    async def _tried(
        self, name: str, work: Coroutine[Any, Any, Any]
    ) -> "asyncio.Task[Any]":
        """Run a piece of work to its end; how it failed, if it did, is logged."""
        task = asyncio.ensure_future(work)
        await asyncio.wait({task})
        failure = task.exception()
        if failure is not None:
            log.error("task_failed", task=name, kind=type(failure).__name__)
        return task

    async def _wait(self, event: asyncio.Event, seconds: float) -> None:
        waiting = asyncio.ensure_future(event.wait())
        await asyncio.wait({waiting}, timeout=seconds)
        waiting.cancel()

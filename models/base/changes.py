"""One ear a process on what changes in MongoDB.

A follower listens to one change stream over the shelves somebody asked for and
tells them within milliseconds. It opens the stream first and then lets
everybody load, so nothing falls between. When the stream breaks it resumes
where it was; when it cannot, it says "load again" to all.

Whoever decides by what it heard (a revoked session, a withdrawn policy) asks
``is_fresh()`` first: an ear that went deaf more than a second ago may not be
trusted.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import structlog
from pymongo.asynchronous.change_stream import AsyncDatabaseChangeStream
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure, PyMongoError

from models.base.clock import Clock

log = structlog.get_logger()

HEARTBEAT_MS = 300
"""An idle stream answers at least this often, so silence means a fault."""

FRESH_SECONDS = 1.0
"""Revocation and withdrawal hold within this."""

WAIT_AFTER_FAULT_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Change:
    """One document changed; ``row`` is its present state, None when deleted."""

    shelf: str
    id: str
    row: Mapping[str, Any] | None
    is_new: bool


class Gap(PyMongoError):
    """What happened next cannot be heard any more: everybody loads again."""


GAPS = {"drop", "rename", "dropDatabase", "invalidate"}
"""What a shelf does not survive, such as a restore over it."""

UNREAD = ["clusterTime", "wallTime", "lsid", "txnNumber"]
"""What MongoDB says of each change beside, for nobody here."""

Heard = Callable[[Change], None]
Load = Callable[[], Awaitable[None]]


class Follower:
    """The ear of one process."""

    def __init__(self, db: AsyncDatabase[dict[str, Any]], clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._heard: defaultdict[str, list[Heard]] = defaultdict(list)
        self._whole: set[str] = set()
        """Shelves of which more than what is new is heard."""
        self._loads: list[Load] = []
        self._last_answer = float("-inf")
        self._token: Mapping[str, Any] | None = None
        self._loaded = asyncio.Event()
        self._is_doubted = False
        self._task: asyncio.Task[None] | None = None

    def on(
        self,
        shelf: str,
        heard: Heard,
        *,
        load: Load | None = None,
        only_new: bool = False,
    ) -> None:
        """Tell ``heard`` of each change; run ``load`` at start and after a gap.

        only_new: changes of what was there do not matter, so MongoDB need not look
            up what they made of it.
        """
        self._heard[shelf].append(heard)
        if not only_new:
            self._whole.add(shelf)
        if load is not None:
            self._loads.append(load)

    async def start(self) -> None:
        """Begin to listen; returns when everybody has loaded."""
        self._task = asyncio.create_task(self._run(), name="follower")
        self._task.add_done_callback(_tell_of_end)
        waiting = asyncio.create_task(self._loaded.wait())
        try:
            await asyncio.wait({self._task, waiting}, return_when="FIRST_COMPLETED")
        finally:
            waiting.cancel()
        if self._task.done():
            self._task.result()

    async def stop(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    def doubt(self) -> None:
        """Trust nothing that was heard and load all anew: some of it was lost."""
        self._is_doubted = True
        self._last_answer = float("-inf")

    def is_fresh(self) -> bool:
        """Say whether what was heard is complete up to a second ago."""
        return self.silent_seconds() <= FRESH_SECONDS

    def silent_seconds(self) -> float:
        """Say how long nothing was heard; infinite before the first answer."""
        return self._clock.monotonic() - self._last_answer

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except (PyMongoError, msgspec.ValidationError) as fault:
                self._forget_token_if_lost(fault)
                log.warning("follower_fault", fault=type(fault).__name__)
                await asyncio.sleep(WAIT_AFTER_FAULT_SECONDS)

    async def _listen(self) -> None:
        stream = await self._db.watch(
            [{"$match": self._wanted()}, {"$unset": UNREAD}],
            full_document="updateLookup",
            max_await_time_ms=HEARTBEAT_MS,
            resume_after=self._token,
        )
        async with stream:
            if self._token is None:
                self._is_doubted = False
                await self._load_all()
                self._last_answer = self._clock.monotonic()
            self._loaded.set()
            try:
                while True:
                    await self._next(stream)
            finally:
                self._token = stream.resume_token

    def _wanted(self) -> Mapping[str, Any]:
        new = sorted(set(self._heard) - self._whole)
        kinds = ["insert", *sorted(GAPS)]
        return {
            "$or": [
                {"ns.coll": {"$in": sorted(self._whole)}},
                {"ns.coll": {"$in": new}, "operationType": {"$in": kinds}},
            ]
        }

    async def _next(self, stream: AsyncDatabaseChangeStream[dict[str, Any]]) -> None:
        raw = await stream.try_next()
        if not stream.alive:
            raise Gap("the stream ended")
        if self._is_doubted:
            raise Gap("something that was heard is lost")
        if raw is not None:
            self._tell(raw)
        self._last_answer = self._clock.monotonic()

    async def _load_all(self) -> None:
        for load in self._loads:
            await load()

    def _tell(self, raw: Mapping[str, Any]) -> None:
        shelf, kind = raw["ns"].get("coll", ""), raw["operationType"]
        if kind in GAPS:
            raise Gap(kind)
        if kind not in {"insert", "update", "replace", "delete"}:
            return
        change = Change(
            shelf=shelf,
            id=str(raw["documentKey"]["_id"]),
            row=raw.get("fullDocument"),
            is_new=kind == "insert",
        )
        for heard in self._heard[shelf]:
            self._hand_on(change, heard)

    def _hand_on(self, change: Change, heard: Heard) -> None:
        """Tell one; a row nobody can read is taken for deleted, and said."""
        try:
            heard(change)
        except msgspec.ValidationError:
            log.error("unreadable_row", shelf=change.shelf, id=change.id)
            heard(replace(change, row=None))

    def _forget_token_if_lost(self, fault: Exception) -> None:
        resumable = isinstance(fault, PyMongoError) and fault.has_error_label(
            "ResumableChangeStreamError"
        )
        if isinstance(fault, Gap | OperationFailure) and not resumable:
            self._token = None
            self._last_answer = float("-inf")


def _tell_of_end(task: asyncio.Task[None]) -> None:
    """Say that a surprise has ended a follower for good; the house goes on without."""
    if not task.cancelled() and task.exception() is not None:
        log.error("follower_ended", fault=type(task.exception()).__name__)

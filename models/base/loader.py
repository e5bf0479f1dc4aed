"""Look-ups by id that wait at the same moment go out as one question.

A data loader: while batches are under way, further ids gather; the next batch
asks for all of them with one ``$in``. A caller never joins a question that was
sent before it asked, so it always reads a state no older than its own arrival. A
question has a deadline of its own, not what is left of the first caller's.
"""

import asyncio
from collections import defaultdict
from contextvars import Context as Surroundings
from itertools import chain
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from models.base.lull import in_a_lull
from models.base.store import in_time, is_late

Row = dict[str, Any]

Fields = tuple[str, ...]
"""What of a row is read, as MongoDB names it; empty: all of it."""

Shelf = tuple[str, Fields]
"""What one question is about."""

Waiting = list[asyncio.Future[Row | None]]
"""Those who asked for one id, each with a future of its own: who gives up waiting
takes it from nobody else."""

BATCHES_UNDER_WAY = 2
"""More at once would make batches of one again; measured best at 2."""

IDS_A_BATCH = 256
"""Keeps one answer well under MongoDB's 16 MB."""


class LookUpCancelled(Exception):
    """The process is closing; nobody will answer any more."""


class Loader:
    """Gathers the by-id reads of one process, shelf by shelf."""

    def __init__(self, db: AsyncDatabase[Row]) -> None:
        self._db = db
        self._waiting: defaultdict[Shelf, dict[str, Waiting]]
        self._waiting = defaultdict(dict)
        self._under_way: defaultdict[Shelf, set[asyncio.Task[None]]]
        self._under_way = defaultdict(set)

    async def load(self, name: str, id_: str, fields: Fields = ()) -> Row | None:
        """Return the row with this id, or None. Callers must not change it.

        fields: the only ones to read, where a row is long and most of it not wanted.
        """
        shelf = name, fields
        waiting = self._waiting[shelf]
        loop = asyncio.get_running_loop()
        if not waiting:
            in_a_lull(lambda: len(self._waiting[shelf]), lambda: self._send(shelf))
        future = loop.create_future()
        waiting.setdefault(id_, []).append(future)
        return await future

    def _send(self, shelf: Shelf) -> None:
        """Send what waits; in a burst it is more than one batch."""
        while self._waiting[shelf] and len(self._under_way[shelf]) < BATCHES_UNDER_WAY:
            self._send_one(shelf)

    def _send_one(self, shelf: Shelf) -> None:
        waiting = self._waiting[shelf]
        batch = dict(list(waiting.items())[:IDS_A_BATCH])
        for id_ in batch:
            del waiting[id_]
        loop = asyncio.get_running_loop()
        task = loop.create_task(self._ask(shelf, batch), context=Surroundings())
        self._under_way[shelf].add(task)
        task.add_done_callback(lambda done: self._back(shelf, done, batch))

    def _back(
        self,
        shelf: Shelf,
        task: asyncio.Task[None],
        batch: dict[str, Waiting],
    ) -> None:
        """Go on; whatever ended the question early ends everybody's waiting."""
        self._under_way[shelf].discard(task)
        fault = None if task.cancelled() else task.exception()
        late = self._waiting.pop(shelf, {}) if is_late(fault) else {}
        for future in chain(*batch.values(), *late.values()):
            if not future.done():
                future.set_exception(fault or LookUpCancelled())
        self._send(shelf)

    async def _ask(self, shelf: Shelf, batch: dict[str, Waiting]) -> None:
        name, fields = shelf
        asked = self._db[name].find({"_id": {"$in": list(batch)}}, fields or None)
        with in_time():
            rows = await asked.to_list()
        found = {row["_id"]: row for row in rows}
        for id_, waiting in batch.items():
            for future in waiting:
                if not future.done():
                    future.set_result(found.get(id_))

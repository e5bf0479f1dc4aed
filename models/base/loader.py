"""Look-ups by id that wait at the same moment go out as one question.

A data loader: while batches are under way, further ids gather; the next batch
asks for all of them with one ``$in``. A caller never joins a question that was
sent before it asked, so it always reads a state no older than its own arrival.
"""

import asyncio
from collections import defaultdict
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from models.base.store import in_time, is_late

Row = dict[str, Any]

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
        self._waiting: defaultdict[str, dict[str, asyncio.Future[Row | None]]]
        self._waiting = defaultdict(dict)
        self._under_way: defaultdict[str, set[asyncio.Task[None]]] = defaultdict(set)

    async def load(self, shelf: str, id_: str) -> Row | None:
        """Return the row with this id, or None. Callers must not change it."""
        waiting = self._waiting[shelf]
        future = waiting.get(id_)
        if future is None:
            loop = asyncio.get_running_loop()
            future = waiting[id_] = loop.create_future()
            if len(waiting) == 1:
                loop.call_soon(self._send, shelf)
        return await asyncio.shield(future)

    def _send(self, shelf: str) -> None:
        waiting = self._waiting[shelf]
        under_way = self._under_way[shelf]
        if not waiting or len(under_way) >= BATCHES_UNDER_WAY:
            return
        batch = dict(list(waiting.items())[:IDS_A_BATCH])
        for id_ in batch:
            del waiting[id_]
        task = asyncio.get_running_loop().create_task(self._ask(shelf, batch))
        under_way.add(task)
        task.add_done_callback(lambda done: self._back(shelf, done, batch))

    def _back(
        self,
        shelf: str,
        task: asyncio.Task[None],
        batch: dict[str, asyncio.Future[Row | None]],
    ) -> None:
        """Go on; whatever ended the question early ends everybody's waiting."""
        self._under_way[shelf].discard(task)
        fault = None if task.cancelled() else task.exception()
        if is_late(fault):
            batch = batch | self._waiting.pop(shelf, {})
        for future in batch.values():
            if not future.done():
                future.set_exception(fault or LookUpCancelled())
        self._send(shelf)

    async def _ask(
        self, shelf: str, batch: dict[str, asyncio.Future[Row | None]]
    ) -> None:
        with in_time():
            rows = await self._db[shelf].find({"_id": {"$in": list(batch)}}).to_list()
        found = {row["_id"]: row for row in rows}
        for id_, future in batch.items():
            future.set_result(found.get(id_))

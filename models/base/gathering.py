"""Pieces of work that wait at the same moment go out together.

As the loader does for look-ups by id, for any question or deed that a store can be
asked for many at once: while batches are under way further pieces gather, and the
next batch takes them all. A piece never joins a batch that was sent before it came,
so an answer is never older than the question. One key is in a batch once; the same
key again waits for the next. A batch is nobody's: it has no caller's transaction,
deadline or log line.
"""

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Sequence
from contextvars import Context as Surroundings
from typing import Any, Generic, TypeVar

from models.base.lull import in_a_lull
from models.base.store import in_time, is_late

Piece = TypeVar("Piece")
Answer = TypeVar("Answer")

BATCHES_UNDER_WAY = 2
"""More at once would make batches of one again."""

MOST_A_BATCH = 64
"""Keeps one command short; nobody waits long for the others."""


class Gathering(Generic[Piece, Answer]):
    """Gathers one kind of work in one process."""

    def __init__(
        self,
        send: Callable[[Sequence[Piece]], Coroutine[Any, Any, Sequence[Answer]]],
        *,
        key: Callable[[Piece], Hashable],
        under_way: int = BATCHES_UNDER_WAY,
        most: int = MOST_A_BATCH,
    ) -> None:
        self._send_all = send
        self._key = key
        self._most_under_way = under_way
        self._most = most
        self._waiting: list[tuple[Piece, asyncio.Future[Answer]]] = []
        self._under_way: set[asyncio.Task[Sequence[Answer]]] = set()
        self._is_lull_awaited = False

    async def ask(self, piece: Piece) -> Answer:
        """Have one piece done with those that wait too; return its answer."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((piece, future))
        if not self._is_lull_awaited:
            self._is_lull_awaited = True
            in_a_lull(lambda: len(self._waiting), self._send_in_a_lull)
        return await future

    def _send_in_a_lull(self) -> None:
        self._is_lull_awaited = False
        self._send()

    def _send(self) -> None:
        """Send what waits; of a burst as many full batches as may be under way."""
        sent = self._most
        while sent == self._most and self._may_send():
            sent = self._send_one()

    def _may_send(self) -> bool:
        return bool(self._waiting) and len(self._under_way) < self._most_under_way

    def _send_one(self) -> int:
        batch = self._next_batch()
        task = asyncio.get_running_loop().create_task(
            self._in_time([piece for piece, _ in batch]), context=Surroundings()
        )
        self._under_way.add(task)
        futures = [future for _, future in batch]
        task.add_done_callback(lambda done: self._back(done, futures))
        return len(batch)

    async def _in_time(self, pieces: Sequence[Piece]) -> Sequence[Answer]:
        with in_time():
            return await self._send_all(pieces)

    def _next_batch(self) -> list[tuple[Piece, asyncio.Future[Answer]]]:
        batch: dict[Hashable, tuple[Piece, asyncio.Future[Answer]]] = {}
        left: list[tuple[Piece, asyncio.Future[Answer]]] = []
        for each in self._waiting:
            key = self._key(each[0])
            if key in batch or len(batch) >= self._most:
                left.append(each)
            else:
                batch[key] = each
        self._waiting = left
        return list(batch.values())

    def _back(
        self,
        done: asyncio.Task[Sequence[Answer]],
        futures: Sequence[asyncio.Future[Answer]],
    ) -> None:
        """Hand the answers out and go on."""
        self._under_way.discard(done)
        fault = asyncio.CancelledError() if done.cancelled() else done.exception()
        if is_late(fault):
            futures = [*futures, *(future for _, future in self._waiting)]
            self._waiting = []
        for place, future in enumerate(futures):
            if future.done():
                continue  # whoever asked has stopped waiting
            if fault is not None:
                future.set_exception(fault)
            else:
                future.set_result(done.result()[place])
        self._send()

"""A question that many ask at the same moment is asked once, and all hear the answer.

As the loader does for look-ups by id, for any question that is the same for all who
ask it. While it is under way those who come meanwhile gather and ask it once more
together: nobody joins what was begun before they came, so an answer is never older
than the question. It is nobody's: it has no caller's transaction, and a deadline of
its own.
"""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from contextvars import Context as Surroundings
from typing import Any, Generic, NamedTuple, TypeVar

from models.base.store import in_time, is_late

Answer = TypeVar("Answer")


class _Waiting(NamedTuple, Generic[Answer]):
    """Who ask the same, and how it is found out."""

    find: Callable[[], Coroutine[Any, Any, Answer]]
    heard: asyncio.Future[Answer]


class Chorus(Generic[Answer]):
    """Those who ask one kind of question in one process."""

    def __init__(self) -> None:
        self._waiting: dict[Hashable, _Waiting[Answer]] = {}
        self._under_way: dict[Hashable, asyncio.Task[Answer]] = {}

    async def ask(
        self, question: Hashable, find: Callable[[], Coroutine[Any, Any, Answer]]
    ) -> Answer:
        """Ask along with all who wait to ask the same; return what they hear too."""
        waiting = self._waiting.get(question)
        if waiting is None:
            loop = asyncio.get_running_loop()
            waiting = self._waiting[question] = _Waiting(find, loop.create_future())
            loop.call_soon(self._send, question)
        return await asyncio.shield(waiting.heard)

    def _send(self, question: Hashable) -> None:
        if question not in self._waiting or question in self._under_way:
            return
        find, heard = self._waiting.pop(question)
        task = asyncio.get_running_loop().create_task(
            _in_time(find), context=Surroundings()
        )
        self._under_way[question] = task
        task.add_done_callback(lambda done: self._back(question, done, heard))

    def _back(
        self,
        question: Hashable,
        done: asyncio.Task[Answer],
        heard: asyncio.Future[Answer],
    ) -> None:
        del self._under_way[question]
        fault = asyncio.CancelledError() if done.cancelled() else done.exception()
        told = [heard]
        if is_late(fault) and question in self._waiting:
            told.append(self._waiting.pop(question).heard)
        for each in told:
            if fault is not None:
                each.set_exception(fault)
            else:
                each.set_result(done.result())
        self._send(question)


async def _in_time(find: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
    with in_time():
        return await find()

"""What waits to be counted at the same moment goes to Redis as one message.

Stands in for the ``limits`` library's script: the same Lua for each call, in the
order they came, so that every call is counted and judged just as it was alone. A
message of its own cost a search more than all the rest of it.
"""

import asyncio
from collections.abc import Sequence
from contextvars import Context as Surroundings
from typing import Any, NamedTuple

from redis.asyncio import Redis
from redis.exceptions import NoScriptError

MESSAGES_UNDER_WAY = 2
"""While so many are, further calls gather; as the loader does (models/base/loader)."""

CALLS_A_MESSAGE = 256
"""Some 5 ms of Redis's time: nobody else waits long behind them."""


class _Call(NamedTuple):
    """One call of the script, and who waits for what it says."""

    words: tuple[Any, ...]
    """Keys and arguments as EVALSHA takes them, the number of keys first."""
    said: asyncio.Future[Any]


class CountedTogether:
    """One script of one process, called by many at once."""

    def __init__(self, redis: Redis, script: bytes) -> None:
        self._redis = redis
        self._script = script
        self._sha = ""
        """How Redis names the script; empty until it was asked."""
        self._waiting: list[_Call] = []
        self._under_way: set[asyncio.Task[None]] = set()

    async def __call__(self, keys: Sequence[str], args: Sequence[Any]) -> Any:
        """Call the script along with all who wait to; return what it says of this one.

        Raises RedisError, to each of those whose message got no answer.
        """
        loop = asyncio.get_running_loop()
        call = _Call((len(keys), *keys, *args), loop.create_future())
        self._waiting.append(call)
        if len(self._waiting) == 1:
            loop.call_soon(self._send)
        return await call.said

    def _send(self) -> None:
        if not self._waiting or len(self._under_way) >= MESSAGES_UNDER_WAY:
            return
        calls = self._waiting[:CALLS_A_MESSAGE]
        del self._waiting[:CALLS_A_MESSAGE]
        loop = asyncio.get_running_loop()
        task = loop.create_task(self._count(calls), context=Surroundings())
        self._under_way.add(task)
        task.add_done_callback(lambda done: self._back(done, calls))

    def _back(self, done: asyncio.Task[None], calls: Sequence[_Call]) -> None:
        """Go on; whatever ended the message early ends everybody's waiting."""
        self._under_way.discard(done)
        fault = asyncio.CancelledError() if done.cancelled() else done.exception()
        for call in calls:
            if fault is not None and not call.said.done():
                call.said.set_exception(fault)
        self._send()

    async def _count(self, calls: Sequence[_Call]) -> None:
        if not self._sha:
            self._sha = await self._redis.script_load(self._script)
        answers = await self._ask(calls)
        unknown = [
            call
            for call, answer in zip(calls, answers, strict=True)
            if isinstance(answer, NoScriptError)
        ]
        if unknown:  # A Redis that was started anew; these were not counted.
            await self._redis.script_load(self._script)
            await self._ask(unknown)

    async def _ask(self, calls: Sequence[_Call]) -> list[Any]:
        async with self._redis.pipeline(transaction=False) as message:
            for call in calls:
                message.execute_command("EVALSHA", self._sha, *call.words)
            answers = await message.execute(raise_on_error=False)
        for call, answer in zip(calls, answers, strict=True):
            if call.said.done() or isinstance(answer, NoScriptError):
                continue
            if isinstance(answer, Exception):
                call.said.set_exception(answer)
            else:
                call.said.set_result(answer)
        return answers

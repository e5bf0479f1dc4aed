"""What waits to be counted at the same moment goes to Redis as one message.

Stands in for the ``limits`` library's script: the same Lua for each call, in the
order they came, so that every call is counted and judged just as it was alone. A
message of its own cost a search more than all the rest of it.
"""

from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from models.base.gathering import Gathering

CALLS_A_MESSAGE = 256
"""Some 5 ms of Redis's time: nobody else waits long behind them."""

Call = tuple[Any, ...]
"""Keys and arguments as EVALSHA takes them, the number of keys first."""


class CountedTogether:
    """One script of one process, called by many at once."""

    def __init__(self, redis: Redis, script: bytes) -> None:
        self._redis = redis
        self._script = script
        self._sha = ""
        """How Redis names the script; empty until it was asked."""
        self._gathered: Gathering[Call, Any] = Gathering(
            self._count, key=id, most=CALLS_A_MESSAGE
        )

    async def __call__(self, keys: Sequence[str], args: Sequence[Any]) -> Any:
        """Call the script along with all who wait to; return what it says of this one.

        Raises RedisError, to each of those whose message got no answer.
        """
        said = await self._gathered.ask((len(keys), *keys, *args))
        if isinstance(said, Exception):
            raise said
        return said

    async def _count(self, calls: Sequence[Call]) -> list[Any]:
        if not self._sha:
            self._sha = await self._redis.script_load(self._script)
        said = await self._ask(calls)
        unknown = [
            place for place, each in enumerate(said) if isinstance(each, NoScriptError)
        ]
        if unknown:  # A Redis that was started anew; these were not counted.
            await self._redis.script_load(self._script)
            again = await self._ask([calls[place] for place in unknown])
            for place, each in zip(unknown, again, strict=True):
                said[place] = each
        return said

    async def _ask(self, calls: Sequence[Call]) -> list[Any]:
        async with self._redis.pipeline(transaction=False) as message:
            for call in calls:
                message.execute_command("EVALSHA", self._sha, *call)
            return list(await message.execute(raise_on_error=False))

"""How often one caller may: counted in Redis, and by ourselves when it is gone.

The counting is the ``limits`` library's (a sliding window over two fixed ones); calls
that wait at the same moment share a message (`handlers.base.counting`).
First aid has no limit and never asks.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from prometheus_client import Counter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from handlers.base.counting import CountedTogether
from models.base.clock import Clock
from models.base.errors import TooMany

if TYPE_CHECKING:
    from handlers.base.endpoint import Handler

ASK_AGAIN_SECONDS = 1.0
"""A Redis that is gone is not waited for by every request."""

local_counts = Counter(
    "inn_limits_counted_locally", "Requests whose limit Redis could not count."
)


class Limiter:
    """The counters of one process: Redis's, and its own for when Redis is gone."""

    def __init__(self, redis: Redis, clock: Clock) -> None:
        storage = RedisStorage(
            "async+redis://",
            implementation="redispy",
            connection_pool=redis.connection_pool,  # type: ignore[arg-type]
        )
        storage.bridge.lua_acquire_sliding_window = CountedTogether(  # type: ignore[attr-defined]
            redis, storage.bridge.SCRIPT_ACQUIRE_SLIDING_WINDOW
        )
        self._shared = SlidingWindowCounterRateLimiter(storage)
        self._local = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._clock = clock
        self._gone_until = float("-inf")

    async def hit(self, item: RateLimitItem, *key: str) -> bool:
        """Count one; False when it is one too many."""
        if self._clock.monotonic() >= self._gone_until:
            try:
                return await self._shared.hit(item, *key)
            except RedisError:
                self._gone_until = self._clock.monotonic() + ASK_AGAIN_SECONDS
        local_counts.inc()
        return await self._local.hit(item, *key)


@dataclass(frozen=True)
class Limit:
    """So many calls a minute for each caller of a route."""

    name: str
    item: RateLimitItem
    by_address: bool = False
    """Count by network address even when somebody is signed in."""

    async def count(self, handler: "Handler") -> None:
        """Count this request.

        Refuses: TooMany.
        """
        limiter: Limiter = handler.application.settings["limiter"]
        if not await limiter.hit(self.item, self.name, self._caller(handler)):
            refusal = TooMany()
            refusal.retry_after = self.item.get_expiry()
            raise refusal

    def _caller(self, handler: "Handler") -> str:
        """Name who calls so that the counters do not: neither person nor address."""
        actor = None if self.by_address else handler.actor
        if actor is None:
            return handler.ctx.secrets.blind("address", handler.caller)
        return handler.ctx.secrets.blind("caller", actor.id)


def per_minute(name: str, calls: int, *, by_address: bool = False) -> Limit:
    """Make a limit of so many calls a minute."""
    return Limit(name, RateLimitItemPerMinute(calls), by_address)


SIGN_IN = per_minute("sign_in", 1_200, by_address=True)
"""One address may be a whole carrier's; WeChat itself limits by person."""

WRITES = per_minute("writes", 60)
"""Ordinary deeds of one person: a thumb does one a second at the most."""

SEARCH = per_minute("search", 3_000)
"""Searches answer while typing."""

SCANS = per_minute("scans", 120)
"""A station's queue at noon."""

PUSHES = per_minute("wechat_push", 6_000, by_address=True)
"""WeChat's own pace at a busy hour; guards against a flood of forgeries."""

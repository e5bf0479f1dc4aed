"""The one place in Redis where all processes keep the access token and the lease.

When Redis is gone this is an empty shelf, and nobody waits for anybody.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from miniprogram_api.private import Private

log = logging.getLogger(__name__)

CONFIRMED_FOR = timedelta(seconds=10)
"""For so long a refused token that stable_token has handed out again is not asked
about once more, or a platform that says 40001 for ever would be asked for ever."""

LEASE_MS = 10_000
"""A dead holder's lease ends by itself."""

PATIENCE_S = 0.5
"""A Redis that takes longer counts as gone."""

RELEASE = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0
"""
"""Lets a lease go only if it is still ours."""


class Token(Private, frozen=True, kw_only=True):
    """An access token and until when to use it."""

    value: str
    until: datetime
    confirmed_at: datetime | None = None
    """When stable_token handed it out although an API had just refused it."""

    def serves(self, now: datetime, *, refused: str | None) -> bool:
        """Whether to use it now, after the token `refused` was refused."""
        if self.until <= now:
            return False
        if self.value != refused:
            return True
        confirmed = self.confirmed_at
        return confirmed is not None and now - confirmed < CONFIRMED_FOR


class Shelf:
    """The shared token and the lease of whoever fetches the next one."""

    def __init__(self, redis: Redis | None, appid: str) -> None:
        self._redis = redis
        self._token_key = f"wechat:{appid}:token"
        self._lease_key = f"wechat:{appid}:token:lease"

    async def look(self) -> Token | None:
        """Return the shared token, if there is one."""
        kept = await self._ask(lambda redis: redis.get(self._token_key), gone=None)
        try:
            return None if kept is None else msgspec.json.decode(kept, type=Token)
        except msgspec.MsgspecError:
            return None

    async def put(self, token: Token, *, life_s: int) -> None:
        """Share a token for its life."""
        kept = msgspec.json.encode(token)
        await self._ask(
            lambda redis: redis.set(self._token_key, kept, ex=max(life_s, 1)),
            gone=None,
        )

    async def take_lease(self) -> str | None:
        """Become the one who fetches, or None while another is."""
        lease = secrets.token_hex(8)
        taken = await self._ask(
            lambda redis: redis.set(self._lease_key, lease, nx=True, px=LEASE_MS),
            gone=True,
        )
        return lease if taken else None

    async def release(self, lease: str) -> None:
        """Let the next one fetch."""
        await self._ask(
            lambda redis: redis.eval(RELEASE, 1, self._lease_key, lease), gone=None
        )

    async def _ask(
        self, question: Callable[[Redis], Awaitable[Any]], *, gone: Any
    ) -> Any:
        if self._redis is None:
            return gone
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await question(self._redis)
        except (RedisError, OSError) as failure:
            log.warning("wechat token: redis is gone (%s)", type(failure).__name__)
            return gone

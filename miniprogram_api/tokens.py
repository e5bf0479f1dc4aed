"""The access token: one for all processes, fetched by one of them at a time.

Without Redis every process fetches its own, which is harmless: stable_token in
normal mode answers the same token while it is valid.

Source: getStableAccessToken (force_refresh only after a leak, so never here).
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from miniprogram_api.shelf import Shelf, Token

MARGIN_S = 60
"""Seconds before its end at which a token is given up, but at most a fifth of its
life: the platform renews in the last five minutes and honours both for five more."""

LOOK_S = 0.05
LOOKS = 100
"""How often and how many times to look whether another process is done: 5 s."""

Fetched = tuple[str, int]
"""A token and its life in seconds, as stable_token answers."""


class Tokens:
    """Hands out the access token."""

    def __init__(
        self,
        shelf: Shelf,
        fetch: Callable[[], Awaitable[Fetched]],
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._shelf = shelf
        self._fetch = fetch
        self._now = now
        self._sleep = sleep
        self._mine: Token | None = None
        self._flights: dict[str | None, asyncio.Task[Token]] = {}
        """Renewals under way, by the token they were asked to replace."""

    async def current(self) -> str:
        """Return the token to use now."""
        return await self._serving(refused=None)

    async def after_refusal(self, refused: str) -> str:
        """Return the token to use after one was refused.

        Rules: a token that is already another one is used as it is; only then
        WeChat is asked, by one caller for all.
        """
        return await self._serving(refused=refused)

    async def _serving(self, *, refused: str | None) -> str:
        mine = self._mine
        if mine is not None and mine.serves(self._now(), refused=refused):
            return mine.value
        flight = self._flights.get(refused)
        if flight is None:
            flight = asyncio.create_task(self._renew(refused))
            self._flights[refused] = flight
            flight.add_done_callback(lambda done: self._land(refused, done))
        # Shielded: one caller that gives up must not end it for the others.
        return (await asyncio.shield(flight)).value

    def _land(self, refused: str | None, flight: asyncio.Task[Token]) -> None:
        self._flights.pop(refused, None)
        if not flight.cancelled():
            flight.exception()  # seen, even if every caller has gone

    async def _renew(self, refused: str | None) -> Token:
        for _ in range(LOOKS):
            lease = await self._shelf.take_lease()
            if lease is not None:
                try:
                    return await self._shared_or_new(refused)
                finally:
                    await self._shelf.release(lease)
            token = await self._shared(refused)
            if token is not None:
                return token
            await self._sleep(LOOK_S)
        return await self._new(refused)

    async def _shared_or_new(self, refused: str | None) -> Token:
        return await self._shared(refused) or await self._new(refused)

    async def _shared(self, refused: str | None) -> Token | None:
        token = await self._shelf.look()
        if token is None or not token.serves(self._now(), refused=refused):
            return None
        self._mine = token
        return token

    async def _new(self, refused: str | None) -> Token:
        value, life_s = await self._fetch()
        now = self._now()
        use_s = life_s - min(MARGIN_S, life_s // 5)
        token = Token(
            value=value,
            until=now + timedelta(seconds=use_s),
            confirmed_at=now if value == refused else None,
        )
        self._mine = token
        await self._shelf.put(token, life_s=use_s)
        return token

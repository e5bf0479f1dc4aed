"""The diary: what is to happen when, done in order by a clock that is put to it."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from itertools import count
from typing import Any

from app.schedule import LINES
from models.base import events
from models.base.clock import SetClock
from models.base.context import Context
from models.base.errors import Refusal
from models.reactions import REACTIONS

Verb = Callable[..., Awaitable[object]]
Deed = partial[Awaitable[object]]

LINES_RUN = {
    "lapses.lapse_no_shows",
    "lapses.end_overstays",
    "cut_offs.tell_due",
    "sweeps.sweep_recent",
    "kit_watch.look",
}
"""Lines of the clockwork that end what these days begin; the others are left to
whoever serves the inn."""

HANDS = 8
"""Events that are delivered at the same time."""


class Diary:
    """Deeds by their moments."""

    def __init__(self, ctx: Context, clock: SetClock, until: datetime) -> None:
        self._ctx = ctx
        self._clock = clock
        self.until = until
        self._due: list[tuple[datetime, int, Deed]] = []
        self._numbers = count()
        self.refused = 0
        """Deeds that a rule stood against, as it does in life."""

    def add(self, at: datetime, verb: Verb, *args: Any, **kwargs: Any) -> None:
        """Let something happen at a moment, or at once if that has been.

        Rules: what would happen after the diary ends does not.
        """
        if at <= self.until:
            deed = partial(verb, *args, **kwargs)
            heapq.heappush(self._due, (at, next(self._numbers), deed))

    async def live(self, until: datetime) -> None:
        """Do everything that is due up to a moment; what that adds as well."""
        while self._due and self._due[0][0] <= until:
            moment = self._due[0][0]
            self._clock.put(max(moment, self._clock.now()))
            now: list[Deed] = []
            while self._due and self._due[0][0] == moment:
                now.append(heapq.heappop(self._due)[2])
            await asyncio.gather(*map(self._do, now))

    async def rest(self) -> None:
        """Let the clockwork run and tell everybody what has happened."""
        for line in LINES:
            if line.name in LINES_RUN:
                await line.verb(self._ctx.traced(f"demo:{line.name}"))
        await asyncio.gather(*(self._deliver() for _ in range(HANDS)))

    async def _do(self, deed: Deed) -> None:
        try:
            await deed()
        except Refusal:
            self.refused += 1

    async def _deliver(self) -> None:
        while await events.deliver_one(self._ctx, REACTIONS):
            pass

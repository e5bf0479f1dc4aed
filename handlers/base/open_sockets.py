"""The open sockets of one process: how many, whose, and what the clock does to them."""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from typing import Protocol

from prometheus_client import Gauge

MOST = 3_000
"""Of one process; beyond it one's next try reaches another process, or waits."""

MOST_A_PERSON = 5
"""Somebody's phone, desk and what was not closed properly; in one process."""

LOOK_SECONDS = 0.5
"""How often the clock is asked for everybody at once."""

SPREAD_SECONDS = 10.0
"""Over so long those come back whom a process sends away."""

FAREWELL_SECONDS = 2.0
"""A stopping process waits so long for its sockets to close properly."""

sockets_open = Gauge("inn_sockets_open", "Sockets open in this process.")


class Timed(Protocol):
    """A socket, as far as the clock is concerned."""

    def look_at_the_clock(self) -> None:
        """Do what has become due."""

    def send_away(self, seconds: float) -> None:
        """Close, and say after how many seconds to come back."""


class OpenSockets:
    """Every socket of one process."""

    def __init__(self) -> None:
        self._open: set[Timed] = set()
        self._persons: Counter[str] = Counter()
        self._empty = asyncio.Event()
        self._is_closing = False
        self._looks: asyncio.TimerHandle | None = None

    def has_room(self) -> bool:
        """Say whether the process takes another one; one that is going does not."""
        return len(self._open) < MOST and not self._is_closing

    def add(self, socket: Timed) -> None:
        """Count a socket in."""
        self._open.add(socket)
        self._empty.clear()
        sockets_open.inc()
        if self._looks is None:
            self._look_later()

    def remove(self, socket: Timed) -> None:
        """Count a socket out."""
        if socket not in self._open:
            return
        self._open.remove(socket)
        sockets_open.dec()
        if not self._open:
            self._empty.set()

    def enter(self, person_id: str) -> bool:
        """Count one more of a person; False when it is one too many."""
        if self._persons[person_id] >= MOST_A_PERSON:
            return False
        self._persons[person_id] += 1
        return True

    def leave(self, person_id: str) -> None:
        """Count one of a person out."""
        self._persons[person_id] -= 1
        if not self._persons[person_id]:
            del self._persons[person_id]

    async def close(self) -> None:
        """Send everybody away, to come back to another process, not all at once."""
        self._is_closing = True
        for socket in list(self._open):
            socket.send_away(round(random.uniform(0, SPREAD_SECONDS), 1))
        if self._open:
            with suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL_SECONDS):
                    await self._empty.wait()

    def _look_later(self) -> None:
        self._looks = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look)

    def _look(self) -> None:
        self._looks = None
        for socket in list(self._open):
            socket.look_at_the_clock()
        if self._open:
            self._look_later()

"""How long a connection is waited for: one timer, put off rather than made anew."""

import asyncio
from collections.abc import Callable


class Patience:
    """The patience with one connection; when it is over it says so, once."""

    def __init__(self, over: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = over
        self._until: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._rings_at = 0.0

    @property
    def is_waiting(self) -> bool:
        """Whether something is waited for."""
        return self._until is not None

    def wait(self, seconds: float | None) -> None:
        """Wait so long from now, whatever was waited for before; None: for ever."""
        if seconds is None:
            self._until = None
            return
        self._until = self._loop.time() + seconds
        if self._timer is None or self._rings_at > self._until:
            self._let_ring()
            self._ring_in(seconds, self._until)

    def rest(self) -> None:
        """Wait for nothing; the timer may ring, and is not heard."""
        self._until = None

    def end(self) -> None:
        """Wait for nothing any more, and hold on to nobody."""
        self._let_ring()
        self._until, self._over = None, _nobody

    def _let_ring(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring_in(self, seconds: float, at: float) -> None:
        self._rings_at = at
        self._timer = self._loop.call_later(seconds, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._until is None:
            return
        left = self._until - self._loop.time()
        if left > 0:
            self._ring_in(left, self._until)
        else:
            self._until = None
            self._over()


def _nobody() -> None:
    """Whom it is told when the connection has ended."""

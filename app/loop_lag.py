"""How late the event loop is: what every request waits before anybody looks at it."""

from prometheus_client import Histogram
from tornado.ioloop import IOLoop

from models.base.clock import Clock

LOOK_SECONDS = 0.5
"""Two looks a second cost nothing and still see what a thumb would feel."""

lag = Histogram(
    "inn_loop_lag_seconds",
    "How much later than asked the event loop woke up.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)


class LoopLag:
    """Asks to be woken, again and again, and sees how late it is."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waking: object | None = None
        self._due = 0.0

    def begin(self) -> None:
        """Look from now on."""
        self._due = self._clock.monotonic() + LOOK_SECONDS
        self._waking = IOLoop.current().call_later(LOOK_SECONDS, self._wake)

    def end(self) -> None:
        """Look no more."""
        if self._waking is not None:
            IOLoop.current().remove_timeout(self._waking)
            self._waking = None

    def _wake(self) -> None:
        lag.observe(max(0.0, self._clock.monotonic() - self._due))
        self.begin()

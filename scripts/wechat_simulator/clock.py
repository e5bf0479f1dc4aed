"""The platform's clock: runs, is put somewhere, or is moved on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def _running() -> datetime:
    return datetime.now(UTC)


class Clock:
    """Tells the platform's time."""

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self._now = now or _running
        self._put: datetime | None = None

    def now(self) -> datetime:
        """Return this instant."""
        return self._put or self._now()

    def seconds(self) -> int:
        """Return this instant as WeChat writes it."""
        return int(self.now().timestamp())

    def put(self, at: datetime | None) -> None:
        """Stand still at an instant; None lets it run again."""
        self._put = at

    def forward(self, seconds: float) -> None:
        """Stand still some seconds later than now."""
        self._put = self.now() + timedelta(seconds=seconds)

"""The only place the house reads the time.

Every instant is UTC and whole milliseconds, since that is what MongoDB keeps;
every day is a day in Shanghai, since that is how the workers count them.
"""

import time
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""The workers' calendar; quotas, strikes and opening hours turn at its midnight."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Before anything happened here; computers count from then."""

FIRST_MOMENT = datetime.min.replace(tzinfo=UTC)
LAST_MOMENT = datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
"""The calendar's ends, as MongoDB keeps them."""

NANOSECONDS = 1_000_000
"""In a millisecond."""

APART = timedelta(minutes=5)
"""The clocks of two processes may differ by so much and still no place is sold twice,
no offer lost, and nobody who signed out is let in. Running calls of one key, cards
and events are kept from running twice by leases, which bear 20 seconds."""


DAYS_KEPT = 512
"""Moments and days worked out and kept: the slots of a town begin at some hundred."""


@lru_cache(maxsize=DAYS_KEPT)
def day_of(moment: datetime) -> date:
    """Return the civil day in Shanghai that a moment falls on."""
    return moment.astimezone(SHANGHAI).date()


@lru_cache(maxsize=DAYS_KEPT)
def start_of(day: date) -> datetime:
    """Return the first instant of a civil day in Shanghai, in UTC.

    Rules: the calendar's first day begins where UTC does.
    """
    if day == date.min:
        return FIRST_MOMENT
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return the first instant that no longer belongs to a civil day, in UTC.

    Rules: of 9999-12-31, which stands for "for ever", it is the last there is.
    """
    return LAST_MOMENT if day == date.max else start_of(day + timedelta(days=1))


def whole_milliseconds(moment: datetime) -> datetime:
    """Cut a moment to what MongoDB keeps; a third of what `replace` would cost."""
    return moment - timedelta(0, 0, moment.microsecond % 1000)


class Clock:
    """Tells the time; tests hand in one that stands still."""

    _latest: tuple[int, datetime] = (0, EPOCH)
    """The milliseconds since 1970 that were last asked for, and their moment."""

    def now(self) -> datetime:
        """Return this instant (UTC, whole milliseconds).

        Cut before it is a moment: to cut one afterwards cost six times as much. One
        request asks several times in a millisecond, and hears the same moment.
        """
        milliseconds = time.time_ns() // NANOSECONDS
        known, moment = self._latest
        if known != milliseconds:
            moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
            self._latest = milliseconds, moment
        return moment

    def second(self) -> int:
        """Return the whole seconds since 1970, the cheapest way to ask the time."""
        return int(time.time())

    def today(self) -> date:
        """Return today's date in Shanghai."""
        return day_of(self.now())

    def monotonic(self) -> float:
        """Return seconds that only ever grow, to measure how long a thing took."""
        return time.monotonic()


class SetClock(Clock):
    """A clock that stands where it was put; with nothing put, it runs."""

    def __init__(self, at: datetime | None = None) -> None:
        self._at: datetime | None = None
        self.put(at)

    def now(self) -> datetime:
        """Return the moment it was put to, or the running time."""
        return self._at if self._at is not None else super().now()

    def put(self, at: datetime | None) -> None:
        """Stand still at a moment; None lets it run again."""
        self._at = None if at is None else whole_milliseconds(at.astimezone(UTC))

    def forward(self, by: timedelta) -> None:
        """Stand still a stretch later than now."""
        self.put(self.now() + by)

"""Allowances: so many calls a minute and a day, counted by path."""

from collections import Counter
from typing import NamedTuple

from scripts.wechat_simulator.answers import Errcode
from scripts.wechat_simulator.clock import Clock

BEIJING_S = 8 * 3600
"""Days turn over at midnight in Beijing."""

MINUTE_S = 60
DAY_S = 86400
CLEARINGS_A_MONTH = 10


class Limit(NamedTuple):
    """Calls allowed; None is without limit."""

    minute: int | None = None
    day: int | None = None


LIMITS = {
    "/cgi-bin/token": Limit(day=2_000),
    "/cgi-bin/stable_token": Limit(minute=10_000, day=500_000),
    "/wxa/getwxacodeunlimit": Limit(minute=5_000),
    "/cgi-bin/message/subscribe/send": Limit(day=10_000_000),
    "/wxa/msg_sec_check": Limit(minute=4_000, day=2_000_000),
    "/wxa/media_check_async": Limit(minute=2_000, day=200_000),
    "/wxa/resetusersessionkey": Limit(minute=60_000),
}
"""As documented; a test sets smaller ones."""

MINUTE_IS_45009 = {"/wxa/getwxacodeunlimit"}
"""Where even the minute's limit answers 45009."""


class Quotas:
    """Counts calls and says when there were too many."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.limits = dict(LIMITS)
        self._spent: Counter[tuple[str, str, int]] = Counter()
        self._clearings: Counter[tuple[int, int]] = Counter()

    def spend(self, path: str) -> None:
        """Count a call, or refuse it: 45011 this minute, 45009 today."""
        limit = self.limits.get(path, Limit())
        at = self._clock.seconds()
        minute = (path, "minute", at // MINUTE_S)
        day = (path, "day", (at + BEIJING_S) // DAY_S)
        if limit.day is not None and self._spent[day] >= limit.day:
            raise Errcode(45009)
        if limit.minute is not None and self._spent[minute] >= limit.minute:
            raise Errcode(45009 if path in MINUTE_IS_45009 else 45011)
        self._spent[minute] += 1
        self._spent[day] += 1

    def clear(self) -> None:
        """Forget all counts, ten times a month at most: 48006."""
        now = self._clock.now()
        month = (now.year, now.month)
        if self._clearings[month] >= CLEARINGS_A_MONTH:
            raise Errcode(48006)
        self._clearings[month] += 1
        self._spent.clear()

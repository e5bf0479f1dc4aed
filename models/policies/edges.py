"""Edges (起止时刻): every moment at which something public begins or ends.

Between two of them time alone changes nothing. Whoever asks again and again asks
mostly within one stretch, so the last one is remembered.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import datetime

from models.policies.texts import FOREVER

NO_STRETCH = (FOREVER, FOREVER, 0)


class Edges:
    """The moments, in order, each once."""

    def __init__(self) -> None:
        self._moments: list[datetime] = []
        self._latest = NO_STRETCH
        """The stretch last asked about: its first moment, its end, its number."""

    def begin_anew(self) -> None:
        """Forget them; everything is being loaded."""
        self._moments, self._latest = [], NO_STRETCH

    def add(self, moments: Iterable[datetime]) -> None:
        """Take more of them; what never ends has no edge."""
        for moment in moments:
            place = bisect_left(self._moments, moment)
            known = self._moments[place : place + 1] == [moment]
            if moment != FOREVER and not known:
                self._moments.insert(place, moment)
        self._latest = NO_STRETCH

    def stretch(self, now: datetime) -> int:
        """Return the number of the stretch a moment lies in."""
        first, end, number = self._latest
        if not first <= now < end:
            number = bisect_right(self._moments, now)
            first = self._moments[number - 1] if number else now
            end = self._moments[number] if number < len(self._moments) else FOREVER
            self._latest = first, end, number
        return number

"""How many may be under way at once: who comes to a full house is told so at once.

::

                        ┌── MOST ──▶ deeds and personal reads are turned away
    under way ──────────┤
                        └── twice that ──▶ public reads too; they cost the least

    never turned away: first aid, probes, signing out, what WeChat pushes

By Little's law whoever gets in waits for (under way ÷ done a second): a bound on
the one is a bound on the other. Refusing costs less than any work, since it comes
before token, limit, body and database are looked at. Why a count and not the
event loop's lag: docs/decisions/0011-crowds.md.
"""

import random
from enum import StrEnum

from prometheus_client import Counter

from models.base.errors import Unavailable

SOONEST_SECONDS = 2
LATEST_SECONDS = 8
"""Those turned away together come back apart."""

turned_away = Counter(
    "inn_turned_away", "Requests refused because too many were under way.", ["yields"]
)


class Crowded(Unavailable):
    """As many are being served as can be; nothing was begun."""

    code = "crowded"
    message = "现在人太多，请过几秒再试。"

    def __init__(self) -> None:
        super().__init__()
        self.retry_after = random.randint(SOONEST_SECONDS, LATEST_SECONDS)


class Yields(StrEnum):
    """Who makes way for whom when the house is full."""

    FIRST = "first"
    """Deeds and personal reads: they cost the database most and can wait."""
    LAST = "last"
    """Public reads: most are ready bytes, for which refusing saves nothing."""
    NEVER = "never"
    """What must get through, and what makes room."""

    @classmethod
    def usual(cls, verb: str, is_public: bool) -> "Yields":
        """Return the rank that follows from the verb and from who may call."""
        return cls.LAST if verb == "get" and is_public else cls.FIRST


class Crowd:
    """The requests of one process, by number."""

    def __init__(self, most: int) -> None:
        """Take at most so many at once; as many again if they are public reads."""
        self._rooms = {Yields.FIRST: most, Yields.LAST: 2 * most}
        self.under_way = 0
        """Counted up and down by the door itself."""

    def look(self, yields: Yields) -> None:
        """See whether whoever has just been counted has room.

        Refuses: Crowded.
        """
        if self.under_way > self._rooms[yields]:
            turned_away.labels(yields).inc()
            raise Crowded

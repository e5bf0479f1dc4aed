"""No-shows (爽约率): of the bookings somebody was waited for, how many were missed.

Walk-ins were not waited for, what was cancelled in time or by the station neither;
who has not come in ten minutes has missed it, written down or not; a no-show that
was undone is none.

Source: rules §3.15, §3.5.
"""

from typing import Any

import msgspec

from models.base.context import Context
from models.stations.booked import State
from models.stations.slots import Way

WAITED_FOR = {"$eq": ["$way", Way.BOOKING]}
CAME = {"$gt": ["$begun_at", None]}


class NoShows(msgspec.Struct, kw_only=True, frozen=True):
    """Bookings that were missed, and kept."""

    missed: int = 0
    kept: int = 0
    rate: float | None = None
    """Missed of both; None if there was none."""

    @classmethod
    def of(cls, *, missed: int, kept: int) -> "NoShows":
        """Work out the rate."""
        every = missed + kept
        rate = round(missed / every, 4) if every else None
        return cls(missed=missed, kept=kept, rate=rate)


def kept() -> dict[str, Any]:
    """Ask MongoDB of a booking whether somebody came."""
    return {"$and": [WAITED_FOR, CAME]}


def missed(ctx: Context) -> dict[str, Any]:
    """Ask MongoDB of a booking whether nobody came."""
    late = {"$lte": ["$come_by", ctx.clock.now()]}
    overdue = {"$and": [{"$eq": ["$state", State.BOOKED]}, late]}
    gone = {"$or": [{"$eq": ["$state", State.NO_SHOW]}, overdue]}
    return {"$and": [WAITED_FOR, {"$not": [CAME]}, gone]}

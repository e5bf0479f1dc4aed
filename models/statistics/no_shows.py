"""No-shows (爽约率): of the bookings somebody was waited for, how many were missed.

Source: rules §3.15, §3.5.
"""

from typing import Any

import msgspec

from models.base.context import Context
from models.stations.booked import Booking, State
from models.stations.slots import Way
from models.statistics.comings import BY_STATION
from models.statistics.spans import Span, Where


class NoShows(msgspec.Struct, kw_only=True, frozen=True):
    """Bookings that were missed, and kept."""

    missed: int = 0
    kept: int = 0
    rate: float | None = None
    """Missed of both; None if there was none."""


async def of(
    ctx: Context, where: Where, span: Span, by: str | None = BY_STATION
) -> dict[Any, NoShows]:
    """Count the bookings of some days that were missed, and that were kept.

    Rules: walk-ins were not waited for, what was cancelled in time or by the
        station neither; who has not come in ten minutes has missed it, written down
        or not; a no-show that was undone is none.
    """
    overdue = {"state": State.BOOKED, "come_by": {"$lte": ctx.clock.now()}}
    kept = {"begun_at": {"$ne": None}}
    counted = {"$or": [{"state": State.NO_SHOW}, overdue, kept]}
    booked = {**where, "start": span.moments(), "way": Way.BOOKING}
    is_kept = {"$cond": [{"$gt": ["$begun_at", None]}, 1, 0]}
    pipeline: list[dict[str, Any]] = [
        {"$match": {"$and": [booked, counted]}},
        {"$group": {"_id": by, "all": {"$sum": 1}, "kept": {"$sum": is_kept}}},
    ]
    rows = await (await Booking.shelf(ctx).aggregate(pipeline)).to_list()
    return {row["_id"]: _figures(row["all"], row["kept"]) for row in rows}


def _figures(every: int, kept: int) -> NoShows:
    missed = every - kept
    return NoShows(missed=missed, kept=kept, rate=round(missed / every, 4))

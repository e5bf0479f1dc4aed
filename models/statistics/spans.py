"""Spans (统计区间): from a day to a day, both counted, a year at the most.

Source: rules §3.15; screens.md, console (date shortcuts 近7天/近30天).
"""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from models.base import days
from models.base.clock import end_of, start_of
from models.base.context import Context
from models.base.errors import Invalid

LONGEST = 366
"""Days; a leap year."""

USUAL = 30


class SpanTooLong(Invalid):
    """More than a year; ``details.most`` is in days."""

    code = "span_too_long"
    message = "一次最多统计 366 天，请缩短日期范围。"


class Span(NamedTuple):
    """From a day to a day, both counted."""

    first: date
    last: date

    def days(self) -> dict[str, str]:
        """Ask for a day within, to MongoDB."""
        return {"$gte": self.first.isoformat(), "$lte": self.last.isoformat()}

    def moments(self) -> dict[str, datetime]:
        """Ask for a moment within, to MongoDB."""
        return {"$gte": start_of(self.first), "$lt": end_of(self.last)}


def of(
    ctx: Context, first: date | None, last: date | None, *, usual: int = USUAL
) -> Span:
    """Return a span as asked for; without days the last ones up to today.

    Refuses: SpanBackwards, SpanTooLong.
    """
    until = last or ctx.clock.today()
    since = first or max(until, days.FIRST_DAY) - timedelta(days=usual - 1)
    days.check(since, until)
    if until - since >= timedelta(days=LONGEST):
        raise SpanTooLong({"most": LONGEST})
    return Span(since, until)


Where = dict[str, Any]
"""Whose rows: those of some stations, always within a scope."""

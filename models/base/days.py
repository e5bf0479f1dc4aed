"""Days asked for (日期范围): from one to another, both counted, as moments.

A day before the house began, or one that is still to come, bounds nothing more than
the first and the present one do.
"""

from datetime import date, datetime

from models.base.clock import end_of, start_of
from models.base.context import Context
from models.base.errors import Invalid

FIRST_DAY = date(2020, 1, 1)
"""Nothing in this house is older."""


class SpanBackwards(Invalid):
    """The last day is before the first."""

    code = "span_backwards"
    message = "结束日期不能早于开始日期，请重新选择。"


def moments(
    ctx: Context, since: date | None, until: date | None
) -> tuple[datetime | None, datetime | None]:
    """Return when the first day begins, and when the last one is over.

    None is without a bound.
    Refuses: SpanBackwards.
    """
    check(since, until)
    last = None if until is None else min(max(until, FIRST_DAY), ctx.clock.today())
    return (
        None if since is None else start_of(max(since, FIRST_DAY)),
        None if last is None else end_of(last),
    )


def check(since: date | None, until: date | None) -> None:
    """Look that two days are in order.

    Refuses: SpanBackwards.
    """
    if since is not None and until is not None and until < since:
        raise SpanBackwards

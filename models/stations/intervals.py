"""Stretches of a day as people write them: "08:00-20:00", "22:00-02:00".

Half-open, so 08:00-12:00 and 12:00-18:00 touch and do not overlap. One that ends
before it starts runs on into the next day, and belongs to the day it starts on.
A whole day is "00:00-24:00".
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, NamedTuple, Self

from msgspec import Meta

from models.base.clock import SHANGHAI
from models.base.errors import Invalid
from models.base.units import Instant

DAY = 1440
"""Minutes in a civil day."""

Interval = Annotated[
    str,
    Meta(
        pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)\Z",
        description='Times of day in Shanghai, half-open: "08:00-20:00".',
    ),
]
Intervals = Annotated[tuple[Interval, ...], Meta(max_length=8)]
Span = tuple[int, int]
"""An interval in minutes after midnight; past 1440 it is the next day."""


class OpenInterval(NamedTuple):
    """A stretch of being open, ``[start, end)``: attended throughout or not at all."""

    start: Instant
    end: Instant
    attended: bool
    reason: str
    """Why the day is not an ordinary one; empty if it is."""
    provisional: bool
    """The year's holidays are not loaded: the stretch may still change."""

    def without(self, since: datetime, until: datetime | None) -> Iterator[Self]:
        """Return what is left outside ``[since, until)``; None is without end."""
        if since > self.start:
            yield self._replace(end=min(self.end, since))
        if until is not None and until < self.end:
            yield self._replace(start=max(self.start, until))


class BadHours(Invalid):
    """The opening hours contradict themselves; ``path`` says where."""

    code = "bad_hours"
    message = "开放时间填写有误，请按“08:00-20:00”的格式填写。"


@lru_cache(maxsize=1024)
def span_of(interval: Interval) -> Span:
    """Read one interval.

    Units: minutes after the day's midnight.
    """
    start, end = (int(time[:2]) * 60 + int(time[3:]) for time in interval.split("-"))
    return start, end if end > start else end + DAY


def moment_of(day: date, minute: int) -> datetime:
    """Turn minutes on Shanghai's wall into a moment, also in its years of DST."""
    days, minute = divmod(minute, DAY)
    time_of_day = time(*divmod(minute, 60))
    wall = datetime.combine(day + timedelta(days=days), time_of_day, SHANGHAI)
    return wall.astimezone(UTC)


def spans_of(intervals: Intervals) -> list[Span]:
    """Read a day's intervals, earliest first."""
    return sorted(span_of(interval) for interval in intervals)


def joined(spans: list[Span]) -> list[Span]:
    """Make one of those that touch or overlap."""
    whole: list[Span] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole


def stretches(
    opened: Intervals, attended: Intervals
) -> Iterator[tuple[int, int, bool]]:
    """Cut a day's open time where staff come and go; say where they are there.

    Units: minutes after the day's midnight.
    """
    staffed = joined(spans_of(attended))
    for start, end in joined(spans_of(opened)):
        rims = {rim for span in staffed for rim in span if start < rim < end}
        for early, late in pairwise(sorted({start, end} | rims)):
            yield early, late, any(come <= early < go for come, go in staffed)


def check_apart(path: str, intervals: Intervals) -> None:
    """Make sure that a day's intervals last a while and do not overlap.

    Refuses: BadHours.
    """
    for place, interval in enumerate(intervals):
        start, end = span_of(interval)
        if end - start == DAY and interval != "00:00-24:00":
            says = f"时段“{interval}”首尾相同，全天开放请写“00:00-24:00”。"
            raise BadHours({"path": f"{path}[{place}]"}, message=says)
    for early, late in pairwise(sorted(intervals, key=span_of)):
        if span_of(late)[0] < span_of(early)[1]:
            says = f"时段“{early}”与“{late}”重叠，请合并或错开。"
            raise BadHours({"path": path}, message=says)


def check_nights_apart(path: str, intervals: Intervals, following: Intervals) -> None:
    """Make sure that a night is over before the next day's first interval.

    Refuses: BadHours.
    """
    if not intervals or not following:
        return
    night, morning = max(intervals, key=span_of), min(following, key=span_of)
    if span_of(night)[1] - DAY > span_of(morning)[0]:
        says = f"时段“{night}”延续到次日，与次日的“{morning}”重叠，请错开。"
        raise BadHours({"path": path}, message=says)


def check_within(path: str, inner: Intervals, outer: Intervals) -> None:
    """Make sure that each interval lies inside the others.

    Refuses: BadHours.
    """
    whole = joined(spans_of(outer))
    for place, interval in enumerate(inner):
        start, end = span_of(interval)
        if not any(opens <= start and end <= closes for opens, closes in whole):
            says = f"有人值守时段“{interval}”超出了开放时段，请调整。"
            raise BadHours({"path": f"{path}[{place}]"}, message=says)

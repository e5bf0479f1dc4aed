"""What overrides a station's ordinary days: a special day, a closure (临时调整).

A special day is planned (a festival, an early evening); a closure is what happened
(a power cut, a flood) and is known to the minute. Both always say why.

Source: rules 3.2 (开放时间).
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from models.base.units import Day, Instant
from models.stations.intervals import BadHours, Intervals, check_apart, check_within

Reason = Annotated[str, Meta(min_length=1, max_length=100)]
"""A sentence for the worker at the door."""


class SpecialDay(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One day that is not like others of its kind (特别安排)."""

    day: Day
    intervals: Intervals
    reason: Reason
    attended: Intervals | None = None
    """None: as the day would have been, as far as it is open."""


class Closure(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Closed for something that happened (临时关闭), ``[from, until)``."""

    since: Instant = msgspec.field(name="from")
    until: Instant | None = None
    """None: until further notice."""
    reason: Reason
    id: str = ""
    """Of the disruption it came with; empty for one that was written in a file."""

    def covers(self, moment: datetime) -> bool:
        """Tell whether this keeps the door shut at a moment."""
        return self.since <= moment and (self.until is None or moment < self.until)


def check_special(days: tuple[SpecialDay, ...]) -> None:
    """Make sure that special days make sense.

    Refuses: BadHours.
    """
    for place, special in enumerate(days):
        path = f"$.special[{place}]"
        attended = special.attended or ()
        check_apart(f"{path}.intervals", special.intervals)
        check_apart(f"{path}.attended", attended)
        check_within(f"{path}.attended", attended, special.intervals)


def check_closures(closures: tuple[Closure, ...]) -> None:
    """Make sure that closures end after they begin.

    Refuses: BadHours.
    """
    for place, closure in enumerate(closures):
        if closure.until is not None and closure.until <= closure.since:
            path = f"$.closures[{place}].until"
            raise BadHours({"path": path}, message="关闭的结束时间须晚于开始时间。")

"""The ordinary year of a station: its week, and what the calendar makes of a day.

::

    weekly ──▶ national calendar ──▶ the day's rule
    mon…sun    holiday, make-up day   intervals, attended intervals, reason

What overrides a single day is in `hours`.

Source: rules 3.2 (开放时间).
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

import msgspec

from models.base import calendar, holidays
from models.base.calendar import DayKind, LocalDays
from models.stations.intervals import (
    Intervals,
    check_apart,
    check_nights_apart,
    check_within,
)

MONDAY, FRIDAY, SATURDAY = 0, 4, 5
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

MADE_UP = "调休上班"
PROVISIONAL = "节假日安排尚未载入，开放时间暂定"


class Week(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The intervals of each weekday; none means closed."""

    mon: Intervals = ()
    tue: Intervals = ()
    wed: Intervals = ()
    thu: Intervals = ()
    fri: Intervals = ()
    sat: Intervals = ()
    sun: Intervals = ()

    def on(self, weekday: int) -> Intervals:
        """Return the intervals of a weekday, Monday being 0."""
        found: Intervals = getattr(self, WEEKDAYS[weekday])
        return found


class Attended(Week, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """When staff are there (有人值守); a time not named is unattended."""

    holiday: Intervals = ()


class Weekly(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What a station says of its ordinary days."""

    weekly: Week
    holiday: Intervals = ()
    """On every day off by the year's notice, whatever its weekday."""
    make_up: Literal["weekday"] | Intervals = "weekday"
    """"weekday": a Saturday is worked like Friday, a Sunday like Monday, the days
    they join the working week by."""
    attended: Attended = Attended()


class DayRule(NamedTuple):
    """What holds on one day."""

    opened: Intervals
    attended: Intervals
    """Counts as far as the day is open."""
    reason: str
    """Why the day is not an ordinary one; empty if it is."""
    provisional: bool
    """The year's holidays are not loaded: the day may still become one."""


def rule_for(hours: Weekly, day: date, local: LocalDays) -> DayRule:
    """Say what holds on a day that has no special arrangement."""
    kind, provisional = calendar.expected_kind(day, local)
    if kind is DayKind.HOLIDAY:
        opened, attended = hours.holiday, hours.attended.holiday
        reason = f"{holidays.festival(day) or '地方'}假期"
    elif kind is DayKind.MAKE_UP:
        opened, attended = _worked(hours, day)
        reason = MADE_UP
    else:
        opened = hours.weekly.on(day.weekday())
        attended = hours.attended.on(day.weekday())
        reason = PROVISIONAL if provisional else ""
    return DayRule(opened, attended, reason, provisional)


def _worked(hours: Weekly, day: date) -> tuple[Intervals, Intervals]:
    weekday = day.weekday()
    if weekday >= SATURDAY:
        weekday = FRIDAY if weekday == SATURDAY else MONDAY
    attended = hours.attended.on(weekday)
    if isinstance(hours.make_up, str):
        return hours.weekly.on(weekday), attended
    return hours.make_up, attended


def check_weekly(hours: Weekly) -> None:
    """Make sure that the ordinary days make sense.

    Refuses: BadHours.
    """
    for path, opened in _lists_of(hours):
        check_apart(f"$.{path}", opened)
    for today, tomorrow in zip(range(7), (*range(1, 7), 0), strict=True):
        path = f"$.weekly.{WEEKDAYS[today]}"
        check_nights_apart(path, hours.weekly.on(today), hours.weekly.on(tomorrow))
    for weekday, name in enumerate(WEEKDAYS):
        path = f"$.attended.{name}"
        check_within(path, hours.attended.on(weekday), hours.weekly.on(weekday))
    check_within("$.attended.holiday", hours.attended.holiday, hours.holiday)


def _lists_of(hours: Weekly) -> Iterator[tuple[str, Intervals]]:
    for weekday, name in enumerate(WEEKDAYS):
        yield f"weekly.{name}", hours.weekly.on(weekday)
        yield f"attended.{name}", hours.attended.on(weekday)
    yield "holiday", hours.holiday
    yield "attended.holiday", hours.attended.holiday
    if not isinstance(hours.make_up, str):
        yield "make_up", hours.make_up

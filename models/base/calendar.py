"""The Chinese working-day calendar: what sort of day it is, and counting days.

Whoever asks about a year whose notice is not loaded is told so; how depends on
what hangs on the answer::

    deadlines        day_kind, add_working_days, …   refuse: a wrong due date
                                                     is a broken promise
    opening hours    expected_kind                   the days the law fixes, else
                                                     the weekday: provisional

Refusing hours too would close every station's directory at the new year until
somebody loads a table; guessing silently would send people to locked doors. So
the guess is shown as one, until `holidays.load` ends it.

Source: rules 5.4 (工作日计算); the tables are in `holidays`.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec

from models.base import holidays
from models.base.errors import Unavailable
from models.base.units import Day

ONE_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """What sort of day it is; the first two are worked."""

    WORKDAY = "workday"
    MAKE_UP = "make_up"
    """Worked although it would be free (调休上班)."""
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    """Off by the year's notice, also where it falls on a weekend (放假)."""


WORKED = frozenset({DayKind.WORKDAY, DayKind.MAKE_UP})


class LocalDays(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Days that one unit keeps otherwise than the country (地方假日)."""

    holidays: frozenset[Day] = frozenset()
    """Off here, such as a festival of a minority region; they win."""
    working: frozenset[Day] = frozenset()
    """Worked here although others are off."""


NO_LOCAL_DAYS = LocalDays()


class Expected(NamedTuple):
    """What sort of day it is, or will be as far as anybody can say."""

    kind: DayKind
    provisional: bool
    """The year's notice is not loaded: it may still change this day."""


class CalendarMissing(Unavailable):
    """The year's holidays are not loaded, and a deadline must not be guessed."""

    code = "calendar_missing"
    message = "相关年份的节假日安排尚未载入，暂时无法计算期限，请联系工作人员处理。"
    retry_after = 3600


def day_kind(day: date, local: LocalDays = NO_LOCAL_DAYS) -> DayKind:
    """Say what sort of day it is.

    Refuses: CalendarMissing.
    """
    expected = expected_kind(day, local)
    if expected.provisional:
        raise CalendarMissing({"year": day.year})
    return expected.kind


def expected_kind(day: date, local: LocalDays = NO_LOCAL_DAYS) -> Expected:
    """Say what sort of day to expect: for showing, never for a deadline.

    Rules: local days win over the nation's; in a year not loaded, what the law
    fixes and otherwise the weekday, provisionally.
    """
    national = _national_kind(day)
    if day in local.holidays:
        return Expected(DayKind.HOLIDAY, provisional=False)
    if day in local.working:
        kind = national if national in WORKED else DayKind.MAKE_UP
        return Expected(kind, provisional=False)
    return Expected(national, provisional=not holidays.is_loaded(day.year))


def _national_kind(day: date) -> DayKind:
    if holidays.festival(day) is not None:
        return DayKind.HOLIDAY
    if holidays.is_moved(day):
        return DayKind.MAKE_UP
    return DayKind.WEEKEND if day.weekday() >= holidays.SATURDAY else DayKind.WORKDAY


def is_working_day(day: date, local: LocalDays = NO_LOCAL_DAYS) -> bool:
    """Tell whether offices work that day (工作日).

    Refuses: CalendarMissing.
    """
    return day_kind(day, local) in WORKED


def add_working_days(
    day: date, count: int, *, local: LocalDays = NO_LOCAL_DAYS
) -> date:
    """Return the working day that lies so many working days after a day.

    Rules: counting starts with the next working day; a negative count goes back;
    none is the day itself, worked or not.
    Refuses: CalendarMissing, as soon as a day on the way is not known.
    """
    step = ONE_DAY if count > 0 else -ONE_DAY
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day, local)
    return day


def working_days_between(
    start: date, end: date, *, local: LocalDays = NO_LOCAL_DAYS
) -> int:
    """Count the working days after one day, up to and with another.

    Rules: undoes `add_working_days`; negative when the end comes first, and then
    counted from the end up to the day before the start.
    Refuses: CalendarMissing.
    """
    sign = 1 if end >= start else -1
    days = range(sign, (end - start).days + sign, sign)
    return sign * sum(is_working_day(start + ONE_DAY * n, local) for n in days)

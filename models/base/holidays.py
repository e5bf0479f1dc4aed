"""The tables behind the calendar: which days each year's notice moves.

Every autumn the State Council says which days of the next year are off and
which weekends are worked instead (调休). ``chinesecalendar`` carries the notices
of 2004 to 2026; a later one arrives with a newer release of it, or at once as a
table that an operator copies from the notice and `load` takes in::

    {"year": 2026, "source": "国务院办公厅关于2026年部分节假日安排的通知，2025-11-04",
     "holidays": {"2026-01-01": "元旦", "2026-01-02": "元旦", …},
     "make_up": ["2026-01-04", …]}

Source: 国务院办公厅关于部分节假日安排的通知, of each year.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import chinese_calendar
import msgspec
from msgspec import Meta

from models.base.errors import Invalid
from models.base.units import Day

SATURDAY = 5
"""`date.weekday()` of the first day of the weekend."""

FIXED = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}
"""Holidays by (month, day) that need no notice; the others follow the moon.

Source: 全国年节及纪念日放假办法 (国务院令第795号, in force since 2025-01-01).
"""


class Year(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One year's notice as a table (放假安排)."""

    year: Annotated[int, Meta(ge=2025, le=2100)]
    """Not before 2025: an older year has other fixed days, and is known anyway."""
    source: Annotated[str, Meta(min_length=4)]
    """Title and date of the notice it was copied from."""
    holidays: dict[Day, str]
    """Every day off, weekends inside a break too, with the festival's name."""
    make_up: tuple[Day, ...]
    """The Saturdays and Sundays that are worked."""


class BadYear(Invalid):
    """A year's table contradicts itself or the law."""

    code = "bad_calendar_year"
    message = "节假日表有误，请对照国务院通知核对后重新载入。"


@dataclass(frozen=True, eq=False)
class _Known:
    """All that is loaded; replaced whole, so that its identity is its edition."""

    years: frozenset[int]
    off: dict[date, str]
    worked: frozenset[date]


def _from_library() -> _Known:
    names = {festival.value: festival.chinese for festival in chinese_calendar.Holiday}
    table: dict[date, str] = chinese_calendar.holidays
    return _Known(
        years=frozenset(day.year for day in table),
        off={day: names[festival] for day, festival in table.items()},
        worked=frozenset(chinese_calendar.workdays),
    )


_known = _from_library()


def load(table: Year) -> None:
    """Take a year's notice into use, in place of what was known of that year.

    Rules: earlier years first; days are of that year or of the December before,
    where a New Year break may begin; what the law fixes is off; only weekends
    make up.
    Refuses: BadYear.
    """
    global _known  # noqa: PLW0603 - one calendar a process, replaced whole
    _check(table)
    said = table.holidays.keys() | set(table.make_up)
    off = {
        day: name
        for day, name in _known.off.items()
        if day.year != table.year and day not in said
    }
    worked = {day for day in _known.worked if day.year != table.year} - said
    _known = _Known(
        years=_known.years | {table.year},
        off=off | table.holidays,
        worked=frozenset(worked | set(table.make_up)),
    )


def _check(table: Year) -> None:
    first, last = date(table.year - 1, 12, 1), date(table.year, 12, 31)
    off, worked = table.holidays.keys(), set(table.make_up)
    wrong = {
        "outside_year": {day for day in off | worked if not first <= day <= last},
        "both_off_and_worked": off & worked,
        "make_up_on_weekday": {day for day in worked if day.weekday() < SATURDAY},
        "fixed_day_missing": {date(table.year, *day) for day in FIXED} - off,
    }
    found = {fault: sorted(map(str, days)) for fault, days in wrong.items() if days}
    if found:
        raise BadYear({"year": table.year, **found})


def edition() -> Hashable:
    """Return a token that changes with every `load`, for who remembers answers."""
    return _known


def is_loaded(year: int) -> bool:
    """Tell whether a year's notice is known."""
    return year in _known.years


def is_moved(day: date) -> bool:
    """Tell whether a notice made this weekend a working day (调休上班)."""
    return day in _known.worked


def festival(day: date) -> str | None:
    """Return the name of the festival a day is off for, or None (节日)."""
    name = _known.off.get(day)
    if name is None and not is_loaded(day.year):
        return FIXED.get((day.month, day.day))
    return name

"""How long from one civil day to another: full years of age, months, days.

Two choices, each written down once:

- A person born on 29 February is a year older on 1 March of a common year.
- A month after a day that the next month has not got is that month's last day:
  31 January and one month is 28 February, or 29 in a leap year.

Ranges are inclusive. "At most 24 months" still holds on the day the 24th month is
full, and no longer on the day after; "at least" holds from that day on.

Source: rules 1.7; 民法典 art. 202 (months end on the corresponding day, else on the
month's last).
"""

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import lru_cache

MONTHS = 12
"""Months in a year."""

Window = tuple[date, date]
"""First and last day, both in; first after last holds no day."""


def full_years(born: date, on: date) -> int:
    """Return the age in full years (周岁); the birthday itself counts as reached."""
    return on.year - born.year - (on < _birthday(born, on.year))


def add_months(day: date, months: int) -> date:
    """Return the corresponding day some months later, or that month's last."""
    first = _month(day, months)
    return first.replace(day=min(day.day, _length(first)))


@lru_cache(maxsize=4096)
def ages(least: int, most: int | None, on: date) -> Window:
    """Return the birth dates whose age on a day is within a range."""
    oldest = date.min if most is None else _next(_born_by(most + 1, on))
    return oldest, _born_by(least, on)


@lru_cache(maxsize=4096)
def months_ago(least: int, most: int | None, on: date) -> Window:
    """Return the days that lie within a range of months before a day."""
    first = date.min if most is None else _first_reaching(most, on)
    return first, _last_reached(least, on)


@lru_cache(maxsize=4096)
def days_ago(least: int, most: int | None, on: date) -> Window:
    """Return the days that lie within a range of days before a day."""
    first = date.min if most is None else _shift(on, -most)
    return first, _shift(on, -least)


def _birthday(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _born_by(years: int, on: date) -> date:
    """Return the latest birth date of somebody this old."""
    if on.year - years < MINYEAR:
        return date.min
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return date(on.year - years, 2, 28)


def _last_reached(months: int, on: date) -> date:
    """Return the latest day that is this many months or more before a day."""
    first = _month(on, -months)
    ends = on.day == _length(on)
    return first.replace(day=_length(first) if ends else min(on.day, _length(first)))


def _first_reaching(months: int, on: date) -> date:
    """Return the earliest day that is no more than this many months before a day."""
    first = _month(on, -months)
    if on.day > _length(first):
        return _month(first, 1)
    return first.replace(day=on.day)


def _month(day: date, months: int) -> date:
    """Return the first of the month some months away, within what dates can say."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    if year < MINYEAR:
        return date.min
    return date(MAXYEAR, 12, 1) if year > MAXYEAR else date(year, month + 1, 1)


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _next(day: date) -> date:
    return _shift(day, 1)


def _shift(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min

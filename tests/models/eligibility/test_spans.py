"""Ages, months and days are counted as the law counts them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.eligibility import spans

D = date.fromisoformat
days = st.dates(D("1990-01-01"), D("2040-12-31"))


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("2000-05-10", "2016-05-09", 15),
        ("2000-05-10", "2016-05-10", 16),
        ("2000-05-10", "2016-05-11", 16),
        ("2000-05-10", "2000-05-09", -1),
        ("2004-02-29", "2022-02-28", 17),
        ("2004-02-29", "2022-03-01", 18),
        ("2004-02-29", "2024-02-28", 19),
        ("2004-02-29", "2024-02-29", 20),
        ("2008-03-01", "2026-03-01", 18),
        ("2008-12-31", "2026-12-30", 17),
    ],
)
def test_a_birthday_counts_as_reached(born: str, on: str, years: int) -> None:
    assert spans.full_years(D(born), D(on)) == years


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2026-01-30", 1, "2026-02-28"),
        ("2026-01-28", 1, "2026-02-28"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2025-12-15", 1, "2026-01-15"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2026-05-05", 0, "2026-05-05"),
    ],
)
def test_a_month_ends_on_its_own_day_or_on_the_last(
    day: str, months: int, later: str
) -> None:
    assert spans.add_months(D(day), months) == D(later)


@given(days, st.integers(0, 80), st.integers(0, 80), days)
def test_the_window_of_ages_holds_exactly_those_of_that_age(
    on: date, one: int, other: int, born: date
) -> None:
    least, most = sorted((one, other))
    first, last = spans.ages(least, most, on)
    assert (first <= born <= last) == (least <= spans.full_years(born, on) <= most)
    _, youngest = spans.ages(least, None, on)
    assert (born <= youngest) == (spans.full_years(born, on) >= least)


@given(days, st.integers(-40, 40), st.integers(-40, 40), days)
def test_the_window_of_months_ends_on_the_corresponding_days(
    on: date, one: int, other: int, day: date
) -> None:
    least, most = sorted((one, other))
    first, last = spans.months_ago(least, most, on)
    inside = spans.add_months(day, least) <= on <= spans.add_months(day, most)
    assert (first <= day <= last) == inside


@given(days, st.integers(-90, 90), st.integers(0, 90), days)
def test_the_window_of_days_is_inclusive(
    on: date, least: int, more: int, day: date
) -> None:
    first, last = spans.days_ago(least, least + more, on)
    assert (first <= day <= last) == (least <= (on - day).days <= least + more)


@pytest.mark.parametrize("on", [date.min, date.max, D("2026-01-31")])
@pytest.mark.parametrize("far", [1800, 54_750, -1800, -54_750])
def test_windows_end_where_the_calendar_ends(on: date, far: int) -> None:
    for window in (spans.months_ago, spans.days_ago):
        first, last = window(far, far + 1, on)
        assert isinstance(first, date)
        assert isinstance(last, date)
    assert spans.ages(150, None, on)[1] <= max(on, date.min)


@given(days)
def test_every_day_is_a_month_before_some_window(day: date) -> None:
    later = spans.add_months(day, 1)
    first, last = spans.months_ago(0, 1, later)
    assert first <= day <= last
    first, _ = spans.months_ago(0, 1, later + timedelta(days=1))
    assert day < first

"""Working days are counted as the State Council's notices say, and never guessed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import calendar, holidays
from models.base.calendar import CalendarMissing, DayKind, LocalDays

D = date.fromisoformat
loaded_days = st.dates(D("2025-02-01"), D("2026-11-30"))


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2025-01-01", DayKind.HOLIDAY),
        ("2025-01-26", DayKind.MAKE_UP),
        ("2025-01-27", DayKind.WORKDAY),
        ("2025-01-28", DayKind.HOLIDAY),
        ("2025-02-01", DayKind.HOLIDAY),
        ("2025-02-08", DayKind.MAKE_UP),
        ("2025-02-09", DayKind.WEEKEND),
        ("2025-09-27", DayKind.WEEKEND),
        ("2025-09-28", DayKind.MAKE_UP),
        *((f"2025-10-0{n}", DayKind.HOLIDAY) for n in range(1, 9)),
        ("2025-10-09", DayKind.WORKDAY),
        ("2025-10-11", DayKind.MAKE_UP),
        ("2025-10-12", DayKind.WEEKEND),
        ("2026-01-04", DayKind.MAKE_UP),
        ("2026-02-14", DayKind.MAKE_UP),
        ("2026-02-23", DayKind.HOLIDAY),
        ("2026-05-09", DayKind.MAKE_UP),
        ("2026-11-23", DayKind.WORKDAY),
        ("2026-12-31", DayKind.WORKDAY),
    ],
)
def test_a_day_is_what_the_notice_says(day: str, kind: DayKind):
    assert calendar.day_kind(D(day)) is kind
    assert calendar.expected_kind(D(day)) == (kind, False)


def test_a_weekend_inside_a_festival_is_a_holiday_and_the_next_one_is_not():
    assert calendar.day_kind(D("2026-10-03")) is DayKind.HOLIDAY
    assert holidays.festival(D("2026-10-03")) == "国庆节"
    assert calendar.day_kind(D("2026-10-17")) is DayKind.WEEKEND
    assert holidays.festival(D("2026-10-17")) is None


@pytest.mark.parametrize(("year", "worked"), [(2025, 248), (2026, 248)])
def test_a_year_has_as_many_working_days_as_counted_by_hand(year: int, worked: int):
    first, last = date(year, 1, 1), date(year, 12, 31)
    assert calendar.working_days_between(first, last) == worked


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2025-01-24", 1, "2025-01-26"),
        ("2025-01-27", 1, "2025-02-05"),
        ("2025-09-26", 3, "2025-09-30"),
        ("2025-09-30", 1, "2025-10-09"),
        ("2025-09-30", 3, "2025-10-11"),
        ("2025-10-04", 1, "2025-10-09"),
        ("2025-10-09", -1, "2025-09-30"),
        ("2025-10-05", 0, "2025-10-05"),
        ("2026-11-23", 15, "2026-12-14"),
        ("2026-12-30", 1, "2026-12-31"),
    ],
)
def test_counting_skips_what_is_off_and_starts_on_the_next_day(
    start: str, count: int, end: str
):
    assert calendar.add_working_days(D(start), count) == D(end)
    assert calendar.working_days_between(D(start), D(end)) == count


@pytest.mark.parametrize(
    "ask",
    [
        lambda: calendar.day_kind(D("2027-01-01")),
        lambda: calendar.is_working_day(D("2003-12-31")),
        lambda: calendar.add_working_days(D("2026-12-31"), 1),
        lambda: calendar.add_working_days(D("2004-01-01"), -1),
        lambda: calendar.working_days_between(D("2026-12-01"), D("2027-01-04")),
    ],
)
def test_a_deadline_in_a_year_not_loaded_is_refused(ask):
    with pytest.raises(CalendarMissing) as refused:
        ask()
    assert refused.value.code == "calendar_missing"
    assert refused.value.details["year"] in {2003, 2027}


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2027-01-01", DayKind.HOLIDAY),
        ("2027-05-02", DayKind.HOLIDAY),
        ("2027-10-03", DayKind.HOLIDAY),
        ("2027-01-04", DayKind.WORKDAY),
        ("2027-01-09", DayKind.WEEKEND),
    ],
)
def test_what_is_shown_of_a_year_not_loaded_is_marked(day: str, kind: DayKind):
    assert calendar.expected_kind(D(day)) == (kind, True)


LOCAL = LocalDays(
    holidays=frozenset({D("2026-11-24"), D("2026-09-20"), D("2027-03-03")}),
    working=frozenset({D("2026-11-25"), D("2026-11-28"), D("2026-10-02")}),
)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2026-11-24", DayKind.HOLIDAY),
        ("2026-09-20", DayKind.HOLIDAY),
        ("2027-03-03", DayKind.HOLIDAY),
        ("2026-11-25", DayKind.WORKDAY),
        ("2026-11-28", DayKind.MAKE_UP),
        ("2026-10-02", DayKind.MAKE_UP),
        ("2026-10-03", DayKind.HOLIDAY),
        ("2026-11-29", DayKind.WEEKEND),
    ],
)
def test_a_unit_keeps_its_own_days(day: str, kind: DayKind):
    assert calendar.day_kind(D(day), LOCAL) is kind


def test_a_units_own_days_move_its_deadlines():
    assert calendar.add_working_days(D("2026-11-23"), 4) == D("2026-11-27")
    assert calendar.add_working_days(D("2026-11-23"), 4, local=LOCAL) == D("2026-11-28")


@given(loaded_days, st.integers(-200, 200))
def test_adding_and_counting_undo_each_other(day: date, count: int):
    try:
        there = calendar.add_working_days(day, count)
    except CalendarMissing:
        return
    assert calendar.working_days_between(day, there) == count
    assert count == 0 or calendar.is_working_day(there)
    if calendar.is_working_day(day):
        assert calendar.add_working_days(there, -count) == day


@given(loaded_days, st.integers(1, 19), st.integers(0, 30))
def test_a_later_start_or_a_longer_term_never_ends_earlier(
    day: date, count: int, later: int
):
    day -= timedelta(days=60)
    end = calendar.add_working_days(day, count)
    assert calendar.add_working_days(day, count + 1) > end > day
    assert calendar.add_working_days(day + timedelta(days=later), count) >= end


@given(loaded_days, loaded_days)
def test_counting_adds_up(start: date, end: date):
    middle = start + (end - start) / 2
    assert calendar.working_days_between(start, end) == (
        calendar.working_days_between(start, middle)
        + calendar.working_days_between(middle, end)
    )


@pytest.fixture
def own_tables(monkeypatch: pytest.MonkeyPatch):
    """Leave the process's calendar as it was."""
    monkeypatch.setattr(holidays, "_known", holidays._known)


FIXED_2027 = {date(2027, *day): name for day, name in holidays.FIXED.items()}


def year_2027(**changed) -> holidays.Year:
    """An invented notice: the real one is not known here."""
    said = {
        "holidays": FIXED_2027 | {D("2027-01-02"): "元旦", D("2026-12-31"): "元旦"},
        "make_up": (D("2026-12-27"), D("2027-01-03")),
    }
    return holidays.Year(year=2027, source="示例：虚构的通知", **(said | changed))


def test_loading_a_year_answers_for_it(own_tables: None):
    before = holidays.edition()
    holidays.load(year_2027())
    assert holidays.edition() is not before
    assert calendar.day_kind(D("2027-01-01")) is DayKind.HOLIDAY
    assert calendar.day_kind(D("2027-01-03")) is DayKind.MAKE_UP
    assert calendar.day_kind(D("2027-01-04")) is DayKind.WORKDAY
    assert calendar.day_kind(D("2026-12-31")) is DayKind.HOLIDAY
    assert calendar.day_kind(D("2026-12-27")) is DayKind.MAKE_UP
    assert calendar.add_working_days(D("2026-12-30"), 2) == D("2027-01-04")


def test_a_corrected_notice_replaces_the_first(own_tables: None):
    holidays.load(year_2027())
    holidays.load(year_2027(holidays=FIXED_2027, make_up=()))
    assert calendar.day_kind(D("2027-01-02")) is DayKind.WEEKEND
    assert calendar.day_kind(D("2027-01-03")) is DayKind.WEEKEND


@pytest.mark.parametrize(
    ("changed", "fault", "days"),
    [
        ({"make_up": (D("2027-01-05"),)}, "make_up_on_weekday", ["2027-01-05"]),
        ({"make_up": (D("2028-01-02"),)}, "outside_year", ["2028-01-02"]),
        ({"make_up": (D("2027-01-02"),)}, "both_off_and_worked", ["2027-01-02"]),
        (
            {"holidays": {D("2027-01-01"): "元旦"}},
            "fixed_day_missing",
            ["2027-05-01", "2027-05-02", "2027-10-01", "2027-10-02", "2027-10-03"],
        ),
    ],
)
def test_a_table_that_cannot_be_right_is_refused(
    own_tables: None, changed: dict, fault: str, days: list[str]
):
    with pytest.raises(holidays.BadYear) as refused:
        holidays.load(year_2027(**changed))
    assert refused.value.details == {"year": 2027, fault: days}
    assert not holidays.is_loaded(2027)

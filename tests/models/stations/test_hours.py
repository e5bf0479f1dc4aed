"""Doors open and close to the minute, on every sort of day the calendar knows."""

from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from typing import Any

import msgspec
import pytest

from models.base import holidays
from models.base.calendar import LocalDays
from models.base.clock import SHANGHAI
from models.stations import hours as opening
from models.stations.hours import Hours, Status
from models.stations.intervals import BadHours, OpenInterval
from models.stations.weekly import WEEKDAYS

OPEN, UNATTENDED, CLOSED = Status.OPEN, Status.UNATTENDED, Status.CLOSED
MS = timedelta(milliseconds=1)
ONE_DAY = timedelta(days=1)


def each(names: tuple[str, ...], interval: str) -> dict[str, Any]:
    return {name: [interval] for name in names}


ORDINARY: dict[str, Any] = {
    "weekly": each(WEEKDAYS[:5], "08:00-20:00") | {"sat": ["09:00-12:00"]},
    "holiday": ["10:00-16:00"],
    "make_up": "weekday",
    "attended": each(WEEKDAYS[:5], "08:30-17:30"),
}
"""As a station's page in the demo inn says it: weekdays, Saturday morning."""


def at(text: str) -> datetime:
    """Read a time on Shanghai's wall."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def station(**said: Any) -> Hours:
    return opening.parse(ORDINARY | said)


@pytest.mark.parametrize(
    ("moment", "status", "reason", "changes_at"),
    [
        # an ordinary Monday, to the millisecond
        ("2026-11-23T07:59:59.999", CLOSED, "非开放时段", "2026-11-23T08:00"),
        ("2026-11-23T08:00", UNATTENDED, "", "2026-11-23T08:30"),
        ("2026-11-23T08:30", OPEN, "", "2026-11-23T17:30"),
        ("2026-11-23T17:29:59.999", OPEN, "", "2026-11-23T17:30"),
        ("2026-11-23T17:30", UNATTENDED, "", "2026-11-23T20:00"),
        ("2026-11-23T20:00", CLOSED, "非开放时段", "2026-11-24T08:00"),
        # a weekend: Saturday morning, then nothing until Monday
        ("2026-11-28T12:00", CLOSED, "非开放时段", "2026-11-30T08:00"),
        ("2026-11-29T10:00", CLOSED, "当日不开放", "2026-11-30T08:00"),
        # Sunday 28 September 2025 is worked like a Monday
        ("2025-09-28T07:59", CLOSED, "非开放时段", "2025-09-28T08:00"),
        ("2025-09-28T09:00", OPEN, "调休上班", "2025-09-28T17:30"),
        # Saturday 8 February 2025 like a Friday, not like a Saturday
        ("2025-02-08T15:00", OPEN, "调休上班", "2025-02-08T17:30"),
        # 1 to 8 October 2025 keep holiday hours, the weekend among them too
        ("2025-10-01T09:00", CLOSED, "国庆节假期", "2025-10-01T10:00"),
        ("2025-10-01T10:00", UNATTENDED, "国庆节假期", "2025-10-01T16:00"),
        ("2025-10-04T11:00", UNATTENDED, "国庆节假期", "2025-10-04T16:00"),
        ("2025-10-08T16:00", CLOSED, "国庆节假期", "2025-10-09T08:00"),
        # 2027 is not loaded: the law's days, else the week
        ("2027-01-01T12:00", UNATTENDED, "元旦假期", "2027-01-01T16:00"),
        ("2027-01-04T09:00", OPEN, "节假日安排尚未载入，开放时间暂定", None),
        ("2027-01-04T21:00", CLOSED, "非开放时段", "2027-01-05T08:00"),
    ],
)
def test_the_door_is_as_the_day_says(
    moment: str, status: Status, reason: str, changes_at: str | None
):
    state = station().state_at(at(moment))
    assert (state.status, state.reason) == (status, reason)
    assert changes_at is None or state.changes_at == at(changes_at)
    assert state.provisional is moment.startswith("2027")


def test_a_station_may_name_its_own_make_up_hours():
    short = station(make_up=["09:00-10:00"])
    assert short.state_at(at("2025-09-28T09:00")).status is OPEN
    assert short.state_at(at("2025-09-28T10:00")).status is CLOSED


def test_a_units_own_holiday_counts_for_its_stations():
    local = LocalDays(holidays=frozenset({date(2026, 11, 23)}))
    state = station().state_at(at("2026-11-23T09:00"), local)
    assert (state.status, state.reason) == (CLOSED, "地方假期")


def test_loading_the_year_ends_the_guess(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(holidays, "_known", holidays._known)
    door, moment = station(), at("2027-01-04T09:00")
    assert door.state_at(moment).provisional
    fixed = {date(2027, *day): name for day, name in holidays.FIXED.items()}
    invented = fixed | {date(2027, 1, 4): "元旦"}
    holidays.load(
        holidays.Year(
            year=2027, source="示例：虚构的通知", holidays=invented, make_up=()
        )
    )
    state = door.state_at(moment)
    assert (state.status, state.reason, state.provisional) == (
        CLOSED,
        "元旦假期",
        False,
    )


SPECIAL = {"day": "2026-11-23", "intervals": ["13:00-18:00"], "reason": "上午培训"}


@pytest.mark.parametrize(
    ("moment", "status", "reason"),
    [
        ("2026-11-23T09:00", CLOSED, "上午培训"),
        ("2026-11-23T13:00", OPEN, "上午培训"),
        ("2026-11-23T17:30", UNATTENDED, "上午培训"),
        ("2026-11-23T18:00", CLOSED, "上午培训"),
        ("2026-11-24T09:00", OPEN, ""),
    ],
)
def test_a_special_day_wins_over_the_week(moment: str, status: Status, reason: str):
    state = station(special=[SPECIAL]).state_at(at(moment))
    assert (state.status, state.reason) == (status, reason)


def test_the_later_of_two_special_days_wins_and_names_its_staff():
    later = SPECIAL | {"intervals": ["06:00-07:00"], "attended": ["06:00-06:30"]}
    door = station(special=[SPECIAL, later])
    assert door.open_intervals(date(2026, 11, 23)) == [
        OpenInterval(*span("2026-11-23", "06:00", "06:30"), True, "上午培训", False),
        OpenInterval(*span("2026-11-23", "06:30", "07:00"), False, "上午培训", False),
    ]


def span(day: str, start: str, end: str) -> tuple[datetime, datetime]:
    return at(f"{day}T{start}"), at(f"{day}T{end}")


def closed(since: str, until: str | None, reason: str) -> dict[str, Any]:
    return {
        "from": at(since),
        "until": None if until is None else at(until),
        "reason": reason,
    }


def test_a_closure_shuts_the_door_at_once_and_says_why():
    cut = closed("2026-11-23T10:07", "2026-11-23T11:00", "线路检修")
    door = station(special=[SPECIAL | {"intervals": ["08:00-20:00"]}], closures=[cut])
    before, during = at("2026-11-23T10:06:59.999"), at("2026-11-23T10:07")
    assert door.state_at(before).changes_at == during
    assert door.state_at(during) == (CLOSED, "线路检修", at("2026-11-23T11:00"), False)
    assert door.state_at(at("2026-11-23T11:00")).status is OPEN
    assert [one[:2] for one in door.open_intervals(date(2026, 11, 23))] == [
        span("2026-11-23", "08:00", "08:30"),
        span("2026-11-23", "08:30", "10:07"),
        span("2026-11-23", "11:00", "17:30"),
        span("2026-11-23", "17:30", "20:00"),
    ]
    assert door.planned_intervals(date(2026, 11, 23))[1][:2] == span(
        "2026-11-23", "08:30", "17:30"
    )


def test_of_two_closures_the_later_gives_the_reason_and_both_keep_shut():
    flood = closed("2026-11-23T10:00", "2026-11-23T12:00", "积水")
    repair = closed("2026-11-23T11:00", "2026-11-23T14:00", "维修")
    door = station(closures=[flood, repair])
    reopens = at("2026-11-23T14:00")
    assert door.state_at(at("2026-11-23T10:30")) == (CLOSED, "积水", reopens, False)
    assert door.state_at(at("2026-11-23T11:30")) == (CLOSED, "维修", reopens, False)


@pytest.mark.parametrize(
    ("until", "opens"),
    [(None, None), ("2027-08-01T21:00", "2027-08-02T08:00")],
)
def test_a_long_closure_says_when_the_door_opens_if_anybody_knows(
    until: str | None, opens: str | None
):
    door = station(closures=[closed("2026-11-23T10:00", until, "改造")])
    expected = None if opens is None else at(opens)
    assert door.opens_next(at("2026-11-25T09:00")) == expected
    assert door.opens_next(at("2026-11-23T09:00")) == at("2026-11-23T09:00")


def test_a_night_belongs_to_the_day_it_starts_on():
    door = opening.parse({"weekly": {"fri": ["22:00-02:00"]}})
    assert [one[:2] for one in door.open_intervals(date(2026, 11, 27))] == [
        (at("2026-11-27T22:00"), at("2026-11-28T02:00"))
    ]
    assert door.open_intervals(date(2026, 11, 28)) == []
    assert door.state_at(at("2026-11-28T01:59")).status is UNATTENDED
    assert door.state_at(at("2026-11-28T02:00")).status is CLOSED


def test_a_holiday_begins_where_the_night_before_it_ends():
    night = each(WEEKDAYS, "22:00-06:00")
    door = opening.parse({"weekly": night, "holiday": ["00:00-24:00"]})
    assert [one[:2] for one in door.open_intervals(date(2025, 10, 1))] == [
        (at("2025-10-01T06:00"), at("2025-10-02T00:00"))
    ]


def test_a_station_that_never_closes_has_no_change_in_sight():
    whole = each(WEEKDAYS, "00:00-24:00")
    door = opening.parse({"weekly": whole, "holiday": ["00:00-24:00"]})
    assert door.state_at(at("2026-11-23T00:00")) == (UNATTENDED, "", None, False)
    assert door.opens_next(at("2026-11-23T00:00")) == at("2026-11-23T00:00")


@pytest.mark.parametrize(
    ("said", "path", "message"),
    [
        ({"holiday": ["8:00-20:00"]}, "$.holiday[0]", "“08:00-20:00”"),
        ({"holiday": ["08:00-24:30"]}, "$.holiday[0]", "“08:00-20:00”"),
        ({"holiday": ["24:00-01:00"]}, "$.holiday[0]", "“08:00-20:00”"),
        ({"holiday": "全天"}, "$.holiday", "“08:00-20:00”"),
        ({"weekly": {"mo": []}}, "$.weekly", "“08:00-20:00”"),
        ({"make_up": "sunday"}, "$.make_up", "“08:00-20:00”"),
        ({"holiday": ["08:00-08:00"]}, "$.holiday[0]", "首尾相同"),
        ({"make_up": ["08:00-12:00", "11:00-15:00"]}, "$.make_up", "重叠"),
        ({"holiday": ["22:00-02:00", "08:00-23:00"]}, "$.holiday", "重叠"),
        (
            {"weekly": {"sun": ["22:00-02:00"], "mon": ["01:00-20:00"]}},
            "$.weekly.sun",
            "次日的“01:00-20:00”重叠",
        ),
        ({"attended": {"sat": ["08:00-11:00"]}}, "$.attended.sat[0]", "有人值守"),
        ({"attended": {"holiday": ["09:00-11:00"]}}, "$.attended.holiday[0]", "超出"),
        (
            {"special": [SPECIAL | {"attended": ["12:00-14:00"]}]},
            "$.special[0].attended[0]",
            "超出",
        ),
        ({"special": [SPECIAL | {"reason": ""}]}, "$.special[0].reason", "填写有误"),
        (
            {"closures": [closed("2026-11-23T10:00", "2026-11-23T10:00", "停电")]},
            "$.closures[0].until",
            "晚于",
        ),
    ],
)
def test_hours_that_make_no_sense_are_refused(said: dict, path: str, message: str):
    with pytest.raises(BadHours) as refused:
        station(**said)
    assert refused.value.details == {"path": path}
    assert message in refused.value.message


def test_touching_intervals_are_one_opening():
    door = station(weekly={"mon": ["12:00-18:00", "08:00-12:00"]}, attended={})
    assert [one[:2] for one in door.open_intervals(date(2026, 11, 23))] == [
        span("2026-11-23", "08:00", "18:00")
    ]


def test_hours_are_the_same_after_a_stay_on_the_shelf():
    cut = closed("2026-11-23T10:00", None, "停电")
    door = station(special=[SPECIAL], closures=[cut])
    kept = msgspec.to_builtins(door, builtin_types=(datetime,))
    assert kept["closures"][0]["from"] == at("2026-11-23T10:00")
    assert msgspec.convert(kept, Hours) == door


def test_shanghais_summer_time_of_1986_is_read_off_the_wall():
    stretch = opening.parse({"weekly": {"sun": ["01:00-04:00"]}}).open_intervals(
        date(1986, 5, 4)
    )[0]
    assert stretch.end - stretch.start == timedelta(hours=2)


def test_asking_again_costs_a_directory_of_stations_next_to_nothing():
    doors = [
        station(weekly={"mon": [f"{n // 60:02}:{n % 60:02}-20:00"]}, attended={})
        for n in range(200)
    ]
    now = at("2026-11-23T10:00")
    for door in doors:
        door.state_at(now)
    began = perf_counter()
    for _ in range(50):
        for door in doors:
            door.state_at(now)
    assert (perf_counter() - began) / 10_000 < 50e-6

"""Slots stand where the doors are open, apart from each other, each with its name."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base.clock import SHANGHAI, day_of
from models.stations import hours as opening
from models.stations import timetable
from models.stations.hours import Hours
from models.stations.timetable import Rhythm, SlotTime
from models.stations.weekly import WEEKDAYS
from tests.models.stations.test_hours import closed, each
from tests.models.stations.test_hours_always import any_hours, days

ONE_DAY = timedelta(days=1)
MONDAY = date(2026, 11, 23)
HOURLY = Rhythm(slot_minutes=60)


def slots(door: Hours, day: date, rhythm: Rhythm = HOURLY) -> list[SlotTime]:
    return timetable.slots_on(
        door,
        day,
        station_id="station_science-park",
        service="phone_charging",
        rhythm=rhythm,
    )


def times(found: list[SlotTime]) -> list[str]:
    return [f"{slot.start.astimezone(SHANGHAI):%d %H:%M}" for slot in found]


def door_on(weekday: str, *intervals: str) -> Hours:
    return opening.parse({"weekly": {weekday: list(intervals)}})


@pytest.mark.parametrize(
    ("intervals", "rhythm", "starts"),
    [
        (["08:00-12:00"], HOURLY, ["23 08:00", "23 09:00", "23 10:00", "23 11:00"]),
        (["08:30-11:00"], HOURLY, ["23 08:30", "23 09:30"]),
        (["08:00-08:59"], HOURLY, []),
        (["08:00-09:00"], HOURLY, ["23 08:00"]),
        (["08:00-09:00", "09:30-11:00"], HOURLY, ["23 08:00", "23 09:30"]),
        (
            ["08:00-11:00"],
            Rhythm(slot_minutes=45, turnover_minutes=15),
            ["23 08:00", "23 09:00", "23 10:00"],
        ),
        (
            ["08:00-10:45"],
            Rhythm(slot_minutes=45, turnover_minutes=15),
            ["23 08:00", "23 09:00", "23 10:00"],
        ),
        (
            ["08:00-09:00", "09:10-10:00"],
            Rhythm(slot_minutes=50, turnover_minutes=15),
            ["23 08:00", "23 09:10"],
        ),
        (
            ["08:00-09:00", "09:10-10:00"],
            Rhythm(slot_minutes=50, turnover_minutes=30),
            ["23 09:10"],
        ),
    ],
)
def test_whole_slots_stand_in_line_from_the_opening(
    intervals: list[str], rhythm: Rhythm, starts: list[str]
):
    assert times(slots(door_on("mon", *intervals), MONDAY, rhythm)) == starts


def test_the_whole_slot():
    assert slots(door_on("mon", "08:00-09:00"), MONDAY) == [
        SlotTime(
            id="slot_science-park_phone-charging_20261123_0800",
            start=datetime(2026, 11, 23, 0, 0, tzinfo=UTC),
            end=datetime(2026, 11, 23, 1, 0, tzinfo=UTC),
        )
    ]


def test_staff_going_home_does_not_cut_a_slot():
    door = opening.parse(
        {"weekly": {"mon": ["08:00-20:00"]}, "attended": {"mon": ["08:30-17:30"]}}
    )
    assert len(slots(door, MONDAY)) == 12


def test_a_slot_belongs_to_the_day_it_starts_on():
    door = door_on("mon", "22:30-02:00")
    assert times(slots(door, MONDAY)) == ["23 22:30", "23 23:30"]
    assert times(slots(door, MONDAY + ONE_DAY)) == ["24 00:30"]
    assert slots(door, MONDAY + 2 * ONE_DAY) == []


def test_a_station_that_never_closes_has_a_slot_every_hour():
    whole = each(WEEKDAYS, "00:00-24:00")
    door = opening.parse({"weekly": whole, "holiday": ["00:00-24:00"]})
    assert len(slots(door, MONDAY)) == 24
    tight = Rhythm(slot_minutes=60, turnover_minutes=55)
    assert times(slots(door, MONDAY, tight))[-1] == "23 21:05"


@pytest.mark.parametrize(
    ("since", "until", "starts"),
    [
        ("2026-11-23T09:30", "2026-11-23T10:10", ["23 08:00", "23 11:00"]),
        ("2026-11-23T09:00", "2026-11-23T10:00", ["23 08:00", "23 10:00", "23 11:00"]),
        ("2026-11-23T09:00", None, ["23 08:00"]),
    ],
)
def test_a_closure_takes_slots_out_and_shifts_none(
    since: str, until: str | None, starts: list[str]
):
    door = opening.parse(
        {
            "weekly": {"mon": ["08:00-12:00"]},
            "closures": [closed(since, until, "停电")],
        }
    )
    assert times(slots(door, MONDAY)) == starts


def test_a_holiday_has_the_slots_of_a_holiday():
    door = opening.parse(
        {"weekly": each(WEEKDAYS, "08:00-20:00"), "holiday": ["10:00-12:00"]}
    )
    assert times(slots(door, date(2026, 10, 1))) == ["01 10:00", "01 11:00"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "slot_",
        "slot_a_phone-charging_20261123",
        "slot_a_phone-charging_20261323_0800",
        "slot_a_phone-charging_20261123_2400",
        "slot_a_phone-charging_20261123_0860",
        "slot_a_phone-charging_２０２６1123_0800",
        "slot_a_phone-charging_20261123_0800\n",
        "slot__phone-charging_20261123_0800",
        "slot_a_20261123_0800",
        "booking_a_phone-charging_20261123_0800",
    ],
)
def test_what_cannot_be_a_slots_name_is_none(text: str):
    assert timetable.parse_slot_id(text) is None


@given(
    st.from_regex(r"station_[A-Za-z0-9][A-Za-z0-9_-]{0,30}", fullmatch=True),
    st.sampled_from(["phone_charging", "vehicle_charging", "rest", "hot_meal"]),
    st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1)),
)
def test_a_name_says_what_it_was_made_of(station: str, service: str, wall: datetime):
    start = wall.replace(second=0, microsecond=0, tzinfo=UTC)
    name = timetable.slot_id(station, service, start)
    assert timetable.parse_slot_id(name) == (station, service, start)


rhythms = st.builds(
    Rhythm, slot_minutes=st.integers(5, 720), turnover_minutes=st.integers(0, 120)
)


@settings(max_examples=60)
@given(any_hours, days, rhythms)
def test_slots_are_open_apart_and_named_apart(door: Hours, day: date, rhythm: Rhythm):
    found = [slot for n in range(3) for slot in slots(door, day + n * ONE_DAY, rhythm)]
    opened = [
        one for n in range(-1, 4) for one in door.open_intervals(day + n * ONE_DAY)
    ]
    length = timedelta(minutes=rhythm.slot_minutes)
    turnover = timedelta(minutes=rhythm.turnover_minutes)
    for slot in found:
        inside = sum(
            (
                min(slot.end, one.end) - max(slot.start, one.start)
                for one in opened
                if one.start < slot.end and slot.start < one.end
            ),
            start=timedelta(),
        )
        assert slot.end - slot.start == length == inside
        name = timetable.parse_slot_id(slot.id)
        assert name is not None and name.start == slot.start
    assert all(a.end + turnover <= b.start for a, b in pairwise(found))
    assert len({slot.id for slot in found}) == len(found)


@settings(max_examples=60)
@given(any_hours, days, rhythms)
def test_slots_are_listed_on_their_day_and_closures_only_take_away(
    door: Hours, day: date, rhythm: Rhythm
):
    found = slots(door, day, rhythm)
    assert all(day_of(slot.start) == day for slot in found)
    unharmed = Hours(
        weekly=door.weekly,
        holiday=door.holiday,
        make_up=door.make_up,
        attended=door.attended,
        special=door.special,
    )
    assert found == [
        slot
        for slot in slots(unharmed, day, rhythm)
        if not any(
            shut.since < slot.end and (shut.until is None or slot.start < shut.until)
            for shut in door.closures
        )
    ]

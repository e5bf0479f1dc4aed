"""What holds for any hours at all: weeks, nights, special days, closures."""

from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.base.clock import end_of, start_of
from models.stations.hours import Hours, Status
from models.stations.intervals import OpenInterval
from models.stations.overrides import Closure, SpecialDay
from models.stations.weekly import WEEKDAYS, Attended, Week

OPEN, UNATTENDED, CLOSED = Status.OPEN, Status.UNATTENDED, Status.CLOSED
MS = timedelta(milliseconds=1)
ONE_DAY = timedelta(days=1)


@st.composite
def intervals(draw: st.DrawFn, most: int = 3) -> tuple[str, ...]:
    """Intervals of one day that do not overlap; the last may pass midnight."""
    minutes = st.integers(0, 1439)
    rims = sorted(draw(st.sets(minutes, max_size=2 * most)))
    spans = [*zip(rims[::2], rims[1::2], strict=False)]
    if len(rims) % 2:
        beyond = draw(st.integers(0, 1440))
        spans.append((rims[-1], beyond if beyond != rims[-1] else 1440))
    return tuple(f"{clock(start)}-{clock(end)}" for start, end in spans)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


reasons = st.sampled_from(["停电", "积水", "盘点"])
days = st.dates(date(2025, 9, 20), date(2025, 10, 15)) | st.dates(
    date(2026, 12, 28), date(2027, 1, 5)
)
moments = st.builds(
    lambda day, ms: start_of(day) + ms * MS, days, st.integers(0, 86_399_999)
)
weeks = st.builds(Week, **dict.fromkeys(WEEKDAYS, intervals()))


@st.composite
def closures(draw: st.DrawFn) -> Closure:
    since = draw(moments)
    length = st.integers(1, 5 * 86_400_000).map(lambda ms: since + ms * MS)
    return Closure(since=since, until=draw(st.none() | length), reason=draw(reasons))


any_hours = st.builds(
    Hours,
    weekly=weeks,
    holiday=intervals(),
    make_up=st.just("weekday") | intervals(),
    attended=st.builds(Attended, **dict.fromkeys((*WEEKDAYS, "holiday"), intervals())),
    special=st.lists(
        st.builds(
            SpecialDay,
            day=days,
            intervals=intervals(),
            reason=reasons,
            attended=st.none() | intervals(),
        ),
        max_size=3,
    ).map(tuple),
    closures=st.lists(closures(), max_size=2).map(tuple),
)


def around(day: date, door: Hours) -> list[OpenInterval]:
    nearby = (day - ONE_DAY, day, day + ONE_DAY)
    return [one for owner in nearby for one in door.open_intervals(owner)]


def status_by_intervals(stretches: list[OpenInterval], now: datetime) -> Status:
    for start, end, attended, *_ in stretches:
        if start <= now < end:
            return OPEN if attended else UNATTENDED
    return CLOSED


PATIENTLY = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine makes doors slowly; that is no finding about doors."""


@PATIENTLY
@given(any_hours, days, moments)
def test_the_state_agrees_with_the_intervals_at_every_rim(
    door: Hours, day: date, some: datetime
):
    stretches = around(day, door)
    rims = {rim for one in stretches for rim in one[:2]} | {start_of(day), end_of(day)}
    for now in (near for rim in rims for near in (rim - MS, rim, rim + MS)):
        if start_of(day) <= now < end_of(day):
            assert door.state_at(now).status is status_by_intervals(stretches, now)
    if start_of(day) <= some < end_of(day):
        assert door.state_at(some).status is status_by_intervals(stretches, some)


@PATIENTLY
@given(any_hours, moments)
def test_a_state_lasts_exactly_until_it_says(door: Hours, now: datetime):
    state = door.state_at(now)
    if state.changes_at is None:
        assert door.state_at(now + 20 * ONE_DAY).status is state.status
        return
    assert state.changes_at > now
    assert door.state_at(state.changes_at).status is not state.status
    assert door.state_at(state.changes_at - MS).status is state.status
    last = (state.changes_at - now) // timedelta(hours=7)
    for step in range(min(last, 60)):
        between = now + step * timedelta(hours=7)
        assert door.state_at(between).status is state.status


@PATIENTLY
@given(any_hours, moments)
def test_the_door_is_open_when_it_is_said_to_open(door: Hours, now: datetime):
    opens = door.opens_next(now)
    assert opens is None or opens >= now
    assert opens is None or door.state_at(opens).status is not CLOSED
    assert (opens == now) == (door.state_at(now).status is not CLOSED)


@PATIENTLY
@given(any_hours, moments)
def test_a_shut_door_always_says_why(door: Hours, now: datetime):
    state = door.state_at(now)
    assert state.reason or state.status is not CLOSED


@PATIENTLY
@given(any_hours, days)
def test_intervals_of_neighbouring_days_never_overlap(door: Hours, day: date):
    stretches = around(day, door)
    assert all(start < end for start, end, *_ in stretches)
    assert all(early.end <= late.start for early, late in pairwise(stretches))
    planned = door.planned_intervals(day)
    begins = {one.start for one in planned} - {one.end for one in planned}
    assert all(start_of(day) <= start < end_of(day) for start in begins)


@given(weeks, st.integers(0, 7 * 1440 - 1))
def test_an_ordinary_week_is_read_as_it_is_written(week: Week, minute: int):
    """An oracle of its own: minutes of the week, in plain arithmetic."""
    door = Hours(weekly=week)
    monday = date(2026, 11, 9)
    now = start_of(monday) + timedelta(minutes=minute)
    opened = any(
        start <= (minute - 1440 * weekday) % (7 * 1440) < end
        for weekday, name in enumerate(WEEKDAYS)
        for start, end in map(minutes_of, getattr(week, name))
    )
    assert (door.state_at(now).status is not CLOSED) == opened


def minutes_of(interval: str) -> tuple[int, int]:
    start, end = (
        int(hour) * 60 + int(minute)
        for hour, minute in (time.split(":") for time in interval.split("-"))
    )
    return start, end if end > start else end + 1440

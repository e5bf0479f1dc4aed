"""The timetable of a service (时段表): a day of opening cut into slots to book.

Slots stand in line from each planned opening on, one turnover apart; only whole
ones count. A closure takes slots out and never shifts the others, since some of
them are booked. A slot belongs to the civil day it starts on, also when it runs
past midnight; a station that never closes begins a new line at each midnight.

A slot's id says where, what and when, so that it is the same whoever works it out::

    slot_science-park_phone-charging_20251001_0930
         │            │              └ start, Shanghai
         │            └ service, with "-" for "_"
         └ the station's id without "station_"

Source: rules 3.1 (时段), feature S1-16.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from models.base.calendar import NO_LOCAL_DAYS, LocalDays
from models.base.clock import SHANGHAI, end_of, start_of
from models.base.units import Instant
from models.stations.hours import Hours
from models.stations.intervals import OpenInterval

ONE_DAY = timedelta(days=1)

SLOT_ID = re.compile(
    r"slot_(?P<station>[A-Za-z0-9][A-Za-z0-9_-]*)_(?P<service>[a-z][a-z0-9-]*)"
    r"_(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})_(?P<hour>\d{2})(?P<minute>\d{2})",
    re.ASCII,
)
WALL_CLOCK = ("year", "month", "day", "hour", "minute")

NAMES_KEPT = 4096
"""Ids of slots that a process need not read again: the day's in a town."""

Stretch = tuple[datetime, datetime]


class Rhythm(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How the time of a service is cut.

    Units: minutes.
    """

    slot_minutes: Annotated[int, Meta(ge=5, le=720)]
    turnover_minutes: Annotated[int, Meta(ge=0, le=120)] = 0
    """Kept free after each slot, to unplug and leave."""


class SlotTime(NamedTuple):
    """One slot, ``[start, end)``, for every port of the service alike."""

    id: str
    start: Instant
    end: Instant


class SlotName(NamedTuple):
    """What a slot's id says."""

    station_id: str
    service: str
    start: Instant


def slots_on(
    hours: Hours,
    day: date,
    *,
    station_id: str,
    service: str,
    rhythm: Rhythm,
    local: LocalDays = NO_LOCAL_DAYS,
) -> list[SlotTime]:
    """Return the slots that start on a civil day, earliest first (当日时段).

    Rules: attended or not, both charge; a slot that a closure touches is out.
    """
    opened = [
        stretch
        for owner in (day - ONE_DAY, day)
        for stretch in _joined(hours.open_intervals(owner, local))
    ]
    first, beyond = start_of(day), end_of(day)
    return [
        SlotTime(slot_id(station_id, service, start), start, end)
        for start, end in _line(hours, day, rhythm, local)
        if first <= start < beyond
        and any(opens <= start and end <= closes for opens, closes in opened)
    ]


def _line(
    hours: Hours, day: date, rhythm: Rhythm, local: LocalDays
) -> Iterator[Stretch]:
    """Cut the planned opening of a day and of the night before it."""
    length = timedelta(minutes=rhythm.slot_minutes)
    turnover = timedelta(minutes=rhythm.turnover_minutes)
    night, today, tomorrow = (
        _joined(hours.planned_intervals(owner, local))
        for owner in (day - ONE_DAY, day, day + ONE_DAY)
    )
    next_line = tomorrow[:1] or [(end_of(day + 2 * ONE_DAY),) * 2]
    for (start, end), (following, _) in pairwise([*night, *today, *next_line]):
        until = min(end, following - turnover)
        whole = (until - start + turnover) // (length + turnover)
        for place in range(whole):
            begins = start + place * (length + turnover)
            yield begins, begins + length


def _joined(intervals: list[OpenInterval]) -> list[Stretch]:
    """Forget where staff come and go."""
    whole: list[Stretch] = []
    for start, end, *_ in intervals:
        if whole and whole[-1][1] == start:
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return whole


def slot_id(station_id: str, service: str, start: datetime) -> str:
    """Name a slot; the same slot always gets the same id."""
    at = start.astimezone(SHANGHAI)
    day = f"{at.year:04}{at.month:02}{at.day:02}"
    return f"{slots_of(station_id, service)}{day}_{at.hour:02}{at.minute:02}"


def slots_of(station_id: str, service: str) -> str:
    """Return what the ids of all slots of a service begin with."""
    place = station_id.removeprefix("station_")
    return f"slot_{place}_{service.replace('_', '-')}_"


@lru_cache(maxsize=NAMES_KEPT)
def parse_slot_id(text: str) -> SlotName | None:
    """Read what a slot's id says; None if no slot can be called so."""
    said = SLOT_ID.fullmatch(text)
    if said is None:
        return None
    try:
        year, month, day, hour, minute = (int(said[part]) for part in WALL_CLOCK)
        wall = datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)
        start = wall.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return SlotName(
        station_id=f"station_{said['station']}",
        service=said["service"].replace("-", "_"),
        start=start,
    )

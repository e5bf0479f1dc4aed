"""Rotas (排班表): who is on first-aid duty at a station, and who is called after.

Shifts repeat every week; a special day replaces all shifts of one day. Whoever
writes a rota is told where nobody would be on duty while the door is open::

    open      08:00 ─────────────────────────────── 20:00
    shifts    08:00 ── lu ── 12:00      14:00 ── song ── 20:00
    gap                      12:00 ──── 14:00

Who is on duty now, with those who came or went by hand, is `duty`.
Source: features S1-18; issue 3 §3 (first-aid duty roster); rules §3.8, 7.2.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from pymongo import IndexModel

from models.base import personal
from models.base.clock import day_of
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.errors import Conflict
from models.base.store import atomic
from models.base.units import Day, Instant
from models.stations import keepers
from models.stations.intervals import (
    Intervals,
    OpenInterval,
    check_apart,
    moment_of,
    spans_of,
)
from models.stations.overrides import Reason
from models.stations.stations import Station
from models.stations.weekly import WEEKDAYS, Week
from models.unions import accounts
from models.unions.officials import Official
from models.unions.permissions import Permission
from models.unions.scopes import Scope
from models.unions.staff import Role, Staff

ONE_DAY = timedelta(days=1)

LOOKED_AHEAD = 7
"""Days that are searched for gaps: every day of the week once."""

KEPT = timedelta(days=30)
"""Special days that are over stay so long, for a look back."""

MOST_POSTED = 200
"""Staff of one station, and as many on call; no station has half as many."""


class Shift(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """When one person serves at a station."""

    staff_id: str
    weekly: Week
    """A stretch past midnight belongs to the day it starts on."""


class DayShift(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """When one person serves on a special day."""

    staff_id: str
    intervals: Intervals


class SpecialDuty(
    msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True
):
    """One day whose shifts are not the week's (特别排班)."""

    day: Day
    shifts: tuple[DayShift, ...]
    reason: Reason


class Duties(msgspec.Struct, kw_only=True, frozen=True):
    """All that a rota says."""

    responders: tuple[Shift, ...] = ()
    on_call: tuple[str, ...] = ()
    special: tuple[SpecialDuty, ...] = ()


class Gap(NamedTuple):
    """A stretch of being open with nobody on duty."""

    start: Instant
    end: Instant
    attended: bool
    """Whether staff are there otherwise."""


class Rota(Document, kw_only=True, frozen=True):
    """Who is called at one station, and in which order (排班)."""

    SHELF = "rotas"
    PERSONAL = personal.nobody("of staff")
    INDEXES = (
        IndexModel(["responders.staff_id"]),
        IndexModel(["on_call"]),
        IndexModel(["special.shifts.staff_id"]),
    )

    responders: tuple[Shift, ...] = ()
    on_call: tuple[str, ...] = ()
    """Staff to call, one after the other, when no responder answers."""
    special: tuple[SpecialDuty, ...] = ()
    rev: int = 0
    """Goes up with every change."""

    def on(self, day: date) -> Iterator[tuple[str, Intervals]]:
        """Yield who serves when, of what starts on a day."""
        for special in self.special:
            if special.day == day:
                yield from ((each.staff_id, each.intervals) for each in special.shifts)
                return
        for shift in self.responders:
            yield shift.staff_id, shift.weekly.on(day.weekday())

    def stretches(self, day: date) -> Iterator[tuple[str, datetime, datetime]]:
        """Yield who serves from when till when, of what starts on a day."""
        for staff_id, intervals in self.on(day):
            for start, end in spans_of(intervals):
                yield staff_id, moment_of(day, start), moment_of(day, end)

    def until(self, now: datetime) -> dict[str, datetime]:
        """Say whose shift runs now, and when it is over, in the order of calling."""
        ends: dict[str, datetime] = {}
        for day in (day_of(now), day_of(now) - ONE_DAY):
            for staff_id, start, end in self.stretches(day):
                if start <= now < end:
                    ends[staff_id] = max(end, ends.get(staff_id, end))
        order = [shift.staff_id for shift in self.responders]
        named = [*(who for who in order if who in ends), *ends]
        return {who: ends[who] for who in named}


class RotaChanged(Conflict):
    """Somebody else changed the rota meanwhile; ``details.rev`` is how it stands."""

    code = "rota_changed"
    message = "排班已被他人修改，请刷新后重新填写。"


@atomic(duplicate=RotaChanged)
async def put(
    ctx: Context, station_id: str, duties: Duties, *, rev: int, by: Official
) -> Rota:
    """Write a station's rota down (排班).

    Rules: everybody named must be within reach, or nothing is written.
    Refuses: NoSuchStation, PermissionMissing, NoSuchAccount, BadHours, RotaChanged.
    """
    station = await keepers.find(ctx, station_id, by=by)
    _check(duties)
    scope = by.scope(Permission.STATIONS)
    for staff_id in sorted(named(duties)):
        await accounts.find(ctx, staff_id, scope=scope)
    since = ctx.clock.today() - KEPT
    kept = tuple(each for each in duties.special if each.day >= since)
    rota = Rota(
        id=rota_id(station.id),
        responders=duties.responders,
        on_call=duties.on_call,
        special=kept,
        rev=rev + 1,
    )
    await _write(ctx, rota, rev)
    await keepers.note(ctx, station, "rota", "", by=by)
    return rota


async def find(ctx: Context, station_id: str, *, by: Official) -> tuple[Station, Rota]:
    """Return a station and its rota, an empty one if none was written.

    Refuses: NoSuchStation, PermissionMissing.
    """
    station = await keepers.find(ctx, station_id, by=by)
    own = rota_id(station.id)
    return station, await Rota.find(ctx, _id=own) or Rota(id=own)


async def nameable(ctx: Context, station: Station, *, by: Official) -> list[Staff]:
    """List whom I may put on a station's rota, within my reach.

    Rules: who serves there, then who is on call wherever.
    Refuses: PermissionMissing.
    """
    scope, today = by.scope(Permission.STATIONS), ctx.clock.today()
    here = await _posted(ctx, {"station_ids": station.id}, scope)
    on_call = await _posted(ctx, {"roles": Role.ON_CALL}, scope)
    found = {each.id: each for each in (*here, *on_call)}
    return [each for each in found.values() if each.is_serving(today)]


async def count_naming(ctx: Context, staff_id: str) -> int:
    """Count the rotas that call somebody from today on."""
    today = ctx.clock.today()
    special = {"day": {"$gte": today.isoformat()}, "shifts.staff_id": staff_id}
    return await Rota.shelf(ctx).count_documents(
        {
            "$or": [
                {"responders.staff_id": staff_id},
                {"on_call": staff_id},
                {
                    "special.shifts.staff_id": staff_id,
                    "special": {"$elemMatch": special},
                },
            ]
        }
    )


def named(duties: Duties | Rota) -> set[str]:
    """Return the ids of everybody a rota names."""
    special = {shift.staff_id for each in duties.special for shift in each.shifts}
    return {each.staff_id for each in duties.responders} | special | {*duties.on_call}


def gaps(
    station: Station, rota: Rota, serving: Collection[str], first: date
) -> list[Gap]:
    """List when nobody would be on duty while the door is open, a week ahead.

    Rules: of those named only who serves at this station counts.
    """
    days = [first + ONE_DAY * ahead for ahead in range(LOOKED_AHEAD)]
    covered = [
        (start, end)
        for day in (first - ONE_DAY, *days)
        for staff_id, start, end in rota.stretches(day)
        if staff_id in serving
    ]
    left = [each for day in days for each in station.hours.open_intervals(day)]
    return [
        Gap(each.start, each.end, each.attended) for each in _without(left, covered)
    ]


def rota_id(station_id: str) -> str:
    """Name a station's rota."""
    return f"rota_{station_id.removeprefix('station_')}"


async def _posted(ctx: Context, where: dict[str, Any], scope: Scope) -> list[Staff]:
    """List staff of a post that lie within reach."""
    within = {"active": True} | where | scope.where()
    return await Staff.many(ctx, within, sort=[("_id", 1)], limit=MOST_POSTED)


async def _write(ctx: Context, rota: Rota, rev: int) -> None:
    """Keep a rota if it is still as it was seen."""
    if rev == 0 and await Rota.find(ctx, _id=rota.id) is None:
        await rota.insert(ctx)
        return
    row = plain(rota)
    seen = {"_id": row.pop("_id"), "rev": rev or {"$in": [0, None]}}
    if await Rota.change(ctx, seen, {"$set": row}) is None:
        kept = await Rota.find(ctx, _id=rota.id)
        raise RotaChanged({"rev": 0 if kept is None else kept.rev})


def _without(
    left: list[OpenInterval], covered: Sequence[tuple[datetime, datetime]]
) -> list[OpenInterval]:
    for start, end in covered:
        left = [part for each in left for part in each.without(start, end)]
    return left


def _check(duties: Duties) -> None:
    """Make sure that nobody's hours overlap.

    Refuses: BadHours.
    """
    for place, shift in enumerate(duties.responders):
        for weekday, name in enumerate(WEEKDAYS):
            path = f"$.responders[{place}].weekly.{name}"
            check_apart(path, shift.weekly.on(weekday))
    for place, special in enumerate(duties.special):
        for own, each in enumerate(special.shifts):
            check_apart(f"$.special[{place}].shifts[{own}].intervals", each.intervals)

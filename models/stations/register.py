"""The register (驿站管理): stations are entered, described, timed and furnished.

A change of words disturbs nobody. A change of hours or services may cost bookings;
they are settled like a closure's (`settling`), and can be foreseen like one.

Source: issue 3 §3; features S1-15, S1-24; rules 7.1.
"""

from collections.abc import Sequence
from functools import partial

import msgspec
from msgspec.structs import asdict, replace

from models.base.context import Context
from models.base.documents import holding
from models.base.errors import Invalid
from models.base.pages import Page
from models.base.places import Point
from models.base.store import atomic
from models.stations import hours, keepers, settling
from models.stations.booked import Booking
from models.stations.directory import Directory
from models.stations.disruptions import Disruption, Plan
from models.stations.drop_in_services import DropIn, DropInKind
from models.stations.hours import Hours
from models.stations.keepers import Keeper
from models.stations.port_services import Service
from models.stations.stations import Facility, Station, StationKind
from models.stations.weekly import Weekly
from models.unions import units
from models.unions.officials import Official
from models.unions.permissions import Permission


class About(msgspec.Struct, kw_only=True, frozen=True):
    """What is said of a station."""

    name: str
    kind: StationKind
    address: str
    place: Point
    phone: str
    facilities: tuple[Facility, ...] = ()
    aed_place: str | None = None
    nearest_aed: str | None = None


class Offering(msgspec.Struct, kw_only=True, frozen=True):
    """What there is to use at a station."""

    services: tuple[Service, ...] = ()
    drop_ins: tuple[DropIn, ...] = ()


class BadServices(Invalid):
    """One kind is there twice, or seats do not fit; ``details.path`` says where."""

    code = "bad_services"
    message = "服务设置有误：每种服务只能填一次，休息须有座位数。"


async def enter(
    ctx: Context,
    about: About,
    *,
    unit_id: str,
    timed: Hours,
    offering: Offering,
    by: Official,
) -> Station:
    """Enter a new station under a union (新建驿站).

    Refuses: PermissionMissing, NoSuchUnit, also for one out of reach; BadHours,
        BadServices.
    """
    unit = await units.find(ctx, unit_id, scope=by.scope(Permission.STATIONS))
    _check(offering)
    station = Station(
        id=ctx.new_id("station"),
        unit_id=unit.id,
        org_path=unit.path,
        hours=hours.check(timed),
        **asdict(about),
        **asdict(offering),
    )
    await _enter(ctx, station, by)
    ctx.the(Directory).keep(station)
    return station


@atomic()
async def _enter(ctx: Context, station: Station, by: Official) -> None:
    await station.insert(ctx)
    await keepers.note(ctx, station, "enter", "", by=by)


async def describe(
    ctx: Context, station_id: str, about: About, *, rev: int, by: Keeper
) -> Station:
    """Change what is said of a station (修改驿站信息).

    Refuses: NoSuchStation, PermissionMissing, StationChanged.
    """

    def turn(seen: Station) -> Station:
        keepers.check_rev(seen, rev)
        return replace(seen, **asdict(about))

    station = await keepers.rewrite(
        ctx, station_id, turn, what="describe", reason="", by=by
    )
    ctx.the(Directory).keep(station)
    return station


async def put_hours(
    ctx: Context, station_id: str, week: Weekly, plan: Plan, *, rev: int, by: Keeper
) -> Disruption:
    """Change the ordinary hours; special days and closures stay (调整开放时间).

    Refuses: NoSuchStation, PermissionMissing, StationChanged, BadHours.
    Records: BookingCancelled, BookingRelocated, BookingCutShort.
    """
    turn = partial(_timed, week=week, rev=rev)
    return await settling.bring_about(ctx, station_id, turn, plan, by=by)


async def foresee_hours(
    ctx: Context, station_id: str, week: Weekly, *, rev: int, by: Keeper
) -> list[Booking]:
    """List the bookings that other hours would cost; nothing is written.

    Refuses: as ``put_hours``.
    """
    turn = partial(_timed, week=week, rev=rev)
    return await settling.foresee(ctx, station_id, turn, by=by)


async def put_services(
    ctx: Context,
    station_id: str,
    offering: Offering,
    plan: Plan,
    *,
    rev: int,
    by: Keeper,
) -> Disruption:
    """Change what there is to use; ports out of order stay so (调整服务).

    Refuses: NoSuchStation, PermissionMissing, StationChanged, BadServices.
    Records: BookingCancelled, BookingRelocated.
    """
    _check(offering)
    turn = partial(_furnished, offering=offering, rev=rev)
    return await settling.bring_about(ctx, station_id, turn, plan, by=by)


async def page(
    ctx: Context,
    *,
    unit_id: str | None = None,
    text: str = "",
    cursor: str | None,
    limit: int,
    by: Official,
) -> Page[Station]:
    """List the stations within reach, the newest first (驿站列表).

    text: a part of the name or the address; empty is all.
    Refuses: PermissionMissing, BadCursor.
    """
    where = [by.scope(Permission.STATIONS).where()]
    if unit_id is not None:
        where.append({"unit_id": unit_id})
    if text.strip():
        part = holding(text)
        where.append({"$or": [{"name": part}, {"address": part}]})
    return await Station.page(ctx, {"$and": where}, cursor=cursor, limit=limit)


def _timed(station: Station, *, week: Weekly, rev: int) -> Station:
    keepers.check_rev(station, rev)
    names = Weekly.__struct_fields__
    return keepers.timed(station, **{name: getattr(week, name) for name in names})


def _furnished(station: Station, *, offering: Offering, rev: int) -> Station:
    keepers.check_rev(station, rev)
    broken = {each.kind: each.paused for each in station.services}
    kept = [
        replace(
            each,
            paused=tuple(p for p in broken.get(each.kind, ()) if p <= each.ports),
        )
        for each in offering.services
    ]
    return replace(station, services=tuple(kept), drop_ins=offering.drop_ins)


def _check(offering: Offering) -> None:
    _check_once("$.services", [each.kind for each in offering.services])
    _check_once("$.drop_ins", [each.kind for each in offering.drop_ins])
    for place, each in enumerate(offering.drop_ins):
        if (each.kind is DropInKind.REST) != (each.seats > 0):
            raise BadServices({"path": f"$.drop_ins[{place}].seats"})


def _check_once(path: str, kinds: Sequence[str]) -> None:
    if len(kinds) != len(set(kinds)):
        raise BadServices({"path": path})

"""Loads the demo's units, stations, staff and workers; again changes nothing.

Coordinates in the files are GCJ-02, as a Chinese map shows them; here, at the
door, they are turned into WGS-84 once. Closures, special days and ports out of order
that staff made since are kept.
"""

from pathlib import Path
from typing import Any

import msgspec
import yaml

from models.base.context import Context
from models.base.documents import plain
from models.base.places import from_gcj02
from models.stations import hours, kit_changes
from models.stations.drop_in_services import DropIn
from models.stations.kit import Delivery
from models.stations.port_services import Service
from models.stations.stations import Facility, Station, StationKind
from models.unions import staff, units
from models.unions.staff import Role
from models.unions.units import Kind
from models.workers import consents, facts, identities, workers
from models.workers.consent_texts import Purpose, current
from models.workers.identities import ClientClass
from models.workers.sessions import SignedIn

HERE = Path(__file__).parent

AGREED = (Purpose.PRIVACY, Purpose.IDENTITY, Purpose.FACTS)
"""What the demo's workers agreed to, since their names and facts are kept."""


class UnitRow(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One unit of the union's tree."""

    slug: str
    name: str
    parent: str | None
    kind: Kind


class Gcj02(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A place as a Chinese map shows it."""

    lng: float
    lat: float


class StationRow(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One station as its union wrote it down."""

    slug: str
    name: str
    unit: str
    kind: StationKind
    address: str
    gcj02: Gcj02
    phone: str
    photo: str | None
    facilities: tuple[Facility, ...]
    aed_place: str | None
    nearest_aed: str
    kit: tuple[Delivery, ...]
    hours: dict[str, Any]
    services: tuple[Service, ...]
    drop_ins: tuple[DropIn, ...] = ()


class WorkerRow(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One made-up worker."""

    slug: str
    openid: str
    nickname: str
    name: str
    classes: tuple[ClientClass, ...]
    facts: dict[str, Any]


class StaffRow(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One made-up staff member."""

    slug: str
    name: str
    openid: str
    unit: str
    stations: tuple[str, ...]
    roles: tuple[Role, ...]


class People(msgspec.Struct, kw_only=True, frozen=True):
    """Who is in the demo; the duty rota is loaded by itself."""

    workers: tuple[WorkerRow, ...]
    staff: tuple[StaffRow, ...]


async def load(ctx: Context) -> int:
    """Load what the stations stand on, then them and their people."""
    tree = _read("units.yaml", tuple[UnitRow, ...])
    places = _read("stations.yaml", tuple[StationRow, ...])
    people = _read("people.yaml", People)
    for unit in tree:
        await _put_unit(ctx, unit)
    for place in places:
        await put_station(ctx, place)
    for member in people.staff:
        await _put_staff(ctx, member)
    for worker in people.workers:
        await put_worker(ctx, worker)
    return len(tree) + len(places) + len(people.staff) + len(people.workers)


async def put_station(ctx: Context, row: StationRow) -> Station:
    """Keep a station as written, and the closures it has."""
    old = await Station.find(ctx, _id=f"station_{row.slug}")
    timed = hours.parse(row.hours)
    if old is not None:
        special = {each.day: each for each in (*timed.special, *old.hours.special)}
        timed = msgspec.structs.replace(
            timed, closures=old.hours.closures, special=tuple(special.values())
        )
    station = Station(
        id=f"station_{row.slug}",
        name=row.name,
        unit_id=f"unit_{row.unit}",
        org_path=await units.path_of(ctx, f"unit_{row.unit}"),
        kind=row.kind,
        address=row.address,
        place=from_gcj02(row.gcj02.lng, row.gcj02.lat),
        phone=row.phone,
        photo=row.photo,
        facilities=row.facilities,
        aed_place=row.aed_place,
        nearest_aed=row.nearest_aed,
        hours=timed,
        services=_still_paused(row.services, old),
        drop_ins=row.drop_ins,
        rev=0 if old is None else old.rev,
    )
    if station != old:
        shelf = Station.shelf(ctx)
        await shelf.replace_one({"_id": station.id}, plain(station), upsert=True)
    for delivery in row.kit:
        await kit_changes.lay_in(ctx, station, delivery)
    return station


def _still_paused(
    services: tuple[Service, ...], old: Station | None
) -> tuple[Service, ...]:
    """Leave ports out of order that are so."""
    broken = {each.kind: each.paused for each in old.services} if old else {}
    return tuple(
        msgspec.structs.replace(each, paused=broken.get(each.kind, ()))
        for each in services
    )


async def _put_unit(ctx: Context, row: UnitRow) -> None:
    await units.put_unit(
        ctx,
        id_=f"unit_{row.slug}",
        name=row.name,
        kind=row.kind,
        parent_id=None if row.parent is None else f"unit_{row.parent}",
    )


async def _put_staff(ctx: Context, row: StaffRow) -> None:
    await staff.put_staff(
        ctx,
        id_=f"staff_{row.slug}",
        name=row.name,
        openid=row.openid,
        unit_id=f"unit_{row.unit}",
        station_ids=[f"station_{slug}" for slug in row.stations],
        roles=row.roles,
    )


async def put_worker(ctx: Context, row: WorkerRow) -> None:
    """Keep a worker as written, with what they agreed to and said of themselves."""
    worker = await workers.put_worker(
        ctx,
        id_=f"worker_{row.slug}",
        openid=row.openid,
        name=row.name,
        nickname=row.nickname,
    )
    by = SignedIn(id=worker.id, session_id="session_demo")
    for purpose in AGREED:
        text = await current(ctx, purpose)
        if text is not None:
            await consents.give(ctx, purpose, text.version, by=by)
    if row.classes:
        await identities.put(ctx, worker.id, row.classes)
    if row.facts:
        await facts.put(ctx, worker.id, row.facts)


def _read(name: str, shape: Any) -> Any:
    return msgspec.convert(yaml.safe_load((HERE / name).read_text("utf-8")), shape)

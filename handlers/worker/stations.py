"""Stations over HTTP (驿站): the directory, and one station.

Anybody may look. Coordinates come and go in GCJ-02, as WeChat's map has them.
"""

from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec

from handlers.base.access import public
from handlers.base.endpoint import Handler, endpoint
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.base import pages
from models.base.clock import day_of
from models.base.context import Context
from models.base.pages import BadCursor, Page
from models.base.places import BadPoint, Point, distance_m, from_gcj02, to_gcj02
from models.base.units import Instant, Metres, Minutes, Places
from models.stations import directory, kit, live, water
from models.stations.drop_in_services import DropInKind
from models.stations.hours import Status
from models.stations.live import Live
from models.stations.port_services import ServiceKind
from models.stations.rest import Rest
from models.stations.stations import (
    Facility,
    NoSuchStation,
    Station,
    StationKind,
)


class Spot(NamedTuple):
    """A place in the list."""

    distance_m: int
    station_id: str


class StationsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """What to look for; a place (GCJ-02) sorts by distance and is not kept."""

    lng: float | None = None
    lat: float | None = None
    facility: list[Facility] = []
    """All of these."""
    service: ServiceKind | None = None
    open_now: bool = False
    cursor: Cursor | None = None
    limit: Limit = 20


class Gcj02View(msgspec.Struct):
    """A place as WeChat's map wants it."""

    lng: float
    lat: float

    @classmethod
    def of(cls, point: Point) -> "Gcj02View":
        """Show a place; a millionth of a degree is a decimetre."""
        lng, lat = to_gcj02(point)
        return cls(round(lng, 6), round(lat, 6))


class StationServiceView(msgspec.Struct):
    """A service with ports, as of now."""

    kind: ServiceKind
    title: str
    ports: Places
    free: Places
    """Ports nobody holds now; none while the station is closed."""
    slot_minutes: Minutes
    window_days: int


class DropInView(msgspec.Struct):
    """A service that needs no booking, as of now."""

    kind: DropInKind
    title: str
    seats: Places
    inside: Places
    free: Places
    """Seats nobody sits on; none while the station is closed."""
    today: Places | None = None
    """Cups taken today; only on the station's own page."""


class StationView(msgspec.Struct, kw_only=True):
    """A station in a list, as of now."""

    id: str
    name: str
    kind: StationKind
    address: str
    gcj02: Gcj02View
    phone: str
    photo: str | None
    facilities: tuple[Facility, ...]
    state: Status
    reason: str
    """Why; empty only on an ordinary open day."""
    until: Instant | None
    """When the state turns into another."""
    provisional: bool
    """The year's holidays are not announced yet: the hours may still change."""
    services: list[StationServiceView]
    drop_ins: list[DropInView]
    distance_m: Metres | None = None

    @classmethod
    def of(cls, found: Live, here: Point | None = None) -> "StationView":
        """Show a station."""
        return cls(**_shown(found, here))


class OpenView(msgspec.Struct):
    """A stretch of being open."""

    start: Instant
    end: Instant
    attended: bool


class StationDetailView(StationView, kw_only=True):
    """A station on its own page."""

    today: list[OpenView]
    aed_place: str | None
    nearest_aed: str | None
    kit: list[str]
    """What the first-aid kit has that is still in date."""


class StationsHandler(Handler):
    """The directory."""

    @endpoint(access=public, refusals=(BadPoint, BadCursor))
    async def get(self, *, query: StationsQuery) -> Page[StationView]:
        """List stations as they are now, the nearest first if a place is given."""
        here, now = place_of(query.lng, query.lat), self.ctx.clock.now()
        found = [
            (_spot(station, here), station)
            for station in await directory.every(self.ctx)
            if _fits(station, query, now)
        ]
        shown, following = _page(sorted(found, key=itemgetter(0)), query)
        views = await live.look(self.ctx, [station for _, station in shown])
        return Page([StationView.of(each, here) for each in views], following)


class StationHandler(Handler):
    """One station."""

    @endpoint(access=public, refusals=(NoSuchStation,))
    async def get(self, station_id: str) -> StationDetailView:
        """Show one station as it is now."""
        station = await directory.find(self.ctx, station_id)
        [found] = await live.look(self.ctx, [station])
        in_kit = await kit.items_in_date(self.ctx, station_id)
        cups = await _cups(self.ctx, station)
        return _detail(found, self.ctx.clock.now(), in_kit, cups)


def place_of(lng: float | None, lat: float | None) -> Point | None:
    """Read a place from a query; half of one is none.

    Refuses: BadPoint.
    """
    if lng is None and lat is None:
        return None
    if lng is None or lat is None:
        raise BadPoint({"path": "$.lng" if lng is None else "$.lat"})
    return from_gcj02(lng, lat)


def _shown(found: Live, here: Point | None) -> dict[str, Any]:
    station, state = found.station, found.state
    return {
        "id": station.id,
        "name": station.name,
        "kind": station.kind,
        "address": station.address,
        "gcj02": Gcj02View.of(station.place),
        "phone": station.phone,
        "photo": station.photo,
        "facilities": station.facilities,
        "state": state.status,
        "reason": state.reason,
        "until": state.changes_at,
        "provisional": state.provisional,
        "services": _services(found),
        "drop_ins": _drop_ins(found),
        "distance_m": None if here is None else distance_m(here, station.place),
    }


def _services(found: Live) -> list[StationServiceView]:
    return [
        StationServiceView(
            kind=service.kind,
            title=service.kind.label,
            ports=service.ports,
            free=found.free[service.kind],
            slot_minutes=service.slot_minutes,
            window_days=service.window_days,
        )
        for service in found.station.services
    ]


def _drop_ins(found: Live) -> list[DropInView]:
    shut = found.state.status is Status.CLOSED
    room = found.rest or Rest(seats=0, inside=0)
    return [
        DropInView(
            kind=each.kind,
            title=each.kind.label,
            seats=each.seats,
            inside=room.inside if each.seats else 0,
            free=room.free if each.seats and not shut else 0,
        )
        for each in found.station.drop_ins
    ]


async def _cups(ctx: Context, station: Station) -> int:
    if station.drop_in(DropInKind.WATER) is None:
        return 0
    return await water.count(ctx, station.id, ctx.clock.today())


def _detail(
    found: Live, now: datetime, in_kit: list[str], cups: int
) -> StationDetailView:
    station, today = found.station, day_of(now)
    opened = station.hours.open_intervals(today)
    shown = _shown(found, None)
    for each in shown["drop_ins"]:
        if each.kind is DropInKind.WATER:
            each.today = cups
    return StationDetailView(
        **shown,
        today=[OpenView(each.start, each.end, each.attended) for each in opened],
        aed_place=station.aed_place,
        nearest_aed=station.nearest_aed,
        kit=in_kit,
    )


def _fits(station: Station, query: StationsQuery, now: datetime) -> bool:
    return (
        set(query.facility) <= set(station.facilities)
        and (query.service is None or station.service(query.service) is not None)
        and not (query.open_now and _is_closed(station, now))
    )


def _is_closed(station: Station, now: datetime) -> bool:
    return station.hours.state_at(now).status is Status.CLOSED


def _spot(station: Station, here: Point | None) -> Spot:
    return Spot(0 if here is None else distance_m(here, station.place), station.id)


def _page(
    found: list[tuple[Spot, Station]], query: StationsQuery
) -> tuple[list[tuple[Spot, Station]], str | None]:
    if query.cursor is not None:
        after = pages.decode(query.cursor, Spot)
        found = [each for each in found if each[0] > after]
    shown = found[: query.limit]
    more = len(found) > query.limit
    return shown, pages.encode(shown[-1][0]) if more else None


ROUTES: list[Route] = [
    ("/worker/v1/stations", StationsHandler),
    ("/worker/v1/stations/{station_id}", StationHandler),
]

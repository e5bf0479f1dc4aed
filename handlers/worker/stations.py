"""Stations over HTTP (驿站): the directory, and one station.

Anybody may look. Coordinates come and go in GCJ-02, as WeChat's map has them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

import msgspec

from handlers.base.access import public
from handlers.base.answers import Encoded
from handlers.base.endpoint import Handler, endpoint
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from handlers.worker.station_views import (
    StationDetailView,
    StationPieces,
    StationView,
    detail_of,
)
from models.base import pages
from models.base.context import Context
from models.base.pages import BadCursor, Page
from models.base.places import BadPoint, Point, from_gcj02
from models.stations import directory, kit, live, water
from models.stations.directory import Spotted
from models.stations.drop_in_services import DropInKind
from models.stations.hours import Status
from models.stations.port_services import ServiceKind
from models.stations.stations import Facility, NoSuchStation, Station


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


class StationsHandler(Handler):
    """The directory."""

    @endpoint(access=public, refusals=(BadPoint, BadCursor))
    async def get(self, *, query: StationsQuery) -> Encoded[Page[StationView]]:
        """List stations as they are now, the nearest first if a place is given."""
        here, now = place_of(query.lng, query.lat), self.ctx.clock.now()
        after = None if query.cursor is None else pages.decode(query.cursor, Spot)
        found: Iterable[Spotted] = await directory.around(self.ctx, here, after=after)
        if query.facility or query.service or query.open_now:
            found = (spot for spot in found if _fits(spot.thing, query, now))
        shown, following = _page(found, query.limit)
        views = await live.look(self.ctx, [each.thing for each in shown])
        pieces: StationPieces = self.settings["pieces"]
        items = [
            pieces.of(each, None if here is None else spot.way)
            for each, spot in zip(views, shown, strict=True)
        ]
        return Encoded(msgspec.json.encode(Page(items, following)))


class StationHandler(Handler):
    """One station."""

    @endpoint(access=public, refusals=(NoSuchStation,))
    async def get(self, station_id: str) -> StationDetailView:
        """Show one station as it is now."""
        station = await directory.find(self.ctx, station_id)
        [found] = await live.look(self.ctx, [station])
        in_kit = await kit.items_in_date(self.ctx, station_id)
        cups = await _cups(self.ctx, station)
        return detail_of(found, self.ctx.clock.now(), in_kit, cups)


def place_of(lng: float | None, lat: float | None) -> Point | None:
    """Read a place from a query; half of one is none.

    Refuses: BadPoint.
    """
    if lng is None and lat is None:
        return None
    if lng is None or lat is None:
        raise BadPoint({"path": "$.lng" if lng is None else "$.lat"})
    return from_gcj02(lng, lat)


async def _cups(ctx: Context, station: Station) -> int:
    if station.drop_in(DropInKind.WATER) is None:
        return 0
    return await water.count(ctx, station.id, ctx.clock.today())


def _fits(station: Station, query: StationsQuery, now: datetime) -> bool:
    return (
        set(query.facility) <= set(station.facilities)
        and (query.service is None or station.service(query.service) is not None)
        and not (query.open_now and _is_closed(station, now))
    )


def _is_closed(station: Station, now: datetime) -> bool:
    return station.hours.state_at(now).status is Status.CLOSED


def _page(found: Iterable[Spotted], limit: int) -> tuple[Sequence[Spotted], str | None]:
    """Take a page, and say where the next begins; what is beyond is not looked at."""
    taken = list(islice(found, limit + 1))
    shown = taken[:limit]
    if len(taken) == len(shown):
        return shown, None
    last = shown[-1]
    return shown, pages.encode(Spot(last.way, last.name))


ROUTES: list[Route] = [
    ("/worker/v1/stations", StationsHandler),
    ("/worker/v1/stations/{station_id}", StationHandler),
]

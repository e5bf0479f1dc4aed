"""Closing, timing and pausing from the back office, over HTTP (驿站临时调整)."""

import msgspec

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from handlers.station.keeping_doors import hours_at
from handlers.station.keeping_shapes import (
    DisruptionView,
    KeptStationView,
    PreviewView,
    SpecialDayRequest,
)
from models.base.pages import BadCursor, Page
from models.stations import closures, disruptions, keepers, special_days
from models.stations.closures import NoSuchClosure
from models.stations.hours import BadHours
from models.stations.keepers import StationChanged
from models.stations.special_days import BadSpecialDay
from models.stations.stations import NoSuchStation
from models.unions.permissions import Permission

managing = official(Permission.STATIONS)


class DisruptionsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Where to go on."""

    cursor: Cursor | None = None
    limit: Limit = 20


class StationDisruptionsHandler(Handler):
    """What disrupted a station."""

    @endpoint(access=managing, refusals=(NoSuchStation, BadCursor))
    async def get(
        self, station_id: str, *, query: DisruptionsQuery
    ) -> Page[DisruptionView]:
        """List its changes with what became of the bookings, the latest first."""
        station = await keepers.find(self.ctx, station_id, by=self.actor)
        page = await disruptions.of_station(
            self.ctx, station.id, cursor=query.cursor, limit=query.limit
        )
        return Page([DisruptionView.of(each) for each in page.items], page.next)


class StationClosureHandler(Handler):
    """One closure."""

    @endpoint(
        access=managing,
        refusals=(NoSuchStation, NoSuchClosure, StationChanged),
        limit=WRITES,
    )
    async def delete(self, station_id: str, closure_id: str) -> KeptStationView:
        """End it now, or call it off before it begins."""
        station = await closures.lift(self.ctx, station_id, closure_id, by=self.actor)
        return KeptStationView.of(station, self.ctx.clock.now())


class StationSpecialDayPreviewHandler(Handler):
    """A look ahead."""

    @endpoint(
        access=managing,
        refusals=(NoSuchStation, BadSpecialDay, BadHours),
        limit=WRITES,
    )
    async def post(self, station_id: str, *, body: SpecialDayRequest) -> PreviewView:
        """Say whom other hours would cost a booking; nothing is changed."""
        found = await special_days.foresee(
            self.ctx, station_id, body.special(), by=self.actor
        )
        return await PreviewView.of(self.ctx, found)


ONE = "/union/v1/stations/{station_id}"

ROUTES: list[Route] = [
    (f"{ONE}/disruptions", StationDisruptionsHandler),
    (f"{ONE}/closures/{{closure_id}}", StationClosureHandler),
    (f"{ONE}/special-day-previews", StationSpecialDayPreviewHandler),
    *hours_at(ONE, managing, (NoSuchStation,)),
]

"""Closing, timing and pausing from the back office, over HTTP (驿站临时调整)."""

import msgspec

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from handlers.station.keeping_shapes import (
    ClosureRequest,
    DayQuery,
    DisruptionView,
    KeptStationView,
    PauseRequest,
    PortQuery,
    PreviewView,
    SpecialDayRequest,
)
from models.base.pages import BadCursor, Page
from models.stations import closures, disruptions, keepers, pauses, special_days
from models.stations.closures import (
    AlreadyClosed,
    BadClosure,
    NoSuchClosure,
    NotClosed,
)
from models.stations.hours import BadHours
from models.stations.keepers import StationChanged
from models.stations.pauses import AlreadyPaused, NotPaused
from models.stations.special_days import BadSpecialDay, NoSuchSpecialDay
from models.stations.stations import NoSuchService, NoSuchStation
from models.stations.walk_ins import NoSuchPort
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


class StationClosuresHandler(Handler):
    """The closures of a station."""

    @endpoint(
        access=managing,
        status=201,
        refusals=(NoSuchStation, BadClosure, AlreadyClosed, StationChanged),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, station_id: str, *, body: ClosureRequest) -> DisruptionView:
        """Shut it for a day or some hours; bookings are called off or moved."""
        done = await closures.close(self.ctx, station_id, body.wish(), by=self.actor)
        return DisruptionView.of(done)


class StationClosurePreviewHandler(Handler):
    """A look ahead."""

    @endpoint(
        access=managing,
        refusals=(NoSuchStation, BadClosure, AlreadyClosed),
        limit=WRITES,
    )
    async def post(self, station_id: str, *, body: ClosureRequest) -> PreviewView:
        """Say whom a closure would cost a booking; nothing is changed."""
        found = await closures.foresee(self.ctx, station_id, body.wish(), by=self.actor)
        return await PreviewView.of(self.ctx, found)


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


class StationReopeningHandler(Handler):
    """The end of all closures that run."""

    @endpoint(
        access=managing,
        refusals=(NoSuchStation, NotClosed, StationChanged),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, station_id: str) -> KeptStationView:
        """Open it again; bookings do not come back, slots do."""
        station = await closures.reopen(self.ctx, station_id, by=self.actor)
        return KeptStationView.of(station, self.ctx.clock.now())


class StationSpecialDaysHandler(Handler):
    """The special days of a station."""

    @endpoint(
        access=managing,
        refusals=(NoSuchStation, BadSpecialDay, BadHours, StationChanged),
        limit=WRITES,
        repeats=True,
    )
    async def put(self, station_id: str, *, body: SpecialDayRequest) -> DisruptionView:
        """Give one day other hours, longer or shorter."""
        done = await special_days.put(
            self.ctx, station_id, body.special(), remedy=body.remedy, by=self.actor
        )
        return DisruptionView.of(done)

    @endpoint(
        access=managing,
        refusals=(NoSuchStation, NoSuchSpecialDay, StationChanged),
        limit=WRITES,
    )
    async def delete(self, station_id: str, *, query: DayQuery) -> DisruptionView:
        """Let a day be as any other of its kind again."""
        done = await special_days.drop(self.ctx, station_id, query.day, by=self.actor)
        return DisruptionView.of(done)


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


class StationPausesHandler(Handler):
    """The ports of a station that are out of order."""

    @endpoint(
        access=managing,
        status=201,
        refusals=(
            NoSuchStation,
            NoSuchService,
            NoSuchPort,
            AlreadyPaused,
            StationChanged,
        ),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, station_id: str, *, body: PauseRequest) -> DisruptionView:
        """Take a broken port out of use; who booked it gets another if there is one."""
        done = await pauses.pause(
            self.ctx,
            station_id,
            body.service,
            body.port,
            reason=body.reason,
            by=self.actor,
        )
        return DisruptionView.of(done)

    @endpoint(
        access=managing,
        refusals=(NoSuchStation, NoSuchService, NoSuchPort, NotPaused, StationChanged),
        limit=WRITES,
    )
    async def delete(self, station_id: str, *, query: PortQuery) -> DisruptionView:
        """Take a mended port into use again."""
        done = await pauses.resume(
            self.ctx, station_id, query.service, query.port, by=self.actor
        )
        return DisruptionView.of(done)


ONE = "/union/v1/stations/{station_id}"

ROUTES: list[Route] = [
    (f"{ONE}/disruptions", StationDisruptionsHandler),
    (f"{ONE}/closures", StationClosuresHandler),
    (f"{ONE}/closures/{{closure_id}}", StationClosureHandler),
    (f"{ONE}/closure-previews", StationClosurePreviewHandler),
    (f"{ONE}/reopening", StationReopeningHandler),
    (f"{ONE}/special-days", StationSpecialDaysHandler),
    (f"{ONE}/special-day-previews", StationSpecialDayPreviewHandler),
    (f"{ONE}/port-pauses", StationPausesHandler),
]

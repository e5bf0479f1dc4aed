"""Shutting and opening one's own station, over HTTP (值守员：关闭、开放、停用)."""

from handlers.base.access import staff
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
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
from models.stations import closures, keepers, pauses, special_days
from models.stations.closures import AlreadyClosed, BadClosure, NotClosed
from models.stations.hours import BadHours
from models.stations.keepers import StationChanged
from models.stations.pauses import AlreadyPaused, NotPaused
from models.stations.special_days import BadSpecialDay, NoSuchSpecialDay
from models.stations.stations import NoSuchService, NoSuchStation
from models.stations.walk_ins import NoSuchPort
from models.unions.staff import RoleMissing

NOT_MINE = (NoSuchStation, RoleMissing)


class OwnStationHandler(Handler):
    """One station of mine."""

    @endpoint(access=staff, refusals=NOT_MINE)
    async def get(self, station_id: str) -> KeptStationView:
        """Show my station with its hours, closures and ports out of order."""
        station = await keepers.find(self.ctx, station_id, by=self.actor)
        return KeptStationView.of(station, self.ctx.clock.now())


class OwnClosuresHandler(Handler):
    """The closures of my station."""

    @endpoint(
        access=staff,
        status=201,
        refusals=(*NOT_MINE, BadClosure, AlreadyClosed, StationChanged),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, station_id: str, *, body: ClosureRequest) -> DisruptionView:
        """Shut my station now or early, with a reason; bookings are cared for."""
        done = await closures.close(self.ctx, station_id, body.wish(), by=self.actor)
        return DisruptionView.of(done)


class OwnClosurePreviewHandler(Handler):
    """A look ahead."""

    @endpoint(
        access=staff, refusals=(*NOT_MINE, BadClosure, AlreadyClosed), limit=WRITES
    )
    async def post(self, station_id: str, *, body: ClosureRequest) -> PreviewView:
        """Say whom a closure would cost a booking; nothing is changed."""
        found = await closures.foresee(self.ctx, station_id, body.wish(), by=self.actor)
        return await PreviewView.of(self.ctx, found)


class OwnReopeningHandler(Handler):
    """The end of a closure."""

    @endpoint(
        access=staff,
        refusals=(*NOT_MINE, NotClosed, StationChanged),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, station_id: str) -> KeptStationView:
        """Open my station again; bookings do not come back, slots do."""
        station = await closures.reopen(self.ctx, station_id, by=self.actor)
        return KeptStationView.of(station, self.ctx.clock.now())


class OwnSpecialDaysHandler(Handler):
    """The special days of my station."""

    @endpoint(
        access=staff,
        refusals=(*NOT_MINE, BadSpecialDay, BadHours, StationChanged),
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
        access=staff,
        refusals=(*NOT_MINE, NoSuchSpecialDay, StationChanged),
        limit=WRITES,
    )
    async def delete(self, station_id: str, *, query: DayQuery) -> DisruptionView:
        """Let a day be as any other of its kind again."""
        done = await special_days.drop(self.ctx, station_id, query.day, by=self.actor)
        return DisruptionView.of(done)


class OwnPausesHandler(Handler):
    """The ports of my station that are out of order."""

    @endpoint(
        access=staff,
        status=201,
        refusals=(*NOT_MINE, NoSuchService, NoSuchPort, AlreadyPaused, StationChanged),
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
        access=staff,
        refusals=(*NOT_MINE, NoSuchService, NoSuchPort, NotPaused, StationChanged),
        limit=WRITES,
    )
    async def delete(self, station_id: str, *, query: PortQuery) -> DisruptionView:
        """Take a mended port into use again."""
        done = await pauses.resume(
            self.ctx, station_id, query.service, query.port, by=self.actor
        )
        return DisruptionView.of(done)


OWN = "/station/v1/stations/{station_id}"

ROUTES: list[Route] = [
    (OWN, OwnStationHandler),
    (f"{OWN}/closures", OwnClosuresHandler),
    (f"{OWN}/closure-previews", OwnClosurePreviewHandler),
    (f"{OWN}/reopening", OwnReopeningHandler),
    (f"{OWN}/special-days", OwnSpecialDaysHandler),
    (f"{OWN}/port-pauses", OwnPausesHandler),
]

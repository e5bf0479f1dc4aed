"""Doors to a station's hours over HTTP (闭站、特殊日、停用), whoever keeps it.

A clerk keeps the stations they serve at, the back office those of its subtree; who is
let in and what is not there for them is all that differs.
"""

from handlers.base.access import Access
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
from models.base.errors import Refusals
from models.stations import closures, pauses, special_days
from models.stations.closures import AlreadyClosed, BadClosure, NotClosed
from models.stations.hours import BadHours
from models.stations.keepers import StationChanged
from models.stations.pauses import AlreadyPaused, NotPaused
from models.stations.special_days import BadSpecialDay, NoSuchSpecialDay
from models.stations.stations import NoSuchService
from models.stations.walk_ins import NoSuchPort


def hours_at(station: str, access: Access, missing: Refusals) -> list[Route]:
    """Make the doors under a station's path for whom ``access`` finds.

    missing: what is said to somebody who does not keep it.
    """
    return [
        *_closing(station, access, missing),
        *_timing(station, access, missing),
        *_pausing(station, access, missing),
    ]


def _closing(station: str, access: Access, missing: Refusals) -> list[Route]:
    class ClosuresHandler(Handler):
        """The closures of a station."""

        @endpoint(
            access=access,
            status=201,
            refusals=(*missing, BadClosure, AlreadyClosed, StationChanged),
            limit=WRITES,
            repeats=True,
        )
        async def post(
            self, station_id: str, *, body: ClosureRequest
        ) -> DisruptionView:
            """Shut the station now or early, with a reason; bookings are cared for."""
            done = await closures.close(
                self.ctx, station_id, body.wish(), by=self.actor
            )
            return DisruptionView.of(done)

    class ClosurePreviewHandler(Handler):
        """A look ahead."""

        @endpoint(
            access=access, refusals=(*missing, BadClosure, AlreadyClosed), limit=WRITES
        )
        async def post(self, station_id: str, *, body: ClosureRequest) -> PreviewView:
            """Say whom a closure would cost a booking; nothing is changed."""
            found = await closures.foresee(
                self.ctx, station_id, body.wish(), by=self.actor
            )
            return await PreviewView.of(self.ctx, found)

    class ReopeningHandler(Handler):
        """The end of a closure."""

        @endpoint(
            access=access,
            refusals=(*missing, NotClosed, StationChanged),
            limit=WRITES,
            repeats=True,
        )
        async def post(self, station_id: str) -> KeptStationView:
            """Open the station again; bookings do not come back, slots do."""
            station = await closures.reopen(self.ctx, station_id, by=self.actor)
            return KeptStationView.of(station, self.ctx.clock.now())

    return [
        (f"{station}/closures", ClosuresHandler),
        (f"{station}/closure-previews", ClosurePreviewHandler),
        (f"{station}/reopening", ReopeningHandler),
    ]


def _timing(station: str, access: Access, missing: Refusals) -> list[Route]:
    class SpecialDaysHandler(Handler):
        """The special days of a station."""

        @endpoint(
            access=access,
            refusals=(*missing, BadSpecialDay, BadHours, StationChanged),
            limit=WRITES,
            repeats=True,
        )
        async def put(
            self, station_id: str, *, body: SpecialDayRequest
        ) -> DisruptionView:
            """Give one day other hours, longer or shorter."""
            done = await special_days.put(
                self.ctx, station_id, body.special(), remedy=body.remedy, by=self.actor
            )
            return DisruptionView.of(done)

        @endpoint(
            access=access,
            refusals=(*missing, NoSuchSpecialDay, StationChanged),
            limit=WRITES,
        )
        async def delete(self, station_id: str, *, query: DayQuery) -> DisruptionView:
            """Let a day be as any other of its kind again."""
            done = await special_days.drop(
                self.ctx, station_id, query.day, by=self.actor
            )
            return DisruptionView.of(done)

    return [(f"{station}/special-days", SpecialDaysHandler)]


def _pausing(station: str, access: Access, missing: Refusals) -> list[Route]:
    class PausesHandler(Handler):
        """The ports of a station that are out of order."""

        @endpoint(
            access=access,
            status=201,
            refusals=(
                *missing,
                NoSuchService,
                NoSuchPort,
                AlreadyPaused,
                StationChanged,
            ),
            limit=WRITES,
            repeats=True,
        )
        async def post(self, station_id: str, *, body: PauseRequest) -> DisruptionView:
            """Take a broken port out of use; who booked it gets another, if any."""
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
            access=access,
            refusals=(*missing, NoSuchService, NoSuchPort, NotPaused, StationChanged),
            limit=WRITES,
        )
        async def delete(self, station_id: str, *, query: PortQuery) -> DisruptionView:
            """Take a mended port into use again."""
            done = await pauses.resume(
                self.ctx, station_id, query.service, query.port, by=self.actor
            )
            return DisruptionView.of(done)

    return [(f"{station}/port-pauses", PausesHandler)]

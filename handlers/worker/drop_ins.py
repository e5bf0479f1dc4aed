"""Water and rest over HTTP (喝水、休息): what needs no booking."""

import msgspec

from handlers.base.access import worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.routing import Route
from models.base.units import Instant, Places
from models.stations import rest, water
from models.stations.rest import AlreadyResting, NotResting, RestFull, Stay
from models.stations.stations import NoSuchService, NoSuchStation
from models.stations.walk_ins import StationClosed


class CupsView(msgspec.Struct):
    """How much water a station gave today."""

    today: Places


class StayView(msgspec.Struct):
    """My seat."""

    id: str
    since: Instant
    left_at: Instant | None

    @classmethod
    def of(cls, stay: Stay) -> "StayView":
        """Show a stay."""
        return cls(stay.id, stay.since, stay.left_at)


class WaterHandler(Handler):
    """Water at a station."""

    @endpoint(
        access=worker,
        status=201,
        refusals=(NoSuchStation, NoSuchService),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, station_id: str) -> CupsView:
        """Take a cup; it is counted, and whose it is is not kept."""
        return CupsView(await water.take(self.ctx, station_id, by=self.actor))


class RestHandler(Handler):
    """My seat at a station."""

    @endpoint(
        access=worker,
        status=201,
        refusals=(
            NoSuchStation,
            NoSuchService,
            StationClosed,
            RestFull,
            AlreadyResting,
        ),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, station_id: str) -> StayView:
        """Take a seat, if one is free."""
        return StayView.of(await rest.enter(self.ctx, station_id, by=self.actor))

    @endpoint(access=worker, refusals=(NoSuchStation, NotResting), limit=WRITES)
    async def delete(self, station_id: str) -> StayView:
        """Give my seat back."""
        return StayView.of(await rest.leave(self.ctx, station_id, by=self.actor))


ROUTES: list[Route] = [
    ("/worker/v1/stations/{station_id}/water", WaterHandler),
    ("/worker/v1/stations/{station_id}/rest", RestHandler),
]

"""Shutting and opening one's own station, over HTTP (值守员：关闭、开放、停用)."""

from handlers.base.access import staff
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from handlers.station.keeping_doors import hours_at
from handlers.station.keeping_shapes import KeptStationView
from models.stations import keepers
from models.stations.stations import NoSuchStation
from models.unions.staff import RoleMissing

NOT_MINE = (NoSuchStation, RoleMissing)


class OwnStationHandler(Handler):
    """One station of mine."""

    @endpoint(access=staff, refusals=NOT_MINE)
    async def get(self, station_id: str) -> KeptStationView:
        """Show my station with its hours, closures and ports out of order."""
        station = await keepers.find(self.ctx, station_id, by=self.actor)
        return KeptStationView.of(station, self.ctx.clock.now())


OWN = "/station/v1/stations/{station_id}"

ROUTES: list[Route] = [(OWN, OwnStationHandler), *hours_at(OWN, staff, NOT_MINE)]

"""Kits of the stations below, over HTTP (物资监管): read only."""

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from handlers.station.kit_doors import books_at
from handlers.station.kit_views import BatchView, ListQuery
from models.base.pages import BadCursor, Page
from models.stations import kit
from models.stations.stations import NoSuchStation
from models.unions.permissions import Permission

stations = official(Permission.STATIONS)


class UnionKitHandler(Handler):
    """A station's kit."""

    @endpoint(access=stations, refusals=(NoSuchStation, BadCursor))
    async def get(self, station_id: str, *, query: ListQuery) -> Page[BatchView]:
        """List what is left of every batch, the soonest to expire first."""
        page = await kit.of(
            self.ctx,
            station_id,
            by=self.actor,
            cursor=query.cursor,
            limit=query.limit,
        )
        today = self.ctx.clock.today()
        return Page([BatchView.of(each, today) for each in page.items], page.next)


KIT = "/union/v1/stations/{station_id}/kit"

ROUTES: list[Route] = [
    (KIT, UnionKitHandler),
    *books_at(KIT, stations, (NoSuchStation,)),
]

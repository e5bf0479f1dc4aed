"""Kits of the stations below, over HTTP (物资监管): read only."""

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from handlers.station.kit_views import (
    BatchView,
    ListQuery,
    MovementView,
    NoticeView,
    RecountView,
)
from models.base.pages import BadCursor, Page
from models.stations import kit, kit_notices, kit_recount
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


class UnionKitMovementsHandler(Handler):
    """What came and went."""

    @endpoint(access=stations, refusals=(NoSuchStation, BadCursor))
    async def get(self, station_id: str, *, query: ListQuery) -> Page[MovementView]:
        """List what came and went, the last first."""
        page = await kit.movements(
            self.ctx,
            station_id,
            by=self.actor,
            cursor=query.cursor,
            limit=query.limit,
        )
        return Page([MovementView.of(each) for each in page.items], page.next)


class UnionKitRecountHandler(Handler):
    """Whether the books are right."""

    @endpoint(access=stations, refusals=(NoSuchStation,))
    async def get(self, station_id: str) -> RecountView:
        """Fold the movements and compare them with what the batches hold."""
        return RecountView.of(
            await kit_recount.recount(self.ctx, station_id, by=self.actor)
        )


class UnionKitNoticesHandler(Handler):
    """What the desk was told."""

    @endpoint(access=stations, refusals=(NoSuchStation, BadCursor))
    async def get(self, station_id: str, *, query: ListQuery) -> Page[NoticeView]:
        """List what was about to expire or ran low, the last first."""
        page = await kit_notices.notices(
            self.ctx,
            station_id,
            by=self.actor,
            cursor=query.cursor,
            limit=query.limit,
        )
        return Page([NoticeView.of(each) for each in page.items], page.next)


KIT = "/union/v1/stations/{station_id}/kit"

ROUTES: list[Route] = [
    (KIT, UnionKitHandler),
    (f"{KIT}/movements", UnionKitMovementsHandler),
    (f"{KIT}/recount", UnionKitRecountHandler),
    (f"{KIT}/notices", UnionKitNoticesHandler),
]

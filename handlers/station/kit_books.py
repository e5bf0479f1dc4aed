"""The kit's books over HTTP (盘账、提醒): movements, recount, notices, and levels."""

import msgspec

from handlers.base.access import staff
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.routing import Route
from handlers.station.kit import KIT, MINE, Counted, Item
from handlers.station.kit_doors import books_at
from handlers.station.kit_views import LevelView, ListQuery
from models.base.pages import BadCursor, Page
from models.stations import kit_levels


class LevelRequest(msgspec.Struct, forbid_unknown_fields=True):
    """How much of an item there should be."""

    item: Item
    least: Counted


class KitLevelsHandler(Handler):
    """How much there should be."""

    @endpoint(access=staff, refusals=(*MINE, BadCursor))
    async def get(self, station_id: str, *, query: ListQuery) -> Page[LevelView]:
        """List how much of each item there should be."""
        page = await kit_levels.levels(
            self.ctx,
            station_id,
            by=self.actor,
            cursor=query.cursor,
            limit=query.limit,
        )
        return Page([LevelView.of(each) for each in page.items], page.next)

    @endpoint(access=staff, refusals=MINE, limit=WRITES)
    async def put(self, station_id: str, *, body: LevelRequest) -> LevelView:
        """Say how much of an item there should be; fewer is told once."""
        level = await kit_levels.set_level(
            self.ctx, station_id, body.item, body.least, by=self.actor
        )
        return LevelView.of(level)


ROUTES: list[Route] = [
    *books_at(KIT, staff, MINE),
    (f"{KIT}/levels", KitLevelsHandler),
]

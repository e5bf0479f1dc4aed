"""The kit's books over HTTP (盘账、提醒): movements, recount, levels, notices."""

import msgspec

from handlers.base.access import staff
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.routing import Route
from handlers.station.kit import KIT, MINE, Counted, Item
from handlers.station.kit_views import (
    LevelView,
    ListQuery,
    MovementView,
    NoticeView,
    RecountView,
)
from models.base.pages import BadCursor, Page
from models.stations import kit, kit_levels, kit_notices, kit_recount


class LevelRequest(msgspec.Struct, forbid_unknown_fields=True):
    """How much of an item there should be."""

    item: Item
    least: Counted


class KitMovementsHandler(Handler):
    """What came and went."""

    @endpoint(access=staff, refusals=(*MINE, BadCursor))
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


class KitRecountHandler(Handler):
    """Whether the books are right."""

    @endpoint(access=staff, refusals=MINE)
    async def get(self, station_id: str) -> RecountView:
        """Fold the movements and compare them with what the batches hold."""
        return RecountView.of(
            await kit_recount.recount(self.ctx, station_id, by=self.actor)
        )


class KitNoticesHandler(Handler):
    """What the desk was told."""

    @endpoint(access=staff, refusals=(*MINE, BadCursor))
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
    (f"{KIT}/movements", KitMovementsHandler),
    (f"{KIT}/recount", KitRecountHandler),
    (f"{KIT}/notices", KitNoticesHandler),
    (f"{KIT}/levels", KitLevelsHandler),
]

"""Doors to a kit's books over HTTP (出入账、盘账、提醒), for whoever may read them."""

from handlers.base.access import Access
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from handlers.station.kit_views import ListQuery, MovementView, NoticeView, RecountView
from models.base.errors import Refusals
from models.base.pages import BadCursor, Page
from models.stations import kit, kit_notices, kit_recount


def books_at(shelf: str, access: Access, missing: Refusals) -> list[Route]:
    """Make the doors under a kit's path for whom ``access`` finds.

    missing: what is said to somebody whose station it is not.
    """

    class MovementsHandler(Handler):
        """What came and went."""

        @endpoint(access=access, refusals=(*missing, BadCursor))
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

    class RecountHandler(Handler):
        """Whether the books are right."""

        @endpoint(access=access, refusals=missing)
        async def get(self, station_id: str) -> RecountView:
            """Fold the movements and compare them with what the batches hold."""
            return RecountView.of(
                await kit_recount.recount(self.ctx, station_id, by=self.actor)
            )

    class NoticesHandler(Handler):
        """What the desk was told."""

        @endpoint(access=access, refusals=(*missing, BadCursor))
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

    return [
        (f"{shelf}/movements", MovementsHandler),
        (f"{shelf}/recount", RecountHandler),
        (f"{shelf}/notices", NoticesHandler),
    ]

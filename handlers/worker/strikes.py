"""My strikes and appeals over HTTP (我的爽约记录、申诉)."""

from typing import Annotated

import msgspec

from handlers.base.access import worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.base.context import Context
from models.base.pages import BadCursor
from models.base.units import Instant
from models.stations import appeals, strikes
from models.stations.appeals import (
    Appeal,
    AppealOpen,
    NoSuchStrike,
    StrikeOver,
)
from models.stations.appeals import State as AppealState
from models.stations.strikes import WEARS_OFF, Strike, Weight


class StrikesQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Where to go on."""

    cursor: Cursor | None = None
    limit: Limit = 20


class AppealRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Why the strike is wrong."""

    text: Annotated[str, msgspec.Meta(min_length=2, max_length=500)]


class MyAppealView(msgspec.Struct):
    """An appeal as its worker sees it."""

    id: str
    state: AppealState
    made_at: Instant
    decided_at: Instant | None
    reason: str

    @classmethod
    def of(cls, appeal: Appeal) -> "MyAppealView":
        """Show an appeal."""
        return cls(
            id=appeal.id,
            state=appeal.state,
            made_at=appeal.made_at,
            decided_at=appeal.decided_at,
            reason=appeal.reason,
        )


class StrikeView(msgspec.Struct):
    """A strike as its worker sees it."""

    id: str
    booking_id: str
    weight: float
    """1 for a no-show, 0.5 for a late cancellation."""
    at: Instant
    wears_off_at: Instant
    lifted_at: Instant | None
    """From then on it counts for nothing."""
    appeal: MyAppealView | None

    @classmethod
    def of(cls, strike: Strike, appeal: Appeal | None) -> "StrikeView":
        """Show a strike."""
        return cls(
            id=strike.id,
            booking_id=strike.booking_id,
            weight=strike.weight / Weight.NO_SHOW,
            at=strike.at,
            wears_off_at=strike.at + WEARS_OFF,
            lifted_at=strike.lifted_at,
            appeal=None if appeal is None else MyAppealView.of(appeal),
        )


class StrikesView(msgspec.Struct):
    """My strikes, and what follows from them."""

    items: list[StrikeView]
    next: str | None
    suspended_until: Instant | None
    """Booking rests till then."""

    @classmethod
    async def of(
        cls, ctx: Context, worker_id: str, query: StrikesQuery
    ) -> "StrikesView":
        """Show a page of a worker's strikes."""
        now = ctx.clock.now()
        page = await strikes.page_of(
            ctx, worker_id, cursor=query.cursor, limit=query.limit
        )
        made = await appeals.about(ctx, [each.id for each in page.items])
        counted = await strikes.of(ctx, worker_id, now)
        return cls(
            items=[StrikeView.of(each, made.get(each.id)) for each in page.items],
            next=page.next,
            suspended_until=strikes.suspended_until(counted, now),
        )


class MyStrikesHandler(Handler):
    """The signed-in worker's strikes."""

    @endpoint(access=worker, refusals=(BadCursor,))
    async def get(self, *, query: StrikesQuery) -> StrikesView:
        """List my strikes with their appeals, the last first."""
        return await StrikesView.of(self.ctx, self.actor.id, query)


class AppealHandler(Handler):
    """What I say against a strike."""

    @endpoint(
        access=worker,
        status=201,
        refusals=(NoSuchStrike, StrikeOver, AppealOpen),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, strike_id: str, *, body: AppealRequest) -> MyAppealView:
        """Say why a strike is wrong; the union decides and tells me."""
        appeal = await appeals.appeal(self.ctx, strike_id, body.text, by=self.actor)
        return MyAppealView.of(appeal)


ROUTES: list[Route] = [
    ("/worker/v1/me/strikes", MyStrikesHandler),
    ("/worker/v1/strikes/{strike_id}/appeal", AppealHandler),
]

"""Deciding about appeals, over HTTP (爽约申诉处理)."""

import asyncio
from typing import Annotated

import msgspec

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.base.context import Context
from models.base.pages import BadCursor, Page
from models.base.units import Instant
from models.stations import appeal_decisions, appeals
from models.stations.appeal_decisions import AppealMoved, OwnMark
from models.stations.appeals import (
    Appeal,
    NoSuchAppeal,
    State,
)
from models.unions.permissions import Permission
from models.workers.workers import Worker

stations = official(Permission.STATIONS)

LONGEST_REASON = 200


class AppealsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which ones."""

    state: State = State.OPEN
    cursor: Cursor | None = None
    limit: Limit = 20


class AcceptanceRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Why, if there is anything to say."""

    reason: Annotated[str, msgspec.Meta(max_length=LONGEST_REASON)] = ""


class RefusalRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Why; the worker is told."""

    reason: Annotated[str, msgspec.Meta(min_length=2, max_length=LONGEST_REASON)]


class AppealView(msgspec.Struct):
    """An appeal as the union sees it; the name is masked."""

    id: str
    state: State
    name: str | None
    station_id: str
    station_name: str
    booking_id: str
    missed_at: Instant
    made_at: Instant
    is_marked_by_hand: bool
    """A clerk marked the no-show; else the clockwork did."""
    decided_at: Instant | None
    reason: str

    @classmethod
    async def of(cls, ctx: Context, appeal: Appeal) -> "AppealView":
        """Show an appeal."""
        worker = await Worker.get(ctx, appeal.worker_id)
        return cls(
            id=appeal.id,
            state=appeal.state,
            name=None if worker is None else worker.masked_name(ctx),
            station_id=appeal.station_id,
            station_name=appeal.station_name,
            booking_id=appeal.booking_id,
            missed_at=appeal.missed_at,
            made_at=appeal.made_at,
            is_marked_by_hand=appeal.marked_by is not None,
            decided_at=appeal.decided_at,
            reason=appeal.reason,
        )


class AppealTextView(msgspec.Struct):
    """An appeal with what the worker wrote; reading it is recorded."""

    appeal: AppealView
    text: str


class AppealsHandler(Handler):
    """Appeals."""

    @endpoint(access=stations, refusals=(BadCursor,))
    async def get(self, *, query: AppealsQuery) -> Page[AppealView]:
        """List the appeals within my reach, the last first."""
        page = await appeals.of(
            self.ctx,
            by=self.actor,
            state=query.state,
            cursor=query.cursor,
            limit=query.limit,
        )
        views = (AppealView.of(self.ctx, each) for each in page.items)
        return Page(await asyncio.gather(*views), page.next)


class AppealHandler(Handler):
    """One appeal."""

    @endpoint(access=stations, refusals=(NoSuchAppeal,))
    async def get(self, appeal_id: str) -> AppealTextView:
        """Read what a worker wrote; that I did is recorded."""
        appeal, text = await appeal_decisions.read(self.ctx, appeal_id, by=self.actor)
        return AppealTextView(await AppealView.of(self.ctx, appeal), text)


class AppealAcceptanceHandler(Handler):
    """Taking a strike away."""

    @endpoint(
        access=stations,
        refusals=(NoSuchAppeal, OwnMark, AppealMoved),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, appeal_id: str, *, body: AcceptanceRequest) -> AppealView:
        """Take the strike away; a suspension that followed from it is over."""
        appeal = await appeal_decisions.accept(
            self.ctx, appeal_id, body.reason, by=self.actor
        )
        return await AppealView.of(self.ctx, appeal)


class AppealRefusalHandler(Handler):
    """Letting a strike stand."""

    @endpoint(
        access=stations,
        refusals=(NoSuchAppeal, OwnMark, AppealMoved),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, appeal_id: str, *, body: RefusalRequest) -> AppealView:
        """Let the strike stand; the worker is told why."""
        appeal = await appeal_decisions.refuse(
            self.ctx, appeal_id, body.reason, by=self.actor
        )
        return await AppealView.of(self.ctx, appeal)


ROUTES: list[Route] = [
    ("/union/v1/appeals", AppealsHandler),
    ("/union/v1/appeals/{appeal_id}", AppealHandler),
    ("/union/v1/appeals/{appeal_id}/acceptance", AppealAcceptanceHandler),
    ("/union/v1/appeals/{appeal_id}/refusal", AppealRefusalHandler),
]

"""Answering a call for help, over HTTP (接警、到场、结束)."""

import asyncio
from enum import StrEnum
from typing import Annotated

import msgspec

from handlers.base.access import staff
from handlers.base.crowd import Yields
from handlers.base.endpoint import Handler, endpoint
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.base.context import Context
from models.base.pages import BadCursor, Page
from models.base.units import Instant
from models.stations import directory, first_aid_details, first_aid_help
from models.stations import first_aid_response as response
from models.stations.first_aid_alerts import (
    OPEN,
    Alert,
    AlertMoved,
    Deed,
    Kind,
    NoSuchAlert,
    Outcome,
    ReasonNeeded,
    State,
)
from models.stations.first_aid_ladder import level_at
from models.unions.staff import Staff

LONGEST_REASON = 200


class Which(StrEnum):
    """Which alerts to list."""

    OPEN = "open"
    CLOSED = "closed"


STATES = {Which.OPEN: OPEN, Which.CLOSED: (State.CLOSED,)}


class AlertsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which ones."""

    state: Which = Which.OPEN
    cursor: Cursor | None = None
    limit: Limit = 20


class ClosingRequest(msgspec.Struct, forbid_unknown_fields=True):
    """How it ended."""

    outcome: Outcome
    reason: Annotated[str, msgspec.Meta(max_length=LONGEST_REASON)] = ""
    """Needed for a false alarm; nothing about the person's health, please."""


class DeedView(msgspec.Struct):
    """Who did something, and when; the name is masked."""

    name: str | None
    at: Instant


class AlarmView(msgspec.Struct):
    """An alert as staff see it."""

    id: str
    station_id: str
    station_name: str
    spot: str | None
    state: State
    level: int
    called_at: Instant
    for_self: bool
    is_mine: bool
    """Whether the reader was called for it, or answered it."""
    kind: Kind | None
    """What happened; shown to those only, and no longer than it may be kept."""
    acknowledged: DeedView | None
    arrived: DeedView | None
    closed: DeedView | None
    outcome: Outcome | None

    @classmethod
    async def of(cls, ctx: Context, alert: Alert, by: Staff) -> "AlarmView":
        """Show an alert to somebody of its station or response."""
        now = ctx.clock.now()
        station = await directory.find(ctx, alert.station_id)
        is_mine = first_aid_details.may_read(alert, by)
        details = alert.details_at(now) if is_mine else None
        return cls(
            id=alert.id,
            station_id=station.id,
            station_name=station.name,
            spot=alert.spot,
            state=alert.state,
            level=level_at(alert, now),
            called_at=alert.called_at,
            for_self=alert.for_self,
            is_mine=is_mine,
            kind=None if details is None else details.kind,
            acknowledged=await _deed(ctx, alert.acknowledged),
            arrived=await _deed(ctx, alert.arrived),
            closed=await _deed(ctx, alert.closed),
            outcome=alert.outcome,
        )


class RescueView(msgspec.Struct):
    """An alert with all that a responder needs; reading it is recorded."""

    alarm: AlarmView
    address: str
    aed: str | None
    """Where to fetch the nearest AED on the way."""
    note: str | None
    phone: str | None
    """To call the person back."""

    @classmethod
    async def of(cls, ctx: Context, alert: Alert, by: Staff) -> "RescueView":
        """Show an alert to a responder."""
        station = await directory.find(ctx, alert.station_id)
        aed = await first_aid_help.aed(ctx, station)
        opened = await first_aid_details.read(ctx, alert, by=by)
        return cls(
            alarm=await AlarmView.of(ctx, alert, by),
            address=station.address,
            aed=None if aed is None else aed.text,
            note=None if opened is None else opened.note,
            phone=None if opened is None else opened.phone,
        )


class AlarmsHandler(Handler):
    """The alerts of a staff member."""

    @endpoint(access=staff, yields=Yields.NEVER, refusals=(BadCursor,))
    async def get(self, *, query: AlertsQuery) -> Page[AlarmView]:
        """List the alerts of my stations and those I was called for, newest first."""
        page = await response.of(
            self.ctx,
            STATES[query.state],
            by=self.actor,
            cursor=query.cursor,
            limit=query.limit,
        )
        shown = (AlarmView.of(self.ctx, each, self.actor) for each in page.items)
        return Page(await asyncio.gather(*shown), page.next)


class AlarmHandler(Handler):
    """One alert."""

    @endpoint(access=staff, yields=Yields.NEVER, refusals=(NoSuchAlert,))
    async def get(self, alert_id: str) -> RescueView:
        """Read an alert; what the person said only if I am of its response."""
        alert = await response.get(self.ctx, alert_id, by=self.actor)
        return await RescueView.of(self.ctx, alert, self.actor)


class AcknowledgementHandler(Handler):
    """Being on the way."""

    @endpoint(access=staff, yields=Yields.NEVER, refusals=(NoSuchAlert, AlertMoved))
    async def post(self, alert_id: str) -> RescueView:
        """Say that I am on the way; the first one goes, the others see who."""
        alert = await response.acknowledge(self.ctx, alert_id, by=self.actor)
        return await RescueView.of(self.ctx, alert, self.actor)


class ArrivalHandler(Handler):
    """Being there."""

    @endpoint(access=staff, yields=Yields.NEVER, refusals=(NoSuchAlert, AlertMoved))
    async def post(self, alert_id: str) -> RescueView:
        """Say that I am there."""
        alert = await response.arrive(self.ctx, alert_id, by=self.actor)
        return await RescueView.of(self.ctx, alert, self.actor)


class ClosingHandler(Handler):
    """The end."""

    @endpoint(
        access=staff,
        yields=Yields.NEVER,
        refusals=(NoSuchAlert, ReasonNeeded, AlertMoved),
    )
    async def post(self, alert_id: str, *, body: ClosingRequest) -> AlarmView:
        """End an alert: helped, handed to 120, or a false alarm and why."""
        alert = await response.close(
            self.ctx, alert_id, body.outcome, body.reason, by=self.actor
        )
        return await AlarmView.of(self.ctx, alert, self.actor)


async def _deed(ctx: Context, deed: Deed | None) -> DeedView | None:
    if deed is None:
        return None
    who = await Staff.get(ctx, deed.by)
    return DeedView(name=None if who is None else who.masked_name(ctx), at=deed.at)


ROUTES: list[Route] = [
    ("/station/v1/first-aid", AlarmsHandler),
    ("/station/v1/first-aid/{alert_id}", AlarmHandler),
    ("/station/v1/first-aid/{alert_id}/acknowledgement", AcknowledgementHandler),
    ("/station/v1/first-aid/{alert_id}/arrival", ArrivalHandler),
    ("/station/v1/first-aid/{alert_id}/closing", ClosingHandler),
]

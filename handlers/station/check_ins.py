"""Letting workers in by scanning their code, and today's list, over HTTP (核销)."""

import asyncio
from typing import Annotated

import msgspec

from handlers.base.access import staff
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import SCANS
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.base.context import Context
from models.base.pages import BadCursor, Page
from models.base.rotating import BadCode, CodeExpired
from models.base.units import Day, Id, Instant
from models.stations import check_ins, desk_arrivals
from models.stations.booked import BookingMoved, TooEarly, TooLate
from models.stations.codes import WrongDirection
from models.stations.desk_arrivals import AlreadyUndone, NoSuchCheckIn
from models.stations.desk_marks import UndoTooLate
from models.stations.ledger import (
    VISIT,
    AccountSuspended,
    AlreadyRedeemed,
    AlreadyUsed,
    CheckIn,
    CodeRevoked,
    Way,
    WrongStation,
)
from models.stations.port_services import ServiceKind
from models.stations.stations import NoSuchStation
from models.unions.staff import RoleMissing
from models.workers.workers import Worker

LONGEST_CODE = 512


class ScanRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What was scanned, and where."""

    code: Annotated[str, msgspec.Meta(max_length=LONGEST_CODE)]
    station_id: Id


class DayQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which station and day; today if none is named."""

    station_id: Id
    day: Day | None = None
    cursor: Cursor | None = None
    limit: Limit = 20


class StationCheckInView(msgspec.Struct):
    """A check-in as the station sees it; the name is masked."""

    id: str
    name: str | None
    """None when the worker has given none, or nobody knows who it was."""
    booking_id: str | None
    """None for a visit."""
    service: ServiceKind | None
    way: Way
    people: int
    """How many came; more than one when staff counted heads."""
    server_time: Instant
    undoes: str | None
    """The check-in that this one takes back."""

    @classmethod
    async def of(cls, ctx: Context, row: CheckIn) -> "StationCheckInView":
        """Show a check-in."""
        who = row.worker_id
        worker = None if who is None else await Worker.get(ctx, who)
        return cls(
            id=row.id,
            name=None if worker is None else worker.masked_name(ctx),
            booking_id=None if row.what == VISIT else row.what,
            service=row.service,
            way=row.way,
            people=row.people,
            server_time=row.server_time,
            undoes=row.undoes,
        )


class StationCheckInsHandler(Handler):
    """Who came to a station."""

    @endpoint(
        access=staff,
        refusals=(
            NoSuchStation,
            RoleMissing,
            BadCode,
            WrongDirection,
            CodeExpired,
            AlreadyUsed,
            AlreadyRedeemed,
            CodeRevoked,
            WrongStation,
            AccountSuspended,
            TooEarly,
            TooLate,
            BookingMoved,
        ),
        limit=SCANS,
        repeats=True,
    )
    async def post(self, *, body: ScanRequest) -> StationCheckInView:
        """Let a worker in by scanning the code of their booking."""
        row = await check_ins.scan_worker(
            self.ctx, body.code, body.station_id, by=self.actor
        )
        return await StationCheckInView.of(self.ctx, row)

    @endpoint(access=staff, refusals=(NoSuchStation, RoleMissing, BadCursor))
    async def get(self, *, query: DayQuery) -> Page[StationCheckInView]:
        """List who came to my station on a day, the last first."""
        page = await check_ins.of_day(
            self.ctx,
            query.station_id,
            query.day or self.ctx.clock.today(),
            by=self.actor,
            cursor=query.cursor,
            limit=query.limit,
        )
        views = [StationCheckInView.of(self.ctx, row) for row in page.items]
        return Page(await asyncio.gather(*views), page.next)


class StationCheckInHandler(Handler):
    """One check-in."""

    @endpoint(
        access=staff,
        refusals=(
            NoSuchCheckIn,
            RoleMissing,
            AlreadyUndone,
            UndoTooLate,
            BookingMoved,
        ),
        limit=SCANS,
        repeats=True,
    )
    async def delete(self, check_in_id: str) -> StationCheckInView:
        """Take a check-in back within a minute; a row of its own says so."""
        row = await desk_arrivals.undo(self.ctx, check_in_id, by=self.actor)
        return await StationCheckInView.of(self.ctx, row)


ROUTES: list[Route] = [
    ("/station/v1/check-ins", StationCheckInsHandler),
    ("/station/v1/check-ins/{check_in_id}", StationCheckInHandler),
]

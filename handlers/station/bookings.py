"""The day's bookings at the desk, over HTTP (今日预约), and what is done to one.

Each deed is a resource of the booking: POST does it, DELETE undoes it in time. What is
changed for who made it, and not undone, is in `booking_changes`.
"""

import asyncio

import msgspec

from handlers.base.access import staff
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import SCANS
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.agenda.hours import TimeConflict
from models.base.context import Context
from models.base.pages import BadCursor, Page
from models.base.units import Day, Instant
from models.stations import desk, desk_arrivals, desk_endings, extensions
from models.stations.booked import (
    EARLY,
    Booking,
    BookingMoved,
    NoSuchBooking,
    State,
    TooEarly,
    TooLate,
)
from models.stations.desk_arrivals import AlreadyUndone, NoSuchCheckIn
from models.stations.desk_marks import UndoTooLate
from models.stations.extensions import NothingFollows
from models.stations.fair_use import UNFAIR
from models.stations.ledger import AccountSuspended, AlreadyRedeemed
from models.stations.offers import NoSuchSlot
from models.stations.port_services import ServiceKind
from models.stations.slots import AlreadyHeld, PortInUse, Way
from models.stations.stations import NoSuchStation
from models.stations.walk_ins import ReservedSoon
from models.unions.staff import RoleMissing
from models.workers.workers import Worker

MINE = (NoSuchBooking, RoleMissing, BookingMoved)
"""What any deed on a booking may refuse."""

REGAINING = (UndoTooLate, NoSuchSlot, PortInUse, AlreadyHeld, TimeConflict)


class DayQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which bookings; today's if no day is named."""

    day: Day | None = None
    state: State | None = None
    cursor: Cursor | None = None
    limit: Limit = 20


class DeskBookingView(msgspec.Struct, kw_only=True):
    """A booking as the desk sees it, as of now; the name is masked."""

    id: str
    state: State
    way: Way
    name: str | None
    """None when the worker has given none."""
    service: ServiceKind
    title: str
    port: int
    start: Instant
    end: Instant
    check_in_from: Instant
    check_in_until: Instant
    begun_at: Instant | None
    left_at: Instant | None

    @classmethod
    async def of(cls, ctx: Context, booking: Booking) -> "DeskBookingView":
        """Show a booking."""
        worker = await Worker.get(ctx, booking.worker_id)
        return cls(
            id=booking.id,
            state=booking.state_at(ctx.clock.now()),
            way=booking.way,
            name=None if worker is None else worker.masked_name(ctx),
            service=booking.service,
            title=booking.service.label,
            port=booking.port,
            start=booking.start,
            end=booking.end,
            check_in_from=booking.start - EARLY,
            check_in_until=booking.come_by,
            begun_at=booking.begun_at,
            left_at=booking.left_at,
        )


class DeskBookingsHandler(Handler):
    """The bookings of a station."""

    @endpoint(access=staff, refusals=(NoSuchStation, RoleMissing, BadCursor))
    async def get(self, station_id: str, *, query: DayQuery) -> Page[DeskBookingView]:
        """List the bookings and walk-ins of a day, the earliest first."""
        page = await desk.of_day(
            self.ctx,
            station_id,
            query.day or self.ctx.clock.today(),
            by=self.actor,
            state=query.state,
            cursor=query.cursor,
            limit=query.limit,
        )
        views = [DeskBookingView.of(self.ctx, booking) for booking in page.items]
        return Page(await asyncio.gather(*views), page.next)


class DeskArrivalHandler(Handler):
    """That somebody came for a booking."""

    @endpoint(
        access=staff,
        refusals=(*MINE, AccountSuspended, AlreadyRedeemed, TooEarly, TooLate),
        limit=SCANS,
        repeats=True,
    )
    async def post(self, booking_id: str) -> DeskBookingView:
        """Let somebody in without a code."""
        booking = await desk_arrivals.mark_arrival(self.ctx, booking_id, by=self.actor)
        return await DeskBookingView.of(self.ctx, booking)

    @endpoint(
        access=staff,
        refusals=(*MINE, NoSuchCheckIn, AlreadyUndone, UndoTooLate),
        limit=SCANS,
        repeats=True,
    )
    async def delete(self, booking_id: str) -> DeskBookingView:
        """Take back within a minute that somebody came, however they came in."""
        booking = await desk_arrivals.undo_arrival(self.ctx, booking_id, by=self.actor)
        return await DeskBookingView.of(self.ctx, booking)


class DeskNoShowHandler(Handler):
    """That somebody did not come."""

    @endpoint(access=staff, refusals=(*MINE, TooEarly), limit=SCANS, repeats=True)
    async def post(self, booking_id: str) -> DeskBookingView:
        """Say that somebody did not come; the port is freed at once."""
        booking = await desk_endings.mark_no_show(self.ctx, booking_id, by=self.actor)
        return await DeskBookingView.of(self.ctx, booking)

    @endpoint(access=staff, refusals=(*MINE, *REGAINING), limit=SCANS, repeats=True)
    async def delete(self, booking_id: str) -> DeskBookingView:
        """Take a no-show back till its slot ends, if the port is still free."""
        booking = await desk_endings.undo_no_show(self.ctx, booking_id, by=self.actor)
        return await DeskBookingView.of(self.ctx, booking)


class DeskExtensionHandler(Handler):
    """One slot more."""

    @endpoint(
        access=staff,
        refusals=(
            *MINE,
            TooEarly,
            NothingFollows,
            ReservedSoon,
            AlreadyHeld,
            TimeConflict,
            *UNFAIR,
        ),
        limit=SCANS,
        repeats=True,
    )
    async def post(self, booking_id: str) -> DeskBookingView:
        """Let somebody stay for the next slot, if their port is free then."""
        booking = await extensions.extend(self.ctx, booking_id, by=self.actor)
        return await DeskBookingView.of(self.ctx, booking)

    @endpoint(access=staff, refusals=(*MINE, UndoTooLate), limit=SCANS, repeats=True)
    async def delete(self, booking_id: str) -> DeskBookingView:
        """Take an extension back within a minute."""
        booking = await extensions.undo(self.ctx, booking_id, by=self.actor)
        return await DeskBookingView.of(self.ctx, booking)


class DeskFinishHandler(Handler):
    """That somebody has left."""

    @endpoint(access=staff, refusals=MINE, limit=SCANS, repeats=True)
    async def post(self, booking_id: str) -> DeskBookingView:
        """Say that somebody has left and the port is free."""
        booking = await desk_endings.finish(self.ctx, booking_id, by=self.actor)
        return await DeskBookingView.of(self.ctx, booking)

    @endpoint(access=staff, refusals=(*MINE, *REGAINING), limit=SCANS, repeats=True)
    async def delete(self, booking_id: str) -> DeskBookingView:
        """Say within a minute that they have not left, if the port is still free."""
        booking = await desk_endings.undo_finish(self.ctx, booking_id, by=self.actor)
        return await DeskBookingView.of(self.ctx, booking)


ROUTES: list[Route] = [
    ("/station/v1/stations/{station_id}/bookings", DeskBookingsHandler),
    ("/station/v1/bookings/{booking_id}/arrival", DeskArrivalHandler),
    ("/station/v1/bookings/{booking_id}/no-show", DeskNoShowHandler),
    ("/station/v1/bookings/{booking_id}/extension", DeskExtensionHandler),
    ("/station/v1/bookings/{booking_id}/finish", DeskFinishHandler),
]

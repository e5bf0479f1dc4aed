"""Bookings over HTTP (预约充电口): book, look, give up, finish."""

import msgspec

from handlers.base.access import worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.agenda.hours import AgendaClosed, TimeConflict
from models.base import pages
from models.base.pages import BadCursor, Page
from models.base.units import Id, Instant
from models.stations import booked, bookings
from models.stations.booked import (
    EARLY,
    Booking,
    BookingMoved,
    NoSuchBooking,
    State,
)
from models.stations.fair_use import UNFAIR
from models.stations.offers import NoSuchSlot, SlotOver, TooFarAhead
from models.stations.port_services import ServiceKind
from models.stations.slots import AlreadyHeld, SlotFull, Way
from models.stations.strikes import BookingSuspended

MAY_NOT_BOOK = (
    NoSuchSlot,
    SlotOver,
    TooFarAhead,
    SlotFull,
    AlreadyHeld,
    AgendaClosed,
    TimeConflict,
    BookingSuspended,
    *UNFAIR,
)
"""How a booking may be refused, whether its worker makes it or the desk does."""


class BookingRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Which slot to book."""

    slot_id: Id


class BookingsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which of my bookings."""

    state: State | None = None
    cursor: Cursor | None = None
    limit: Limit = 20


class BookingView(msgspec.Struct, kw_only=True):
    """A booking as its worker sees it, as of now."""

    id: str
    state: State
    way: Way
    station_id: str
    station_name: str
    service: ServiceKind
    title: str
    slot_id: str
    port: int
    start: Instant
    end: Instant
    check_in_from: Instant
    check_in_until: Instant
    cancel_freely_until: Instant
    """Giving up later costs half a strike."""
    made_at: Instant
    begun_at: Instant | None
    left_at: Instant | None

    @classmethod
    def of(cls, booking: Booking, now: Instant) -> "BookingView":
        """Show a booking."""
        return cls(
            id=booking.id,
            state=booking.state_at(now),
            way=booking.way,
            station_id=booking.station_id,
            station_name=booking.station_name,
            service=booking.service,
            title=booking.service.label,
            slot_id=booking.slot_ids[0],
            port=booking.port,
            start=booking.start,
            end=booking.end,
            check_in_from=booking.start - EARLY,
            check_in_until=booking.come_by,
            cancel_freely_until=booking.start - bookings.LATE,
            made_at=booking.made_at,
            begun_at=booking.begun_at,
            left_at=booking.left_at,
        )


class BookingsHandler(Handler):
    """The making of bookings."""

    @endpoint(
        access=worker,
        status=201,
        refusals=MAY_NOT_BOOK,
        repeats=True,
        limit=WRITES,
    )
    async def post(self, *, body: BookingRequest) -> BookingView:
        """Book the lowest free port of a slot."""
        booking = await bookings.book(self.ctx, body.slot_id, by=self.actor)
        return BookingView.of(booking, self.ctx.clock.now())


class MyBookingsHandler(Handler):
    """The signed-in worker's bookings."""

    @endpoint(access=worker, refusals=(BadCursor,))
    async def get(self, *, query: BookingsQuery) -> Page[BookingView]:
        """List my bookings and walk-ins, the latest made first."""
        before = None if query.cursor is None else pages.decode(query.cursor, str)
        found = await booked.of_worker(
            self.ctx,
            self.actor.id,
            state=query.state,
            before=before,
            limit=query.limit + 1,
        )
        page = pages.cut(found, query.limit, lambda booking: booking.id)
        now = self.ctx.clock.now()
        return Page([BookingView.of(each, now) for each in page.items], page.next)


class BookingHandler(Handler):
    """One booking."""

    @endpoint(access=worker, refusals=(NoSuchBooking,))
    async def get(self, booking_id: str) -> BookingView:
        """Show one of my bookings."""
        booking = await booked.get(self.ctx, booking_id, worker_id=self.actor.id)
        return BookingView.of(booking, self.ctx.clock.now())


class BookingCancellationHandler(Handler):
    """The giving up of one booking; it can be made, not undone."""

    @endpoint(
        access=worker,
        refusals=(NoSuchBooking, BookingMoved),
        repeats=True,
        limit=WRITES,
    )
    async def post(self, booking_id: str) -> BookingView:
        """Give a booking up; within 15 minutes of its start it is half a strike."""
        booking = await bookings.cancel(self.ctx, booking_id, by=self.actor)
        return BookingView.of(booking, self.ctx.clock.now())


class BookingFinishHandler(Handler):
    """The end of one use; it can be made, not undone."""

    @endpoint(
        access=worker,
        refusals=(NoSuchBooking, BookingMoved),
        repeats=True,
        limit=WRITES,
    )
    async def post(self, booking_id: str) -> BookingView:
        """Say that the port is free again."""
        booking = await bookings.finish(self.ctx, booking_id, by=self.actor)
        return BookingView.of(booking, self.ctx.clock.now())


ROUTES: list[Route] = [
    ("/worker/v1/bookings", BookingsHandler),
    ("/worker/v1/bookings/{booking_id}", BookingHandler),
    ("/worker/v1/bookings/{booking_id}/cancellation", BookingCancellationHandler),
    ("/worker/v1/bookings/{booking_id}/finish", BookingFinishHandler),
    ("/worker/v1/me/bookings", MyBookingsHandler),
]

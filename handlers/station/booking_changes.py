"""Bookings changed at the desk for who made them, over HTTP: called off or moved.

Neither is undone, for the port may be somebody else's at once; both say why.
"""

import msgspec

from handlers.base.access import staff
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import SCANS
from handlers.base.routing import Route
from handlers.station.bookings import MINE, DeskBookingView
from models.agenda.hours import TimeConflict
from models.base.units import Id
from models.stations import desk_endings, desk_moves
from models.stations.offers import NoSuchSlot, SlotOver, TooFarAhead
from models.stations.overrides import Reason
from models.stations.slots import AlreadyHeld, SlotFull


class DeskCancellationRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Why it is called off; the worker is told."""

    reason: Reason


class DeskCancellationHandler(Handler):
    """That somebody's booking is called off."""

    @endpoint(access=staff, refusals=MINE, limit=SCANS, repeats=True)
    async def post(
        self, booking_id: str, *, body: DeskCancellationRequest
    ) -> DeskBookingView:
        """Give a booking up for whoever made it: no strike, and they are told why."""
        booking = await desk_endings.call_off(
            self.ctx, booking_id, reason=body.reason, by=self.actor
        )
        return await DeskBookingView.of(self.ctx, booking)


class DeskMoveRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Where the booking goes on, and why; the worker is told."""

    slot_id: Id
    reason: Reason


class DeskMoveHandler(Handler):
    """That somebody's booking goes on in another slot."""

    @endpoint(
        access=staff,
        refusals=(
            *MINE,
            NoSuchSlot,
            SlotOver,
            TooFarAhead,
            SlotFull,
            AlreadyHeld,
            TimeConflict,
        ),
        limit=SCANS,
        repeats=True,
    )
    async def post(self, booking_id: str, *, body: DeskMoveRequest) -> DeskBookingView:
        """Move a booking for whoever made it: no port is lost between, no strike."""
        booking = await desk_moves.move(
            self.ctx, booking_id, body.slot_id, reason=body.reason, by=self.actor
        )
        return await DeskBookingView.of(self.ctx, booking)


ROUTES: list[Route] = [
    ("/station/v1/bookings/{booking_id}/cancellation", DeskCancellationHandler),
    ("/station/v1/bookings/{booking_id}/move", DeskMoveHandler),
]

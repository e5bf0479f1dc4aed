"""Coming in by scanning, and the code to be scanned, over HTTP (签到)."""

from typing import Annotated

import msgspec

from handlers.base.access import worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.routing import Route
from models.base.rotating import BadCode, CodeExpired, Shown
from models.base.units import Instant
from models.stations import check_ins, codes
from models.stations.booked import BookingMoved, NoSuchBooking, TooEarly, TooLate
from models.stations.codes import WrongDirection
from models.stations.ledger import (
    VISIT,
    AccountSuspended,
    AlreadyIn,
    AlreadyUsed,
    CheckIn,
    NotBooked,
    WrongStation,
)
from models.stations.port_services import ServiceKind
from models.stations.stations import NoSuchStation

LONGEST_CODE = 512

ScannedCode = Annotated[
    str,
    msgspec.Meta(max_length=LONGEST_CODE, description="What the scanner read, as is."),
]


class CheckInRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What was scanned."""

    code: ScannedCode


class CheckInView(msgspec.Struct):
    """A check-in as the worker sees it."""

    id: str
    station_id: str
    what: str
    """``booking`` or ``visit``."""
    booking_id: str | None
    service: ServiceKind | None
    server_time: Instant

    @classmethod
    def of(cls, row: CheckIn) -> "CheckInView":
        """Show a check-in."""
        is_visit = row.what == VISIT
        return cls(
            id=row.id,
            station_id=row.station_id,
            what=VISIT if is_visit else "booking",
            booking_id=None if is_visit else row.what,
            service=row.service,
            server_time=row.server_time,
        )


class BookingCodeView(msgspec.Struct):
    """A code to show, and until when."""

    code: str
    refresh_at: Instant
    """Fetch the next one then."""
    good_until: Instant

    @classmethod
    def of(cls, shown: Shown) -> "BookingCodeView":
        """Show a code."""
        return cls(
            code=shown.code,
            refresh_at=shown.refresh_at,
            good_until=shown.good_until,
        )


class CheckInsHandler(Handler):
    """The worker's coming in."""

    @endpoint(
        access=worker,
        status=201,
        refusals=(
            BadCode,
            WrongDirection,
            CodeExpired,
            AlreadyUsed,
            AccountSuspended,
            NoSuchStation,
            NotBooked,
            WrongStation,
            AlreadyIn,
            TooEarly,
            TooLate,
            BookingMoved,
        ),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, *, body: CheckInRequest) -> CheckInView:
        """Come in by scanning the code on the station's screen."""
        row = await check_ins.scan_station(self.ctx, body.code, by=self.actor)
        return CheckInView.of(row)


class BookingCodeHandler(Handler):
    """The code of one booking."""

    @endpoint(access=worker, refusals=(NoSuchBooking, BookingMoved))
    async def get(self, booking_id: str) -> BookingCodeView:
        """Show the code of my booking, for staff to scan; it changes every minute."""
        shown = await codes.of_booking(self.ctx, booking_id, by=self.actor)
        return BookingCodeView.of(shown)


ROUTES: list[Route] = [
    ("/worker/v1/check-ins", CheckInsHandler),
    ("/worker/v1/bookings/{booking_id}/code", BookingCodeHandler),
]

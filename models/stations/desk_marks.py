"""Marks (值守标记): what clerks did to a booking by hand, and what they undid.

Never changed and never deleted: an undo is a mark of its own. That a deed happens
once is the guard on the booking's state; the marks say who did it and when, and
keep what an undo needs to know. Arrivals are in the `ledger` of check-ins.

Source: screens.md, "Client: station staff"; issue 3 §3.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Conflict
from models.base.units import Instant
from models.stations.booked import Booking, BookingEvent, BookingMoved
from models.unions.staff import Staff

UNDO = timedelta(minutes=1)
"""To see that it was the wrong line, and take it back."""


class Deed(StrEnum):
    """What was done."""

    NO_SHOW = "no_show"
    EXTENSION = "extension"
    FINISH = "finish"
    CALL_OFF = "call_off"
    MOVE = "move"


class Mark(Document, kw_only=True, frozen=True):
    """One thing a clerk did to a booking, or undid."""

    SHELF = "desk_marks"
    PERSONAL = personal.renamed("值守员的操作", "worker_id", hidden=("by",))
    INDEXES = (
        IndexModel([("booking_id", 1), ("deed", 1), ("_id", -1)]),
        IndexModel(["org_path", ("_id", -1)]),
        IndexModel(["worker_id"]),
    )

    booking_id: str
    worker_id: str
    station_id: str
    org_path: str = ""
    """As the booking has it."""
    deed: Deed
    is_undo: bool = False
    by: str
    """The clerk's id."""
    at: Instant
    slot_id: str | None = None
    """The slot that an extension reached into, or that a move left."""
    end_before: Instant | None = None
    """When the booking ended before it was extended."""
    reason: str = ""
    """Why it was called off or moved; the worker is told."""


class BookingExtended(BookingEvent, kw_only=True, frozen=True):
    """The port stays the worker's for another slot."""


class ExtensionUndone(BookingEvent, kw_only=True, frozen=True):
    """It does not, after all."""


class NoShowUndone(BookingEvent, kw_only=True, frozen=True):
    """The worker came after all; the port is theirs again, the strike is gone."""


class FinishUndone(BookingEvent, kw_only=True, frozen=True):
    """The worker had not left; the port is theirs again."""


class UndoTooLate(Conflict):
    """What was done may not be undone any more; ``details.until`` says till when."""

    code = "undo_too_late"
    message = "已超过可撤销的时间，请联系驿站负责人处理。"

    @classmethod
    def since(cls, until: datetime) -> "UndoTooLate":
        """Say till when it could be."""
        return cls({"until": until.isoformat()})


async def put(
    ctx: Context,
    booking: Booking,
    deed: Deed,
    *,
    by: Staff,
    is_undo: bool = False,
    slot_id: str | None = None,
    end_before: datetime | None = None,
    reason: str = "",
) -> Mark:
    """Keep what somebody did to a booking; in the transaction that does it."""
    mark = Mark(
        id=ctx.new_id("mark"),
        booking_id=booking.id,
        worker_id=booking.worker_id,
        station_id=booking.station_id,
        org_path=booking.org_path,
        deed=deed,
        is_undo=is_undo,
        by=by.id,
        at=ctx.clock.now(),
        slot_id=slot_id,
        end_before=end_before,
        reason=reason,
    )
    return await mark.insert(ctx)


async def last(ctx: Context, booking_id: str, deed: Deed) -> Mark | None:
    """Return the last mark of a deed on a booking, done or undone."""
    found = await Mark.many(ctx, {"booking_id": booking_id, "deed": deed}, limit=1)
    return found[0] if found else None


async def undoable(ctx: Context, booking: Booking, deed: Deed) -> Mark:
    """Return the mark of a deed that may still be undone.

    Refuses: BookingMoved, UndoTooLate.
    """
    now = ctx.clock.now()
    mark = await last(ctx, booking.id, deed)
    if mark is None or mark.is_undo:
        raise BookingMoved({"state": booking.state_at(now)})
    if now >= mark.at + UNDO:
        raise UndoTooLate.since(mark.at + UNDO)
    return mark

"""Cut-offs (断电): a vehicle's power is cut when its time and the turnover are over.

::

    in_use ── end + 5 min ──▶ overstayed: planned ── end + turnover ──▶ due ── cut

Only vehicles': a phone's power is never cut. We do not hold the switch; the desk and
the rider are told, the desk's list shows what is due till a clerk says it is done
(`cutting`).

Source: features S4-02 (vehicle charging: port + time + cut-off); rules §3.7.
"""

from datetime import timedelta

from pymongo import IndexModel

from models.base import personal, rounds
from models.base.context import Context
from models.base.documents import Document
from models.base.events import record
from models.base.store import atomic
from models.base.units import Instant
from models.stations import directory
from models.stations.booked import Booking, BookingEvent, tell


class CutOff(Document, kw_only=True, frozen=True):
    """One port whose power is to be cut (断电记录)."""

    SHELF = "cut_offs"
    PERSONAL = personal.nobody("of a port; whose booking it was is the booking's")
    INDEXES = (
        IndexModel(["due_at"], partialFilterExpression={"is_told": False}),
        IndexModel(["station_id", "due_at"], partialFilterExpression={"is_cut": False}),
        IndexModel(["org_path", ("_id", -1)]),
    )

    booking_id: str
    station_id: str
    org_path: str = ""
    """As the booking has it."""
    port: int
    due_at: Instant
    is_told: bool = False
    is_cut: bool = False
    by: str | None = None
    """The clerk who said that it is done."""
    cut_at: Instant | None = None


class PowerCutDue(BookingEvent, kw_only=True, frozen=True):
    """Power is to be cut now at a vehicle's port."""


async def plan(ctx: Context, booking: Booking) -> None:
    """Plan the cut-off of a vehicle that overstays; in the transaction that says so."""
    if not booking.service.is_cut_off:
        return
    station = await directory.look(ctx, booking.station_id)
    service = None if station is None else station.service(booking.service)
    turnover = timedelta(minutes=0 if service is None else service.turnover_minutes)
    cut_off = CutOff(
        id=cut_off_id(booking.id),
        booking_id=booking.id,
        station_id=booking.station_id,
        org_path=booking.org_path,
        port=booking.port,
        due_at=booking.end + turnover,
    )
    await cut_off.insert(ctx)


async def tell_due(ctx: Context) -> int:
    """Say of each port whose power is due to be cut, once.

    Records: PowerCutDue.
    """
    due = {"is_told": False, "due_at": {"$lte": ctx.clock.now()}}
    found = await CutOff.many(ctx, due, sort=[("due_at", 1)])
    return await rounds.each("cut_offs", found, lambda each: _tell(ctx, each))


@atomic()
async def _tell(ctx: Context, cut_off: CutOff) -> bool:
    told = await CutOff.change(
        ctx, {"_id": cut_off.id, "is_told": False}, {"$set": {"is_told": True}}
    )
    booking = await Booking.find(ctx, _id=cut_off.booking_id)
    if told is None or told.is_cut or booking is None:
        return False
    await record(ctx, PowerCutDue(**tell(booking)))
    return True


def cut_off_id(booking_id: str) -> str:
    """Name the cut-off of a booking; there is one."""
    return f"cutoff_{booking_id.removeprefix('booking_')}"

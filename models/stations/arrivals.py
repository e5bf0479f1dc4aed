"""Arrivals (到站): which booking somebody comes for who scans a station's screen.

Source: rules §3.5, §3.9.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.base.context import Context
from models.stations.booked import EARLY, Booking, State, TooEarly, TooLate
from models.stations.ledger import AlreadyIn, NotBooked, elsewhere
from models.stations.port_services import ServiceKind

AROUND = timedelta(days=1)
"""Bookings that start so near to now may have something to do with it."""

MOST_READ = 100
"""More than the limits of a day let anybody book."""


async def expected(
    ctx: Context, worker_id: str, station_id: str, service: ServiceKind | None
) -> Booking | None:
    """Return the booking somebody comes for; None for a visit, which needs none.

    Rules: a code for visits takes a booking of any service; the earliest first.
    Refuses: AlreadyIn, TooEarly, WrongStation, TooLate, NotBooked.
    """
    now = ctx.clock.now()
    around = await Booking.many(
        ctx,
        {"worker_id": worker_id, "start": {"$gt": now - AROUND, "$lt": now + AROUND}},
        sort=[("start", 1)],
        limit=MOST_READ,
    )
    about = [each for each in around if service in {None, each.service}]
    here = [each for each in about if each.station_id == station_id]
    due = next((each for each in here if _is_due(each, now)), None)
    if due is None and service is not None:
        _explain(here, about, now)
    return due


def _explain(here: Sequence[Booking], about: Sequence[Booking], now: datetime) -> None:
    """Say why no booking of the service is due here."""
    for booking in here:
        if booking.state_at(now) is State.IN_USE:
            raise AlreadyIn(_since_when(booking))
    for booking in about:
        if _is_due(booking, now):
            raise elsewhere(booking)
    for booking in here:
        if booking.state_at(now) is State.BOOKED:
            raise TooEarly({"from": (booking.start - EARLY).isoformat()})
    for booking in here:
        if booking.state_at(now) is State.NO_SHOW and now < booking.end:
            raise TooLate({"until": booking.come_by.isoformat()})
    raise NotBooked


def _since_when(booking: Booking) -> dict[str, str]:
    begun = booking.begun_at or booking.start
    return {
        "at": begun.isoformat(),
        "station_id": booking.station_id,
        "station_name": booking.station_name,
    }


def _is_due(booking: Booking, now: datetime) -> bool:
    return booking.state_at(now) is State.BOOKED and booking.start - EARLY <= now

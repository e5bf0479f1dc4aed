"""Check-ins (签到): a worker scans the station, or staff scan the worker.

Both end in the same row of the `ledger`, written by `entering`: of many who scan at
once, one writes it and the others are told when and where it was written.

Source: rules §3.8–3.10; features S1-20; requirements 4.3 (扫码签到).
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from models.base.context import Context
from models.base.pages import Page
from models.base.rotating import BadCode
from models.stations import codes, directory, entering
from models.stations.arrivals import expected
from models.stations.booked import CANCELLED, Booking, State, TooLate
from models.stations.ledger import (
    VISIT,
    AlreadyIn,
    CheckIn,
    CodeRevoked,
    Way,
    elsewhere,
    visit_of,
)
from models.stations.stations import NoSuchStation, Station
from models.unions.staff import Role, Staff
from models.workers.sessions import SignedIn


async def scan_station(ctx: Context, code: str, *, by: SignedIn) -> CheckIn:
    """Come in by scanning the station's rotating code (扫码签到).

    Rules: a booking here, in its window, is checked in; a code for visits else
    makes one visit a day and station.
    Refuses: BadCode, WrongDirection, CodeExpired, AlreadyUsed, AccountSuspended,
        NoSuchStation, NotBooked, WrongStation, AlreadyIn, TooEarly, TooLate,
        BookingMoved.
    Records: CheckedIn and BookingUsed, or VisitMade.
    """
    said = codes.read_station(ctx, code)
    proof = entering.proof_of(code, by.id)
    await entering.check_unused(ctx, proof, by=by.id)
    await entering.check_account(ctx, by.id)
    station = await directory.find(ctx, said.station_id)
    try:
        booking = await expected(ctx, by.id, station.id, said.service)
    except AlreadyIn:
        # this very code may have let them in just now
        await entering.check_unused(ctx, proof, by=by.id)
        raise
    told = {"way": Way.WORKER_SCANNED, "by": by.id, "proof": proof}
    if booking is not None:
        return await entering.enter_booking(ctx, booking, station, told)
    return await entering.enter(ctx, await _visit(ctx, by.id, station, told), station)


async def scan_worker(
    ctx: Context, code: str, station_id: str, *, by: Staff
) -> CheckIn:
    """Let a worker in by scanning the code of their booking (核销).

    Rules: of two clerks at one booking, one is told where and when it was redeemed;
        the same clerk with the same code, that the code was used.
    Refuses: NoSuchStation, RoleMissing, BadCode, WrongDirection, CodeExpired,
        AlreadyUsed, AlreadyRedeemed, CodeRevoked, WrongStation, AccountSuspended,
        TooEarly, TooLate, BookingMoved.
    Records: CheckedIn, BookingUsed.
    """
    if not by.may_serve(station_id):
        raise NoSuchStation
    by.require(Role.STATION_CLERK)
    said = codes.read_worker(ctx, code)
    proof = entering.proof_of(code, await entering.once_of(ctx, said.booking_id))
    await entering.check_unused(ctx, proof, by=by.id)
    booking = await Booking.get(ctx, said.booking_id)
    if booking is None or booking.worker_id != said.worker_id:
        raise BadCode
    if booking.station_id != station_id:
        raise elsewhere(booking)
    _check_standing(booking, ctx.clock.now())
    await entering.check_account(ctx, booking.worker_id)
    station = await directory.find(ctx, station_id)
    told = {"way": Way.STATION_SCANNED, "by": by.id, "proof": proof}
    return await entering.enter_booking(ctx, booking, station, told)


async def of_day(
    ctx: Context,
    station_id: str,
    day: date,
    *,
    by: Staff,
    cursor: str | None = None,
    limit: int,
) -> Page[CheckIn]:
    """List who came on a day, the last first (当日签到).

    Refuses: NoSuchStation, RoleMissing, BadCursor.
    """
    if not by.may_serve(station_id):
        raise NoSuchStation
    by.require(Role.STATION_CLERK)
    where: dict[str, Any] = {"station_id": station_id, "day": day.isoformat()}
    return await CheckIn.page(ctx, where, cursor=cursor, limit=limit)


def _check_standing(booking: Booking, now: datetime) -> None:
    if booking.state in CANCELLED:
        raise CodeRevoked
    if booking.state_at(now) is State.NO_SHOW:
        raise TooLate({"until": booking.come_by.isoformat()})


async def _visit(
    ctx: Context, worker_id: str, station: Station, told: Mapping[str, Any]
) -> CheckIn:
    """Return the row of a day's visit, which there is one of."""
    entry = visit_of(worker_id, station.id, ctx.clock.today())
    once = await entering.once_of(ctx, entry)
    about = {"worker_id": worker_id, **told}
    return entering.draft(ctx, station, about, once=once, what=VISIT)

"""Check-ins (签到): a worker scans the station, or staff scan the worker.

Both end in the same row of the `ledger`. The row, the booking's turn and the
event are one transaction; of many who scan at once, one writes it and the others
are told when and where it was written.

Source: rules §3.8–3.10; features S1-20; requirements 4.3 (扫码签到).
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from models.base.clock import SHANGHAI, day_of
from models.base.context import Context
from models.base.errors import Conflict
from models.base.events import record
from models.base.pages import Page
from models.base.store import atomic
from models.stations import bookings, codes, directory
from models.stations.arrivals import expected
from models.stations.booked import CANCELLED, Booking, BookingMoved, State, TooLate
from models.stations.codes import BadCode
from models.stations.ledger import (
    VISIT,
    AccountSuspended,
    AlreadyIn,
    AlreadyUsed,
    CheckedIn,
    CheckIn,
    CodeRevoked,
    VisitMade,
    Way,
    elsewhere,
    when_and_where,
)
from models.stations.port_services import ServiceKind
from models.stations.stations import NoSuchStation, Station
from models.unions.staff import Role, Staff
from models.workers.sessions import SignedIn
from models.workers.workers import State as AccountState
from models.workers.workers import Worker


class _Entered(Conflict):
    """Something of this row is in the ledger already."""


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
    proof = _proof(code, by.id)
    await _check_unused(ctx, proof)
    await _check_account(ctx, by.id)
    station = await directory.find(ctx, said.station_id)
    try:
        booking = await expected(ctx, by.id, station.id, said.service)
    except AlreadyIn:
        await _check_unused(ctx, proof)  # this very code may have let them in just now
        raise
    told = {"way": Way.WORKER_SCANNED, "by": by.id, "proof": proof}
    if booking is not None:
        return await _enter_booking(ctx, booking, station, told)
    return await _enter(ctx, _visit(ctx, by.id, station, told), station)


async def scan_worker(
    ctx: Context, code: str, station_id: str, *, by: Staff
) -> CheckIn:
    """Let a worker in by scanning the code of their booking (核销).

    Rules: of two clerks with one code, one is told where and when it was used.
    Refuses: NoSuchStation, RoleMissing, BadCode, WrongDirection, CodeExpired,
        AlreadyUsed, CodeRevoked, WrongStation, AccountSuspended, AlreadyIn,
        TooEarly, TooLate, BookingMoved.
    Records: CheckedIn, BookingUsed.
    """
    if not by.may_serve(station_id):
        raise NoSuchStation
    by.require(Role.STATION_CLERK)
    said = codes.read_worker(ctx, code)
    proof = _proof(code)
    await _check_unused(ctx, proof)
    booking = await Booking.get(ctx, said.booking_id)
    if booking is None or booking.worker_id != said.worker_id:
        raise BadCode
    if booking.station_id != station_id:
        raise elsewhere(booking)
    _check_standing(booking, ctx.clock.now())
    await _check_account(ctx, booking.worker_id)
    station = await directory.find(ctx, station_id)
    told = {"way": Way.STATION_SCANNED, "by": by.id, "proof": proof}
    return await _enter_booking(ctx, booking, station, told)


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


async def _enter_booking(
    ctx: Context, booking: Booking, station: Station, told: Mapping[str, Any]
) -> CheckIn:
    row = _row(
        ctx,
        booking.worker_id,
        station,
        told,
        what=booking.id,
        service=booking.service,
        once=booking.id,
    )
    return await _enter(ctx, row, station)


async def _enter(ctx: Context, row: CheckIn, station: Station) -> CheckIn:
    try:
        return await _write(ctx, row, station.name)
    except (_Entered, BookingMoved):
        await _check_unused(ctx, row.proof)
        earlier = await CheckIn.find(ctx, once=row.once)
        if earlier is None:
            raise
        raise AlreadyIn(when_and_where(earlier, station.name)) from None


@atomic(duplicate=_Entered)
async def _write(ctx: Context, row: CheckIn, station_name: str) -> CheckIn:
    """Write the row, turn the booking and tell; all or none."""
    about: dict[str, Any] = {
        "check_in_id": row.id,
        "worker_id": row.worker_id,
        "station_id": row.station_id,
        "station_name": station_name,
        "org_path": row.org_path,
    }
    await row.insert(ctx)
    if row.service is None:
        await record(ctx, VisitMade(**about, day=row.day))
        return row
    await bookings.check_in(ctx, row.what, by=row.by)
    told = CheckedIn(**about, booking_id=row.what, service=row.service)
    await record(ctx, told)
    return row


def _check_standing(booking: Booking, now: datetime) -> None:
    if booking.state in CANCELLED:
        raise CodeRevoked
    if booking.state_at(now) is State.NO_SHOW:
        raise TooLate({"until": booking.come_by.isoformat()})


def _visit(
    ctx: Context, worker_id: str, station: Station, told: Mapping[str, Any]
) -> CheckIn:
    day = ctx.clock.today()
    once = f"{VISIT}:{worker_id}:{station.id}:{day}"
    return _row(ctx, worker_id, station, told, what=VISIT, service=None, once=once)


def _row(
    ctx: Context,
    worker_id: str,
    station: Station,
    told: Mapping[str, Any],
    *,
    what: str,
    service: ServiceKind | None,
    once: str,
) -> CheckIn:
    now = ctx.clock.now()
    return CheckIn(
        id=ctx.new_id("checkin"),
        worker_id=worker_id,
        station_id=station.id,
        org_path=station.org_path,
        what=what,
        service=service,
        once=once,
        server_time=now,
        day=day_of(now),
        **told,
    )


async def _check_account(ctx: Context, worker_id: str) -> None:
    worker = await Worker.get(ctx, worker_id)
    if worker is None or worker.state is not AccountState.ACTIVE:
        raise AccountSuspended


async def _check_unused(ctx: Context, proof: str) -> None:
    used = await CheckIn.find(ctx, proof=proof)
    if used is not None:
        station = await directory.find(ctx, used.station_id)
        told = when_and_where(used, station.name)
        at = _clock(used.server_time)
        says = f"这个签到码{at}已在{station.name}用过，请刷新后重新扫描。"
        raise AlreadyUsed(told, message=says)


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%H:%M}"


def _proof(code: str, worker_id: str = "") -> str:
    return hashlib.sha256(f"{code}:{worker_id}".encode()).hexdigest()

"""Entering (写入签到): the one way a coming-in gets into the ledger.

The row, the booking's turn and the event are one transaction; of many who enter
the same at once, one writes it and the others are told when and where it was.

Source: rules §3.8–3.10; features S1-20.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from models.base.clock import SHANGHAI, day_of
from models.base.context import Context
from models.base.documents import exactly
from models.base.errors import Conflict
from models.base.events import record
from models.base.store import atomic
from models.stations import bookings, directory
from models.stations.booked import Booking, BookingMoved
from models.stations.ledger import (
    NEXT_TRY,
    AccountSuspended,
    AlreadyIn,
    AlreadyUsed,
    CheckedIn,
    CheckIn,
    VisitMade,
    VisitorsCounted,
    Way,
    redeemed,
    when_and_where,
)
from models.stations.stations import Station
from models.workers.workers import State as AccountState
from models.workers.workers import Worker


class _Entered(Conflict):
    """Something of this row is in the ledger already."""


async def once_of(ctx: Context, entry: str) -> str:
    """Say what there is one of: the entry itself, or its next try after an undo."""
    undone = await CheckIn.shelf(ctx).count_documents({"undone": exactly(entry)})
    return f"{entry}{NEXT_TRY}{undone}" if undone else entry


def draft(
    ctx: Context, station: Station, told: Mapping[str, Any], *, once: str, what: str
) -> CheckIn:
    """Return the row of somebody who comes in now."""
    now = ctx.clock.now()
    at = told.get("device_time") or now
    return CheckIn(
        id=ctx.new_id("checkin"),
        station_id=station.id,
        org_path=station.org_path,
        what=what,
        once=once,
        server_time=now,
        day=day_of(at),
        **told,
    )


async def enter_booking(
    ctx: Context, booking: Booking, station: Station, told: Mapping[str, Any]
) -> CheckIn:
    """Let in who comes for a booking.

    Refuses: AlreadyUsed, AlreadyIn, AlreadyRedeemed, TooEarly, TooLate,
        BookingMoved.
    Records: CheckedIn, BookingUsed.
    """
    about = {"worker_id": booking.worker_id, "service": booking.service, **told}
    once = await once_of(ctx, booking.id)
    return await enter(
        ctx, draft(ctx, station, about, once=once, what=booking.id), station
    )


async def enter(ctx: Context, row: CheckIn, station: Station) -> CheckIn:
    """Write a row, or say by which earlier one it is entered already.

    Refuses: AlreadyUsed, AlreadyIn, AlreadyRedeemed; for a booking also TooEarly,
        TooLate, BookingMoved.
    Records: CheckedIn and BookingUsed, or VisitMade, or VisitorsCounted.
    """
    try:
        return await _write(ctx, row, station.name)
    except (_Entered, BookingMoved):
        await check_unused(ctx, row.proof, by=row.by)
        earlier = await CheckIn.find(ctx, once=row.once)
        if earlier is None:
            raise
        if row.way in {Way.STATION_SCANNED, Way.BY_HAND}:
            raise redeemed(earlier, station.name) from None
        raise AlreadyIn(when_and_where(earlier, station.name)) from None


async def check_account(ctx: Context, worker_id: str) -> None:
    """Make sure that a worker's account is active.

    Refuses: AccountSuspended.
    """
    worker = await Worker.get(ctx, worker_id)
    if worker is None or worker.state is not AccountState.ACTIVE:
        raise AccountSuspended


async def check_unused(ctx: Context, proof: str, *, by: str) -> None:
    """Make sure that a code was not used.

    Rules: the same hand again is a replay; another's was faster.
    Refuses: AlreadyUsed, AlreadyRedeemed.
    """
    used = await CheckIn.find(ctx, proof=proof)
    if used is None:
        return
    station = await directory.find(ctx, used.station_id)
    if used.by != by or used.way is Way.BY_HAND:
        raise redeemed(used, station.name)
    at = f"{used.server_time.astimezone(SHANGHAI):%H:%M}"
    says = f"这个签到码{at}已在{station.name}用过，请刷新后重新扫描。"
    raise AlreadyUsed(when_and_where(used, station.name), message=says)


def proof_of(*parts: str) -> str:
    """Return what a code, and who used it, is known by in the ledger."""
    return hashlib.sha256(":".join(parts).encode()).hexdigest()


@atomic(duplicate=_Entered)
async def _write(ctx: Context, row: CheckIn, station_name: str) -> CheckIn:
    """Write the row, turn the booking and tell; all or none."""
    await row.insert(ctx)
    about: dict[str, Any] = {
        "check_in_id": row.id,
        "station_id": row.station_id,
        "station_name": station_name,
        "org_path": row.org_path,
        "worker_id": row.worker_id,
    }
    if row.worker_id is None:
        await record(ctx, VisitorsCounted(**about, people=row.people, day=row.day))
    elif row.service is None:
        await record(ctx, VisitMade(**about, day=row.day))
    else:
        await bookings.check_in(ctx, row.what, by=row.by)
        told = CheckedIn(**about, booking_id=row.what, service=row.service)
        await record(ctx, told)
    return row

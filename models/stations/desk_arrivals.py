"""Arrivals at the desk (登记到站): letting in by hand, and taking an entry back.

Source: screens.md, "Client: station staff" (undo within 1 min); issue 3 §3.
"""

import msgspec

from models.base.context import Context
from models.base.errors import Conflict, NotFound
from models.base.events import record
from models.base.store import atomic
from models.stations import desk, directory, entering
from models.stations.booked import Booking, BookingMoved, State
from models.stations.desk_marks import UNDO, UndoTooLate
from models.stations.ledger import CheckIn, CheckInUndone, Way
from models.unions.staff import Role, Staff


class NoSuchCheckIn(NotFound):
    """No check-in of one's stations has this id."""

    code = "no_such_check_in"
    message = "没有找到本站的这条签到记录，请刷新列表再试。"


class AlreadyUndone(Conflict):
    """Somebody took this entry back before."""

    code = "already_undone"
    message = "这条签到记录已经撤销过了，请刷新查看。"


async def mark_arrival(ctx: Context, booking_id: str, *, by: Staff) -> Booking:
    """Let somebody in for a booking without a code (登记到站).

    Refuses: NoSuchBooking, RoleMissing, AccountSuspended, AlreadyRedeemed,
        TooEarly, TooLate, BookingMoved.
    Records: CheckedIn, BookingUsed.
    """
    booking = await desk.find(ctx, booking_id, by=by)
    await entering.check_account(ctx, booking.worker_id)
    station = await directory.find(ctx, booking.station_id)
    once = await entering.once_of(ctx, booking.id)
    told = {
        "way": Way.BY_HAND,
        "by": by.id,
        "proof": entering.proof_of(Way.BY_HAND, once),
    }
    await entering.enter_booking(ctx, booking, station, told)
    return await desk.find(ctx, booking_id, by=by)


async def undo_arrival(ctx: Context, booking_id: str, *, by: Staff) -> Booking:
    """Take back that somebody came for a booking, however they came in (撤销到站).

    Refuses: NoSuchBooking, RoleMissing, NoSuchCheckIn, AlreadyUndone, UndoTooLate,
        BookingMoved.
    Records: CheckInUndone.
    """
    booking = await desk.find(ctx, booking_id, by=by)
    rows = await CheckIn.many(ctx, {"what": booking.id, "undoes": None}, limit=1)
    if not rows:
        raise NoSuchCheckIn
    await undo(ctx, rows[0].id, by=by)
    return await desk.find(ctx, booking_id, by=by)


async def undo(ctx: Context, check_in_id: str, *, by: Staff) -> CheckIn:
    """Take an entry of the ledger back within a minute (撤销签到).

    Rules: the row stays; the undo is a row of its own, and what was entered may be
    entered again.
    Refuses: NoSuchCheckIn, RoleMissing, AlreadyUndone, UndoTooLate, BookingMoved.
    Records: CheckInUndone.
    """
    row = await CheckIn.find(ctx, _id=check_in_id)
    if row is None or row.undoes is not None or not by.may_serve(row.station_id):
        raise NoSuchCheckIn
    by.require(Role.STATION_CLERK)
    if ctx.clock.now() >= row.server_time + UNDO:
        raise UndoTooLate.since(row.server_time + UNDO)
    return await _undo(ctx, row, by)


@atomic(duplicate=AlreadyUndone)
async def _undo(ctx: Context, row: CheckIn, by: Staff) -> CheckIn:
    station = await directory.find(ctx, row.station_id)
    taken_back = await _opposite(ctx, row, by).insert(ctx)
    if row.service is not None:
        await _wait_again(ctx, row.what)
    event = CheckInUndone(
        check_in_id=row.id,
        worker_id=row.worker_id,
        station_id=row.station_id,
        station_name=station.name,
        org_path=row.org_path,
        booking_id=None if row.service is None else row.what,
        staff_id=by.id,
    )
    await record(ctx, event)
    return taken_back


def _opposite(ctx: Context, row: CheckIn, by: Staff) -> CheckIn:
    """Return the row that takes another back; of each there is one."""
    name = f"undo:{row.id}"
    return msgspec.structs.replace(
        row,
        id=ctx.new_id("checkin"),
        way=Way.BY_HAND,
        by=by.id,
        proof=name,
        once=name,
        server_time=ctx.clock.now(),
        undoes=row.id,
        undone=row.entry,
    )


async def _wait_again(ctx: Context, booking_id: str) -> None:
    """Let a booking be one that is waited for, as before.

    Refuses: BookingMoved.
    """
    waiting = await Booking.change(
        ctx,
        where={"_id": booking_id, "state": State.IN_USE},
        update={"$set": {"state": State.BOOKED, "begun_at": None}},
    )
    if waiting is None:
        raise BookingMoved

"""Special days (特别安排): one day's hours are not like others of its kind, and why.

An evening that is open longer, a morning that is shut: planned, and foreseeable like
a closure. It adds slots, or takes some away with their bookings.

Source: features S1-23, S1-15; rules §3.2.
"""

from datetime import date, timedelta
from functools import partial

from models.base.clock import start_of
from models.base.context import Context
from models.base.errors import Invalid, NotFound
from models.stations import keepers, settling
from models.stations.booked import Booking
from models.stations.disruptions import Cause, Disruption, Plan, Remedy
from models.stations.keepers import Keeper
from models.stations.overrides import SpecialDay
from models.stations.stations import Station

FARTHEST = timedelta(days=366)
"""Nobody plans a day further ahead."""

KEPT = timedelta(days=30)
"""What is over stays with the station so long, for a look back."""

MOST = 100
"""Special days of one station; more is a mistake."""


class NoSuchSpecialDay(NotFound):
    """The day is as any other of its kind."""

    code = "no_such_special_day"
    message = "这一天没有特别安排，请刷新后查看。"


class BadSpecialDay(Invalid):
    """The day is over, or too far ahead."""

    code = "bad_special_day"
    message = "只能安排今天起一年以内的日期，请重新选择。"


async def put(
    ctx: Context,
    station_id: str,
    special: SpecialDay,
    *,
    remedy: Remedy = Remedy.CANCEL,
    by: Keeper,
) -> Disruption:
    """Give one day other hours, longer or shorter (特别安排).

    Refuses: NoSuchStation, PermissionMissing, RoleMissing, BadSpecialDay, BadHours,
        StationChanged.
    Records: BookingCancelled, BookingRelocated, BookingCutShort.
    """
    today = ctx.clock.today()
    _check_day(special.day, today)
    plan = Plan(
        cause=Cause.SPECIAL_DAY,
        reason=special.reason,
        remedy=remedy,
        since=start_of(special.day),
    )
    turn = partial(_with_special, special=special, today=today)
    return await settling.bring_about(ctx, station_id, turn, plan, by=by)


async def foresee(
    ctx: Context, station_id: str, special: SpecialDay, *, by: Keeper
) -> list[Booking]:
    """List the bookings a special day would cost; nothing is written.

    Refuses: as ``put``.
    """
    today = ctx.clock.today()
    _check_day(special.day, today)
    turn = partial(_with_special, special=special, today=today)
    return await settling.foresee(ctx, station_id, turn, by=by)


async def drop(ctx: Context, station_id: str, day: date, *, by: Keeper) -> Disruption:
    """Let a day be as any other of its kind again (取消特别安排).

    Refuses: NoSuchStation, PermissionMissing, RoleMissing, NoSuchSpecialDay,
        StationChanged.
    Records: BookingCancelled, of bookings that only the special day had.
    """
    if not _is_near(day, ctx.clock.today()):
        raise NoSuchSpecialDay
    reason = f"取消{day.month}月{day.day}日的特别安排"
    plan = Plan(cause=Cause.SPECIAL_DAY, reason=reason, since=start_of(day))
    turn = partial(_without_special, day=day)
    return await settling.bring_about(ctx, station_id, turn, plan, by=by)


def _with_special(station: Station, *, special: SpecialDay, today: date) -> Station:
    others = [
        each
        for each in station.hours.special
        if each.day != special.day and each.day >= today - KEPT
    ]
    if len(others) >= MOST:
        raise BadSpecialDay({"most": MOST})
    return keepers.timed(station, special=(*others, special))


def _without_special(station: Station, *, day: date) -> Station:
    others = tuple(each for each in station.hours.special if each.day != day)
    if len(others) == len(station.hours.special):
        raise NoSuchSpecialDay
    return keepers.timed(station, special=others)


def _check_day(day: date, today: date) -> None:
    if not _is_near(day, today):
        raise BadSpecialDay


def _is_near(day: date, today: date) -> bool:
    return today <= day <= today + FARTHEST

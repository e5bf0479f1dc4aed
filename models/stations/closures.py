"""Closures (临时关闭): a station is shut for something that happened.

From a moment until another, or until further notice. It may be foreseen before it is
done: who would lose a booking. Opening again brings no booking back, but the slots
can be booked again.

Source: features S1-23, S1-15; rules §3.2.
"""

from datetime import datetime, timedelta
from functools import partial

import msgspec
from msgspec.structs import replace

from models.base.context import Context
from models.base.errors import Conflict, Invalid, NotFound
from models.base.units import Instant
from models.stations import keepers, settling
from models.stations.booked import Booking
from models.stations.directory import Directory
from models.stations.disruptions import Cause, Disruption, Plan, Remedy
from models.stations.keepers import Keeper
from models.stations.overrides import Closure, Reason
from models.stations.stations import Station

FARTHEST = timedelta(days=366)
"""Nobody plans a closure further ahead, or for longer than till further notice."""

KEPT = timedelta(days=30)
"""What is over stays with the station so long, for a look back."""

MOST = 100
"""Closures of one station; more is a mistake."""


class Shutting(msgspec.Struct, kw_only=True, frozen=True):
    """What a keeper wants shut."""

    since: Instant | None = None
    """None, and any moment that has passed, is now."""
    until: Instant | None = None
    """None is until further notice."""
    reason: Reason
    remedy: Remedy = Remedy.CANCEL
    move_to: str | None = None


class BadClosure(Invalid):
    """The stretch makes no sense; ``details.path`` says where."""

    code = "bad_closure"
    message = "关闭时间填写有误，请检查开始和结束时间。"


class AlreadyClosed(Conflict):
    """It is closed for all of that time; ``details`` say by which closure."""

    code = "already_closed"
    message = "这段时间已经关闭，不用重复操作。"


class NotClosed(Conflict):
    """Nothing keeps the station shut now."""

    code = "not_closed"
    message = "驿站目前没有临时关闭，不用重新开放。"


class NoSuchClosure(NotFound):
    """The station has no closure of this id, or it is over."""

    code = "no_such_closure"
    message = "没有找到这次关闭，可能已经结束，请刷新后查看。"


async def close(
    ctx: Context, station_id: str, wish: Shutting, *, by: Keeper
) -> Disruption:
    """Shut a station for a while, and settle its bookings (临时关闭).

    Refuses: NoSuchStation, PermissionMissing, RoleMissing, BadClosure,
        AlreadyClosed, StationChanged.
    Records: BookingCancelled, BookingRelocated, BookingCutShort.
    """
    closure = _closure(ctx, wish)
    plan = Plan(
        cause=Cause.CLOSURE,
        reason=wish.reason,
        remedy=wish.remedy,
        move_to=wish.move_to,
        since=closure.since,
    )
    turn = partial(_shut, closure=closure, now=ctx.clock.now())
    return await settling.bring_about(ctx, station_id, turn, plan, by=by)


async def foresee(
    ctx: Context, station_id: str, wish: Shutting, *, by: Keeper
) -> list[Booking]:
    """List the bookings a closure would cost; nothing is written (预览关闭影响).

    Refuses: as ``close``.
    """
    turn = partial(_shut, closure=_closure(ctx, wish), now=ctx.clock.now())
    return await settling.foresee(ctx, station_id, turn, by=by)


async def reopen(ctx: Context, station_id: str, *, by: Keeper) -> Station:
    """End whatever keeps a station shut now (恢复开放).

    Refuses: NoSuchStation, PermissionMissing, RoleMissing, NotClosed,
        StationChanged.
    """
    now = ctx.clock.now()
    return await _open_up(ctx, station_id, partial(_reopened, now=now), by=by)


async def lift(
    ctx: Context, station_id: str, closure_id: str, *, by: Keeper
) -> Station:
    """End or call off one closure (撤销关闭).

    Refuses: NoSuchStation, PermissionMissing, RoleMissing, NoSuchClosure,
        StationChanged.
    """
    turn = partial(_lifted, closure_id=closure_id, now=ctx.clock.now())
    return await _open_up(ctx, station_id, turn, by=by)


async def _open_up(
    ctx: Context, station_id: str, turn: keepers.Turn, *, by: Keeper
) -> Station:
    opened = await keepers.rewrite(
        ctx, station_id, turn, what="reopen", reason="", by=by
    )
    ctx.the(Directory).keep(opened)
    return opened


def _closure(ctx: Context, wish: Shutting) -> Closure:
    now = ctx.clock.now()
    since = max(now, wish.since or now)
    if since - now > FARTHEST:
        raise BadClosure({"path": "$.from"})
    if wish.until is not None and not since < wish.until <= since + FARTHEST:
        raise BadClosure({"path": "$.until"})
    return Closure(
        since=since, until=wish.until, reason=wish.reason, id=ctx.new_id("closure")
    )


def _shut(station: Station, *, closure: Closure, now: datetime) -> Station:
    kept = [
        c for c in station.hours.closures if c.until is None or c.until > now - KEPT
    ]
    for other in kept:
        if _is_within(closure, other):
            raise AlreadyClosed({"closure_id": other.id, "reason": other.reason})
    if len(kept) >= MOST:
        raise BadClosure({"most": MOST})
    return keepers.timed(station, closures=(*kept, closure))


def _is_within(inner: Closure, outer: Closure) -> bool:
    ends = outer.until is None or (
        inner.until is not None and inner.until <= outer.until
    )
    return outer.since <= inner.since and ends


def _reopened(station: Station, *, now: datetime) -> Station:
    shut = [c for c in station.hours.closures if c.covers(now)]
    if not shut:
        raise NotClosed
    return keepers.timed(station, closures=_ended(station, shut, now))


def _lifted(station: Station, *, closure_id: str, now: datetime) -> Station:
    ahead = [c for c in station.hours.closures if c.until is None or now < c.until]
    found = [c for c in ahead if c.id and c.id == closure_id]
    if not found:
        raise NoSuchClosure
    return keepers.timed(station, closures=_ended(station, found, now))


def _ended(station: Station, over: list[Closure], now: datetime) -> tuple[Closure, ...]:
    """End closures now; one that has not begun was none."""
    return tuple(
        replace(each, until=now) if each in over else each
        for each in station.hours.closures
        if not (each in over and now <= each.since)
    )

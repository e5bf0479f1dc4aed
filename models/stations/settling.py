"""Settling (善后): what becomes of bookings when a station changes.

A booking stands as long as the station still offers its slot and its port. The
others are found by asking just that, whatever was changed, so settling may die
anywhere and begin again: the disruption stays open until nothing is left. Nobody
loses a place before there is another: a booking is called off, or written anew
where it moves to, in one transaction with its notice.

Source: features S1-23; rules §3.4, §3.5.
"""

from datetime import timedelta

from models.base import rounds
from models.base.clock import day_of
from models.base.context import Context
from models.base.events import record
from models.base.store import atomic
from models.stations import fitting, keepers, relocations
from models.stations.booked import (
    Booking,
    BookingCancelled,
    BookingEvent,
    BookingMoved,
    State,
    tell,
)
from models.stations.directory import Directory
from models.stations.disruptions import Disruption, Plan, Remedy
from models.stations.endings import end, free_port
from models.stations.hours import Status
from models.stations.keepers import Keeper, Turn
from models.stations.stations import Station

MOST_READ = 3_000
"""Bookings to come at one station: thirty days of fifty ports, half of them taken."""

BATCH = 100
"""Settled in one go; whoever asked does not wait for more."""

LONGEST_SLOT = timedelta(hours=12)


class BookingCutShort(BookingEvent, kw_only=True, frozen=True):
    """The door was shut while somebody was inside."""

    reason: str


async def foresee(
    ctx: Context, station_id: str, turn: Turn, *, by: Keeper
) -> list[Booking]:
    """List the bookings that a change would not leave standing (预览影响).

    Rules: nothing is written.
    Refuses: as ``keepers.find``; whatever the turn refuses.
    """
    station = await keepers.find(ctx, station_id, by=by)
    return await stranded(ctx, turn(station))


async def bring_about(
    ctx: Context, station_id: str, turn: Turn, plan: Plan, *, by: Keeper
) -> Disruption:
    """Change a station and settle what does not fit any more (调整并善后).

    Rules: what is left after the first hundred is settled by the clockwork.
    Refuses: as ``keepers.rewrite``, also for the station to move to.
    Records: BookingCancelled, BookingRelocated, BookingCutShort.
    """
    station, disruption = await _commit(ctx, station_id, turn, plan, by=by)
    ctx.the(Directory).keep(station)
    await settle(ctx, disruption)
    return await Disruption.find(ctx, _id=disruption.id) or disruption


@atomic()
async def _commit(
    ctx: Context, station_id: str, turn: Turn, plan: Plan, *, by: Keeper
) -> tuple[Station, Disruption]:
    if plan.move_to is not None:
        await keepers.find(ctx, plan.move_to, by=by)
    station = await keepers.rewrite(
        ctx, station_id, turn, what=plan.cause, reason=plan.reason, by=by
    )
    now = ctx.clock.now()
    disruption = Disruption(
        id=ctx.new_id("disruption"),
        station_id=station.id,
        org_path=station.org_path,
        cause=plan.cause,
        reason=plan.reason,
        by=by.id,
        made_at=now,
        since=max(now, plan.since or now),
        remedy=plan.remedy,
        move_to=plan.move_to or station.id,
        due_at=now,
    )
    return station, await disruption.insert(ctx)


async def settle_due(ctx: Context) -> int:
    """Go on with what is not settled yet; the clockwork's line."""
    due = {"is_open": True, "due_at": {"$lte": ctx.clock.now()}}
    found = await Disruption.many(ctx, due, sort=[("due_at", 1)])
    return await rounds.each("settling", found, lambda each: settle(ctx, each))


async def settle(ctx: Context, disruption: Disruption) -> int:
    """Call off or move what no longer fits a station; again changes nothing.

    Rules: slots are fitted before, so that nobody is given what is not there.
    """
    station = await Station.find(ctx, _id=disruption.station_id)
    if station is None:
        await _look_again(ctx, disruption, is_left=False)
        return 0
    await fitting.fit(ctx, station)
    left = await stranded(ctx, station)
    done = [await _settle(ctx, each, station, disruption) for each in left[:BATCH]]
    cut = [await _cut_short(ctx, each, disruption) for each in await _in(ctx, station)]
    await fitting.forget_empty(ctx, station)
    await _look_again(ctx, disruption, is_left=len(left) > BATCH)
    return sum(done) + sum(cut)


async def stranded(ctx: Context, station: Station) -> list[Booking]:
    """List the bookings to come that a station does not offer a place for."""
    now = ctx.clock.now()
    found = await Booking.many(
        ctx,
        {
            "station_id": station.id,
            "state": State.BOOKED,
            "start": {"$gt": now - LONGEST_SLOT},
            "end": {"$gt": now},
            "come_by": {"$gt": now},
        },
        sort=[("start", 1), ("_id", 1)],
        limit=MOST_READ,
    )
    return [each for each in found if not stands(station, each)]


def stands(station: Station, booking: Booking) -> bool:
    """Tell whether a station still offers just what a booking is for."""
    service = station.service(booking.service)
    if service is None or booking.port not in service.in_order:
        return False
    return has_slot(station, booking)


def has_slot(station: Station, booking: Booking) -> bool:
    """Tell whether the slot of a booking is still on the timetable, as it was."""
    service = station.service(booking.service)
    if service is None:
        return False
    kept = {t.id: t for t in station.timetable(service, day_of(booking.start))}
    time = kept.get(booking.slot_ids[0])
    return time is not None and (time.start, time.end) == (booking.start, booking.end)


async def _settle(
    ctx: Context, booking: Booking, station: Station, disruption: Disruption
) -> bool:
    """Let a booking go on somewhere, or else call it off."""
    try:
        if await _goes_on(ctx, booking, station, disruption):
            return True
        ended = await _call_off(ctx, booking, disruption)
    except BookingMoved:
        return False
    await free_port(ctx, ended)
    return True


async def _goes_on(
    ctx: Context, booking: Booking, station: Station, disruption: Disruption
) -> bool:
    """Give another port of the slot, or move the booking if that was asked for."""
    if has_slot(station, booking) and await relocations.change_port(
        ctx, booking, disruption
    ):
        return True
    asked = disruption.remedy is Remedy.MOVE
    return asked and await relocations.move(ctx, booking, disruption)


@atomic()
async def _call_off(ctx: Context, booking: Booking, disruption: Disruption) -> Booking:
    only = {"state": State.BOOKED, "come_by": {"$gt": ctx.clock.now()}}
    ended = await end(ctx, booking, State.CANCELLED_BY_STATION, only=only)
    told = BookingCancelled(**tell(ended), by_station=True, reason=disruption.reason)
    await record(ctx, told)
    await Disruption.change(ctx, {"_id": disruption.id}, {"$inc": {"cancelled": 1}})
    return ended


async def _in(ctx: Context, station: Station) -> list[Booking]:
    """List who is inside although the door is shut."""
    now = ctx.clock.now()
    if station.hours.state_at(now).status is not Status.CLOSED:
        return []
    using = {"station_id": station.id, "state": State.IN_USE, "end": {"$gt": now}}
    recent = {"start": {"$gt": now - 2 * LONGEST_SLOT}}
    return await Booking.many(ctx, using | recent, limit=MOST_READ)


async def _cut_short(ctx: Context, booking: Booking, disruption: Disruption) -> bool:
    try:
        ended = await _end_use(ctx, booking, disruption.reason)
    except BookingMoved:
        return False
    await free_port(ctx, ended)
    return True


@atomic()
async def _end_use(ctx: Context, booking: Booking, reason: str) -> Booking:
    ended = await end(ctx, booking, State.FINISHED, only={"state": State.IN_USE})
    await record(ctx, BookingCutShort(**tell(ended), reason=reason))
    return ended


async def _look_again(ctx: Context, disruption: Disruption, *, is_left: bool) -> None:
    now = ctx.clock.now()
    next_at = now if is_left else disruption.next_look(now)
    found = {"is_open": False} if next_at is None else {"due_at": next_at}
    await Disruption.change(ctx, {"_id": disruption.id}, {"$set": found})

"""Walking in (即到即用): scan a port and use it, without a booking.

A walk-in draws on the same slots as bookings: it takes its port in the slot that
runs and, if nobody booked it, in the one after. So it ends before the next
booking of that port starts, by one turnover at least. It is kept as a booking
that is in use from the start.

Source: rules §3.6; features S1-17.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from models.agenda import hours
from models.base.context import Context
from models.base.errors import Conflict, NotFound, Refusal
from models.base.events import record
from models.base.store import atomic
from models.stations import bookings, directory, lapses, offers, slots
from models.stations.booked import (
    EARLY,
    GRACE,
    Booking,
    BookingUsed,
    State,
    first_event,
    tell,
)
from models.stations.offers import Offer
from models.stations.port_services import Service, ServiceKind
from models.stations.slots import Holder, PortInUse, Slot, Way
from models.stations.stations import Station, service_of
from models.workers.sessions import SignedIn

MOST_SLOTS = 2
"""What is left of this slot and a whole one; longer would keep the port from
those who plan."""


class NoSuchPort(NotFound):
    """The service has no port of this number."""

    code = "no_such_port"
    message = "没有找到这个充电口，请核对编号后重试。"


class PortPaused(Conflict):
    """The port is out of order; ``details.in_order`` has the others."""

    code = "port_paused"
    message = "这个充电口正在维修，请换一个充电口。"


class StationClosed(Conflict):
    """The door is shut, or will be before it is worth plugging in."""

    code = "station_closed"
    message = "驿站当前未开放或即将关闭，请换个时间或选择其他驿站。"


class ReservedSoon(Conflict):
    """Somebody booked this port and is about to come; ``details.free`` has others."""

    code = "reserved_soon"
    message = "这个充电口马上有人使用，请换一个空闲的充电口。"


async def walk_in(
    ctx: Context, station_id: str, kind: ServiceKind, port: int, *, by: SignedIn
) -> Booking:
    """Use a port now, till somebody else needs it (即到即用).

    Refuses: NoSuchStation, NoSuchService, NoSuchPort, PortPaused, StationClosed,
        PortInUse, ReservedSoon, AlreadyHeld, TimeConflict.
    Records: BookingUsed.
    """
    now = ctx.clock.now()
    station = await directory.find(ctx, station_id)
    service = service_of(station, kind)
    if not kind.charges or not 1 <= port <= service.ports:
        raise NoSuchPort({"port": port})
    booked_here = await _booked(ctx, station, kind, port, by)
    if booked_here is not None:
        return await bookings.check_in(ctx, booked_here.id, by=by)
    if port in service.paused:
        raise PortPaused({"port": port, "in_order": list(service.in_order)})
    ahead = await _ahead(ctx, station, service, by)
    holder = Holder(
        port=port,
        booking_id=ctx.new_id("booking"),
        worker_id=by.id,
        since=now,
        way=Way.WALK_IN,
    )
    taken: list[Offer] = []
    try:
        await _take(ctx, ahead, holder, taken)
        return await _write_down(ctx, _session(taken, holder))
    except Refusal:
        for offer in taken:
            await slots.give_back_port(ctx, offer.time.id, booking_id=holder.booking_id)
        raise


async def _booked(
    ctx: Context, station: Station, kind: ServiceKind, port: int, by: SignedIn
) -> Booking | None:
    """Return the worker's own booking of this port, if it may begin now."""
    now = ctx.clock.now()
    return await Booking.find(
        ctx,
        worker_id=by.id,
        station_id=station.id,
        service=kind,
        port=port,
        state=State.BOOKED,
        start={"$lte": now + EARLY},
        come_by={"$gt": now},
    )


async def _ahead(
    ctx: Context, station: Station, service: Service, by: SignedIn
) -> list[Offer]:
    """Return the slots a walk-in may reach into, in one go from now on.

    Refuses: StationClosed, TimeConflict.
    """
    now = ctx.clock.now()
    found = offers.running(station, service, now)
    ahead = list(found[:1])
    turnover = timedelta(minutes=service.turnover_minutes)
    for before, after in pairwise(found[:MOST_SLOTS]):
        if after.time.start - before.time.end <= turnover:
            ahead.append(after)
    if not ahead or _left(ahead, now) < _least(service):
        reason = station.hours.state_at(now).reason
        opens = station.hours.opens_next(now)
        raise StationClosed(
            {"reason": reason, "opens_at": opens.isoformat() if opens else None}
        )
    return await _before_own(ctx, ahead, by)


async def _before_own(ctx: Context, ahead: list[Offer], by: SignedIn) -> list[Offer]:
    """Leave out what the worker's own next booking of the service needs."""
    first, now = ahead[0], ctx.clock.now()
    wanted = hours.Taken(
        ref="",
        kind=first.service.kind,
        title="",
        start=now,
        end=min(first.time.end, now + _least(first.service)),
        binding=False,
    )
    await hours.look(ctx, by.id, [wanted])
    mine = [each for each in await hours.of(ctx, by.id) if each.kind == wanted.kind]
    free = [o for o in ahead if not any(each.start < o.time.end for each in mine)]
    return free or ahead[:1]


async def _take(
    ctx: Context, ahead: Sequence[Offer], holder: Holder, taken: list[Offer]
) -> None:
    """Take the port in the slot that runs, and in the next if it is free there.

    Refuses: PortInUse, ReservedSoon, AlreadyHeld.
    """
    now, service = holder.since, ahead[0].service
    kept = await slots.known(ctx, [offer.time.id for offer in ahead])
    others = _usable(ahead, kept, now)
    try:
        await _take_one(ctx, ahead[0], holder)
        taken.append(ahead[0])
    except PortInUse as refusal:
        raise await _in_use_or_reserved(ctx, ahead[0], holder, others) from refusal
    for offer in ahead[1:]:
        try:
            await _take_one(ctx, offer, holder)
            taken.append(offer)
        except Conflict:
            break
    if _left(taken, now) < _least(service):
        raise ReservedSoon({"port": holder.port, "free": others})


async def _take_one(ctx: Context, offer: Offer, holder: Holder) -> Slot:
    try:
        return await slots.take_port(ctx, offer.empty(), holder=holder, any_port=False)
    except PortInUse:
        has_begun = holder.since >= offer.time.start + GRACE
        if not has_begun or not await lapses.lapse_in(ctx, offer.time.id):
            raise
    return await slots.take_port(ctx, offer.empty(), holder=holder, any_port=False)


async def _in_use_or_reserved(
    ctx: Context, offer: Offer, holder: Holder, others: list[int]
) -> Conflict:
    """Say whether somebody is on the port or still on the way."""
    slot = await Slot.find(ctx, _id=offer.time.id)
    found = [h for h in slot.holders if h.port == holder.port] if slot else []
    still = set(slot.free) - {holder.port} if slot else set()
    booking = await Booking.find(ctx, _id=found[0].booking_id) if found else None
    details = {"port": holder.port, "free": [p for p in others if p in still]}
    if booking is not None and booking.state is State.BOOKED:
        return ReservedSoon(details)
    return PortInUse(details)


def _usable(ahead: Sequence[Offer], kept: dict[str, Slot], now: datetime) -> list[int]:
    """Return the ports that are free for long enough."""
    first, *rest = [set((kept.get(o.time.id) or o.empty()).free) for o in ahead]
    if _left(ahead[:1], now) >= _least(ahead[0].service):
        return sorted(first)
    return sorted(first.intersection(*rest)) if rest else []


def _left(taken: Sequence[Offer], now: datetime) -> timedelta:
    return taken[-1].time.end - now


def _least(service: Service) -> timedelta:
    return timedelta(minutes=service.min_use_minutes)


def _session(taken: Sequence[Offer], holder: Holder) -> Booking:
    first, last = taken[0], taken[-1]
    return Booking(
        id=holder.booking_id,
        worker_id=holder.worker_id,
        station_id=first.station.id,
        org_path=first.station.org_path,
        station_name=first.station.name,
        service=first.service.kind,
        slot_ids=tuple(offer.time.id for offer in taken),
        port=holder.port,
        start=holder.since,
        end=last.time.end,
        way=Way.WALK_IN,
        state=State.IN_USE,
        made_at=holder.since,
        come_by=last.time.end,
        begun_at=holder.since,
    )


@atomic(duplicate=PortInUse)
async def _write_down(ctx: Context, booking: Booking) -> Booking:
    await hours.take(ctx, booking.worker_id, [booking.taken()])
    await booking.insert(ctx)
    used = BookingUsed(id=first_event(booking.id), **tell(booking), way=booking.way)
    await record(ctx, used)
    return booking

"""Relocations (改约): a booking goes on at another port, slot or station.

The booking stays the same one, with its id, its code and its place in every list.
The new port is taken first, in one guarded update of its slot; then the booking is
written anew, in one transaction with the worker's hours and the notice; the old port
is given back last. So between the two the person has both, and never neither. What
a dying process leaves held is a port of no booking's slot, which the sweep frees.

Source: features S1-23; rules §3.4, §3.7.
"""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from msgspec import structs

from models.agenda import hours
from models.agenda.hours import TimeConflict
from models.base.clock import day_of
from models.base.context import Context
from models.base.documents import plain
from models.base.events import record
from models.base.push import Push
from models.base.store import atomic
from models.stations import audience, slots
from models.stations.audience import Hall
from models.stations.booked import (
    GRACE,
    Booking,
    BookingEvent,
    BookingMoved,
    State,
    tell,
)
from models.stations.disruptions import Disruption
from models.stations.offers import Offer
from models.stations.slots import AlreadyHeld, Holder, Slot, SlotFull
from models.stations.stations import Station

Also = Callable[[Booking], Awaitable[None]]
"""What belongs to a move; is told the booking as it goes on."""

REACH = timedelta(hours=2)
"""Further off it is no help; then the person had better choose."""

MOST_TRIES = 6
"""Slots to try; each is one update."""


class BookingRelocated(BookingEvent, kw_only=True, frozen=True):
    """A booking goes on at another port, at another time or elsewhere."""

    reason: str
    left_station_id: str = ""
    left_path: str = ""
    """Of the station it was booked at before."""

    def push(self) -> Push:
        """Tell the desk that loses it as well."""
        told = super().push()
        left = audience.of(Hall.DESK, self.left_station_id, self.left_path)
        topics = dict.fromkeys((*told.topics, *left))
        return structs.replace(told, topics=tuple(topics))


async def change_port(ctx: Context, booking: Booking, disruption: Disruption) -> bool:
    """Give a booking another port of its slot; False if none is free (换口).

    Refuses: BookingMoved.
    Records: BookingRelocated.
    """
    holder = await _swap(ctx, booking)
    if holder is None:
        return False
    counted = _counted(ctx, disruption)
    await _write(ctx, booking, {"port": holder.port}, disruption.reason, counted)
    return True


async def move(ctx: Context, booking: Booking, disruption: Disruption) -> bool:
    """Move a booking to the nearest slot that has room; False if none has (改时段).

    Refuses: BookingMoved.
    Records: BookingRelocated.
    """
    station = await Station.find(ctx, _id=disruption.move_to)
    if station is None:
        return False
    agenda = await hours.seen(ctx, booking.worker_id)
    tries = 0
    for offer in _nearest(station, booking, ctx.clock.now()):
        if tries == MOST_TRIES:
            break
        if hours.are_free(agenda, [_as_moved(booking, offer, ctx).taken()]):
            tries += 1
            if await _move_to(ctx, booking, offer, disruption):
                return True
    return False


def _nearest(station: Station, booking: Booking, now: datetime) -> Iterator[Offer]:
    """Return the slots a booking may move to, the nearest in time first."""
    service = station.service(booking.service)
    if service is None:
        return
    times = station.timetable(service, day_of(booking.start))
    for time in sorted(times, key=lambda each: abs(each.start - booking.start)):
        offer = Offer(station, service, time)
        is_near = abs(time.start - booking.start) <= REACH
        if is_near and offer.is_open(now) and time.id not in booking.slot_ids:
            yield offer


async def _move_to(
    ctx: Context, booking: Booking, offer: Offer, disruption: Disruption
) -> bool:
    counted = _counted(ctx, disruption)
    try:
        await go_on_at(ctx, booking, offer, reason=disruption.reason, also=counted)
    except (SlotFull, AlreadyHeld, TimeConflict):
        return False
    return True


async def go_on_at(
    ctx: Context, booking: Booking, offer: Offer, *, reason: str, also: Also
) -> Booking:
    """Let a booking go on in another slot.

    also: what is written in the same transaction.
    Refuses: SlotFull, AlreadyHeld, TimeConflict, BookingMoved.
    Records: BookingRelocated.
    """
    holder = Holder(
        port=0,
        booking_id=booking.id,
        worker_id=booking.worker_id,
        since=ctx.clock.now(),
    )
    slot = await slots.take_port(ctx, offer.empty(), holder=holder)
    held = slot.held_by(booking.id) or holder
    told = _told(_as_moved(booking, offer, ctx), held.port)
    try:
        moved = await _write(ctx, booking, told, reason, also)
    except (TimeConflict, BookingMoved):
        await _give_back_unless_moved(ctx, booking, offer)
        raise
    for slot_id in booking.slot_ids:
        await slots.give_back_port(ctx, slot_id, booking_id=booking.id)
    return moved


async def _give_back_unless_moved(ctx: Context, booking: Booking, offer: Offer) -> None:
    """Give the new port back; not if the same move was made by another hand."""
    kept = await Booking.find(ctx, _id=booking.id)
    if kept is None or offer.time.id not in kept.slot_ids:
        await slots.give_back_port(ctx, offer.time.id, booking_id=booking.id)


def _as_moved(booking: Booking, offer: Offer, ctx: Context) -> Booking:
    """Return a booking as it would be at an offer, its port still open."""
    station, time = offer.station, offer.time
    come_by = min(time.end, max(time.start, ctx.clock.now()) + GRACE)
    row = plain(booking) | {
        "station_id": station.id,
        "org_path": station.org_path,
        "station_name": station.name,
        "slot_ids": [time.id],
        "start": time.start,
        "end": time.end,
        "come_by": come_by,
    }
    return Booking.of(row)


def _told(moved: Booking, port: int) -> dict[str, Any]:
    """Return the fields that a move writes."""
    names = ("station_id", "org_path", "station_name", "slot_ids")
    row = plain(moved)
    kept = {name: row[name] for name in (*names, "start", "end", "come_by")}
    return kept | {"port": port, "is_moved": True}


@atomic()
async def _write(
    ctx: Context, booking: Booking, told: dict[str, Any], reason: str, also: Also
) -> Booking:
    kept = await Booking.change(
        ctx,
        where={
            "_id": booking.id,
            "state": State.BOOKED,
            "slot_ids": list(booking.slot_ids),
            "come_by": {"$gt": ctx.clock.now()},
        },
        update={"$set": told},
    )
    if kept is None:
        raise BookingMoved
    is_elsewhere = kept.slot_ids != booking.slot_ids
    take = hours.take if is_elsewhere else hours.impose
    await take(ctx, kept.worker_id, [kept.taken()])
    relocated = BookingRelocated(
        **tell(kept),
        reason=reason,
        left_station_id=booking.station_id,
        left_path=booking.org_path,
    )
    await record(ctx, relocated)
    await also(kept)
    return kept


def _counted(ctx: Context, disruption: Disruption) -> Also:
    async def count(_: Booking) -> None:
        await Disruption.change(ctx, {"_id": disruption.id}, {"$inc": {"moved": 1}})

    return count


async def _swap(ctx: Context, booking: Booking) -> Holder | None:
    """Exchange a held port for the lowest free one, in one update of the slot.

    Rules: a swap that was made and not written down is not made again.
    """
    slot_id = booking.slot_ids[0]
    mine = {"$eq": ["$$h.booking_id", {"$literal": booking.id}]}
    lowest = {"$first": "$free"}
    given = {"$mergeObjects": ["$$h", {"port": lowest}]}
    swapped = {"$cond": [mine, given, "$$h"]}
    others = {"$filter": {"input": "$free", "cond": {"$ne": ["$$this", lowest]}}}
    held = {"booking_id": booking.id, "port": booking.port}
    await Slot.change(
        ctx,
        where={
            "_id": slot_id,
            "free.0": {"$exists": True},
            "holders": {"$elemMatch": held},
        },
        update=[
            {"$set": {"free": {"$sortArray": {"input": "$free", "sortBy": 1}}}},
            {
                "$set": {
                    "holders": {
                        "$map": {"input": "$holders", "as": "h", "in": swapped}
                    },
                    "free": others,
                }
            },
        ],
    )
    slot = await Slot.find(ctx, _id=slot_id)
    holder = None if slot is None else slot.held_by(booking.id)
    return None if holder is None or holder.port == booking.port else holder

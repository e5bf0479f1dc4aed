"""Sweeping (对账): what a process left half done when it died.

A port may be held for a booking that was never written, still be held by one that
has ended, or be held in a slot that the booking did not reach into after all. All
are finished here; doing it twice changes nothing.

Source: house §6 (the slot's update is the commit).
"""

from datetime import timedelta

import structlog

from models.agenda import hours
from models.base.context import Context
from models.base.errors import Refusal
from models.stations import offers, slots, writing
from models.stations.booked import ACTIVE, Booking
from models.stations.endings import free_port
from models.stations.slots import Holder, Slot, Way

log = structlog.get_logger()

SETTLE = timedelta(seconds=30)
"""Younger holders are still being written."""

RECENT = timedelta(minutes=15)
"""How far back the frequent sweep looks."""

LONG_AGO = timedelta(days=31)
"""How far back the seldom one looks: as far as anybody may book ahead."""

MOST_SLOTS = 2_000
BATCH = 100


async def sweep_recent(ctx: Context) -> int:
    """Finish what was left in the last minutes."""
    return await _free_due(ctx) + await _write_held(ctx, RECENT)


async def sweep_all(ctx: Context) -> int:
    """Finish whatever was left, as after a long stop."""
    return await _free_due(ctx) + await _write_held(ctx, LONG_AGO)


async def _free_due(ctx: Context) -> int:
    due = await Booking.many(
        ctx,
        {"port_due": True, "left_at": {"$lte": ctx.clock.now() - SETTLE}},
        sort=[("left_at", 1)],
        limit=BATCH,
    )
    for booking in due:
        await free_port(ctx, booking)
    return len(due)


async def _write_held(ctx: Context, reach: timedelta) -> int:
    """Write the bookings that held ports lack."""
    now = ctx.clock.now()
    since = {"$gte": now - reach, "$lte": now - SETTLE}
    found = await Slot.many(
        ctx,
        {"holders": {"$elemMatch": {"since": since}}, "end": {"$gt": now}},
        limit=MOST_SLOTS,
    )
    held = [
        (slot, holder)
        for slot in found
        for holder in slot.holders
        if now - reach <= holder.since <= now - SETTLE
    ]
    written = await _written(ctx, {holder.booking_id for _, holder in held})
    lacking = [each for each in held if each[1].booking_id not in written]
    for slot, holder in lacking:
        await _settle(ctx, slot, holder)
    strays = [
        (slot, holder)
        for slot, holder in held
        if slot.id not in written.get(holder.booking_id, {slot.id})
    ]
    for slot, holder in strays:
        await slots.give_back_port(ctx, slot.id, booking_id=holder.booking_id)
    return len(lacking) + len(strays)


async def _written(ctx: Context, booking_ids: set[str]) -> dict[str, set[str]]:
    """Return which of some bookings are written, and the slots they may hold."""
    where = {"_id": {"$in": sorted(booking_ids)}}
    rows = Booking.shelf(ctx).find(where, {"state": 1, "slot_ids": 1, "port_due": 1})
    return {
        row["_id"]: set(row["slot_ids"])
        if row["state"] in ACTIVE or row["port_due"]
        else set()
        async for row in rows
    }


async def _settle(ctx: Context, slot: Slot, holder: Holder) -> None:
    """Write a booking down, or give its port back if it may not be.

    Rules: who walked in and got no answer has walked on.
    """
    try:
        if holder.way is Way.BOOKING:
            await _write(ctx, slot, holder)
            return
    except Refusal as refusal:
        log.info("port_given_back", slot=slot.id, refused=refusal.code)
    await writing.let_go(ctx, slot.id, holder.booking_id)


async def _write(ctx: Context, slot: Slot, holder: Holder) -> None:
    offer = await offers.find(ctx, slot.id)
    offer.check(ctx.clock.now())
    booking = writing.draft(offer, holder)
    await hours.look(ctx, holder.worker_id, [booking.taken()])
    await writing.write_down(ctx, offer, booking)

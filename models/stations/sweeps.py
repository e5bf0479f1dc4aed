"""Sweeping (对账): what a process left half done when it died.

A port may be held for a booking that was never written, still be held by one that
has ended, or be held in a slot that the booking did not reach into after all. All
are finished here; doing it twice changes nothing.

Source: house §6 (the slot's update is the commit).
"""

from datetime import timedelta
from typing import NamedTuple

import structlog

from models.agenda import hours
from models.base.context import Context
from models.base.errors import Refusal
from models.base.rounds import each
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


class Held(NamedTuple):
    """A port that somebody holds."""

    slot: Slot
    holder: Holder

    @property
    def id(self) -> str:
        """Name the booking it is held under."""
        return self.holder.booking_id


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

    async def free(booking: Booking) -> bool:
        await free_port(ctx, booking)
        return True

    return await each("sweeps.free", due, free)


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
        Held(slot, holder)
        for slot in found
        for holder in slot.holders
        if now - reach <= holder.since <= now - SETTLE
    ]
    written = await _written(ctx, {one.id for one in held})
    lacking = [one for one in held if one.id not in written]
    settled = await each("sweeps.settle", lacking, lambda one: _settle(ctx, one))
    strays = [
        one for one in held if one.slot.id not in written.get(one.id, {one.slot.id})
    ]
    return settled + await each("sweeps.stray", strays, lambda one: _free(ctx, one))


async def _free(ctx: Context, stray: Held) -> bool:
    await slots.give_back_port(ctx, stray.slot.id, booking_id=stray.id)
    return True


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


async def _settle(ctx: Context, held: Held) -> bool:
    """Write a booking down, or give its port back if it may not be.

    Rules: who walked in and got no answer has walked on.
    """
    try:
        if held.holder.way is Way.BOOKING:
            await _write(ctx, held.slot, held.holder)
            return True
    except Refusal as refusal:
        log.info("port_given_back", slot=held.slot.id, refused=refusal.code)
    await writing.let_go(ctx, held.slot.id, held.id)
    return True


async def _write(ctx: Context, slot: Slot, holder: Holder) -> None:
    offer = await offers.find(ctx, slot.id)
    offer.check(ctx.clock.now())
    booking = writing.draft(offer, holder)
    await hours.look(ctx, holder.worker_id, [booking.taken()])
    await writing.write_down(ctx, offer, booking)

"""Sweeping: what a process left half done is done once."""

import asyncio
from datetime import timedelta

from models.agenda import hours
from models.base.events import Happening
from models.stations import booked, bookings, endings, offers, slots, sweeps
from models.stations.booked import Booking, State
from models.stations.slots import Holder, Slot, Way
from tests.models.stations import places
from tests.models.stations.places import at, slot, somebody


async def die_before_writing(ctx, who="li", *, way=Way.BOOKING):
    """Take a port as ``book`` does, and no more; return the booking's id."""
    offer = await offers.find(ctx, slot())
    holder = Holder(
        port=0,
        booking_id=ctx.new_id("booking"),
        worker_id=somebody(who).id,
        since=ctx.clock.now(),
        way=way,
    )
    await slots.take_port(ctx, offer.empty(), holder=holder)
    return holder.booking_id


async def test_a_port_without_a_booking_gets_exactly_one(ctx, clock):
    await places.put(ctx)
    lost = await die_before_writing(ctx)
    clock.forward(timedelta(seconds=29))
    assert await sweeps.sweep_recent(ctx) == 0
    clock.forward(timedelta(seconds=1))
    await asyncio.gather(*(sweeps.sweep_recent(ctx) for _ in range(4)))
    assert await sweeps.sweep_recent(ctx) == 0
    [written] = await Booking.many(ctx, {})
    assert (written.id, written.port, written.state) == (lost, 1, "booked")
    assert [each.ref for each in await hours.of(ctx, somebody().id)] == [lost]
    told = await Happening.shelf(ctx).find({"kind": "BookingMade"}).to_list()
    assert len(told) == 1


async def test_the_next_try_and_the_sweep_at_once_write_one(ctx, clock):
    await places.put(ctx)
    await die_before_writing(ctx)
    clock.forward(sweeps.SETTLE)
    await asyncio.gather(
        sweeps.sweep_recent(ctx),
        *(bookings.book(ctx, slot(), by=somebody()) for _ in range(5)),
        return_exceptions=True,
    )
    assert len(await Booking.many(ctx, {})) == 1
    assert len((await Slot.find(ctx, _id=slot())).holders) == 1


async def test_what_may_not_be_written_is_given_back(ctx, clock):
    await places.put(ctx, places.station(), places.station("bank"))
    await die_before_writing(ctx)
    await bookings.book(ctx, slot(slug="bank"), by=somebody())
    clock.forward(sweeps.SETTLE)
    assert await sweeps.sweep_recent(ctx) == 1
    assert (await Slot.find(ctx, _id=slot())).holders == ()


async def test_a_walk_in_nobody_was_told_of_is_given_back(ctx, clock):
    await places.put(ctx)
    await die_before_writing(ctx, way=Way.WALK_IN)
    clock.forward(sweeps.SETTLE)
    assert await sweeps.sweep_recent(ctx) == 1
    assert (await Slot.find(ctx, _id=slot())).holders == ()
    assert await Booking.many(ctx, {}) == []


async def test_after_a_long_stop_the_seldom_sweep_finds_it(ctx, clock):
    await places.put(ctx)
    await die_before_writing(ctx)
    clock.forward(timedelta(minutes=20))
    assert await sweeps.sweep_recent(ctx) == 0
    assert await sweeps.sweep_all(ctx) == 1
    assert len(await Booking.many(ctx, {})) == 1


async def test_a_slot_that_is_over_gets_no_booking(ctx, clock):
    await places.put(ctx)
    await die_before_writing(ctx)
    clock.put(at("11:20"))
    assert await sweeps.sweep_all(ctx) == 1
    assert await Booking.many(ctx, {}) == []


async def test_the_port_of_an_ended_booking_is_given_back(ctx, clock):
    await places.put(ctx)
    booking = await bookings.book(ctx, slot(), by=somebody())
    await endings.end(
        ctx, booking, State.CANCELLED_BY_WORKER, only={"state": State.BOOKED}
    )
    assert (await Slot.find(ctx, _id=slot())).holders
    clock.forward(sweeps.SETTLE)
    await asyncio.gather(*(sweeps.sweep_recent(ctx) for _ in range(3)))
    assert (await Slot.find(ctx, _id=slot())).holders == ()
    kept = await booked.get(ctx, booking.id, worker_id=somebody().id)
    assert kept.port_due is False

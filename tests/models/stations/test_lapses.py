"""What ends by the clock: no-shows, overstays, the last five minutes."""

import asyncio

from models.agenda import hours
from models.agenda.hours import Agenda
from models.base.events import Happening
from models.stations import bookings, lapses
from models.stations.booked import Booking
from models.stations.strikes import Strike, Weight
from tests.models.stations import places
from tests.models.stations.places import at, slot, somebody


async def told(ctx, kind):
    return await Happening.shelf(ctx).find({"kind": kind}).to_list()


async def booked(ctx, clock, time="1055", *, used=False, who="li"):
    booking = await bookings.book(ctx, slot(time), by=somebody(who))
    if used:
        clock.put(booking.start)
        await bookings.check_in(ctx, booking.id, by=somebody(who))
    return booking


async def test_who_does_not_come_frees_the_port_and_gets_a_strike(ctx, clock):
    await places.put(ctx, places.station(ports=1))
    booking = await booked(ctx, clock)
    clock.put(at("11:04"))
    assert await lapses.lapse_no_shows(ctx) == 0
    clock.put(at("11:05"))
    assert await lapses.lapse_no_shows(ctx) == 1
    assert await lapses.lapse_no_shows(ctx) == 0
    kept = await Booking.find(ctx, _id=booking.id)
    assert (kept.state, kept.left_at) == ("no_show", at("11:05"))
    assert [(s.weight, s.at) for s in await Strike.many(ctx, {})] == [
        (Weight.NO_SHOW, at("11:05"))
    ]
    assert await hours.of(ctx, somebody().id) == []
    [event] = await told(ctx, "BookingMissed")
    assert event["data"]["station_name"] == "示例·park驿站"
    assert (await booked(ctx, clock, who="next")).port == 1


async def test_the_port_is_free_though_the_clockwork_is_late(ctx, clock):
    await places.put(ctx, places.station(ports=1))
    await booked(ctx, clock)
    clock.put(at("11:05"))
    assert (await booked(ctx, clock, who="next")).port == 1
    assert len(await Strike.many(ctx, {})) == 1


async def test_one_that_cannot_be_lapsed_does_not_hold_up_the_others(ctx, clock):
    await places.put(ctx)
    broken = await booked(ctx, clock, who="first")
    good = await booked(ctx, clock, who="next")
    await Booking.shelf(ctx).update_one(
        {"_id": broken.id}, {"$set": {"come_by": at("11:04")}}
    )
    await Agenda.shelf(ctx).update_one(
        {"_id": broken.worker_id}, {"$set": {"taken": "unreadable"}}
    )
    clock.put(at("11:05"))
    assert await lapses.lapse_no_shows(ctx) == 1
    assert (await Booking.find(ctx, _id=broken.id)).state == "booked"
    assert (await Booking.find(ctx, _id=good.id)).state == "no_show"


async def test_where_the_door_was_shut_nobody_is_to_blame(ctx, clock):
    station = await places.put(ctx)
    booking = await booked(ctx, clock)
    clock.put(at("10:50"))
    await places.close(ctx, station)
    clock.put(at("11:05"))
    assert await lapses.lapse_no_shows(ctx) == 1
    kept = await Booking.find(ctx, _id=booking.id)
    assert kept.state == "cancelled_by_station"
    assert await Strike.many(ctx, {}) == []
    [event] = await told(ctx, "BookingCancelled")
    assert event["data"]["by_station"] is True


async def test_many_workers_lapse_each_once(ctx, clock):
    await places.put(ctx)
    for number in range(4):
        await booked(ctx, clock, who=str(number))
    clock.put(at("11:05"))
    await asyncio.gather(*(lapses.lapse_no_shows(ctx) for _ in range(5)))
    assert len(await told(ctx, "BookingMissed")) == 4
    assert len(await Strike.many(ctx, {})) == 4


async def test_the_last_five_minutes_are_told_once(ctx, clock):
    await places.put(ctx)
    await booked(ctx, clock, used=True)
    clock.put(at("11:19"))
    assert await lapses.tell_endings(ctx) == 0
    clock.put(at("11:20"))
    counts = await asyncio.gather(*(lapses.tell_endings(ctx) for _ in range(3)))
    assert sum(counts) == 1
    assert len(await told(ctx, "BookingEnding")) == 1


async def test_who_does_not_leave_has_overstayed_after_five_minutes(ctx, clock):
    await places.put(ctx)
    booking = await booked(ctx, clock, used=True)
    clock.put(at("11:29"))
    assert await lapses.end_overstays(ctx) == 0
    clock.put(at("11:30"))
    await asyncio.gather(*(lapses.end_overstays(ctx) for _ in range(3)))
    kept = await Booking.find(ctx, _id=booking.id)
    assert (kept.state, kept.port_due) == ("overstayed", False)
    assert len(await told(ctx, "BookingOverstayed")) == 1
    assert await Strike.many(ctx, {}) == []

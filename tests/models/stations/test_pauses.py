"""A port out of order: not sold, and whoever booked it is cared for."""

import asyncio

import pytest

from models.base.errors import Refusal
from models.base.events import Happening
from models.stations import bookings, live, pauses, relocations, settling, walk_ins
from models.stations.booked import Booking
from models.stations.disruptions import AGAIN, Disruption
from models.stations.pauses import AlreadyPaused, NotPaused
from models.stations.slots import Slot, SlotFull
from models.stations.stations import NoSuchService, NoSuchStation, Station
from models.stations.strikes import Strike
from models.stations.walk_ins import NoSuchPort, PortPaused
from tests.models.stations import people, places
from tests.models.stations.places import PHONE, VEHICLE, at, slot, somebody
from tests.models.stations.test_closures import EAST, PARK, manager, opened


async def pause(ctx, by, port=1, kind=PHONE):
    return await pauses.pause(ctx, PARK, kind, port, reason="接口损坏", by=by)


async def test_who_booked_it_gets_another_port_of_the_same_slot(ctx):
    by = await opened(ctx)
    first = await bookings.book(ctx, slot("1055"), by=somebody("li"))
    second = await bookings.book(ctx, slot("1055"), by=somebody("wang"))
    done = await pause(ctx, by)
    assert (done.moved, done.cancelled) == (1, 0)
    kept = await Booking.find(ctx, _id=first.id)
    assert (kept.state, kept.port, second.port) == ("booked", 3, 2)
    held = await Slot.find(ctx, _id=slot("1055"))
    assert sorted(held.free) == [4]
    assert {h.booking_id: h.port for h in held.holders} == {first.id: 3, second.id: 2}
    told = await Happening.find(ctx, kind="BookingRelocated")
    assert told.data["port"] == 3


async def test_with_no_port_left_the_booking_is_called_off_without_a_strike(ctx):
    by = await opened(ctx, ports=2)
    made = [await bookings.book(ctx, slot("1055"), by=somebody(w)) for w in "ab"]
    done = await pause(ctx, by)
    assert (done.moved, done.cancelled) == (0, 1)
    states = [(await Booking.find(ctx, _id=each.id)).state for each in made]
    assert states == ["cancelled_by_station", "booked"]
    assert not await Strike.many(ctx, {})
    with pytest.raises(SlotFull):
        await bookings.book(ctx, slot("1055"), by=somebody("late"))


async def test_it_is_not_sold_till_it_is_mended(ctx, clock):
    by = await opened(ctx, ports=2)
    await pause(ctx, by)
    clock.put(at("10:25"))
    [now] = await live.look(ctx, [await Station.find(ctx, _id=PARK)])
    assert now.free[PHONE] == 1
    with pytest.raises(PortPaused) as refusal:
        await walk_ins.walk_in(ctx, PARK, PHONE, 1, by=somebody())
    assert refusal.value.details == {"port": 1, "in_order": [2]}
    assert (await bookings.book(ctx, slot("1055"), by=somebody("a"))).port == 2
    with pytest.raises(SlotFull):
        await bookings.book(ctx, slot("1055"), by=somebody("b"))
    await pauses.resume(ctx, PARK, PHONE, 1, by=by)
    assert (await bookings.book(ctx, slot("1055"), by=somebody("b"))).port == 1


async def test_a_port_given_back_while_it_is_broken_is_not_free(ctx, clock):
    by = await opened(ctx, ports=1)
    clock.put(at("10:25"))
    session = await walk_ins.walk_in(ctx, PARK, PHONE, 1, by=somebody("inside"))
    await pause(ctx, by)
    assert (await Booking.find(ctx, _id=session.id)).state == "in_use"
    await bookings.finish(ctx, session.id, by=somebody("inside"))
    held = await Slot.find(ctx, _id=slot("1020"))
    assert (held.free, held.paused) == ((), (1,))


async def test_a_swap_that_was_not_written_down_is_not_made_again(ctx):
    by = await opened(ctx)
    booking = await bookings.book(ctx, slot("1055"), by=somebody())
    await relocations._swap(ctx, booking)
    done = await pause(ctx, by)
    assert done.moved == 1
    assert (await Booking.find(ctx, _id=booking.id)).port == 2
    held = await Slot.find(ctx, _id=slot("1055"))
    assert sorted(held.free) == [3, 4]


async def test_no_port_is_held_twice_though_it_breaks_in_a_rush(ctx, clock):
    by = await opened(ctx, ports=8)

    async def book(number):
        try:
            return await bookings.book(ctx, slot("1055"), by=somebody(f"r{number}"))
        except Refusal:
            return None

    await asyncio.gather(*map(book, range(12)), pause(ctx, by, 3), pause(ctx, by, 5))
    assert len(await Disruption.many(ctx, {"is_open": True})) == 2
    clock.forward(AGAIN)
    await settling.settle_due(ctx)
    active = await Booking.many(ctx, {"state": "booked"})
    ports = [each.port for each in active]
    assert len(ports) == len(set(ports)) <= 6
    assert not {3, 5} & set(ports)


async def test_what_makes_no_sense_is_refused(ctx):
    by = await opened(ctx)
    with pytest.raises(NoSuchPort):
        await pause(ctx, by, 9)
    with pytest.raises(NoSuchService):
        bare = places.station("bare", org_path=EAST, services=())
        await places.put(ctx, bare)
        await pauses.pause(ctx, "station_bare", VEHICLE, 1, reason="x", by=by)
    with pytest.raises(NotPaused):
        await pauses.resume(ctx, PARK, PHONE, 1, by=by)
    await pause(ctx, by)
    with pytest.raises(AlreadyPaused):
        await pause(ctx, by)


async def test_others_stations_are_out_of_reach(ctx):
    await opened(ctx)
    with pytest.raises(NoSuchStation):
        await pause(ctx, await manager(ctx, "unit_west"))
    with pytest.raises(NoSuchStation):
        await pause(ctx, await people.clerk(ctx, stations=("lake",)))
    assert not (await Station.find(ctx, _id=PARK)).services[0].paused

"""Fair use: how much of the ports one worker may book, and not one more."""

import asyncio

import msgspec
import pytest

from models.base.errors import Refusal
from models.stations import bookings, fair_use
from models.stations.booked import Booking
from models.stations.fair_use import (
    BackToBack,
    TooManyActive,
    TooManyMinutes,
    TooManyToday,
)
from models.stations.port_services import Service
from tests.models.stations import places
from tests.models.stations.places import PHONE, VEHICLE, at, slot, somebody


async def use_up(ctx, clock, *times, day=23):
    """Book slots one after the other, and use each."""
    for time in times:
        clock.put(at(f"{time[:2]}:{time[2:]}", day))
        booking = await bookings.book(
            ctx, slot(time, day=f"202611{day}"), by=somebody()
        )
        await bookings.check_in(ctx, booking.id, by=somebody())
        await bookings.finish(ctx, booking.id, by=somebody())


async def test_two_of_a_service_may_wait_and_no_third(ctx):
    await places.put(ctx)
    for time in ("1055", "1205"):
        await bookings.book(ctx, slot(time), by=somebody())
    with pytest.raises(TooManyActive):
        await bookings.book(ctx, slot("1315"), by=somebody())
    await bookings.book(ctx, slot("1325", service=VEHICLE), by=somebody())


async def test_twenty_different_slots_at_once_leave_exactly_two(ctx):
    station = await places.put(ctx)
    times = station.timetable(station.service(PHONE), at("10:00", 24).date())
    tries = [bookings.book(ctx, time.id, by=somebody()) for time in times]
    assert len(tries) == 20
    answers = await asyncio.gather(*tries, return_exceptions=True)
    made = [each for each in answers if isinstance(each, Booking)]
    assert all(isinstance(each, Booking | Refusal) for each in answers)
    assert len(made) == fair_use.MOST_ACTIVE
    held = await Booking.shelf(ctx).database["slots"].distinct("holders.booking_id")
    assert sorted(held) == sorted(each.id for each in made)


async def test_three_a_day_and_no_fourth(ctx, clock):
    await places.put(ctx)
    await use_up(ctx, clock, "1055", "1205", "1315")
    with pytest.raises(TooManyToday) as refusal:
        await bookings.book(ctx, slot("1425"), by=somebody())
    assert refusal.value.details == {"most": 3, "day": "2026-11-23"}
    await bookings.book(ctx, slot("0800", day="20261124"), by=somebody())


async def test_what_was_given_up_does_not_count(ctx):
    await places.put(ctx)
    for _ in range(4):
        booking = await bookings.book(ctx, slot(), by=somebody())
        await bookings.cancel(ctx, booking.id, by=somebody())
    await bookings.book(ctx, slot(), by=somebody())


async def test_the_minutes_of_a_week_are_counted_to_the_last(ctx, clock, monkeypatch):
    monkeypatch.setitem(fair_use.MOST_MINUTES_A_WEEK, PHONE, 90)
    await places.put(ctx)
    await use_up(ctx, clock, "1055", "1205")
    await use_up(ctx, clock, "1055", day=24)
    with pytest.raises(TooManyMinutes):
        await bookings.book(ctx, slot("1205", day="20261124"), by=somebody())
    clock.put(at("10:00", 24))
    await bookings.book(ctx, slot("0800", day="20261130"), by=somebody())


async def test_the_same_port_twice_running_is_refused(ctx):
    await places.put(ctx, places.station(ports=1))
    await bookings.book(ctx, slot("1055"), by=somebody())
    for touching in ("1020", "1130"):
        with pytest.raises(BackToBack):
            await bookings.book(ctx, slot(touching), by=somebody())
    await bookings.book(ctx, slot("1205"), by=somebody())


async def test_another_port_next_door_in_time_is_allowed(ctx):
    await places.put(ctx)
    await bookings.book(ctx, slot("1055"), by=somebody())
    await bookings.book(ctx, slot("1130"), by=somebody("other"))
    second = await bookings.book(ctx, slot("1130"), by=somebody())
    assert second.port == 2


async def test_a_refused_booking_leaves_no_port_held(ctx):
    await places.put(ctx, places.station(ports=1))
    for time in ("1055", "1205"):
        await bookings.book(ctx, slot(time), by=somebody())
    with pytest.raises(TooManyActive):
        await bookings.book(ctx, slot("1315"), by=somebody())
    assert (await bookings.book(ctx, slot("1315"), by=somebody("b"))).port == 1


async def test_turnover_counts_between_ports(ctx):
    station = places.station(
        ports=1,
        services=(Service(kind=PHONE, ports=1, slot_minutes=30, turnover_minutes=0),),
    )
    await places.put(ctx, msgspec.structs.replace(station))
    await bookings.book(ctx, slot("1100"), by=somebody())
    with pytest.raises(BackToBack):
        await bookings.book(ctx, slot("1130"), by=somebody())
    await bookings.book(ctx, slot("1200"), by=somebody())

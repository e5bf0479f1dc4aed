"""Special days: more slots, or fewer, with a look ahead."""

from datetime import date

import pytest

from models.stations import bookings, special_days
from models.stations.booked import Booking
from models.stations.hours import BadHours
from models.stations.offers import NoSuchSlot
from models.stations.overrides import SpecialDay
from models.stations.special_days import BadSpecialDay, NoSuchSpecialDay
from models.stations.stations import NoSuchStation, Station
from tests.models.stations.places import slot, somebody
from tests.models.stations.test_closures import PARK, manager, opened, twelve

SUNDAY = date(2026, 11, 29)
TUESDAY = date(2026, 11, 24)


def special(day=SUNDAY, *intervals, **other):
    given = {"day": day, "intervals": intervals, "reason": "职工联欢"}
    return SpecialDay(**given | other)


async def test_a_special_opening_adds_slots_and_taking_it_back_calls_them_off(ctx):
    by = await opened(ctx)
    wanted = slot("0900", day="20261129")
    with pytest.raises(NoSuchSlot):
        await bookings.book(ctx, wanted, by=somebody())
    await special_days.put(ctx, PARK, special(SUNDAY, "09:00-12:00"), by=by)
    booking = await bookings.book(ctx, wanted, by=somebody())
    done = await special_days.drop(ctx, PARK, SUNDAY, by=by)
    assert done.cancelled == 1
    assert (await Booking.find(ctx, _id=booking.id)).state == "cancelled_by_station"


async def test_a_shorter_day_costs_only_what_no_longer_fits(ctx):
    by = await opened(ctx)
    await twelve(ctx)
    shorter = special(TUESDAY, "09:10-20:00")
    seen = await special_days.foresee(ctx, PARK, shorter, by=by)
    assert len(seen) == 6
    done = await special_days.put(ctx, PARK, shorter, by=by)
    assert done.cancelled == 6
    assert await Booking.shelf(ctx).count_documents({"state": "booked"}) == 6


async def test_another_line_of_slots_keeps_no_booking_across_two_slots(ctx):
    by = await opened(ctx)
    await twelve(ctx)
    done = await special_days.put(ctx, PARK, special(TUESDAY, "08:05-20:00"), by=by)
    assert done.cancelled == 12


async def test_the_later_word_for_a_day_counts(ctx):
    by = await opened(ctx)
    for opens in ("09:00-12:00", "10:00-12:00"):
        await special_days.put(ctx, PARK, special(SUNDAY, opens), by=by)
    [kept] = (await Station.find(ctx, _id=PARK)).hours.special
    assert kept.intervals == ("10:00-12:00",)


async def test_what_makes_no_sense_is_refused(ctx):
    by = await opened(ctx)
    for day in (date(2026, 11, 22), date(2027, 11, 25)):
        with pytest.raises(BadSpecialDay):
            await special_days.put(ctx, PARK, special(day, "09:00-12:00"), by=by)
    with pytest.raises(BadHours):
        bad = special(SUNDAY, "09:00-12:00", "11:00-13:00")
        await special_days.put(ctx, PARK, bad, by=by)
    for day in (SUNDAY, date.min, date.max):
        with pytest.raises(NoSuchSpecialDay):
            await special_days.drop(ctx, PARK, day, by=by)
    west = await manager(ctx, "unit_west")
    with pytest.raises(NoSuchStation):
        await special_days.put(ctx, PARK, special(), by=west)
    with pytest.raises(NoSuchStation):
        await special_days.drop(ctx, PARK, SUNDAY, by=west)

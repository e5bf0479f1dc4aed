"""Strikes: three whole ones in thirty days rest the booking for a week."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base.events import Happening
from models.stations import bookings, lapses, strikes, walk_ins
from models.stations.strikes import (
    SUSPENDED,
    WEARS_OFF,
    BookingSuspended,
    Strike,
    Weight,
)
from tests.models.stations import places
from tests.models.stations.places import PHONE, at, slot, somebody

NOON = at("12:00")


def strike(days, weight=Weight.NO_SHOW):
    return Strike(
        id=f"strike_{days}",
        worker_id="worker_li",
        booking_id=f"booking_{days}",
        weight=weight,
        at=NOON + timedelta(days=days),
    )


def test_two_and_a_half_are_not_three():
    kept = [strike(-3), strike(-2), strike(-1, Weight.LATE_CANCEL)]
    assert strikes.suspended_until(kept, NOON) is None
    kept.append(strike(0, Weight.LATE_CANCEL))
    assert strikes.suspended_until(kept, NOON) == NOON + SUSPENDED


def test_a_strike_wears_off_after_thirty_days():
    assert strikes.suspended_until([strike(-30), strike(-5), strike(0)], NOON) is None
    assert strikes.suspended_until([strike(-29), strike(-5), strike(0)], NOON)


def test_the_rest_is_over_after_a_week_to_the_moment():
    kept = [strike(-3), strike(-2), strike(-1)]
    end = NOON - timedelta(days=1) + SUSPENDED
    assert strikes.suspended_until(kept, end - timedelta(milliseconds=1)) == end
    assert strikes.suspended_until(kept, end) is None


def test_taking_one_away_ends_the_rest():
    kept = [strike(-3), strike(-2), strike(-1)]
    assert strikes.suspended_until(kept, NOON)
    assert strikes.suspended_until(kept[1:], NOON) is None


@given(st.lists(st.integers(-60, 0), max_size=12))
def test_nobody_rests_longer_than_a_week_nor_for_less_than_three(days):
    kept = [strike(day) for day in sorted(days)]
    until = strikes.suspended_until(kept, NOON)
    recent = [each for each in kept if each.at > NOON - WEARS_OFF - SUSPENDED]
    if until is not None:
        assert NOON < until <= NOON + SUSPENDED
        assert len(recent) >= 3


async def miss(ctx, clock, day):
    """Book and stay away."""
    clock.put(at("10:00", day))
    await bookings.book(ctx, slot(day=f"202611{day}"), by=somebody())
    clock.put(at("11:05", day))


async def test_the_third_no_show_rests_the_booking_and_nothing_else(ctx, clock):
    await places.put(ctx)
    for day in (23, 24, 25):
        await miss(ctx, clock, day)
        assert await lapses.lapse_no_shows(ctx) == 1
    with pytest.raises(BookingSuspended) as refusal:
        await bookings.book(ctx, slot("1315", day="20261125"), by=somebody())
    until = at("11:05", 25) + SUSPENDED
    assert datetime.fromisoformat(refusal.value.details["until"]) == until
    assert "12月2日11:05" in refusal.value.message
    told = await Happening.shelf(ctx).find({"kind": "WorkerSuspended"}).to_list()
    assert [row["data"]["until"] for row in told] == [until]
    used = await walk_ins.walk_in(ctx, "station_park", PHONE, 1, by=somebody())
    assert used.state == "in_use"
    clock.put(until)
    await bookings.book(ctx, slot("1315", day="20261203"), by=somebody())


async def test_the_rule_holds_though_the_clockwork_is_late(ctx, clock):
    await places.put(ctx)
    for day in (23, 24, 25):
        await miss(ctx, clock, day)
    with pytest.raises(BookingSuspended):
        await bookings.book(ctx, slot("1315", day="20261125"), by=somebody())


async def test_the_second_of_two_strikes_for_one_booking_changes_nothing(ctx):
    for _ in range(2):
        await strikes.add(
            ctx,
            "worker_li",
            booking_id="booking_1",
            org_path="/unit_city/",
            weight=Weight.NO_SHOW,
            at=ctx.clock.now(),
        )
    assert len(await Strike.many(ctx, {})) == 1

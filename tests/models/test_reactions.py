"""What follows from what happened: who is told what, when, and what is taken back."""

from datetime import timedelta

import pytest

from models.base import events
from models.base.events import Happening, record
from models.messages import inbox
from models.messages.inbox import Message
from models.reactions import REACTIONS
from models.stations import bookings, lapses
from models.stations.booked import BookingCancelled
from models.stations.strikes import WorkerSuspended
from models.trainings import sign_ups
from tests.models.stations import places
from tests.models.stations.places import slot, somebody
from tests.models.trainings import courses

ME = somebody().id
LATER = "1240"
"""A slot far enough ahead to be reminded of."""


async def deliver(ctx):
    while await events.deliver_one(ctx, REACTIONS):
        pass


async def told(ctx, worker_id=ME):
    """Return the kinds a person was told, the oldest first."""
    page = await inbox.of(ctx, worker_id)
    return sorted(message.kind for message in page.items)


@pytest.fixture
def park(run, ctx):
    return run(places.put(ctx))


async def test_a_booking_is_confirmed_now_and_reminded_of_half_an_hour_before(
    ctx, clock, park
):
    booking = await bookings.book(ctx, slot(LATER), by=somebody())
    await deliver(ctx)
    assert await told(ctx) == ["booking_made"]
    clock.put(booking.start - timedelta(minutes=30))
    assert await told(ctx) == ["booking_made", "booking_reminder"]


async def test_delivered_twice_is_told_once(ctx, park):
    await bookings.book(ctx, slot(LATER), by=somebody())
    await deliver(ctx)
    await Happening.shelf(ctx).update_many({}, {"$set": {"state": "waiting"}})
    await deliver(ctx)
    assert await Message.shelf(ctx).count_documents({}) == 2


async def test_a_cancelled_booking_is_not_reminded_of(ctx, clock, park):
    booking = await bookings.book(ctx, slot(LATER), by=somebody())
    await deliver(ctx)
    await bookings.cancel(ctx, booking.id, by=somebody())
    await deliver(ctx)
    clock.put(booking.start)
    assert await told(ctx) == ["booking_cancelled", "booking_made"]


async def test_nor_when_the_news_come_in_the_wrong_order(ctx, clock, park):
    booking = await bookings.book(ctx, slot(LATER), by=somebody())
    await bookings.cancel(ctx, booking.id, by=somebody())
    await Happening.shelf(ctx).update_one(
        {"kind": "BookingMade"},
        {"$set": {"due_at": clock.now() + timedelta(seconds=1)}},
    )
    await deliver(ctx)
    clock.forward(timedelta(seconds=1))
    await deliver(ctx)
    clock.put(booking.start)
    assert "booking_reminder" not in await told(ctx)


async def test_a_booking_nobody_came_for_is_told(ctx, clock, park):
    booking = await bookings.book(ctx, slot(LATER), by=somebody())
    clock.put(booking.come_by)
    await lapses.lapse_no_shows(ctx)
    await deliver(ctx)
    assert "booking_missed" in await told(ctx)


async def test_a_station_that_calls_it_off_says_that_it_is_not_ones_fault(ctx, park):
    booking = await bookings.book(ctx, slot(LATER), by=somebody())
    await record(
        ctx,
        BookingCancelled(
            booking_id=booking.id,
            worker_id=ME,
            station_id=booking.station_id,
            station_name=booking.station_name,
            service=booking.service,
            port=booking.port,
            start=booking.start,
            end=booking.end,
            by_station=True,
        ),
    )
    await deliver(ctx)
    (message,) = [
        m for m in (await inbox.of(ctx, ME)).items if m.kind == "booking_called_off"
    ]
    assert "不记爽约" in message.text


async def test_a_suspension_says_until_when(ctx, clock):
    until = clock.now() + timedelta(days=7)
    await record(
        ctx, WorkerSuspended(worker_id=ME, until=until, booking_id="booking_1")
    )
    await deliver(ctx)
    (message,) = (await inbox.of(ctx, ME)).items
    assert "11月30日 10:00" in message.text


async def test_a_training_is_reminded_of_the_evening_and_two_hours_before(ctx, clock):
    await courses.programme(ctx)
    session = await courses.session(ctx)
    me = courses.who("li")
    await sign_ups.sign_up(ctx, session.id, by=me, received_at=clock.now())
    await deliver(ctx)
    assert await told(ctx, me.id) == ["enrolment_made"]
    clock.put(session.starts_at - timedelta(hours=2))
    assert await told(ctx, me.id) == [
        "enrolment_made",
        "training_reminder",
        "training_reminder",
    ]

"""Bookings: booked, used, given up or missed, each exactly once."""

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from models.agenda import hours
from models.agenda.hours import Taken, TimeConflict
from models.base.clock import SetClock
from models.base.errors import Refusal
from models.base.events import Happening
from models.stations import booked, bookings, lapses, offers, slots
from models.stations.booked import (
    BookingMoved,
    NoSuchBooking,
    State,
    TooEarly,
    TooLate,
)
from models.stations.offers import NoSuchSlot, SlotOver, TooFarAhead
from models.stations.slots import AlreadyHeld, Holder, Slot, SlotFull
from models.stations.strikes import Strike, Weight
from tests.models.stations import places
from tests.models.stations.places import VEHICLE, at, slot, somebody


async def told(ctx):
    return [row["kind"] async for row in Happening.shelf(ctx).find(sort=[("_id", 1)])]


async def gathered(*tries):
    """Return the states or words of tries made at once."""
    answers = await asyncio.gather(*tries, return_exceptions=True)
    surprises = [a for a in answers if isinstance(a, Exception)]
    assert all(isinstance(each, Refusal) for each in surprises), surprises
    return [a.code if isinstance(a, Refusal) else a.state for a in answers]


async def test_booking_holds_the_lowest_port_and_the_hours_and_is_told(ctx):
    await places.put(ctx)
    booking = await bookings.book(ctx, slot(), by=somebody())
    assert (booking.state, booking.port, booking.slot_ids) == ("booked", 1, (slot(),))
    assert (booking.start, booking.end) == (at("10:55"), at("11:25"))
    assert booking.come_by == at("11:05")
    assert [each.title for each in await hours.of(ctx, somebody().id)] == [
        "手机充电·示例·park驿站"
    ]
    assert await told(ctx) == ["BookingMade"]
    assert await booked.get(ctx, booking.id, worker_id=somebody().id) == booking


async def test_a_full_slot_is_refused(ctx):
    await places.put(ctx, places.station(ports=1))
    await bookings.book(ctx, slot(), by=somebody("a"))
    with pytest.raises(SlotFull):
        await bookings.book(ctx, slot(), by=somebody("b"))


@pytest.mark.parametrize(
    "wrong",
    [
        slot("1100"),
        slot(slug="nowhere"),
        slot("0735"),
        slot(service="rest"),
        slot(day="20261122"),
        "slot_",
        "slot_park_phone-charging_20261399_1055",
        slot("0000", day="00010101"),
        slot("2359", day="99991231"),
    ],
)
async def test_a_slot_that_is_not_in_the_timetable_is_refused(ctx, wrong):
    await places.put(ctx)
    with pytest.raises(NoSuchSlot):
        await bookings.book(ctx, wrong, by=somebody())


async def test_a_slot_that_a_closure_touches_is_refused(ctx):
    await places.close(ctx, places.station(), until=at("11:00"))
    with pytest.raises(NoSuchSlot):
        await bookings.book(ctx, slot("1055"), by=somebody())
    await bookings.book(ctx, slot("1130"), by=somebody())


async def test_a_slot_may_be_booked_till_ten_minutes_of_it_are_left(ctx, clock):
    await places.put(ctx)
    clock.put(at("11:15"))
    booking = await bookings.book(ctx, slot("1055"), by=somebody("a"))
    assert booking.come_by == booking.end
    clock.forward(timedelta(milliseconds=1))
    with pytest.raises(SlotOver):
        await bookings.book(ctx, slot("1055"), by=somebody("b"))


async def test_days_beyond_the_window_are_refused(ctx):
    await places.put(ctx)
    await bookings.book(ctx, slot(day="20261130"), by=somebody())
    with pytest.raises(TooFarAhead):
        await bookings.book(ctx, slot(day="20261201"), by=somebody())


async def test_two_at_the_same_time_clash_also_at_other_stations(ctx):
    await places.put(ctx, places.station(), places.station("bank"))
    await bookings.book(ctx, slot(), by=somebody())
    with pytest.raises(TimeConflict):
        await bookings.book(ctx, slot(slug="bank"), by=somebody())
    kept = await Slot.find(ctx, _id=slot(slug="bank"))
    assert kept is None or not kept.holders


async def test_charging_a_vehicle_binds_and_charging_a_phone_does_not(ctx):
    await places.put(ctx)
    course = Taken(
        ref="enrolment_1",
        kind="training",
        title="培训",
        start=at("10:50"),
        end=at("12:30"),
        binding=True,
    )
    await hours.look(ctx, somebody().id, [course])
    await hours.take(ctx, somebody().id, [course])
    await bookings.book(ctx, slot("1055"), by=somebody())
    with pytest.raises(TimeConflict) as refusal:
        await bookings.book(ctx, slot("1115", service=VEHICLE), by=somebody())
    assert refusal.value.details["ref"] == "enrolment_1"


async def test_what_the_process_left_half_done_is_finished_by_the_next_try(ctx):
    station = await places.put(ctx)
    held = await hold(ctx, station, somebody())
    booking = await bookings.book(ctx, slot(), by=somebody())
    assert (booking.id, booking.port, booking.state) == (held, 1, "booked")
    with pytest.raises(AlreadyHeld):
        await bookings.book(ctx, slot(), by=somebody())
    assert await told(ctx) == ["BookingMade"]


async def hold(ctx, station, who, *, slot_id=None):
    """Take a port and die before the booking is written; return its id."""
    offer = await offers.find(ctx, slot_id or slot())
    await hours.look(ctx, who.id, [])
    holder = Holder(
        port=0,
        booking_id=ctx.new_id("booking"),
        worker_id=who.id,
        since=ctx.clock.now(),
    )
    await slots.take_port(ctx, offer.empty(), holder=holder)
    return holder.booking_id


async def test_forty_workers_on_four_ports(ctx):
    await places.put(ctx)
    people = [somebody(str(number)) for number in range(40)]
    answers = await gathered(*(bookings.book(ctx, slot(), by=who) for who in people))
    assert sorted(answers) == ["booked"] * 4 + ["slot_full"] * 36
    kept = await booked.Booking.many(ctx, {})
    assert sorted(each.port for each in kept) == [1, 2, 3, 4]


async def test_one_worker_twenty_times_at_once_gets_one(ctx):
    await places.put(ctx)
    tries = [bookings.book(ctx, slot(), by=somebody()) for _ in range(20)]
    answers = await gathered(*tries)
    assert "booked" in answers
    assert set(answers) <= {"booked", "already_booked"}
    assert len(await booked.Booking.many(ctx, {})) == 1
    assert await told(ctx) == ["BookingMade"]


async def test_check_in_from_ten_minutes_before_till_ten_after(ctx, clock):
    await places.put(ctx)
    for name, moment, outcome in (
        ("a", at("10:44") + timedelta(seconds=59), TooEarly),
        ("b", at("10:45"), None),
        ("c", at("11:04") + timedelta(seconds=59), None),
        ("d", at("11:05"), TooLate),
    ):
        clock.put(at("10:00"))
        booking = await bookings.book(ctx, slot(), by=somebody(name))
        clock.put(moment)
        if outcome is None:
            used = await bookings.check_in(ctx, booking.id, by=somebody(name))
            assert (used.state, used.begun_at) == ("in_use", moment)
        else:
            with pytest.raises(outcome):
                await bookings.check_in(ctx, booking.id, by=somebody(name))


async def test_who_comes_early_waits_for_who_is_on_the_port(ctx, clock):
    await places.put(ctx, places.station(ports=1))
    first = await bookings.book(ctx, slot("1020"), by=somebody("a"))
    after = await bookings.book(ctx, slot("1055"), by=somebody("b"))
    clock.put(at("10:20"))
    await bookings.check_in(ctx, first.id, by=somebody("a"))
    clock.put(at("10:47"))
    used = await bookings.check_in(ctx, after.id, by=somebody("b"))
    assert used.begun_at == at("10:55")


async def test_checking_in_twice_is_refused_with_the_state(ctx, clock):
    await places.put(ctx)
    booking = await bookings.book(ctx, slot(), by=somebody())
    clock.put(at("10:55"))
    await bookings.check_in(ctx, booking.id, by=somebody())
    with pytest.raises(BookingMoved) as refusal:
        await bookings.check_in(ctx, booking.id, by=somebody())
    assert refusal.value.details == {"state": "in_use"}
    with pytest.raises(NoSuchBooking):
        await bookings.check_in(ctx, "booking_none", by=somebody())


async def test_cancelling_frees_the_port_and_the_hours(ctx):
    await places.put(ctx, places.station(ports=1))
    booking = await bookings.book(ctx, slot(), by=somebody("a"))
    cancelled = await bookings.cancel(ctx, booking.id, by=somebody("a"))
    assert (cancelled.state, cancelled.port_due) == ("cancelled_by_worker", False)
    assert await hours.of(ctx, somebody("a").id) == []
    assert await Strike.many(ctx, {}) == []
    assert (await bookings.book(ctx, slot(), by=somebody("b"))).port == 1


async def test_cancelling_late_costs_half_a_strike(ctx, clock):
    await places.put(ctx)
    for name, moment in (("a", at("10:40")), ("b", at("10:40"))):
        clock.put(at("10:00"))
        booking = await bookings.book(ctx, slot(), by=somebody(name))
        clock.put(moment + timedelta(seconds=name == "b"))
        await bookings.cancel(ctx, booking.id, by=somebody(name))
    strikes = await Strike.many(ctx, {})
    assert [(s.worker_id, s.weight) for s in strikes] == [
        (somebody("b").id, Weight.LATE_CANCEL)
    ]


async def test_giving_up_what_is_shut_is_no_strike(ctx, clock):
    station = await places.put(ctx)
    booking = await bookings.book(ctx, slot(), by=somebody())
    clock.put(at("10:50"))
    await places.close(ctx, station)
    await bookings.cancel(ctx, booking.id, by=somebody())
    assert await Strike.many(ctx, {}) == []


async def test_another_worker_cannot_cancel_or_finish(ctx):
    await places.put(ctx)
    booking = await bookings.book(ctx, slot(), by=somebody())
    for verb in (bookings.cancel, bookings.finish):
        with pytest.raises(NoSuchBooking):
            await verb(ctx, booking.id, by=somebody("stranger"))


async def test_cancel_check_in_and_no_show_at_once_one_wins(ctx, clock):
    await places.put(ctx)
    for turn in range(6):
        clock.put(at("10:00"))
        who = somebody(str(turn))
        booking = await bookings.book(ctx, slot("1055"), by=who)
        clock.put(at("11:04"))
        answers = await gathered(
            bookings.cancel(ctx, booking.id, by=who),
            bookings.check_in(ctx, booking.id, by=who),
            bookings.check_in(ctx, booking.id, by=who),
            bookings.cancel(ctx, booking.id, by=who),
        )
        kept = await booked.Booking.find(ctx, _id=booking.id)
        assert answers.count("booking_moved") == 3
        assert answers.count(kept.state) == 1
        if kept.state == "in_use":
            await bookings.finish(ctx, booking.id, by=who)


async def test_the_clockwork_and_the_worker_at_once_one_wins(ctx, clock):
    await places.put(ctx)
    later = replace(ctx, clock=SetClock(at("11:05")))
    for turn in range(6):
        clock.put(at("10:00"))
        who = somebody(str(turn))
        booking = await bookings.book(ctx, slot("1055"), by=who)
        clock.put(at("11:04"))
        lapsed, *answers = await asyncio.gather(
            lapses.lapse_no_shows(later),
            bookings.check_in(ctx, booking.id, by=who),
            bookings.cancel(ctx, booking.id, by=who),
            return_exceptions=True,
        )
        moved = [each for each in answers if isinstance(each, BookingMoved)]
        kept = await booked.Booking.find(ctx, _id=booking.id)
        assert lapsed + len(answers) - len(moved) == 1
        assert lapsed == (kept.state is State.NO_SHOW)
        assert {each.details["state"] for each in moved} <= {kept.state}
        if kept.state is State.IN_USE:
            await bookings.finish(ctx, booking.id, by=who)


async def test_when_the_grace_is_over_every_verb_says_so(ctx, clock):
    await places.put(ctx)
    booking = await bookings.book(ctx, slot(), by=somebody())
    clock.put(at("11:05"))
    answers = await gathered(
        bookings.cancel(ctx, booking.id, by=somebody()),
        bookings.check_in(ctx, booking.id, by=somebody()),
        bookings.finish(ctx, booking.id, by=somebody()),
    )
    assert answers == ["booking_moved", "too_late", "booking_moved"]
    assert booking.state_at(ctx.clock.now()) is State.NO_SHOW
    await asyncio.gather(*(lapses.lapse_no_shows(ctx) for _ in range(4)))
    assert (await told(ctx)).count("BookingMissed") == 1
    kept = await booked.Booking.find(ctx, _id=booking.id)
    assert (kept.state, kept.port_due) == ("no_show", False)


async def test_finishing_frees_the_rest_of_the_slot(ctx, clock):
    await places.put(ctx, places.station(ports=1))
    booking = await bookings.book(ctx, slot("1020"), by=somebody("a"))
    clock.put(at("10:20"))
    await bookings.check_in(ctx, booking.id, by=somebody("a"))
    clock.put(at("10:30"))
    done = await bookings.finish(ctx, booking.id, by=somebody("a"))
    assert (done.state, done.left_at) == ("finished", at("10:30"))
    assert (await bookings.book(ctx, slot("1020"), by=somebody("b"))).port == 1
    with pytest.raises(BookingMoved) as refusal:
        await bookings.finish(ctx, booking.id, by=somebody("a"))
    assert refusal.value.details == {"state": "finished"}


async def test_my_bookings_are_seen_as_they_are_now(ctx, clock):
    await places.put(ctx)
    first = await bookings.book(ctx, slot("1055"), by=somebody())
    clock.forward(timedelta(milliseconds=1))
    second = await bookings.book(ctx, slot("1205"), by=somebody())

    async def mine(state=None, **place):
        found = await booked.of_worker(
            ctx, somebody().id, state=state, limit=10, **place
        )
        return [each.id for each in found]

    assert await mine() == [second.id, first.id]
    assert await mine(before=second.id) == [first.id]
    assert await mine(State.BOOKED) == [second.id, first.id]
    clock.put(at("11:05"))
    assert await mine(State.BOOKED) == [second.id]
    assert await mine(State.NO_SHOW) == [first.id]
    await lapses.lapse_no_shows(ctx)
    assert await mine(State.NO_SHOW) == [first.id]
    clock.put(at("12:05"))
    await bookings.check_in(ctx, second.id, by=somebody())
    assert await mine(State.IN_USE) == [second.id]
    clock.put(at("12:40"))
    assert (await mine(State.IN_USE), await mine(State.OVERSTAYED)) == ([], [second.id])


async def test_redis_is_not_needed(ctx):
    await places.put(ctx)
    await ctx.redis.flushall()
    booking = await bookings.book(ctx, slot(), by=somebody())
    await ctx.redis.flushall()
    assert (await bookings.cancel(ctx, booking.id, by=somebody())).left_at

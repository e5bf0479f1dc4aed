"""Who waits first is offered the seat first, for a while, and once."""

from datetime import timedelta

import pytest

from models.agenda import hours
from models.agenda.hours import Taken, TimeConflict
from models.trainings import answers, mine, offers, seats
from models.trainings.answers import NotOffered, OfferOver
from models.trainings.enrolments import NoSuchEnrolment, State
from models.trainings.seats import AlreadyEnrolled
from tests.models.trainings.courses import (
    MIGRANT,
    PLATFORM,
    RIDERS_ONLY,
    START,
    cancel,
    check_all_settled,
    course,
    events_of,
    group,
    is_,
    now_of,
    sign,
    state_of,
    states,
    wait,
    who,
)

TWO_HOURS = timedelta(hours=2)
MS = timedelta(milliseconds=1)


async def full(ctx, clock, seats=1, waiting=("a", "b"), **fields):
    """A full session with people waiting, each a second after the other."""
    run = await course(ctx, seats=seats, **fields)
    first = await sign(ctx, "first")
    for number in range(1, seats):
        await sign(ctx, f"seated{number}")
    queue = []
    for name in waiting:
        clock.forward(timedelta(seconds=1))
        queue.append(await wait(ctx, name))
    return run, first, queue


async def accept(ctx, enrolment, name, received_at=None):
    return await answers.accept(
        ctx,
        enrolment.id,
        by=who(name),
        received_at=received_at or ctx.clock.now(),
    )


async def place_of(ctx, enrolment, name):
    return (await mine.find(ctx, enrolment.id, by=who(name))).position


async def test_waiting_shows_ones_place_in_the_order_of_arrival(ctx, clock):
    _, _, (a, b) = await full(ctx, clock)
    assert (await place_of(ctx, a, "a"), await place_of(ctx, b, "b")) == (1, 2)
    told = await events_of(ctx, "WaitlistJoined")
    assert [each["position"] for each in told] == [1, 2]
    with pytest.raises(AlreadyEnrolled):
        await wait(ctx, "a")


async def test_a_seat_goes_from_who_leaves_to_who_waits_first(ctx, clock):
    _, first, (a, b) = await full(ctx, clock)
    await cancel(ctx, first)
    assert await states(ctx) == {
        "first": "cancelled_by_worker",
        "a": "offered",
        "b": "waitlisted",
    }
    run = await check_all_settled(ctx)
    assert (run.left, len(run.holders)) == (0, 1)
    (told,) = await events_of(ctx, "SeatOffered")
    assert told["enrolment_id"] == a.id
    assert told["until"] == clock.now() + TWO_HOURS
    assert await place_of(ctx, b, "b") == 1
    assert await place_of(ctx, a, "a") is None


async def test_an_offer_is_taken_with_one_tap_and_a_second_changes_nothing(ctx, clock):
    _, first, (a, _) = await full(ctx, clock)
    await cancel(ctx, first)
    for _ in range(2):
        assert (await accept(ctx, a, "a")).state is State.ENROLLED
    assert [each.ref for each in await hours.of(ctx, "worker_a")] == [a.id]
    assert len(await events_of(ctx, "EnrolmentMade")) == 2
    await check_all_settled(ctx)


async def test_an_offer_that_is_declined_goes_to_the_next(ctx, clock):
    _, first, (a, b) = await full(ctx, clock)
    await cancel(ctx, first)
    await answers.decline(ctx, a.id, by=who("a"))
    assert await state_of(ctx, a) is State.DECLINED
    assert await state_of(ctx, b) is State.OFFERED
    with pytest.raises(NotOffered) as refused:
        await answers.decline(ctx, a.id, by=who("a"))
    assert refused.value.details == {"state": "declined"}
    assert len(await events_of(ctx, "OfferDeclined")) == 1
    await check_all_settled(ctx)


async def test_only_what_is_offered_to_oneself_can_be_answered(ctx, clock):
    _, first, (a, _) = await full(ctx, clock)
    with pytest.raises(NotOffered):
        await accept(ctx, a, "a")
    await cancel(ctx, first)
    for answer in (
        accept(ctx, a, "b"),
        answers.decline(ctx, a.id, by=who("b")),
    ):
        with pytest.raises(NoSuchEnrolment):
            await answer


async def test_an_offer_ends_by_the_clock_even_if_nobody_swept(ctx, clock):
    _, first, (a, _) = await full(ctx, clock)
    await cancel(ctx, first)
    arrived = clock.now() + TWO_HOURS - MS
    clock.forward(TWO_HOURS)
    found = await mine.find(ctx, a.id, by=who("a"))
    assert found.enrolment.state_at(clock.now()) is State.OFFER_LAPSED
    with pytest.raises(OfferOver):
        await accept(ctx, a, "a")
    assert (await accept(ctx, a, "a", arrived)).state is State.ENROLLED


async def test_a_lapsed_offer_goes_to_the_next_and_does_not_return(ctx, clock):
    _, first, (a, b) = await full(ctx, clock)
    await cancel(ctx, first)
    clock.forward(TWO_HOURS)
    assert await offers.lapse_overdue(ctx) == 1
    assert await offers.lapse_overdue(ctx) == 0
    assert await state_of(ctx, a) is State.OFFER_LAPSED
    assert await state_of(ctx, b) is State.OFFERED
    with pytest.raises(OfferOver):
        await accept(ctx, a, "a")
    clock.forward(TWO_HOURS)
    await offers.lapse_overdue(ctx)
    assert (await check_all_settled(ctx)).left == 1
    assert await state_of(ctx, a) is State.OFFER_LAPSED
    assert len(await events_of(ctx, "OfferLapsed")) == 2
    await sign(ctx, "a")


async def test_who_let_an_offer_pass_may_queue_again_without_a_sweep(ctx, clock):
    _, first, (_, b) = await full(ctx, clock)
    await cancel(ctx, first)
    clock.forward(TWO_HOURS)
    again = await wait(ctx, "a")
    assert again.state is State.WAITLISTED
    assert await state_of(ctx, b) is State.OFFERED


async def test_who_let_the_last_seat_pass_may_take_it_without_a_sweep(ctx, clock):
    _, first, (a,) = await full(ctx, clock, waiting=("a",))
    await cancel(ctx, first)
    clock.forward(TWO_HOURS)
    assert (await sign(ctx, "a")).state is State.ENROLLED
    assert await state_of(ctx, a) is State.OFFER_LAPSED
    await check_all_settled(ctx)


async def test_leaving_after_an_offer_frees_one_seat(ctx, clock):
    _, first, (a, b) = await full(ctx, clock)
    await cancel(ctx, first)
    await accept(ctx, a, "a")
    await cancel(ctx, a)
    assert await state_of(ctx, b) is State.OFFERED
    await cancel(ctx, b)
    run = await check_all_settled(ctx)
    assert run.left == 1
    assert len(await events_of(ctx, "SeatOffered")) == 2


async def test_leaving_the_queue_frees_nothing(ctx, clock):
    _, _, (a, b) = await full(ctx, clock)
    await cancel(ctx, a)
    assert (await check_all_settled(ctx)).left == 0
    assert await place_of(ctx, b, "b") == 1


async def test_nothing_is_offered_from_the_latest_offer_time_on(ctx, clock):
    run, first, (a, _) = await full(
        ctx, clock, cancel_until=START, sign_up_closes=START
    )
    clock.put(run.last_offer_at)
    await cancel(ctx, first)
    assert (await check_all_settled(ctx)).left == 1
    assert await offers.offer_free_seats(ctx) == 0
    assert await offers.lapse_overdue(ctx) == 2
    assert await state_of(ctx, a) is State.NOT_REACHED
    assert len(await events_of(ctx, "WaitlistEnded")) == 2


async def test_a_quota_raised_by_three_is_three_offers(ctx, clock):
    names = ("a", "b", "c", "d")
    await full(ctx, clock, seats=2, waiting=names)
    await seats.resize(ctx, "session_one", seats=5)
    assert await offers.offer_free_seats(ctx) == 3
    assert await offers.offer_free_seats(ctx) == 0
    found = await states(ctx)
    assert [found[name] for name in names] == [*["offered"] * 3, "waitlisted"]
    await check_all_settled(ctx)


async def test_who_waits_goes_before_who_comes_when_a_quota_is_raised(ctx, clock):
    await full(ctx, clock)
    await seats.resize(ctx, "session_one", seats=2)
    await wait(ctx, "late")
    assert await states(ctx) == {
        "first": "enrolled",
        "a": "offered",
        "b": "waitlisted",
        "late": "waitlisted",
    }


async def test_a_quota_lowered_throws_nobody_out_and_takes_seats_back(ctx, clock):
    _, first, _ = await full(ctx, clock, seats=3, waiting=("a",))
    await seats.resize(ctx, "session_one", seats=2)
    run = await check_all_settled(ctx)
    assert (run.left, len(run.holders)) == (-1, 3)
    await cancel(ctx, first)
    assert (await states(ctx))["a"] == "waitlisted"
    assert (await check_all_settled(ctx)).left == 0


async def test_group_quotas_are_resized_by_name(ctx):
    await course(ctx, seats=5, groups=(group(PLATFORM, 3), group(MIGRANT, 2)))
    await is_(ctx, "a", PLATFORM)
    await sign(ctx, "a")
    run = await seats.resize(ctx, "session_one", seats=6, groups={PLATFORM: 1})
    assert [(each.seats, each.left) for each in run.groups] == [(1, 0), (2, 2)]
    assert run.left == 5


async def test_a_group_seat_goes_to_the_first_who_may_have_it(ctx, clock):
    await course(ctx, seats=2, groups=(group(PLATFORM, 1), group(MIGRANT, 1)))
    for name, kind in {
        "rider": PLATFORM,
        "migrant": MIGRANT,
        "rider2": PLATFORM,
        "migrant2": MIGRANT,
    }.items():
        await is_(ctx, name, kind)
    await sign(ctx, "rider")
    seated = await sign(ctx, "migrant")
    await wait(ctx, "rider2")
    clock.forward(timedelta(seconds=1))
    await wait(ctx, "migrant2")
    await cancel(ctx, seated)
    found = await states(ctx)
    assert (found["rider2"], found["migrant2"]) == ("waitlisted", "offered")
    await check_all_settled(ctx)


async def test_a_seat_changes_its_group_with_its_holder(ctx):
    await course(ctx, seats=1, groups=(group(PLATFORM, 1), group(MIGRANT, 1)))
    await is_(ctx, "rider", PLATFORM)
    await is_(ctx, "migrant", MIGRANT)
    seated = await sign(ctx, "rider")
    await wait(ctx, "migrant")
    await cancel(ctx, seated)
    run = await check_all_settled(ctx)
    assert [held.group for held in run.holders] == [MIGRANT]


async def test_whom_the_programme_prefers_is_served_first(ctx, clock):
    await course(ctx, seats=1, first=(MIGRANT,))
    await is_(ctx, "b", MIGRANT)
    first = await sign(ctx, "first")
    a = await wait(ctx, "a")
    clock.forward(timedelta(seconds=1))
    b = await wait(ctx, "b")
    assert (await place_of(ctx, a, "a"), await place_of(ctx, b, "b")) == (2, 1)
    await cancel(ctx, first)
    assert await state_of(ctx, b) is State.OFFERED


async def test_who_is_busy_then_is_passed_over_and_keeps_their_place(ctx, clock):
    _, first, (a, b) = await full(ctx, clock)
    await occupy(ctx, "worker_a")
    await cancel(ctx, first)
    assert await state_of(ctx, a) is State.WAITLISTED
    assert await state_of(ctx, b) is State.OFFERED
    await hours.give_back(ctx, "worker_a", ref="booking_1")
    await answers.decline(ctx, b.id, by=who("b"))
    assert await state_of(ctx, a) is State.OFFERED


async def test_who_got_busy_after_the_offer_is_told_with_what(ctx, clock):
    _, first, (a, _) = await full(ctx, clock)
    await cancel(ctx, first)
    await occupy(ctx, "worker_a")
    with pytest.raises(TimeConflict) as refused:
        await accept(ctx, a, "a")
    assert refused.value.details["ref"] == "booking_1"
    await hours.give_back(ctx, "worker_a", ref="booking_1")
    assert (await accept(ctx, a, "a")).state is State.ENROLLED


async def test_who_fits_no_longer_is_not_offered_a_seat(ctx, clock):
    for name in ("first", "a", "b"):
        await is_(ctx, name, PLATFORM)
    _, first, (a, b) = await full(ctx, clock, rule=RIDERS_ONLY)
    await is_(ctx, "a", MIGRANT)
    await cancel(ctx, first)
    assert await state_of(ctx, a) is State.INELIGIBLE
    assert await state_of(ctx, b) is State.OFFERED
    assert len(await events_of(ctx, "EligibilityLost")) == 1


async def test_who_joins_while_a_seat_comes_free_is_offered_it(ctx):
    await course(ctx, seats=1)
    first = await sign(ctx, "first")
    run = await now_of(ctx)
    await seats.give_back(ctx, run, run.holders[0])
    assert first.id
    await wait(ctx, "a")
    assert (await states(ctx))["a"] == "enrolled"


async def occupy(ctx, worker_id):
    taken = Taken(
        ref="booking_1",
        kind="vehicle_charging",
        title="电动车充电",
        start=START,
        end=START + timedelta(hours=1),
        binding=True,
    )
    await hours.look(ctx, worker_id, [taken])
    await hours.take(ctx, worker_id, [taken])

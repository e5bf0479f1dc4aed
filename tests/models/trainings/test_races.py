"""Many at once on a real replica set: no seat twice, none lost, each told one thing."""

import asyncio
import random
from collections import Counter
from datetime import timedelta

import pytest

from models.base.errors import Conflict
from models.trainings import answers, loose_ends, offers
from models.trainings.enrolments import State
from tests.models.trainings.courses import (
    MIGRANT,
    PLATFORM,
    START,
    TRANSFERRING,
    cancel,
    check_all_settled,
    course,
    events_of,
    group,
    is_,
    programme,
    session,
    sign,
    states,
    wait,
    who,
)


async def outcome(work):
    try:
        return (await work).state.value
    except Conflict as refused:
        return refused.code


async def together(*works, flush=None):
    """Do it all at once; with ``flush``, lose Redis in the middle."""
    tasks = [asyncio.ensure_future(outcome(work)) for work in works]
    if flush is not None:
        await asyncio.sleep(0)
        await flush.redis.flushall()
    return await asyncio.gather(*tasks)


@pytest.mark.parametrize("flushed", [False, True])
async def test_400_workers_on_190_seats_with_group_quotas(ctx, flushed):
    groups = (group(PLATFORM, 120), group(MIGRANT, 100), group(TRANSFERRING, 60))
    await course(ctx, seats=190, groups=groups)
    crowd = []
    for kind, count in ((PLATFORM, 200), (MIGRANT, 120), (TRANSFERRING, 80)):
        for number in range(count):
            crowd.append(f"{kind}{number}")
            await is_(ctx, crowd[-1], kind)
    random.Random(4).shuffle(crowd)
    got = await together(
        *(sign(ctx, name) for name in crowd), flush=ctx if flushed else None
    )
    assert Counter(got) == {"enrolled": 190, "session_full": 210}
    run = await check_all_settled(ctx)
    assert run.left == 0
    assert all(each.left >= 0 for each in run.groups)
    assert len(await events_of(ctx, "EnrolmentMade")) == 190


@pytest.mark.parametrize("attempt", range(5))
async def test_the_last_seat_by_offer_and_by_sign_up_at_once(ctx, attempt):
    await course(ctx, seats=1)
    first = await sign(ctx, "first")
    await wait(ctx, "waiter")
    await together(cancel(ctx, first), sign(ctx, "late"), offers_run(ctx))
    run = await check_all_settled(ctx)
    assert len(run.holders) == 1
    found = await states(ctx)
    assert found["waiter"] == "offered"
    assert "late" not in found


async def offers_run(ctx):
    await offers.offer_free_seats(ctx)
    return await wait(ctx, "another")


async def test_one_worker_20_times_at_once_is_one_enrolment(ctx):
    await course(ctx, seats=30)
    got = await together(*(sign(ctx, "li") for _ in range(20)), flush=ctx)
    assert set(got) <= {"enrolled", "already_enrolled"}
    assert "enrolled" in got
    assert len(await events_of(ctx, "EnrolmentMade")) == 1
    run = await check_all_settled(ctx)
    assert run.left == 29


async def test_one_worker_in_two_sessions_at_once_is_one_enrolment(ctx):
    await course(ctx, seats=30)
    await session(ctx, "two", seats=30, starts_at=START + timedelta(days=7))
    got = await together(
        *(sign(ctx, "li", run) for run in ("session_one", "session_two") * 5)
    )
    assert set(got) <= {"enrolled", "already_enrolled"}
    assert "enrolled" in got
    runs = [await check_all_settled(ctx, f"session_{n}") for n in ("one", "two")]
    assert sum(run.left for run in runs) == 59


async def test_two_courses_at_the_same_time_are_one_enrolment(ctx):
    await course(ctx)
    await programme(ctx, "two")
    await session(ctx, "two", of="two")
    got = await together(
        *(sign(ctx, "li", run) for run in ("session_one", "session_two") * 3)
    )
    assert "enrolled" in got
    assert set(got) <= {"enrolled", "already_enrolled", "time_conflict"}
    assert len(await events_of(ctx, "EnrolmentMade")) == 1
    for each in ("one", "two"):
        await check_all_settled(ctx, f"session_{each}")


async def test_two_workers_lapse_at_once_and_each_seat_is_offered_once(ctx, clock):
    await course(ctx, seats=5)
    seated = [await sign(ctx, f"first{n}") for n in range(5)]
    for number in range(15):
        clock.forward(timedelta(seconds=1))
        await wait(ctx, f"waiter{number:02}")
    await asyncio.gather(*(cancel(ctx, each) for each in seated))
    clock.forward(timedelta(hours=2))
    done = await asyncio.gather(
        *(offers.lapse_overdue(ctx) for _ in range(3)), ctx.redis.flushall()
    )
    assert sum(done[:3]) == 5
    run = await check_all_settled(ctx)
    assert (run.left, len(run.holders)) == (0, 5)
    counts = Counter((await states(ctx)).values())
    assert counts == {
        "cancelled_by_worker": 5,
        "offer_lapsed": 5,
        "offered": 5,
        "waitlisted": 5,
    }
    assert len(await events_of(ctx, "SeatOffered")) == 10
    assert len(await events_of(ctx, "OfferLapsed")) == 5


async def test_an_offer_is_taken_or_lapses_never_both(ctx, clock):
    await course(ctx, seats=1)
    first = await sign(ctx, "first")
    waiter = await wait(ctx, "waiter")
    await cancel(ctx, first)
    arrived = clock.now()
    clock.forward(timedelta(hours=2))
    got, _, _ = await asyncio.gather(
        outcome(answers.accept(ctx, waiter.id, by=who("waiter"), received_at=arrived)),
        offers.lapse_overdue(ctx),
        offers.lapse_overdue(ctx),
    )
    run = await check_all_settled(ctx)
    assert (got, run.left) in {("enrolled", 0), ("offer_over", 1)}


async def test_everybody_leaves_and_comes_at_once_and_the_sums_hold(ctx, clock):
    groups = (group(PLATFORM, 6), group(MIGRANT, 6))
    await course(ctx, seats=10, groups=groups)
    kinds = random.Random(7)
    names = [f"w{number:02}" for number in range(40)]
    for name in names:
        await is_(ctx, name, *kinds.sample([PLATFORM, MIGRANT], kinds.choice([1, 2])))

    async def come_and_go(name):
        enrolment = await wait(ctx, name)
        if kinds.random() < 0.5:
            return await cancel(ctx, enrolment)
        return enrolment

    await together(*(come_and_go(name) for name in names))
    await offers.offer_free_seats(ctx)
    clock.forward(timedelta(minutes=2))
    await loose_ends.tie_up(ctx)
    run = await check_all_settled(ctx)
    assert run.left >= 0
    assert all(each.left >= 0 for each in run.groups)
    waiting = [s for s in (await states(ctx)).values() if s == State.WAITLISTED]
    assert not waiting or run.left == 0 or not all(g.left for g in run.groups)

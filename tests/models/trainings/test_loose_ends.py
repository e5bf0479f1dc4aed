"""Whatever a process left half done when it died is finished, and once."""

from datetime import timedelta

import pytest

from models.agenda import hours
from models.agenda.hours import Taken
from models.trainings import enrolments, loose_ends, mine, seats, sign_ups, writing
from models.trainings.enrolments import Enrolment, State
from models.trainings.seats import Claim
from tests.models.trainings.courses import (
    START,
    cancel,
    check_all_settled,
    course,
    events_of,
    now_of,
    sign,
    state_of,
    states,
    wait,
    who,
)


class DiedError(RuntimeError):
    pass


def die_at(monkeypatch, room, verb):
    async def die(*_, **__):
        raise DiedError

    monkeypatch.setattr(room, verb, die)


async def test_a_seat_taken_and_not_written_down_is_written_down(
    ctx, clock, monkeypatch
):
    await course(ctx)
    with monkeypatch.context() as broken, pytest.raises(DiedError):
        die_at(broken, writing, "write_down")
        await sign(ctx, "li")
    assert await states(ctx) == {}
    assert await loose_ends.tie_up(ctx) == 0
    clock.forward(loose_ends.PATIENCE)
    assert await loose_ends.tie_up(ctx) == 1
    assert await loose_ends.tie_up(ctx) == 0
    assert await states(ctx) == {"li": "enrolled"}
    assert len(await hours.of(ctx, "worker_li")) == 1
    assert len(await events_of(ctx, "EnrolmentMade")) == 1
    await check_all_settled(ctx)


async def test_a_seat_whose_hours_were_taken_meanwhile_is_freed(
    ctx, clock, monkeypatch
):
    await course(ctx)
    with monkeypatch.context() as broken, pytest.raises(DiedError):
        die_at(broken, writing, "write_down")
        await sign(ctx, "li")
    other = Taken(
        ref="booking_1",
        kind="vehicle_charging",
        title="电动车充电",
        start=START,
        end=START + timedelta(hours=1),
        binding=True,
    )
    await hours.take(ctx, "worker_li", [other])
    clock.forward(loose_ends.PATIENCE)
    await loose_ends.tie_up(ctx)
    assert (await check_all_settled(ctx)).left == 2
    assert (await mine.of(ctx, by=who("li"))).items == []


async def test_a_slow_process_and_the_sweep_write_one_enrolment(
    ctx, clock, monkeypatch
):
    run = await course(ctx)
    slow = []

    async def keep(ctx, enrolment, programme, session):
        slow.append((enrolment, programme, session))
        raise DiedError

    with monkeypatch.context() as broken, pytest.raises(DiedError):
        broken.setattr(writing, "write_down", keep)
        await sign(ctx, "li")
    clock.forward(loose_ends.PATIENCE)
    await loose_ends.tie_up(ctx)
    late = await sign_ups.settle(ctx, *slow[0])
    assert late.state is State.ENROLLED
    assert (await check_all_settled(ctx)).left == run.left - 1
    assert len(await events_of(ctx, "EnrolmentMade")) == 1


async def test_a_slow_process_cannot_write_down_what_was_given_up(ctx, clock):
    run = await course(ctx)
    enrolment = await sign(ctx, "other")
    lost = Enrolment(
        id="enrolment_lost",
        worker_id="worker_li",
        programme_id=run.programme_id,
        session_id=run.id,
        state=State.ENROLLED,
        state_since=clock.now(),
        until=run.ends_at,
        received_at=clock.now(),
    )
    await seats.take(ctx, run, Claim(lost.id, lost.worker_id, ()))
    assert await writing.drop(ctx, lost)
    programme, _ = await enrolments.both(ctx, enrolment)
    with pytest.raises(seats.AlreadyEnrolled):
        await sign_ups.settle(ctx, lost, programme, run)
    assert await states(ctx) == {"other": "enrolled"}
    assert (await check_all_settled(ctx)).left == 1


async def test_an_offer_not_written_down_is_written_down(ctx, clock):
    await course(ctx, seats=1)
    first = await sign(ctx, "first")
    waiter = await wait(ctx, "a")
    run = await now_of(ctx)
    claim = Claim(waiter.id, waiter.worker_id, ())
    await writing.drop(ctx, first)
    assert await seats.hand_on(ctx, run, run.holders[0], claim)
    clock.forward(loose_ends.PATIENCE)
    assert await loose_ends.tie_up(ctx) == 1
    assert await state_of(ctx, waiter) is State.OFFERED


async def test_a_seat_left_and_not_freed_goes_to_who_waits(ctx, clock, monkeypatch):
    await course(ctx, seats=1)
    first = await sign(ctx, "first")
    waiter = await wait(ctx, "a")
    with monkeypatch.context() as broken, pytest.raises(DiedError):
        die_at(broken, seats, "held_by")
        await cancel(ctx, first)
    assert await state_of(ctx, first) is State.CANCELLED_BY_WORKER
    clock.forward(loose_ends.PATIENCE)
    assert await loose_ends.tie_up(ctx) == 1
    assert await state_of(ctx, waiter) is State.OFFERED
    await check_all_settled(ctx)

"""Whatever a process left half done when it died is finished, and once."""

import asyncio
from datetime import timedelta

import pytest

from models.agenda import hours
from models.agenda.hours import Taken, TimeConflict
from models.trainings import enrolments, loose_ends, mine, seats, settling, writing
from models.trainings.enrolments import Enrolment, State
from models.trainings.seats import AlreadyEnrolled, Claim
from tests.models.trainings.courses import (
    START,
    cancel,
    check_all_settled,
    course,
    events_of,
    now_of,
    programme,
    session,
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


async def begin_slowly(ctx, monkeypatch):
    """Take a seat as ``sign_up`` does; return what is still to be written down."""
    slow = []

    async def keep(ctx, enrolment, programme, session):
        slow.append((enrolment, programme, session))
        raise DiedError

    with monkeypatch.context() as broken, pytest.raises(DiedError):
        broken.setattr(writing, "write_down", keep)
        await sign(ctx, "li")
    return slow[0]


async def test_a_slow_process_and_the_sweep_write_one_enrolment(
    ctx, clock, monkeypatch
):
    run = await course(ctx)
    slow = await begin_slowly(ctx, monkeypatch)
    clock.forward(loose_ends.PATIENCE)
    await loose_ends.tie_up(ctx)
    late = await settling.settle(ctx, *slow)
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
        await settling.settle(ctx, lost, programme, run)
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


async def leave_a_seat(ctx, monkeypatch, name="li", **more):
    """Take a seat as ``sign_up`` does, and no more; return the enrolment's id."""
    with monkeypatch.context() as broken, pytest.raises(DiedError):
        die_at(broken, writing, "write_down")
        await sign(ctx, name, **more)
    held = (await now_of(ctx)).holders
    return next(h.enrolment_id for h in held if h.worker_id == f"worker_{name}")


async def test_the_next_try_writes_the_seat_down_at_once_and_is_told(ctx, monkeypatch):
    run = await course(ctx)
    left = await leave_a_seat(ctx, monkeypatch)
    told = await sign(ctx, "li")
    assert (told.id, told.state) == (left, State.ENROLLED)
    assert told.admitted is not None
    assert await states(ctx) == {"li": "enrolled"}
    with pytest.raises(AlreadyEnrolled) as refused:
        await sign(ctx, "li")
    assert refused.value.details["enrolment_id"] == left
    assert (await check_all_settled(ctx)).left == run.left - 1
    assert len(await events_of(ctx, "EnrolmentMade")) == 1


@pytest.mark.parametrize("or_wait", [False, True])
async def test_the_next_try_for_the_last_seat_is_not_told_that_it_is_full(
    ctx, monkeypatch, or_wait
):
    await course(ctx, seats=1)
    left = await leave_a_seat(ctx, monkeypatch)
    told = await sign(ctx, "li", or_wait=or_wait)
    assert (told.id, told.state) == (left, State.ENROLLED)
    assert (await check_all_settled(ctx)).left == 0


async def test_the_next_try_is_refused_and_the_seat_free_when_the_hours_are_gone(
    ctx, monkeypatch
):
    run = await course(ctx)
    await leave_a_seat(ctx, monkeypatch)
    await programme(ctx, "two")
    await session(ctx, "two", of="two")
    await sign(ctx, "li", "session_two")
    with pytest.raises(TimeConflict):
        await sign(ctx, "li")
    assert (await check_all_settled(ctx)).left == run.left


async def test_whoever_left_and_still_holds_the_seat_takes_one_anew(ctx, monkeypatch):
    run = await course(ctx)
    first = await sign(ctx, "li")
    with monkeypatch.context() as broken, pytest.raises(DiedError):
        die_at(broken, seats, "held_by")
        await cancel(ctx, first)
    again = await sign(ctx, "li")
    assert (again.id != first.id, again.state) == (True, State.ENROLLED)
    assert (await check_all_settled(ctx)).left == run.left - 1


@pytest.mark.parametrize("attempt", range(10))
async def test_tries_sweeps_and_the_slow_process_at_once_make_one_enrolment(
    ctx, clock, monkeypatch, attempt
):
    run = await course(ctx, seats=1)
    slow = await begin_slowly(ctx, monkeypatch)
    clock.forward(loose_ends.PATIENCE)
    told = await asyncio.gather(
        *(sign(ctx, "li") for _ in range(3)),
        *(loose_ends.tie_up(ctx) for _ in range(2)),
        settling.settle(ctx, *slow),
        return_exceptions=True,
    )
    assert all(isinstance(each, Enrolment | AlreadyEnrolled | int) for each in told)
    assert {each.id for each in told if isinstance(each, Enrolment)} == {slow[0].id}
    assert (await check_all_settled(ctx)).left == run.left - 1
    assert await states(ctx) == {"li": "enrolled"}
    assert len(await hours.of(ctx, "worker_li")) == 1
    assert len(await events_of(ctx, "EnrolmentMade")) == 1

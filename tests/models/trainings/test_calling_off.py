"""A cancelled session leaves nobody in it, whoever was signing up meanwhile."""

import asyncio
from datetime import timedelta

import pytest

from models.agenda import hours
from models.base.errors import Conflict
from models.trainings import (
    answers,
    calling_off,
    catalogue,
    enrolments,
    loose_ends,
    offers,
    seats,
    writing,
)
from models.trainings.enrolments import Enrolment, State
from models.trainings.seats import Claim
from models.trainings.sessions import NoSuchTrainingSession, SessionCancelled, Stage
from models.trainings.turning import SessionMovedOn, StaleVersion
from tests.models.trainings.courses import (
    START,
    cancel,
    check_all_settled,
    check_sums,
    course,
    deliver_events,
    events_of,
    manager,
    now_of,
    session,
    sign,
    states,
    told,
    wait,
    who,
)


async def call_off(ctx, version=0, by=None):
    return await calling_off.call_off(
        ctx,
        "session_one",
        version=version,
        reason="老师生病",
        by=by or await manager(ctx),
    )


async def full(ctx):
    """One enrolled, one offered, one waiting."""
    run = await course(ctx, seats=2)
    await sign(ctx, "seated")
    leaving = await sign(ctx, "leaving")
    await wait(ctx, "a")
    await wait(ctx, "b")
    await cancel(ctx, leaving)
    return run


async def test_everybody_is_told_and_nothing_is_left(ctx):
    await full(ctx)
    await session(ctx, "sibling")
    run = await call_off(ctx)
    assert (run.stage, run.reason, run.version) == (Stage.CANCELLED, "老师生病", 1)
    gone = "cancelled_by_organiser"
    assert await states(ctx) == {
        "seated": gone,
        "leaving": "cancelled_by_worker",
        "a": gone,
        "b": gone,
    }
    assert (await check_all_settled(ctx)).left == 2
    for name in ("seated", "a", "b"):
        assert await hours.of(ctx, f"worker_{name}") == []
    assert len(await events_of(ctx, "SessionCalledOff")) == 3
    assert await ctx.db["strikes"].count_documents({}) == 0
    await deliver_events(ctx)
    for name in ("seated", "a", "b"):
        assert "training_called_off" in await told(ctx, name)
    assert "training_reminder" not in await told(ctx, "seated")
    (listed,) = (await catalogue.listed(ctx)).items
    assert [each.id for each in listed.sessions] == ["session_sibling"]
    await sign(ctx, "seated", "session_sibling")


async def test_a_cancelled_session_takes_nobody_and_offers_nothing(ctx):
    run = await full(ctx)
    (offered,) = await Enrolment.many(ctx, {"state": State.OFFERED})
    offerer = who(offered.worker_id.removeprefix("worker_"))
    await call_off(ctx)
    for name in ("new", "seated"):
        with pytest.raises(SessionCancelled) as refused:
            await sign(ctx, name)
        assert refused.value.details == {"reason": "老师生病"}
    with pytest.raises(SessionCancelled):
        await seats.take(ctx, run, Claim("enrolment_x", "worker_x", ()))
    with pytest.raises(Conflict):
        await answers.accept(ctx, offered.id, by=offerer, received_at=ctx.clock.now())
    assert await offers.offer_free_seats(ctx) == 0
    assert await loose_ends.tie_up(ctx) == 0


async def test_a_crash_in_the_middle_is_finished_by_the_clockwork(ctx, monkeypatch):
    await full(ctx)

    async def die(*_, **__):
        raise RuntimeError

    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(calling_off, "wind_up", die)
        await call_off(ctx)
    assert (await states(ctx))["seated"] == "enrolled"
    assert await calling_off.wind_up_all(ctx) > 0
    assert await calling_off.wind_up_all(ctx) == 0
    assert (await states(ctx))["seated"] == "cancelled_by_organiser"
    assert len(await events_of(ctx, "SessionCalledOff")) == 3
    await check_all_settled(ctx)


async def test_a_seat_taken_just_before_is_given_up_not_written_down(ctx, clock):
    run = await course(ctx)
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
    await call_off(ctx)
    assert len((await now_of(ctx)).holders) == 1
    clock.forward(loose_ends.PATIENCE)
    assert await loose_ends.tie_up(ctx) == 0
    assert await calling_off.wind_up_all(ctx) == 1
    assert (await check_all_settled(ctx)).left == 2
    programme, _ = await enrolments.both(ctx, lost)
    with pytest.raises(seats.AlreadyEnrolled):
        await writing.write_down(ctx, lost, programme, run)
    assert await states(ctx) == {}


async def test_who_signs_up_while_it_is_cancelled_is_not_left_in_it(ctx, clock):
    await course(ctx, seats=40)
    crowd = [sign(ctx, f"w{n}", or_wait=True) for n in range(60)]
    wang = await manager(ctx)
    await asyncio.gather(
        *crowd[:30], call_off(ctx, by=wang), *crowd[30:], return_exceptions=True
    )
    clock.forward(loose_ends.PATIENCE)
    while await calling_off.wind_up_all(ctx):
        pass
    found = await states(ctx)
    assert set(found.values()) <= {"cancelled_by_organiser"}
    run = await check_sums(ctx)
    assert (run.left, run.holders) == (40, ())
    for name in found:
        assert await hours.of(ctx, f"worker_{name}") == []
    assert len(await events_of(ctx, "SessionCalledOff")) == len(found)


async def test_of_two_managers_one_cancels(ctx):
    await full(ctx)
    wang, li = await manager(ctx, "wang"), await manager(ctx, "li")
    both = await asyncio.gather(
        call_off(ctx, by=wang), call_off(ctx, by=li), return_exceptions=True
    )
    (late,) = [each for each in both if isinstance(each, Exception)]
    assert isinstance(late, SessionMovedOn)
    assert late.details["stage"] == "cancelled"
    assert len(await events_of(ctx, "SessionCalledOff")) == 3


async def test_it_is_refused_out_of_reach_out_of_date_and_once_begun(ctx, clock):
    await course(ctx)
    with pytest.raises(NoSuchTrainingSession):
        await call_off(ctx, by=await manager(ctx, "west", unit="unit_west"))
    with pytest.raises(StaleVersion):
        await call_off(ctx, version=7)
    clock.put(START + timedelta(hours=1))
    with pytest.raises(SessionMovedOn):
        await call_off(ctx)
    assert (await now_of(ctx)).stage is Stage.OPEN

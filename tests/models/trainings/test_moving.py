"""A moved session keeps everybody, tells them old and new, and lets them go free."""

import asyncio
from datetime import timedelta

import pytest

from models.agenda import hours
from models.agenda.hours import Taken
from models.base.places import Point
from models.trainings import moving, offers
from models.trainings.enrolments import Enrolment, State
from models.trainings.moving import NewDate
from models.trainings.programmes import Place
from models.trainings.session_drafts import BadSession
from models.trainings.sessions import Meeting, NoSuchTrainingSession
from models.trainings.turning import SessionMovedOn, StaleVersion
from tests.models.trainings.courses import (
    NOW,
    START,
    cancel,
    check_all_settled,
    course,
    deliver_events,
    events_of,
    manager,
    now_of,
    sign,
    state_of,
    states,
    told,
    wait,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THERE = Place(name="示例·文化宫", point=Point(113.6, 34.8))


def to(start, place=THERE, **more):
    lesson = Meeting(starts_at=start, ends_at=start + 3 * HOUR)
    return NewDate(meetings=(lesson,), place=place, **more)


async def move(ctx, new, version=0, by=None):
    return await moving.move(
        ctx,
        "session_one",
        new,
        version=version,
        reason="场地维修",
        by=by or await manager(ctx),
    )


async def busy(ctx, name, start):
    other = Taken(
        ref=f"booking_{name}",
        kind="vehicle_charging",
        title="电动车充电",
        start=start,
        end=start + HOUR,
        binding=True,
    )
    await hours.take(ctx, f"worker_{name}", [other])


async def test_everybody_keeps_their_seat_and_hears_old_and_new(ctx):
    await course(ctx, seats=1)
    await sign(ctx, "seated")
    await wait(ctx, "waiting")
    await deliver_events(ctx)
    run = await move(ctx, to(START + DAY))
    assert (run.starts_at, run.place, run.moves) == (START + DAY, THERE, 1)
    assert run.cancel_until == START + DAY
    assert await states(ctx) == {"seated": "enrolled", "waiting": "waitlisted"}
    (taken,) = await hours.of(ctx, "worker_seated")
    assert (taken.start, taken.end) == (START + DAY, START + DAY + 3 * HOUR)
    untils = {
        each.state: each.until for each in await Enrolment.many(ctx, {"clash": None})
    }
    assert untils == {
        State.ENROLLED: run.ends_at,
        State.WAITLISTED: run.last_offer_at,
    }
    first, _ = await events_of(ctx, "SessionMoved")
    assert (first["old_start"], first["old_place"]) == (START, "示例·驿站")
    assert (first["start"], first["place"]) == (START + DAY, "示例·文化宫")
    await deliver_events(ctx)
    assert "training_moved" in await told(ctx, "seated")
    assert "training_moved" in await told(ctx, "waiting")
    await check_all_settled(ctx)


async def test_reminders_follow_however_often_they_are_planned(ctx, clock):
    await course(ctx)
    await sign(ctx, "li")
    await deliver_events(ctx)
    await move(ctx, to(START + DAY))
    await deliver_events(ctx)
    rows = ctx.db["events"]
    await rows.update_many({}, {"$set": {"state": "waiting", "due_at": NOW}})
    await deliver_events(ctx)
    clock.put(START + DAY)
    reminders = ctx.db["messages"].find(
        {"kind": "training_reminder", "dropped": False}, sort=[("due_at", 1)]
    )
    assert [row["due_at"] async for row in reminders] == [
        START + 10 * HOUR,
        START + DAY - 2 * HOUR,
    ]


async def test_who_clashes_now_is_told_with_what_and_listed(ctx):
    await course(ctx)
    busy_one, _ = await sign(ctx, "busy"), await sign(ctx, "free")
    await busy(ctx, "busy", START + DAY)
    await move(ctx, to(START + DAY))
    clashing = await Enrolment.many(ctx, {"clash": {"$ne": None}})
    assert [each.id for each in clashing] == [busy_one.id]
    assert clashing[0].clash.ref == "booking_busy"
    assert len(await hours.of(ctx, "worker_busy")) == 2
    await deliver_events(ctx)
    assert "training_moved_clash" in await told(ctx, "busy")
    assert "training_moved" in await told(ctx, "free")


async def test_a_seat_may_be_given_back_free_till_the_new_start(ctx, clock):
    await course(ctx)
    mine = await sign(ctx, "li")
    await move(ctx, to(START + DAY))
    clock.put(START + DAY - timedelta(milliseconds=1))
    assert (await cancel(ctx, mine)).state is State.CANCELLED_BY_WORKER
    assert (await check_all_settled(ctx)).left == 2


async def test_a_crash_in_the_middle_is_finished_once(ctx, monkeypatch):
    await course(ctx, seats=3)
    for name in ("a", "b", "c"):
        await sign(ctx, name)

    async def die(*_, **__):
        raise RuntimeError

    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(moving, "bring_up", die)
        await move(ctx, to(START + DAY))
    assert await moving.bring_up_all(ctx) == 3
    assert await moving.bring_up_all(ctx) == 0
    assert len(await events_of(ctx, "SessionMoved")) == 3


async def test_nobody_is_ended_by_the_old_time(ctx, clock, monkeypatch):
    await course(ctx)
    mine = await sign(ctx, "li")

    async def die(*_, **__):
        raise RuntimeError

    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(moving, "bring_up", die)
        await move(ctx, to(START + 2 * DAY))
    clock.put(START + DAY)
    assert await offers.lapse_overdue(ctx) == 0
    await moving.bring_up_all(ctx)
    assert await state_of(ctx, mine) is State.ENROLLED


async def test_who_signs_up_while_it_is_moved_gets_the_new_hours(ctx):
    await course(ctx, seats=30)
    wang = await manager(ctx)
    crowd = [sign(ctx, f"w{n}") for n in range(30)]
    await asyncio.gather(*crowd[:15], move(ctx, to(START + DAY), by=wang), *crowd[15:])
    while await moving.bring_up_all(ctx):
        pass
    for n in range(30):
        (taken,) = await hours.of(ctx, f"worker_w{n}")
        assert taken.start == START + DAY
    assert (await check_all_settled(ctx)).left == 0


async def test_of_two_managers_at_once_one_is_told(ctx):
    await course(ctx)
    await sign(ctx, "li")
    wang, li = await manager(ctx, "wang"), await manager(ctx, "li")
    both = await asyncio.gather(
        move(ctx, to(START + DAY), by=wang),
        move(ctx, to(START + 2 * DAY), by=li),
        return_exceptions=True,
    )
    (late,) = [each for each in both if isinstance(each, Exception)]
    assert isinstance(late, StaleVersion)
    assert len(await events_of(ctx, "SessionMoved")) == 1


@pytest.mark.parametrize(
    ("new", "path"),
    [
        (to(NOW), "$.meetings[0].starts_at"),
        (NewDate(meetings=(), place=THERE), "$.meetings"),
        (to(START, sign_up_closes=START + HOUR), "$.sign_up_closes"),
    ],
)
async def test_an_impossible_date_is_refused_with_its_path(ctx, new, path):
    await course(ctx)
    with pytest.raises(BadSession) as refused:
        await move(ctx, new)
    assert refused.value.details == {"path": path}


async def test_it_is_refused_out_of_reach_and_once_begun(ctx, clock):
    await course(ctx)
    with pytest.raises(NoSuchTrainingSession):
        await move(
            ctx, to(START + DAY), by=await manager(ctx, "west", unit="unit_west")
        )
    clock.put(START)
    with pytest.raises(SessionMovedOn):
        await move(ctx, to(START + DAY))
    assert (await now_of(ctx)).moves == 0

"""Sessions are planned, opened, closed and resized; the impossible is refused."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from models.trainings import catalogue, offers, scheduling, sessions, sign_ups
from models.trainings.programmes import Place, Standing
from models.trainings.scheduling import NoSuchGroup, ProgrammeNotOpen
from models.trainings.session_drafts import BadSession, GroupDraft, SessionDraft
from models.trainings.sessions import Meeting, NoSuchTrainingSession, SignUp, Stage
from models.trainings.turning import SessionMovedOn, StaleVersion
from models.trainings.windows import SignUpClosed
from tests.models.trainings.courses import (
    EAST,
    HERE,
    NOW,
    PLATFORM,
    START,
    check_all_settled,
    course,
    group,
    manager,
    now_of,
    programme,
    sign,
    states,
    wait,
    who,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def lesson(start, length=2 * HOUR):
    return Meeting(starts_at=start, ends_at=start + length)


def draft(**fields):
    return SessionDraft(
        **{
            "meetings": (lesson(START), lesson(START + DAY)),
            "place": Place(name="示例·驿站", point=HERE),
            "sign_up_opens": NOW,
            "sign_up_closes": START - DAY,
            "cancel_until": START - DAY,
            "latest_offer_hours": 12,
            "offer_minutes": 60,
            "seats": 10,
            "groups": (GroupDraft(name="骑手", classes=(PLATFORM,), seats=5),),
        }
        | fields
    )


def two_groups(**other):
    one = {"name": "骑手", "classes": (PLATFORM,), "seats": 5}
    return (GroupDraft(**one), GroupDraft(**one | other))


IMPOSSIBLE = {
    "$.meetings": {"meetings": ()},
    "$.meetings[0].starts_at": {"meetings": (lesson(NOW),)},
    "$.meetings[0].ends_at": {"meetings": (lesson(START, -HOUR),)},
    "$.meetings[1].starts_at": {"meetings": (lesson(START), lesson(START + HOUR))},
    "$.meetings ": {"meetings": (lesson(START), lesson(START + 1100 * DAY))},
    "$.meetings[0].starts_at ": {"meetings": (lesson(START + 4000 * DAY),)},
    "$.sign_up_opens": {"sign_up_opens": NOW - 4000 * DAY},
    "$.sign_up_closes": {"sign_up_closes": NOW},
    "$.sign_up_closes ": {"sign_up_closes": START + HOUR},
    "$.cancel_until": {"cancel_until": NOW},
    "$.cancel_until ": {"cancel_until": START + HOUR},
    "$.latest_offer_hours": {"latest_offer_hours": 24 * 14},
    "$.offer_minutes": {"offer_minutes": 0},
    "$.seats": {"seats": 0, "groups": ()},
    "$.groups[1].name": {"groups": two_groups()},
    "$.groups[1].classes": {"groups": two_groups(name="其他", classes=())},
    "$.groups[1].seats": {"groups": two_groups(name="其他", seats=11)},
}


@pytest.mark.parametrize("path", IMPOSSIBLE)
async def test_what_cannot_be_held_is_refused_with_its_path(ctx, path):
    await programme(ctx)
    with pytest.raises(BadSession) as refused:
        await scheduling.plan(
            ctx, "programme_one", draft(**IMPOSSIBLE[path]), by=await manager(ctx)
        )
    assert refused.value.details == {"path": path.strip()}
    assert await ctx.db["training_sessions"].count_documents({}) == 0


async def test_a_session_is_planned_changed_opened_and_then_seen(ctx):
    await programme(ctx)
    wang = await manager(ctx)
    run = await scheduling.plan(ctx, "programme_one", draft(), by=wang)
    assert (run.stage, run.org_path, run.left) == (Stage.PLANNED, EAST, 10)
    assert [each.left for each in run.groups] == [5]
    assert (await catalogue.listed(ctx)).items == []
    assert await sessions.of_programme(ctx, "programme_one") == []
    with pytest.raises(NoSuchTrainingSession):
        await sign(ctx, "li", run.id)
    run = await scheduling.change(ctx, run.id, draft(seats=8), version=1, by=wang)
    assert (run.seats, run.left, run.version) == (8, 8, 2)
    run = await scheduling.open_up(ctx, run.id, version=2, by=wang)
    (listed,) = (await catalogue.listed(ctx)).items
    assert [each.id for each in listed.sessions] == [run.id]
    await sign(ctx, "li", run.id)
    with pytest.raises(SessionMovedOn) as refused:
        await scheduling.change(ctx, run.id, draft(), version=3, by=wang)
    assert refused.value.details == {"stage": "open", "has_begun": False}


async def test_a_session_opens_only_in_an_open_programme(ctx):
    await programme(ctx, standing=Standing.PLANNED)
    wang = await manager(ctx)
    run = await scheduling.plan(ctx, "programme_one", draft(), by=wang)
    with pytest.raises(ProgrammeNotOpen):
        await scheduling.open_up(ctx, run.id, version=1, by=wang)


async def test_a_copy_is_planned_the_same_way_at_another_time(ctx):
    await programme(ctx)
    wang = await manager(ctx)
    run = await scheduling.plan(ctx, "programme_one", draft(), by=wang)
    week = timedelta(days=7)
    again = await scheduling.copy(ctx, run.id, starts_at=START + week, by=wang)
    assert again.stage is Stage.PLANNED
    for name in ("starts_at", "ends_at", "sign_up_closes", "cancel_until"):
        assert getattr(again, name) == getattr(run, name) + week
    assert again.groups == run.groups
    for never in (NOW, datetime.max.replace(tzinfo=UTC)):
        with pytest.raises(BadSession):
            await scheduling.copy(ctx, run.id, starts_at=never, by=wang)


async def test_closing_early_counts_when_a_request_arrived(ctx, clock):
    run = await course(ctx)
    wang = await manager(ctx)
    arrived = clock.now()
    clock.forward(HOUR)
    run = await scheduling.close(ctx, run.id, version=0, reason="够了", by=wang)
    assert run.sign_up_at(clock.now()) is SignUp.CLOSED
    with pytest.raises(SignUpClosed):
        await sign(ctx, "late")
    await sign(ctx, "in time", received_at=arrived)
    run = await scheduling.reopen(
        ctx, run.id, version=1, sign_up_closes=START - HOUR, by=wang
    )
    assert run.sign_up_at(START - 2 * HOUR) is SignUp.OPEN
    await sign(ctx, "again")
    with pytest.raises(BadSession) as refused:
        await scheduling.reopen(
            ctx, run.id, version=2, sign_up_closes=START + HOUR, by=wang
        )
    assert refused.value.details == {"path": "$.sign_up_closes"}


async def test_who_waits_still_gets_a_seat_when_sign_up_is_closed(ctx):
    run = await course(ctx, seats=1)
    await sign(ctx, "first")
    await wait(ctx, "a")
    wang = await manager(ctx)
    await scheduling.close(ctx, run.id, version=0, reason="够了", by=wang)
    await scheduling.resize(ctx, run.id, wanted=2, groups={}, version=1, by=wang)
    assert (await states(ctx))["a"] == "offered"


async def test_a_raised_quota_is_offered_at_once_a_lowered_throws_nobody_out(
    ctx, clock
):
    run = await course(ctx, seats=1)
    await sign(ctx, "first")
    for name in ("a", "b", "c", "d"):
        clock.forward(timedelta(seconds=1))
        await wait(ctx, name)
    wang = await manager(ctx)
    run = await scheduling.resize(ctx, run.id, wanted=4, groups={}, version=0, by=wang)
    assert (run.seats, run.left) == (4, 0)
    found = await states(ctx)
    assert [found[name] for name in "abcd"] == [*["offered"] * 3, "waitlisted"]
    run = await scheduling.resize(ctx, run.id, wanted=2, groups={}, version=1, by=wang)
    assert (run.seats, run.left) == (2, -2)
    assert await offers.offer_free_seats(ctx) == 0
    assert await states(ctx) == found
    await check_all_settled(ctx)


async def test_only_groups_that_are_there_are_resized(ctx):
    run = await course(ctx, seats=5, groups=(group(PLATFORM, 3),))
    wang = await manager(ctx)
    for groups in ({"nobody": 1}, {PLATFORM: 6}):
        with pytest.raises(NoSuchGroup):
            await scheduling.resize(
                ctx, run.id, wanted=5, groups=groups, version=0, by=wang
            )
    run = await scheduling.resize(
        ctx, run.id, wanted=5, groups={PLATFORM: 1}, version=0, by=wang
    )
    assert [each.left for each in run.groups] == [1]


async def test_of_two_managers_at_once_one_is_told(ctx):
    run = await course(ctx)
    wang, li = await manager(ctx, "wang"), await manager(ctx, "li")
    both = await asyncio.gather(
        scheduling.resize(ctx, run.id, wanted=5, groups={}, version=0, by=wang),
        scheduling.resize(ctx, run.id, wanted=9, groups={}, version=0, by=li),
        return_exceptions=True,
    )
    (stale,) = [each for each in both if isinstance(each, Exception)]
    assert isinstance(stale, StaleVersion)
    assert stale.details == {"version": 1}
    assert (await now_of(ctx)).seats in {5, 9}


async def test_a_quota_changed_in_a_rush_is_never_exceeded(ctx):
    run = await course(ctx, seats=20)
    wang = await manager(ctx)
    crowd = [sign(ctx, f"w{number}") for number in range(60)]
    shrink = scheduling.resize(ctx, run.id, wanted=10, groups={}, version=0, by=wang)
    await asyncio.gather(*crowd[:30], shrink, *crowd[30:], return_exceptions=True)
    run = await check_all_settled(ctx)
    assert run.seats == 10
    assert 10 <= len(run.holders) <= 20


async def test_what_has_begun_is_not_changed(ctx, clock):
    run = await course(ctx)
    clock.put(START)
    with pytest.raises(SessionMovedOn) as refused:
        await scheduling.resize(
            ctx, run.id, wanted=9, groups={}, version=0, by=await manager(ctx)
        )
    assert refused.value.details == {"stage": "open", "has_begun": True}


async def test_a_session_of_another_branch_does_not_exist(ctx):
    run = await course(ctx)
    west = await manager(ctx, "west", unit="unit_west")
    reason = {"version": 0, "by": west}
    for deed in (
        scheduling.change(ctx, run.id, draft(), **reason),
        scheduling.copy(ctx, run.id, starts_at=START, by=west),
        scheduling.open_up(ctx, run.id, **reason),
        scheduling.close(ctx, run.id, reason="无", **reason),
        scheduling.reopen(ctx, run.id, sign_up_closes=None, **reason),
        scheduling.resize(ctx, run.id, wanted=1, groups={}, **reason),
    ):
        with pytest.raises(NoSuchTrainingSession):
            await deed
    assert await now_of(ctx) == run


async def test_a_worker_is_told_by_whom_nobody(ctx):
    run = await course(ctx)
    await sign_ups.sign_up(ctx, run.id, by=who("li"), received_at=ctx.clock.now())
    assert (await sessions.find(ctx, run.id)).holders == ()

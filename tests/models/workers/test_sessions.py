"""Where a person is signed in, and ending it at once in every process."""

import asyncio
from datetime import timedelta

import pytest

from models.workers import sessions
from models.workers.revocations import KEPT, Revocations
from models.workers.sessions import (
    NoSuchSession,
    PortMismatch,
    SessionRevoked,
    SignedIn,
)
from models.workers.tokens import Port, TokenExpired
from tests.models.workers.people import actor_of, another_house, arrive


async def admit(ctx, entered):
    return await sessions.admit(ctx, entered.tokens.access_token, port=Port.WORKER)


async def refused(ctx, entered):
    """Wait until a process has heard that somebody is out."""
    with pytest.raises(SessionRevoked):
        while await admit(ctx, entered):  # noqa: ASYNC110 - nothing tells a test
            await asyncio.sleep(0)


async def test_a_token_lets_its_owner_in(ctx):
    entered = await arrive(ctx)
    assert (await admit(ctx, entered)).id == entered.worker.id


async def test_a_token_opens_its_own_port_only(ctx):
    entered = await arrive(ctx)
    with pytest.raises(PortMismatch) as refusal:
        await sessions.admit(ctx, entered.tokens.access_token, port=Port.STATION)
    assert refusal.value.details == {"port": "worker"}


async def test_a_token_dies_by_the_clock(ctx, clock):
    entered = await arrive(ctx)
    clock.forward(timedelta(minutes=15))
    with pytest.raises(TokenExpired):
        await admit(ctx, entered)


async def test_signing_out_holds_at_once_here_and_is_heard_elsewhere(
    ctx, settings, clock
):
    entered, stays = await arrive(ctx), await arrive(ctx)
    async with another_house(settings, clock) as other:
        await admit(other.ctx, entered)
        await sessions.sign_out(ctx, by=actor_of(ctx, entered.tokens))
        with pytest.raises(SessionRevoked):
            await admit(ctx, entered)
        await refused(other.ctx, entered)
        await admit(other.ctx, stays)


async def test_a_process_that_starts_later_knows_who_was_signed_out(
    ctx, settings, clock
):
    entered = await arrive(ctx)
    await sessions.sign_out(ctx, by=actor_of(ctx, entered.tokens))
    async with another_house(settings, clock) as other:
        with pytest.raises(SessionRevoked):
            await admit(other.ctx, entered)


async def test_a_process_that_went_deaf_asks_mongodb(ctx, settings, clock):
    entered, stays = await arrive(ctx), await arrive(ctx)
    async with another_house(settings, clock) as other:
        await other.follower.stop()
        other.follower._last_answer = float("-inf")
        await sessions.sign_out(ctx, by=actor_of(ctx, entered.tokens))
        with pytest.raises(SessionRevoked):
            await admit(other.ctx, entered)
        await admit(other.ctx, stays)
        unknown = sessions.tokens.make(
            ctx.secrets,
            owner_id="worker_1",
            session_id="session_never",
            port=Port.WORKER,
            now=clock.now(),
        )
        with pytest.raises(SessionRevoked):
            await sessions.admit(other.ctx, unknown, port=Port.WORKER)


async def test_what_ended_is_forgotten_when_its_tokens_have_died(ctx, clock):
    entered = await arrive(ctx)
    await sessions.sign_out(ctx, by=actor_of(ctx, entered.tokens))
    live = ctx.the(Revocations)
    assert len(live._ended) == 1
    clock.forward(KEPT + timedelta(milliseconds=1))
    later = await arrive(ctx)
    await sessions.sign_out(ctx, by=actor_of(ctx, later.tokens))
    assert list(live._ended) == [actor_of(ctx, later.tokens).session_id]


async def test_signing_out_everywhere_ends_every_session_of_this_person(ctx):
    mine = [await arrive(ctx, "17") for _ in range(3)]
    theirs = await arrive(ctx, "18")
    await sessions.sign_out_everywhere(ctx, by=actor_of(ctx, mine[0].tokens))
    for entered in mine:
        with pytest.raises(SessionRevoked):
            await admit(ctx, entered)
    await admit(ctx, theirs)


async def test_one_session_can_be_ended_from_another(ctx):
    phone, lost = await arrive(ctx), await arrive(ctx)
    by = actor_of(ctx, phone.tokens)
    await sessions.end(ctx, actor_of(ctx, lost.tokens).session_id, by=by)
    with pytest.raises(SessionRevoked):
        await admit(ctx, lost)
    await admit(ctx, phone)


async def test_nobody_ends_what_is_not_theirs_or_has_ended(ctx):
    mine, theirs = await arrive(ctx, "17"), await arrive(ctx, "18")
    by = actor_of(ctx, mine.tokens)
    other = actor_of(ctx, theirs.tokens)
    for session_id in (other.session_id, "session_none"):
        with pytest.raises(NoSuchSession):
            await sessions.end(ctx, session_id, by=by)
    await sessions.sign_out(ctx, by=other)
    with pytest.raises(NoSuchSession):
        await sessions.end(ctx, other.session_id, by=other)
    await admit(ctx, mine)


async def test_a_person_sees_where_they_are_signed_in(ctx, clock):
    await arrive(ctx, "18")
    first = await arrive(ctx, device="HUAWEI Mate 60")
    clock.forward(timedelta(minutes=1))
    second = await arrive(ctx, device="红米 13")
    by = actor_of(ctx, second.tokens)
    assert [each.device for each in await sessions.of(ctx, by=by)] == [
        "红米 13",
        "HUAWEI Mate 60",
    ]
    await sessions.sign_out(ctx, by=actor_of(ctx, first.tokens))
    assert [each.device for each in await sessions.of(ctx, by=by)] == ["红米 13"]
    clock.forward(sessions.REFRESH_LIFE)
    assert await sessions.of(ctx, by=by) == []


async def test_two_hundred_at_once_are_never_taken_for_one_another(ctx):
    entered = [await arrive(ctx, str(number)) for number in range(20)]
    told = await asyncio.gather(*(admit(ctx, each) for each in entered * 10))
    assert [who.id for who in told] == [each.worker.id for each in entered * 10]
    assert all(isinstance(who, SignedIn) for who in told)


async def test_sessions_that_are_over_are_deleted_a_day_later(ctx, clock):
    await arrive(ctx)
    clock.forward(sessions.REFRESH_LIFE)
    await arrive(ctx)
    clock.forward(sessions.KEPT_OVER)
    assert await sessions.forget_over(ctx) == 0
    clock.forward(timedelta(milliseconds=1))
    assert await sessions.forget_over(ctx) == 1
    assert await sessions.Session.shelf(ctx).count_documents({}) == 1

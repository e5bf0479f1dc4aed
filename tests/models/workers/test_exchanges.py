"""A login code goes to WeChat once, whoever brings it and however often."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from miniprogram_api.meanings import LOGIN
from models.workers import exchanges
from models.workers.exchanges import (
    CodeInvalid,
    CodeUsed,
    Exchange,
    State,
    WeChatBlocked,
    exchange,
)
from models.workers.wechat import WeChatUnavailable
from scripts.wechat_simulator.faults import Do, Fault
from tests.models.workers.people import another_house

PATH = f"/{LOGIN}"


@pytest.fixture
def asked(simulator):
    """How often WeChat was asked."""
    return lambda: simulator.world.calls[PATH]


def order(simulator, **fault):
    simulator.world.faults.ordered.append(Fault(path=PATH, **fault))


async def outcomes(*calls):
    return await asyncio.gather(*calls, return_exceptions=True)


async def test_a_code_tells_who_somebody_is(ctx):
    proof = await exchange(ctx, "w-17")
    assert (proof.openid, proof.unionid) == ("o-17", None)


async def test_ten_at_once_in_two_processes_ask_wechat_once(
    ctx, settings, clock, simulator, asked
):
    order(simulator, do=Do.SLOW, seconds=0.2)
    async with another_house(settings, clock) as other:
        proofs = await asyncio.gather(
            *(exchange(each, "w-17") for each in [ctx, other.ctx] * 5)
        )
    assert {proof.openid for proof in proofs} == {"o-17"}
    assert len({proof.exchange_id for proof in proofs}) == 1
    assert len({proof.session_key for proof in proofs}) == 1
    assert asked() == 1


async def test_redis_flushed_in_the_middle_changes_nothing(ctx, simulator, asked):
    order(simulator, do=Do.SLOW, seconds=0.2)
    *proofs, _ = await asyncio.gather(
        *(exchange(ctx, "w-17") for _ in range(10)), ctx.redis.flushall()
    )
    assert {proof.openid for proof in proofs} == {"o-17"}
    assert asked() == 1


async def test_it_works_without_redis(ctx, settings, clock, asked):
    gone = msgspec.structs.replace(settings, redis_url="redis://127.0.0.1:1/0")
    async with another_house(gone, clock) as house:
        proofs = await asyncio.gather(
            exchange(ctx, "w-17"), *(exchange(house.ctx, "w-17") for _ in range(9))
        )
    assert {proof.openid for proof in proofs} == {"o-17"}
    assert asked() == 1


async def test_the_same_answer_is_given_for_ten_seconds(ctx, clock, asked):
    first = await exchange(ctx, "w-17")
    clock.forward(exchanges.WINDOW)
    assert (await exchange(ctx, "w-17")).exchange_id == first.exchange_id
    clock.forward(timedelta(milliseconds=1))
    with pytest.raises(CodeUsed):
        await exchange(ctx, "w-17")
    assert asked() == 1


async def test_a_code_that_wechat_does_not_know_is_refused_to_all(ctx, asked):
    refused = await outcomes(*(exchange(ctx, "nonsense") for _ in range(10)))
    assert {type(refusal) for refusal in refused} == {CodeInvalid}
    assert asked() == 1


async def test_a_code_used_elsewhere_is_refused(ctx, simulator):
    simulator.world.users.sign_in("w-17")
    with pytest.raises(CodeUsed):
        await exchange(ctx, "w-17")


async def test_a_code_older_than_five_minutes_is_refused(ctx, clock, simulator):
    simulator.world.users.issue("w-17")
    clock.forward(timedelta(minutes=5, seconds=1))
    with pytest.raises(CodeInvalid):
        await exchange(ctx, "w-17")


async def test_whom_wechat_blocks_is_told_so_and_not_asked_about_again(
    ctx, simulator, asked
):
    simulator.world.users.of("o-17").blocked = True
    for _ in range(2):
        with pytest.raises(WeChatBlocked):
            await exchange(ctx, "w-17")
    assert asked() == 1


@pytest.mark.parametrize(
    ("errcode", "retry_after"), [(45011, 60), (-1, 1), (40125, 2), (49999, 2)]
)
async def test_what_passes_at_wechat_can_be_tried_again_with_the_same_code(
    ctx, simulator, errcode, retry_after
):
    order(simulator, do=Do.ERRCODE, errcode=errcode)
    refused = await outcomes(*(exchange(ctx, "w-17") for _ in range(10)))
    assert {type(refusal) for refusal in refused} == {WeChatUnavailable}
    assert retry_after in {refusal.retry_after for refusal in refused}
    simulator.world.faults.ordered.clear()
    assert (await exchange(ctx, "w-17")).openid == "o-17"


async def test_an_answer_that_is_no_answer_can_be_tried_again(ctx, simulator):
    order(simulator, do=Do.HTML)
    with pytest.raises(WeChatUnavailable):
        await exchange(ctx, "w-17")
    simulator.world.faults.ordered.clear()
    assert (await exchange(ctx, "w-17")).openid == "o-17"


async def test_a_lost_answer_means_a_new_code(ctx, simulator):
    order(simulator, do=Do.LOSE, times=1)
    with pytest.raises(CodeUsed):
        await exchange(ctx, "w-17")


async def half_done(ctx, code):
    """Leave what a process leaves that dies while WeChat answers."""
    exchange_id = "exchange_" + ctx.secrets.blind("login_code", code)
    assert await exchanges._claim(ctx, exchange_id)


async def test_who_died_while_asking_is_replaced_when_the_lease_ran_out(ctx, clock):
    await half_done(ctx, "w-17")
    clock.forward(exchanges.LEASE)
    assert (await exchange(ctx, "w-17")).openid == "o-17"


async def test_nobody_waits_for_ever(ctx, asked, monkeypatch):
    monkeypatch.setattr(exchanges, "LONGEST_WAIT_SECONDS", 0.1)
    await half_done(ctx, "w-17")
    with pytest.raises(WeChatUnavailable):
        await exchange(ctx, "w-17")
    assert asked() == 0


async def test_nothing_readable_is_kept(ctx):
    proof = await exchange(ctx, "w-17")
    (row,) = await Exchange.shelf(ctx).find().to_list()
    assert row["state"] == State.DONE
    assert "w-17" not in str(row)
    assert "o-17" not in str(row)
    key = ctx.secrets.open(proof.session_key)
    assert key not in str(row)
    assert "o-17" not in repr(proof)
    assert proof.session_key not in repr(proof)


async def test_what_nobody_can_ask_for_any_more_is_deleted(ctx, clock):
    await exchange(ctx, "w-17")
    clock.forward(exchanges.KEPT)
    await exchange(ctx, "w-18")
    assert await exchanges.forget_old(ctx) == 0
    clock.forward(timedelta(milliseconds=1))
    assert await exchanges.forget_old(ctx) == 1
    with pytest.raises(CodeUsed):
        await exchange(ctx, "w-17")

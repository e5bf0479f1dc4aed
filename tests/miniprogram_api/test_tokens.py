"""One access token for all, fetched once, replaced once, and never for ever."""

import asyncio
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY
from redis.asyncio import Redis

from miniprogram_api.errors import Advice, Refused, Unavailable
from miniprogram_api.safety import Scene
from scripts.stack.servers import start_redis
from scripts.wechat_simulator import APPID
from scripts.wechat_simulator.faults import Do, Fault
from tests.miniprogram_api.waiting import until

STABLE = "/cgi-bin/stable_token"
CHECK = "/wxa/msg_sec_check"
LOGIN = "/sns/jscode2session"
KEY = f"wechat:{APPID}:token"


@pytest.fixture(autouse=True)
def visited(world, clock):
    world.users.of("o-17").visited_at = clock.now() + timedelta(days=1)


def check(gateway):
    return gateway.check_text("你好", openid="o-17", scene=Scene.COMMENT)


async def test_fifty_callers_at_once_fetch_one_token(gateway, world):
    await asyncio.gather(*(check(gateway) for _ in range(50)))
    assert world.calls == {STABLE: 1, CHECK: 50}


async def test_three_processes_sharing_redis_fetch_one_token(
    make_gateway, redis, world
):
    three = [make_gateway(redis=redis, sleep=asyncio.sleep) for _ in range(3)]
    calls = [check(gateway) for gateway in three for _ in range(20)]
    await asyncio.gather(*calls)
    assert world.calls == {STABLE: 1, CHECK: 60}


async def test_a_slow_fetch_in_one_process_is_waited_for_by_the_others(
    make_gateway, redis, world
):
    world.faults.ordered = [Fault(path=STABLE, do=Do.SLOW, seconds=0.3, times=1)]
    three = [make_gateway(redis=redis, sleep=asyncio.sleep) for _ in range(3)]
    await asyncio.gather(*(check(gateway) for gateway in three))
    assert world.calls[STABLE] == 1


async def test_a_process_that_starts_later_takes_the_shared_token(
    make_gateway, redis, world
):
    await check(make_gateway(redis=redis))
    await check(make_gateway(redis=redis))
    assert world.calls[STABLE] == 1


async def test_a_token_killed_elsewhere_is_replaced_once_for_all(
    make_gateway, redis, world
):
    three = [make_gateway(redis=redis, sleep=asyncio.sleep) for _ in range(3)]
    await asyncio.gather(*(check(gateway) for gateway in three))
    world.tokens.revoke()
    world.calls.clear()
    await asyncio.gather(*(check(gateway) for gateway in three for _ in range(20)))
    assert world.calls == {STABLE: 1, CHECK: 120}


async def test_a_newer_shared_token_is_used_without_asking(make_gateway, redis, world):
    first, second = make_gateway(redis=redis), make_gateway(redis=redis)
    await check(first)
    await check(second)
    world.tokens.revoke()
    await check(first)
    world.calls.clear()
    await check(second)  # its own token fails, the shared one is another
    assert world.calls == {CHECK: 2}


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
async def test_a_dead_token_for_ever_ends_after_one_retry(gateway, world, errcode):
    world.faults.ordered = [Fault(path=CHECK, do=Do.ERRCODE, errcode=errcode)]
    with pytest.raises(Refused) as refused:
        await check(gateway)
    assert refused.value.advice is Advice.REFRESH_TOKEN
    assert world.calls == {STABLE: 2, CHECK: 2}


def refusals(errcode):
    counted = {"errcode": str(errcode)}
    return REGISTRY.get_sample_value("inn_wechat_refusals_total", counted)


async def test_a_token_that_is_renewed_in_time_wakes_nobody(gateway, world):
    before = refusals(40001)
    world.faults.ordered = [Fault(path=CHECK, do=Do.ERRCODE, errcode=40001, times=1)]
    await check(gateway)
    assert refusals(40001) == before


async def test_a_token_that_is_refused_when_new_is_counted_once(gateway, world):
    before = refusals(40001)
    world.faults.ordered = [Fault(path=CHECK, do=Do.ERRCODE, errcode=40001)]
    with pytest.raises(Refused):
        await check(gateway)
    assert refusals(40001) == before + 1


async def test_what_is_asked_without_a_token_is_counted_whatever_is_said_of_one(
    gateway, world
):
    before = refusals(40001)
    world.faults.ordered = [Fault(path=LOGIN, do=Do.ERRCODE, errcode=40001)]
    with pytest.raises(Refused):
        await gateway.sign_in("w-1")
    assert refusals(40001) == before + 1


async def test_a_wrong_secret_is_counted(make_gateway, world):
    before = refusals(40125), refusals(40001)
    with pytest.raises(Refused) as refused:
        await check(make_gateway(secret="wrong"))
    counted = refusals(40125) - before[0], refusals(40001) - before[1]
    assert sum(counted) == 1
    assert refused.value.errcode in {40125, 40001}


@pytest.mark.parametrize("errcode", [40164, 48001, 50002])
def test_what_was_never_refused_stands_at_zero(errcode):
    assert refusals(errcode) is not None


async def test_a_dead_token_for_ever_asks_for_few_tokens_even_for_many(
    make_gateway, redis, world, clock
):
    three = [make_gateway(redis=redis, sleep=asyncio.sleep) for _ in range(3)]
    world.faults.ordered = [Fault(path=CHECK, do=Do.ERRCODE, errcode=40001)]
    for _ in range(3):
        calls = [check(gateway) for gateway in three for _ in range(10)]
        answers = await asyncio.gather(*calls, return_exceptions=True)
        assert all(isinstance(answer, Refused) for answer in answers)
    assert world.calls[STABLE] == 2  # the first, and one that confirmed it
    assert world.calls[CHECK] == 180
    clock.forward(timedelta(seconds=11))
    world.faults.ordered = []
    await check(three[0])


async def test_a_token_is_renewed_before_its_end(gateway, world, clock):
    await check(gateway)
    clock.forward(timedelta(seconds=7139))
    await check(gateway)
    assert world.calls[STABLE] == 1
    clock.forward(timedelta(seconds=2))
    await check(gateway)
    assert world.calls[STABLE] == 2


async def test_a_token_handed_out_near_its_end_is_still_kept_a_while(
    gateway, make_gateway, world, clock
):
    await check(gateway)
    clock.forward(timedelta(seconds=6890))  # 310 s are left
    late = make_gateway()
    await check(late)
    clock.forward(timedelta(seconds=200))
    await check(late)
    assert world.calls[STABLE] == 2
    clock.forward(timedelta(seconds=60))
    await check(late)
    assert world.calls[STABLE] == 3


async def test_force_refresh_is_never_asked_for(gateway, world):
    await check(gateway)
    first = world.tokens.stable.current
    world.faults.ordered = [Fault(path=CHECK, do=Do.ERRCODE, errcode=40001, times=1)]
    await check(gateway)
    assert world.tokens.stable.current is first


async def test_a_wrong_secret_fails_all_callers_with_one_question(make_gateway, world):
    wrong = make_gateway(secret="wrong")
    answers = await asyncio.gather(
        *(check(wrong) for _ in range(20)), return_exceptions=True
    )
    assert {type(answer) for answer in answers} == {Refused}
    assert {answer.advice for answer in answers} == {Advice.ALERT_AND_STOP}
    assert world.calls == {STABLE: 1}


async def test_a_token_answer_of_40001_means_a_wrong_secret(gateway, world):
    world.faults.ordered = [Fault(path=STABLE, do=Do.ERRCODE, errcode=40001)]
    with pytest.raises(Refused) as refused:
        await check(gateway)
    assert refused.value.advice is Advice.ALERT_AND_STOP


async def test_a_lost_token_answer_is_asked_for_again(gateway, world):
    world.faults.ordered = [Fault(path=STABLE, do=Do.LOSE, times=1)]
    await check(gateway)
    assert world.calls == {STABLE: 2, CHECK: 1}


async def test_one_caller_that_gives_up_does_not_end_it_for_the_others(gateway, world):
    world.faults.ordered = [Fault(path=STABLE, do=Do.SLOW, seconds=0.2, times=1)]
    first = asyncio.create_task(check(gateway))
    second = asyncio.create_task(check(gateway))
    await until(lambda: world.calls[STABLE])
    first.cancel()
    await second
    assert first.cancelled()
    assert world.calls[STABLE] == 1


async def test_rubbish_in_redis_is_no_token(make_gateway, redis, world):
    for rubbish in (b"", b"not json", b"[]", b'{"value": 1}', b"\xff\xfe"):
        await redis.set(KEY, rubbish)
        await check(make_gateway(redis=redis))
    assert world.calls[STABLE] == 5


async def test_the_lease_of_a_dead_process_does_not_stop_the_others(
    make_gateway, redis, world, naps
):
    await redis.set(f"{KEY}:lease", "of somebody who died")
    await check(make_gateway(redis=redis))
    assert len(naps.taken) == 100
    assert world.calls[STABLE] == 1
    assert await redis.get(f"{KEY}:lease") == b"of somebody who died"


async def test_a_redis_that_answers_text_serves_as_well(
    make_gateway, redis_url, redis, world
):
    text = Redis.from_url(redis_url, decode_responses=True)
    await text.delete(KEY)
    await check(make_gateway(redis=text))
    await check(make_gateway(redis=text))
    assert world.calls[STABLE] == 1
    await text.delete(KEY)
    await text.aclose()


async def test_without_redis_each_process_has_the_same_token(make_gateway, world):
    server = await asyncio.to_thread(start_redis)
    client = Redis.from_url(server.uri)
    first, second = make_gateway(redis=client), make_gateway(redis=client)
    await check(first)
    await asyncio.to_thread(server.kill)
    await check(second)
    world.tokens.revoke()
    await asyncio.gather(*(check(one) for one in (first, second) for _ in range(5)))
    assert world.calls[STABLE] == 4
    await client.aclose()
    await asyncio.to_thread(server.close)


async def test_a_redis_that_is_flushed_costs_nothing(make_gateway, redis, world):
    one = make_gateway(redis=redis)
    await check(one)
    await redis.flushdb()
    await check(one)
    assert world.calls[STABLE] == 1


@pytest.mark.parametrize("do", [Do.STALL, Do.LOSE, Do.HTML])
async def test_without_a_token_the_call_itself_was_surely_not_done(
    make_gateway, world, do
):
    world.faults.ordered = [Fault(path=STABLE, do=do)]
    with pytest.raises(Unavailable) as unavailable:
        await make_gateway(timeout_s=0.1).send_subscribe("o-17", "T", {"thing1": "好"})
    assert not unavailable.value.perhaps_done
    assert world.calls == {STABLE: 3}


async def test_a_token_service_that_is_down_is_unavailable(gateway, world):
    world.faults.ordered = [Fault(path=STABLE, do=Do.STATUS, status=503)]
    with pytest.raises(Unavailable):
        await check(gateway)
    assert world.calls == {STABLE: 3}

"""A login code becomes a session, once, and without an access token."""

import asyncio
from datetime import timedelta

import pytest

from miniprogram_api.errors import Advice, Refused, Unavailable, Why
from scripts.wechat_simulator.faults import Do, Fault

LOGIN = "/sns/jscode2session"


async def test_a_code_signs_in_its_person(gateway, world):
    session = await gateway.sign_in("w-17")
    assert session.openid == "o-17"
    assert session.session_key == world.users.of("o-17").session_key
    assert session.unionid is None
    assert world.calls == {LOGIN: 1}  # no token was asked for


async def test_a_bound_app_is_told_the_unionid(gateway, world):
    world.users.tells_unionid = True
    assert (await gateway.sign_in("w-17")).unionid == "u-17"


async def test_all_codes_of_a_person_sign_in_that_person(gateway):
    for code in ("w-17", "w-17-2", "w-17-anything"):
        assert (await gateway.sign_in(code)).openid == "o-17"


async def test_a_used_code_asks_for_a_new_one(gateway):
    await gateway.sign_in("w-17")
    with pytest.raises(Refused) as refused:
        await gateway.sign_in("w-17")
    assert refused.value.errcode == 40163
    assert refused.value.advice is Advice.SIGN_IN_AGAIN


@pytest.mark.parametrize("code", ["nonsense", "p-17", "w-", "w-中文"])
async def test_what_is_no_login_code_asks_for_a_new_one(gateway, code):
    with pytest.raises(Refused) as refused:
        await gateway.sign_in(code)
    assert (refused.value.errcode, refused.value.advice) == (
        40029,
        Advice.SIGN_IN_AGAIN,
    )


async def test_a_code_dies_after_five_minutes(gateway, world, clock):
    world.users.issue("w-17")
    world.users.issue("w-18")
    clock.forward(timedelta(minutes=5))
    assert (await gateway.sign_in("w-17")).openid == "o-17"
    clock.forward(timedelta(seconds=1))
    with pytest.raises(Refused, match="40029"):
        await gateway.sign_in("w-18")


async def test_a_blocked_person_is_refused_for_good(gateway, world):
    world.users.of("o-17").blocked = True
    with pytest.raises(Refused) as refused:
        await gateway.sign_in("w-17")
    assert refused.value.advice is Advice.REFUSE_USER
    assert world.calls[LOGIN] == 1


async def test_the_hundred_and_first_sign_in_of_a_minute_backs_off(gateway):
    for number in range(100):
        await gateway.sign_in(f"w-17-{number}")
    with pytest.raises(Refused) as refused:
        await gateway.sign_in("w-17-100")
    assert refused.value.advice is Advice.BACK_OFF
    assert refused.value.wait_s == 60
    assert (await gateway.sign_in("w-18")).openid == "o-18"


async def test_a_sign_in_replaces_the_key_only_after_a_while(gateway, clock):
    first = await gateway.sign_in("w-17-1")
    clock.forward(timedelta(minutes=4))
    second = await gateway.sign_in("w-17-2")
    clock.forward(timedelta(minutes=2))
    third = await gateway.sign_in("w-17-3")
    assert first.session_key == second.session_key != third.session_key


async def test_busy_is_asked_again_with_growing_pauses(gateway, world, naps):
    world.faults.ordered = [Fault(do=Do.ERRCODE, errcode=-1, times=2)]
    assert (await gateway.sign_in("w-17")).openid == "o-17"
    assert world.calls[LOGIN] == 3
    assert 0.25 <= naps.taken[0] <= 0.5 <= naps.taken[1] <= 1.0


async def test_busy_for_ever_gives_up_after_three(gateway, world):
    world.faults.ordered = [Fault(do=Do.ERRCODE, errcode=-1)]
    with pytest.raises(Refused) as refused:
        await gateway.sign_in("w-17")
    assert refused.value.advice is Advice.RETRY
    assert world.calls[LOGIN] == 3


async def test_a_lost_answer_means_to_start_over(gateway, world):
    # The platform used the code up, the answer got lost, the repeat finds it used.
    world.faults.ordered = [Fault(do=Do.LOSE, times=1)]
    with pytest.raises(Refused) as refused:
        await gateway.sign_in("w-17")
    assert (refused.value.errcode, refused.value.advice) == (
        40163,
        Advice.SIGN_IN_AGAIN,
    )


@pytest.mark.parametrize("used", [40163, 40029])
async def test_busy_and_then_used_means_to_start_over(gateway, world, used):
    world.faults.ordered = [
        Fault(do=Do.ERRCODE, errcode=-1, times=1),
        Fault(do=Do.ERRCODE, errcode=used, times=1),
    ]
    with pytest.raises(Refused) as refused:
        await gateway.sign_in("w-17")
    assert refused.value.advice is Advice.SIGN_IN_AGAIN
    assert world.calls[LOGIN] == 2


async def test_a_token_failure_does_not_break_sign_in(gateway, world):
    world.faults.ordered = [Fault(path="/cgi-bin/stable_token", do=Do.DROP)]
    assert (await gateway.sign_in("w-17")).openid == "o-17"


async def test_a_wrong_secret_stops_and_alerts(make_gateway, caplog):
    with pytest.raises(Refused) as refused:
        await make_gateway(secret="wrong").sign_in("w-17")
    assert refused.value.advice is Advice.ALERT_AND_STOP
    assert "40125" in caplog.text


async def test_an_answer_without_an_openid_is_no_answer(gateway, world, monkeypatch):
    monkeypatch.setattr(world.users.of("o-17"), "openid", "")
    with pytest.raises(Unavailable) as unavailable:
        await gateway.sign_in("w-17")
    assert unavailable.value.why is Why.NOT_UNDERSTOOD


async def test_one_code_used_by_many_at_once_serves_one(gateway):
    answers = await asyncio.gather(
        *(gateway.sign_in("w-17") for _ in range(10)), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert len(refused) == 9
    assert {refusal.errcode for refusal in refused} == {40163}

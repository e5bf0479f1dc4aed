"""Signing in and out at the worker's port, as a mini-program does."""

import asyncio
from datetime import timedelta

import pytest

from miniprogram_api.meanings import LOGIN
from models.workers import tokens
from models.workers.sessions import REFRESH_LIFE
from models.workers.tokens import Port
from models.workers.workers import State, Worker
from scripts.wechat_simulator.faults import Do, Fault
from tests.client import serve, together
from tests.models.workers.people import another_house

SIGN_IN = "/worker/v1/auth/sign-in"
REFRESH = "/worker/v1/auth/refresh"
SIGN_OUT = "/worker/v1/auth/sign-out"
ME = "/worker/v1/me"


async def sign_in(http, code="w-17", **more):
    return await http.post(SIGN_IN, {"code": code, **more})


async def signed_in(http, code="w-17"):
    return http.as_((await sign_in(http, code)).body["access_token"])


async def refresh(http, token):
    return await http.post(REFRESH, {"refresh_token": token})


async def test_the_whole_answer(http, simulator, capfd):
    answer = await sign_in(http)
    assert answer.status == 200
    body = answer.body
    assert body == {
        "access_token": body["access_token"],
        "expires_in": 900,
        "refresh_token": body["refresh_token"],
        "worker": {
            "id": body["worker"]["id"],
            "nickname": None,
            "name": None,
            "phone": None,
            "unit_id": None,
            "joined_at": "2026-11-23T02:00:00Z",
        },
        "is_new": True,
    }
    assert answer.headers["Cache-Control"] == "no-store"
    told = str(body) + "".join(capfd.readouterr())
    for secret in (simulator.world.users.of("o-17").session_key, "o-17", "session_key"):
        assert secret not in told


async def test_the_same_code_ten_times_over_two_processes(
    http, settings, clock, simulator
):
    fault = Fault(path=f"/{LOGIN}", do=Do.SLOW, seconds=0.1)
    simulator.world.faults.ordered.append(fault)
    async with another_house(settings, clock) as house:
        other = await serve(house)
        answers = await together(*(sign_in(each) for each in [http, other] * 5))
        await other.close()
    assert [answer.status for answer in answers] == [200] * 10
    assert len({answer.body["worker"]["id"] for answer in answers}) == 1
    assert simulator.world.calls[f"/{LOGIN}"] == 1


async def test_a_used_code(http, clock):
    await sign_in(http)
    clock.forward(timedelta(seconds=11))
    answer = await sign_in(http)
    assert (answer.status, answer.code) == (401, "code_used")


async def test_a_code_that_is_none(http):
    answer = await sign_in(http, "nonsense")
    assert (answer.status, answer.code) == (401, "code_invalid")


async def test_a_blocked_person(http, simulator):
    simulator.world.users.of("o-17").blocked = True
    answer = await sign_in(http)
    assert (answer.status, answer.code) == (403, "wechat_blocked")


async def test_wechat_is_too_busy(http, simulator):
    fault = Fault(path=f"/{LOGIN}", do=Do.ERRCODE, errcode=45011, times=1)
    simulator.world.faults.ordered.append(fault)
    answer = await sign_in(http)
    assert (answer.status, answer.code) == (503, "wechat_unavailable")
    assert answer.headers["Retry-After"] == "60"
    assert (await sign_in(http)).status == 200


async def test_a_frozen_account(http, ctx):
    await sign_in(http)
    await Worker.change(ctx, {}, {"$set": {"state": State.FROZEN}})
    answer = await sign_in(http, "w-17-b")
    assert (answer.status, answer.code) == (403, "account_not_active")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"code": ""},
        {"code": "x" * 129},
        {"code": "w 17"},
        {"code": "微信"},
        {"code": "w-17\n"},
        {"code": 17},
        {"code": "w-17", "device": "x" * 65},
        {"code": "w-17", "openid": "o-17"},
    ],
)
async def test_a_request_that_makes_no_sense(http, simulator, body):
    answer = await http.post(SIGN_IN, body)
    assert (answer.status, answer.code) == (422, "invalid")
    assert simulator.world.calls[f"/{LOGIN}"] == 0


async def test_refreshing_and_a_lost_reply(http):
    first = (await sign_in(http)).body
    second = await refresh(http, first["refresh_token"])
    again = await refresh(http, first["refresh_token"])
    assert second.status == again.status == 200
    assert set(second.body) == {"access_token", "expires_in", "refresh_token"}
    assert second.body["refresh_token"] == again.body["refresh_token"]
    assert (await http.as_(again.body["access_token"]).get(ME)).status == 200


async def test_an_old_refresh_token_ends_the_session_for_everybody(http, clock):
    first = (await sign_in(http)).body
    second = (await refresh(http, first["refresh_token"])).body
    clock.forward(timedelta(seconds=11))
    reused = await refresh(http, first["refresh_token"])
    assert (reused.status, reused.code) == (401, "refresh_reused")
    for token in (first, second):
        shut = await http.as_(token["access_token"]).get(ME)
        assert (shut.status, shut.code) == (401, "session_revoked")
    over = await refresh(http, second["refresh_token"])
    assert (over.status, over.code) == (401, "session_revoked")


async def test_a_refresh_token_that_is_none(http):
    answer = await refresh(http, "session_1.nonsense")
    assert (answer.status, answer.code) == (401, "refresh_invalid")


async def test_a_refresh_token_nobody_used_for_a_month(http, clock):
    first = (await sign_in(http)).body
    clock.forward(REFRESH_LIFE)
    answer = await refresh(http, first["refresh_token"])
    assert (answer.status, answer.code) == (401, "session_expired")


async def test_a_refresh_token_at_the_wrong_port(http):
    first = (await sign_in(http)).body
    answer = await http.post(
        "/station/v1/auth/refresh", {"refresh_token": first["refresh_token"]}
    )
    assert (answer.status, answer.code) == (403, "port_mismatch")
    assert (await refresh(http, first["refresh_token"])).status == 200


async def test_signing_out_holds_for_the_next_call(http):
    me = await signed_in(http)
    assert (await me.post(SIGN_OUT)).status == 204
    answer = await me.get(ME)
    assert (answer.status, answer.code) == (401, "session_revoked")


async def test_signing_out_is_heard_in_another_process(http, settings, clock):
    me = await signed_in(http)
    async with another_house(settings, clock) as house:
        other = await serve(house)
        elsewhere = other.as_(me.token)
        assert (await elsewhere.get(ME)).status == 200
        await me.post(SIGN_OUT)
        while (answer := await elsewhere.get(ME)).status == 200:
            pass
        assert answer.code == "session_revoked"
        await other.close()


async def test_a_token_that_expired(http, clock):
    me = await signed_in(http)
    clock.forward(timedelta(minutes=15))
    answer = await me.get(ME)
    assert (answer.status, answer.code) == (401, "token_expired")


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "not_signed_in"),
        ({"X-WX-OPENID": "o-17"}, "not_signed_in"),
        ({"Authorization": "Bearer nonsense"}, "token_invalid"),
        ({"Authorization": "Bearer"}, "token_invalid"),
        ({"Authorization": ""}, "token_invalid"),
        ({"Authorization": "Basic dzoxNw=="}, "token_invalid"),
    ],
)
async def test_nobody_gets_in_without_a_good_token(http, headers, code):
    await sign_in(http)
    answer = await http.get(ME, headers=headers)
    assert (answer.status, answer.code) == (401, code)


async def test_an_injected_openid_changes_nothing(http):
    mine = await signed_in(http, "w-17")
    answer = await mine.get(ME, headers={"X-WX-OPENID": "o-18"})
    assert answer.body == (await mine.get(ME)).body


async def test_a_staff_token_does_not_open_the_workers_port(http, ctx, clock):
    token = tokens.make(
        ctx.secrets,
        owner_id="staff_1",
        session_id="session_1",
        port=Port.STATION,
        now=clock.now(),
    )
    answer = await http.as_(token).get(ME)
    assert (answer.status, answer.code) == (403, "port_mismatch")
    assert answer.body["details"] == {"port": "station"}


async def test_forty_people_at_once_each_see_themselves(http):
    answers = await together(*(sign_in(http, f"w-{number}") for number in range(40)))
    people = [
        (answer.body["access_token"], answer.body["worker"]["id"]) for answer in answers
    ]
    seen = await asyncio.gather(*(http.as_(token).get(ME) for token, _ in people * 5))
    assert [answer.body["id"] for answer in seen] == [id_ for _, id_ in people * 5]

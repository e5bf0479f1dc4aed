"""My profile, my phone, where I am signed in."""

import pytest

from miniprogram_api.meanings import PHONE
from models.workers.consent_texts import Purpose
from models.workers.workers import Worker
from scripts.wechat_simulator.faults import Do, Fault
from tests.models.workers.people import actor_of, agree, arrive, publish

ME = "/worker/v1/me"
MY_PHONE = "/worker/v1/me/phone"
SESSIONS = "/worker/v1/me/sessions"


@pytest.fixture
def entered(run, ctx):
    """A worker, signed in."""
    return run(arrive(ctx, device="HUAWEI Mate 60"))


@pytest.fixture
def me(http, entered):
    """Their phone."""
    return http.as_(entered.tokens.access_token)


@pytest.fixture
def agreed(run, ctx, entered):
    """They have agreed to every text."""
    run(agree(ctx, actor_of(ctx, entered.tokens)))


async def test_my_profile_is_masked(me, entered, agreed):
    await me.patch(ME, {"name": "王小强"})
    await me.post(MY_PHONE, {"code": "p-17"})
    answer = await me.get(ME)
    assert answer.status == 200
    assert answer.body == {
        "id": entered.worker.id,
        "nickname": None,
        "name": "王*强",
        "phone": "138****0017",
        "unit_id": None,
        "joined_at": "2026-11-23T02:00:00Z",
    }


async def test_an_account_that_is_gone(me, ctx):
    await Worker.shelf(ctx).delete_many({})
    answer = await me.get(ME)
    assert (answer.status, answer.code) == (401, "account_gone")


async def test_a_name_answers_with_the_profile(me, agreed):
    answer = await me.patch(ME, {"name": "王小强"})
    assert (answer.status, answer.body["name"]) == (200, "王*强")


async def test_a_name_that_is_none(me, agreed):
    answer = await me.patch(ME, {"name": "王*强"})
    assert (answer.status, answer.code) == (422, "bad_name")


async def test_a_name_needs_a_consent(me, ctx):
    await publish(ctx, Purpose.IDENTITY)
    answer = await me.patch(ME, {"name": "王小强"})
    assert (answer.status, answer.code) == (403, "consent_required")
    assert answer.body["details"] == {"purpose": "identity", "version": 1}


async def test_binding_a_number(me, agreed):
    answer = await me.post(MY_PHONE, {"code": "p-17"})
    assert (answer.status, answer.body["phone"]) == (200, "138****0017")


async def test_a_lost_reply_of_binding_is_given_again(me, agreed, simulator):
    first = await me.post(MY_PHONE, {"code": "p-17"}, key="tap-1")
    again = await me.post(MY_PHONE, {"code": "p-17"}, key="tap-1")
    assert first.body == again.body
    assert again.headers["Idempotency-Replayed"] == "true"
    assert simulator.world.calls[f"/{PHONE}"] == 1


async def test_a_number_needs_a_consent(me, ctx):
    await publish(ctx, Purpose.PHONE)
    answer = await me.post(MY_PHONE, {"code": "p-17"})
    assert (answer.status, answer.code) == (403, "consent_required")
    assert answer.body["details"] == {"purpose": "phone", "version": 1}


async def test_a_number_of_another_account(me, agreed, http, ctx):
    other = await arrive(ctx, "18")
    await agree(ctx, actor_of(ctx, other.tokens))
    await http.as_(other.tokens.access_token).post(MY_PHONE, {"code": "p-17"})
    answer = await me.post(MY_PHONE, {"code": "p-17-b"})
    assert (answer.status, answer.code) == (409, "phone_in_use")


async def test_a_phone_code_that_is_none(me, agreed):
    answer = await me.post(MY_PHONE, {"code": "w-17-x"})
    assert (answer.status, answer.code) == (422, "phone_code_invalid")


async def test_a_number_nobody_could_call(me, agreed, monkeypatch, simulator):
    monkeypatch.setattr(simulator.world.users, "phone", lambda code, openid: "00")
    answer = await me.post(MY_PHONE, {"code": "p-17"})
    assert (answer.status, answer.code) == (422, "phone_not_usable")


async def test_wechat_does_not_answer(me, agreed, simulator):
    fault = Fault(path=f"/{PHONE}", do=Do.ERRCODE, errcode=45011)
    simulator.world.faults.ordered.append(fault)
    answer = await me.post(MY_PHONE, {"code": "p-17"})
    assert (answer.status, answer.code) == (503, "wechat_unavailable")


async def test_unbinding_a_number_twice(me, agreed):
    await me.post(MY_PHONE, {"code": "p-17"})
    assert (await me.delete(MY_PHONE)).status == 204
    assert (await me.delete(MY_PHONE)).status == 204
    assert (await me.get(ME)).body["phone"] is None


async def test_where_i_am_signed_in(me, entered, ctx):
    other = await arrive(ctx, device="红米 13")
    answer = await me.get(SESSIONS)
    ids = {
        actor_of(ctx, each.tokens).session_id: each is entered
        for each in (other, entered)
    }
    assert answer.status == 200
    assert answer.body["next"] is None
    assert {item["id"]: item["is_this"] for item in answer.body["items"]} == ids
    mine = next(item for item in answer.body["items"] if item["is_this"])
    assert mine == {
        "id": mine["id"],
        "device": "HUAWEI Mate 60",
        "started_at": "2026-11-23T02:00:00Z",
        "last_used_at": "2026-11-23T02:00:00Z",
        "is_this": True,
    }


async def test_ending_the_session_of_a_lost_phone(me, http, ctx):
    lost = await arrive(ctx)
    session_id = actor_of(ctx, lost.tokens).session_id
    assert (await me.delete(f"{SESSIONS}/{session_id}")).status == 204
    shut = await http.as_(lost.tokens.access_token).get(ME)
    assert (shut.status, shut.code) == (401, "session_revoked")
    again = await me.delete(f"{SESSIONS}/{session_id}")
    assert (again.status, again.code) == (404, "no_such_session")


async def test_the_session_of_somebody_else_is_not_there(me, http, ctx):
    theirs = await arrive(ctx, "18")
    session_id = actor_of(ctx, theirs.tokens).session_id
    answer = await me.delete(f"{SESSIONS}/{session_id}")
    assert (answer.status, answer.code) == (404, "no_such_session")
    assert (await http.as_(theirs.tokens.access_token).get(ME)).status == 200


async def test_signing_out_everywhere(me, http, ctx):
    other = await arrive(ctx)
    assert (await me.delete(SESSIONS)).status == 204
    for client in (me, http.as_(other.tokens.access_token)):
        answer = await client.get(ME)
        assert (answer.status, answer.code) == (401, "session_revoked")

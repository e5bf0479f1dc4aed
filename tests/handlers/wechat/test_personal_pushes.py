"""What a person takes back in WeChat is taken back here, once."""

import msgspec
import pytest

from models.base import events
from models.privacy import erasing
from models.privacy.erasures import Erasure
from models.reactions import REACTIONS
from models.workers.consent_texts import Purpose
from models.workers.workers import Worker
from scripts.wechat_simulator.envelopes import Format, Target
from tests.models.workers.people import publish

TOKEN = "simulated-token"
PLATFORM = "platform"


@pytest.fixture
def settings(settings):
    return msgspec.structs.replace(settings, wechat_push_token=TOKEN)


@pytest.fixture
def push(ctx, http, simulator):
    """Push an event about o-17, as often as one likes, and let it be worked on."""
    target = Target(token=TOKEN, format=Format.JSON, url=http.url + "/wechat/push")

    async def push_it(kind, *, times=2, **more):
        told = simulator.world.pushes.event(kind, PLATFORM, OpenID="o-17", **more)
        for _ in range(times):
            attempts = await simulator.world.pushes.deliver(told, target)
            assert (attempts[-1].status, attempts[-1].body) == (200, "success")
            while await events.deliver_one(ctx, REACTIONS):
                pass
        return told

    return push_it


@pytest.fixture
def me(run, ctx, http):
    """Somebody with a number and a nickname, who agreed to both texts."""

    async def make():
        client = await http.sign_in("w-17")
        for purpose in (Purpose.PHONE, Purpose.LOCATION):
            await publish(ctx, purpose)
            await agree(client, purpose)
        await client.post("/worker/v1/me/phone", {"code": "p-17"})
        my_id = (await client.get("/worker/v1/me")).body["id"]
        await Worker.change(ctx, {"_id": my_id}, {"$set": {"nickname": "小李"}})
        return client

    return run(make())


async def agree(client, purpose):
    said = {"purpose": purpose, "version": 1}
    assert (await client.post("/worker/v1/me/consents", said)).status == 201


async def standing(client):
    listed = (await client.get("/worker/v1/me/consents")).body["items"]
    return {each["purpose"]: each["standing"] for each in listed}


async def test_a_number_taken_back_in_wechat_is_forgotten(me, push):
    await push("user_authorization_revoke", RevokeInfo="8")
    shown = (await me.get("/worker/v1/me")).body
    assert (shown["phone"], shown["nickname"]) == (None, "小李")
    assert await standing(me) == {"phone": "not_given", "location": "given"}


async def test_places_and_names_taken_back_are_forgotten(me, push):
    await push("user_authorization_revoke", RevokeInfo="6,13")
    shown = (await me.get("/worker/v1/me")).body
    assert shown["nickname"] is None
    assert shown["phone"] is not None
    assert await standing(me) == {"phone": "given", "location": "not_given"}


async def test_a_repeat_does_not_take_back_what_was_given_since(me, push, clock):
    told = await push("user_authorization_revoke", RevokeInfo="8", times=1)
    await agree(me, Purpose.PHONE)
    await me.post("/worker/v1/me/phone", {"code": "p-17-again"})
    await push("user_authorization_revoke", RevokeInfo="8", times=1)
    assert told["CreateTime"]
    assert (await me.get("/worker/v1/me")).body["phone"] == "138****0017"


async def test_what_we_never_kept_changes_nothing(me, push):
    before = (await me.get("/worker/v1/me")).body
    await push("user_authorization_revoke", RevokeInfo="7,12,14")
    assert (await me.get("/worker/v1/me")).body == before


async def test_a_cleaned_nickname_is_shown_no_more(me, push):
    await push("user_info_modified")
    assert (await me.get("/worker/v1/me")).body["nickname"] is None


async def test_a_closed_wechat_account_begins_an_erasure_once(ctx, clock, me, push):
    await push("user_authorization_cancellation", times=3)
    assert await Erasure.shelf(ctx).count_documents({}) == 1
    assert await erasing.carry_out(ctx) == 1
    assert (await me.get("/worker/v1/me")).status == 401
    clock.forward(erasing.DIE_OUT)
    assert await erasing.carry_out(ctx) == 1
    assert await Worker.shelf(ctx).count_documents({}) == 0


async def test_about_nobody_we_know_nothing_follows(ctx, push):
    await push("user_authorization_cancellation")
    assert await Erasure.shelf(ctx).count_documents({}) == 0

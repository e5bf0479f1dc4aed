"""The home page: six sections in one call, each reader's own order."""

from datetime import date, timedelta

from models.base.clock import end_of
from tests.models.policies.texts import DAY, NOW, heard, publish, write_guide

HOME = "/worker/v1/home"
SIX = {"jobs", "training", "guidance", "policy", "rights", "station"}


def section(answer, name):
    return next(each for each in answer.body["sections"] if each["id"] == name)


def titles(answer, name):
    return [item["title"] for item in section(answer, name)["items"]]


async def test_the_six_are_there_without_signing_in(ctx, http):
    await publish(ctx)
    await publish(ctx, "wages", "欠薪维权", of={"topic": "wages"})
    await write_guide(ctx)
    await write_guide(ctx, "safe", "高温天怎么干活", category="safety")
    await heard(ctx, editions=2, guides=2)
    answer = await http.get(HOME)
    assert answer.status == 200
    assert {each["id"] for each in answer.body["sections"]} == SIX
    assert len(answer.body["sections"]) == len(SIX)
    assert titles(answer, "policy") == ["社保补贴"]
    assert titles(answer, "rights") == ["欠薪维权"]
    assert titles(answer, "jobs") == ["面试怎么准备"]
    assert titles(answer, "guidance") == ["高温天怎么干活"]
    for each in answer.body["sections"]:
        assert (await http.get(each["link"])).status == 200


async def test_the_same_is_not_sent_again_and_what_is_new_is(ctx, http):
    first = await http.get(HOME)
    known = {"If-None-Match": first.headers["Etag"]}
    assert (await http.get(HOME, headers=known)).status == 304
    await publish(ctx)
    await heard(ctx, editions=1)
    fresh = await http.get(HOME, headers=known)
    assert (fresh.status, titles(fresh, "policy")) == (200, ["社保补贴"])


async def test_what_ends_is_gone_at_its_second(ctx, http, clock):
    await publish(ctx, "a", "甲", valid_to=date(2026, 11, 23))
    await publish(ctx, "b", "乙", publish_at=NOW + DAY)
    await heard(ctx, editions=2)
    end = end_of(date(2026, 11, 23))
    for at, expected in [
        (end - timedelta(seconds=1), ["甲"]),
        (end, []),
        (NOW + DAY, ["乙"]),
    ]:
        clock.put(at)
        assert titles(await http.get(HOME), "policy") == expected


async def test_the_order_and_the_items_are_the_readers_own(ctx, http):
    await publish(ctx, "old", "给农民工", publish_at=NOW - 9 * DAY, of=FOR_MIGRANTS)
    for number in range(3):
        await publish(ctx, f"new{number}", f"给大家{number}")
    await heard(ctx, editions=4)
    me = await http.sign_in("w-1")
    told = await me.put("/worker/v1/me/identities", {"classes": ["migrant_worker"]})
    assert told.status == 200
    for _ in range(2):
        mine, anyones = await me.get(HOME), await http.get(HOME)
        assert mine.body["sections"][0]["id"] == "rights"
        assert anyones.body["sections"][0]["id"] == "jobs"
        assert titles(mine, "policy")[0] == "给农民工"
        assert "给农民工" not in titles(anyones, "policy")
        assert mine.headers["Etag"] != anyones.headers["Etag"]
        assert mine.headers["Cache-Control"] == "private, no-cache"


async def test_a_deaf_process_reads_mongodb(ctx, http, house):
    await http.get(HOME)
    await house.follower.stop()
    await publish(ctx)
    house.follower._last_answer = float("-inf")
    assert titles(await http.get(HOME), "policy") == ["社保补贴"]


async def test_a_bad_token_is_refused_so_that_the_client_renews_it(http):
    answer = await http.as_("x").get(HOME)
    assert (answer.status, answer.code) == (401, "token_invalid")


FOR_MIGRANTS = {"audience": ("migrant_worker",)}

"""Pins through the door: put up by a reviewer, seen by every worker first."""

import pytest

from models.policies import editions
from models.policies.pins import MOST
from tests.client import Client
from tests.models.policies import papers
from tests.models.policies.texts import DAY, NOW, draft, heard, identity, until
from tests.models.unions import people

LIST, HOME = "/worker/v1/policies", "/worker/v1/home"
TODAY, WEEK = "2026-11-23", "2026-11-30"


def door(policy):
    return f"/union/v1/policies/policy_{policy}/pin"


@pytest.fixture
def rao(run, ctx, http) -> Client:
    """A reviewer of the east's, where three policies are public."""

    async def furnish():
        who = await papers.reviewer(ctx)
        for number, (slug, topic) in enumerate(
            (("new", "social_insurance"), ("old", "social_insurance"), ("pay", "wages"))
        ):
            about, told = identity(slug, topic=topic), draft(NOW - (1 + number) * DAY)
            path = "/unit_city/unit_east/"
            await editions.publish(ctx, f"policy_{slug}", about, told, path)
        await heard(ctx, editions=3)
        return http.as_(await people.token(ctx, who))

    return run(furnish())


async def above(http, query=""):
    answer = await http.get(f"{LIST}{query}")
    assert answer.status == 200
    shown = answer.body["pinned"]
    return shown and [each["title"] for each in shown]


async def seen(http, *titles):
    """Wait until workers see these above the list."""

    async def so():
        return await above(http) == list(titles)

    await until(so)


async def test_what_is_pinned_stands_above_the_list_and_on_the_home_page(http, rao):
    assert await above(http) == []
    put = await rao.put(door("old"), {"until": WEEK})
    assert (put.status, put.body["until"]) == (200, WEEK)
    await rao.put(door("pay"), {"until": WEEK})
    await seen(http, "pay", "old")
    first = (await http.get(LIST)).body
    assert [each["title"] for each in first["items"]] == ["new", "old", "pay"]
    assert first["total"] == len(first["items"])
    same = next(each for each in first["items"] if each["title"] == "old")
    assert first["pinned"][1] == same
    assert await above(http, "?topic=wages") == ["pay"]
    assert await above(http, "?level=city") == []
    assert await above(http, "?region=410172") == ["pay", "old"]
    assert await above(http, "?audience=employer") == []
    assert await above(http, "?q=old") is None
    following = (await http.get(f"{LIST}?limit=1")).body["next"]
    assert await above(http, f"?limit=1&cursor={following}") is None
    sections = (await http.get(HOME)).body["sections"]
    shown = {each["id"]: [i["title"] for i in each["items"]] for each in sections}
    assert shown["policy"] == ["old", "new"]
    assert shown["rights"] == ["pay"]
    assert (await rao.delete(door("old"))).status == 204
    await seen(http, "pay")


async def test_the_board_says_what_stands_there_and_how_much_room_there_is(rao):
    await rao.put(door("old"), {"until": TODAY})
    board = (await rao.get("/union/v1/pins")).body
    (one,) = board["items"]
    assert (one["policy_id"], one["title"], one["until"]) == (
        "policy_old",
        "old",
        TODAY,
    )
    assert (board["most"], board["next"]) == (MOST, None)


async def test_each_refusal_says_what_to_do(ctx, http, rao):
    for path, body, status, code in (
        (door("none"), {"until": WEEK}, 404, "no_such_policy"),
        (door("old"), {"until": "2026-11-22"}, 422, "bad_pin_day"),
        (door("old"), {}, 422, "invalid"),
        (door("old"), {"until": "明天"}, 422, "invalid"),
    ):
        answer = await rao.put(path, body)
        assert (answer.status, answer.code) == (status, code)
    answer = await rao.delete(door("old"))
    assert (answer.status, answer.code) == (404, "not_pinned")
    await editions.withdraw(ctx, "policy_old", reason="发布有误。", at=NOW)
    answer = await rao.put(door("old"), {"until": WEEK})
    assert (answer.status, answer.code) == (410, "policy_withdrawn")
    han = await papers.editor(ctx)
    writer = http.as_(await people.token(ctx, han))
    for answer in (
        await writer.put(door("new"), {"until": WEEK}),
        await writer.delete(door("new")),
    ):
        assert (answer.status, answer.code) == (403, "permission_missing")
    assert (await http.put(door("new"), {"until": WEEK})).status == 401
    assert (await writer.get("/union/v1/pins")).body["items"] == []

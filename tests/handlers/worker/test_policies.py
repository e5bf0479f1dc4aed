"""Policies over HTTP: found, read, looked back at; never past their moments."""

from datetime import date, timedelta

import pytest

from models.base.clock import end_of
from models.policies import editions
from tests.client import serve
from tests.models.policies.texts import DAY, HERE, NOW, heard, publish, until
from tests.models.workers.people import another_house

SECOND = timedelta(seconds=1)
LIST = "/worker/v1/policies"


def titles(answer):
    return [item["title"] for item in answer.body["items"]]


async def test_only_what_is_in_force_is_found(ctx, http):
    await publish(ctx, "now", "社保补贴")
    await publish(ctx, "past", "社保补贴旧", valid_to=date(2026, 11, 22))
    await publish(ctx, "future", "社保补贴新", publish_at=NOW + DAY)
    await heard(ctx, editions=3)
    answer = await http.get(f"{LIST}?q=社保")
    assert titles(answer) == ["社保补贴"]
    assert answer.body["total"] == 1
    assert answer.body["facets"]["topic"] == {"social_insurance": 1}
    (item,) = answer.body["items"]
    assert item == {
        "id": "policy_now",
        "title": "社保补贴",
        "title_parts": item["title_parts"],
        "snippet": item["snippet"],
        "topic": "social_insurance",
        "topic_name": "社会保险",
        "level": "district",
        "level_name": "区",
        "region": HERE,
        "issuer": "示例·高新区",
        "number": "示例〔2026〕1号",
        "tags": ["社保补贴"],
        "audience": [],
        "published_at": "2026-11-22T02:00:00Z",
    }
    assert {"text": "社保", "hit": True} in item["title_parts"]


async def test_a_list_changes_at_the_minute_and_the_second(ctx, http, clock):
    await publish(ctx, "a", "甲", publish_at=NOW + DAY)
    await publish(ctx, "b", "乙", valid_to=date(2026, 11, 24))
    await heard(ctx, editions=2)
    end = end_of(date(2026, 11, 24))
    for at, expected in [
        (NOW, ["乙"]),
        (NOW + DAY - SECOND, ["乙"]),
        (NOW + DAY, ["甲", "乙"]),
        (end - SECOND, ["甲", "乙"]),
        (end, ["甲"]),
    ]:
        clock.put(at)
        for _ in range(2):
            answer = await http.get(LIST)
            assert titles(answer) == expected
            assert answer.body["total"] == len(expected)
            assert answer.body["facets"]["level"] == {"district": len(expected)}


async def test_a_text_ends_at_its_second_though_it_was_kept_ready(ctx, http, clock):
    await publish(ctx, valid_to=date(2026, 11, 24))
    await heard(ctx, editions=1)
    end = end_of(date(2026, 11, 24))
    clock.put(end - SECOND)
    kept = await http.get(f"{LIST}/policy_one")
    assert kept.status == 200
    clock.put(end)
    known = {"If-None-Match": kept.headers["Etag"]}
    for headers in ({}, known):
        answer = await http.get(f"{LIST}/policy_one", headers=headers)
        assert (answer.status, answer.code) == (410, "policy_expired")
    assert answer.headers.get("Etag") is None
    assert answer.headers["Cache-Control"] == "no-store"


async def test_what_one_has_already_is_not_sent_again(ctx, http):
    await publish(ctx)
    await heard(ctx, editions=1)
    for path in (f"{LIST}/policy_one", LIST):
        first = await http.get(path)
        known = {"If-None-Match": first.headers["Etag"]}
        again = await http.get(path, headers=known)
        assert (again.status, again.body) == (304, b"")
    await publish(ctx, publish_at=NOW, number="示例〔2026〕2号")
    await heard(ctx, editions=2)
    for path in (f"{LIST}/policy_one", LIST):
        changed = await http.get(path, headers=known)
        assert changed.status == 200
        assert changed.headers["Etag"] != known["If-None-Match"]


async def test_a_policy_is_read_whole(ctx, http):
    await publish(ctx)
    await heard(ctx, editions=1)
    body = (await http.get(f"{LIST}/policy_one")).body
    assert body["html"] == "<h2>谁能办</h2>\n<ol>\n<li>在高新区干活。</li>\n</ol>\n"
    assert (body["edition_id"], body["has_rule"]) == ("edition_one_1", False)
    assert (body["effective_from"], body["effective_to"]) == ("2026-01-01", None)
    assert body["published_at"] == "2026-11-22T02:00:00Z"


async def test_another_process_shows_and_hides_it(ctx, settings, clock):
    async with another_house(settings, clock) as other:
        http = await serve(other)

        async def shown():
            return (await http.get(f"{LIST}/policy_one")).status == 200

        async def listed():
            return titles(await http.get(LIST)) == ["社保补贴"]

        assert titles(await http.get(LIST)) == []
        await publish(ctx)
        await until(shown)
        await until(listed)
        await editions.withdraw(ctx, "policy_one", reason="发布有误。", at=NOW)

        async def hidden():
            answer = await http.get(f"{LIST}/policy_one")
            return (answer.status, answer.body.get("code")) == (410, "policy_withdrawn")

        async def gone():
            return titles(await http.get(LIST)) == []

        await until(hidden)
        await until(gone)
        await http.close()


async def test_a_deaf_process_reads_mongodb_and_not_what_it_kept(ctx, http, house):
    await publish(ctx)
    await heard(ctx, editions=1)
    assert (await http.get(f"{LIST}/policy_one")).status == 200
    assert titles(await http.get(LIST)) == ["社保补贴"]
    await house.follower.stop()
    await publish(ctx, publish_at=NOW - SECOND, number="示例〔2026〕2号")
    house.follower._last_answer = float("-inf")
    read = await http.get(f"{LIST}/policy_one")
    assert read.body["number"] == "示例〔2026〕2号"
    await editions.withdraw(ctx, "policy_one", reason="发布有误。", at=NOW)
    assert (await http.get(f"{LIST}/policy_one")).code == "policy_withdrawn"
    assert titles(await http.get(LIST)) == []


async def test_what_was_found_is_kept_counted_and_gone_with_the_text(ctx, http):
    await publish(ctx)
    await heard(ctx, editions=1)
    for path in (LIST, "/worker/v1/search"):
        await ctx.redis.flushall()
        first, again = [await http.get(f"{path}?q=社保") for _ in range(2)]
        assert titles(first) == titles(again) == ["社保补贴"]
        counts = await ctx.redis.mget(await ctx.redis.keys("*search*"))
        assert [int(each) for each in counts] == [2]
    await editions.withdraw(ctx, "policy_one", reason="发布有误。", at=NOW)

    async def gone():
        pages = [
            await http.get(f"{path}?q=社保") for path in (LIST, "/worker/v1/search")
        ]
        return [titles(page) for page in pages] == [[], []]

    await until(gone)


async def test_gone_words_say_why_and_what_now(ctx, http):
    await publish(ctx, "old")
    await publish(ctx, "bad")
    await publish(ctx, "later", publish_at=NOW + DAY)
    await editions.supersede(ctx, "policy_old", successor="policy_new", at=NOW)
    await editions.withdraw(ctx, "policy_bad", reason="发布有误。", at=NOW)
    await heard(ctx, editions=3)
    old = await http.get(f"{LIST}/policy_old")
    assert (old.status, old.code) == (410, "policy_expired")
    assert old.body["details"]["replaced_by"] == "policy_new"
    bad = await http.get(f"{LIST}/policy_bad")
    assert (bad.status, bad.code) == (410, "policy_withdrawn")
    assert bad.body["details"]["reason"] == "发布有误。"
    for path in ("policy_later", "policy_none", "policy_later/editions"):
        answer = await http.get(f"{LIST}/{path}")
        assert (answer.status, answer.code) == (404, "no_such_policy")


async def test_a_past_day_is_answered_with_the_text_of_then(ctx, http):
    await publish(ctx, publish_at=NOW - 9 * DAY, number="1")
    await publish(ctx, publish_at=NOW - DAY, number="2")
    await heard(ctx, editions=2)
    then = await http.get(f"{LIST}/policy_one?as_of=2026-11-20")
    assert (then.status, then.body["number"]) == (200, "1")
    assert (await http.get(f"{LIST}/policy_one")).body["number"] == "2"
    before = await http.get(f"{LIST}/policy_one?as_of=2026-11-01")
    assert (before.status, before.code) == (404, "no_such_policy")
    future = await http.get(f"{LIST}/policy_one?as_of=2026-11-24")
    assert (future.status, future.code) == (422, "as_of_future")
    history = await http.get(f"{LIST}/policy_one/editions")
    assert [
        (item["number"], item["published_at"], item["ended_at"])
        for item in history.body["items"]
    ] == [
        ("2", "2026-11-22T02:00:00Z", None),
        ("1", "2026-11-14T02:00:00Z", "2026-11-22T02:00:00Z"),
    ]


async def test_one_regions_or_classes_list_is_never_anothers(ctx, http):
    await publish(ctx, "here", "这里", of={"audience": ("migrant_worker",)})
    await publish(ctx, "there", "那里", of={"region": "410102"})
    await heard(ctx, editions=2)
    for _ in range(2):
        assert titles(await http.get(f"{LIST}?region={HERE}")) == ["这里"]
        assert titles(await http.get(f"{LIST}?region=410102")) == ["那里"]
        assert titles(await http.get(f"{LIST}?audience=migrant_worker")) == ["这里"]
        assert titles(await http.get(f"{LIST}?audience=employer")) == []
        assert titles(await http.get(f"{LIST}?topic=wages")) == []
        assert len(titles(await http.get(f"{LIST}?level=district"))) == 2


@pytest.mark.parametrize("words", ["", "社保"])
async def test_pages_neither_repeat_nor_skip_when_more_is_published(ctx, http, words):
    for number in range(5):
        await publish(ctx, f"p{number}", publish_at=NOW - (9 - number) * DAY)
    await heard(ctx, editions=5)
    seen, cursor = [], ""
    for number in range(3):
        page = await http.get(f"{LIST}?limit=2&q={words}{cursor}")
        seen += [item["id"] for item in page.body["items"]]
        cursor = f"&cursor={page.body['next']}"
        await publish(ctx, f"n{number}", "另一项社保", publish_at=NOW)
        await heard(ctx, editions=6 + number)
    old = [id_ for id_ in seen if id_.startswith("policy_p")]
    assert sorted(old) == [f"policy_p{number}" for number in range(5)]
    assert len(seen) == len(set(seen))


async def test_a_cursor_of_ones_own_making_is_refused(http):
    for cursor in ("x", "W10", "eyIkZ3QiOiIifQ"):
        answer = await http.get(f"{LIST}?cursor={cursor}")
        assert (answer.status, answer.code) == (422, "bad_cursor")


@pytest.mark.parametrize(
    "query",
    [
        "limit=51",
        "limit=0",
        "topic=x",
        "region=x",
        "include=expired",
        f"q={'长' * 101}",
    ],
)
async def test_what_makes_no_sense_is_refused(http, query):
    answer = await http.get(f"{LIST}?{query}")
    assert (answer.status, answer.code) == (422, "invalid")


async def test_what_is_being_typed_is_completed(ctx, http):
    await publish(ctx)
    await publish(ctx, "later", "社保新规", publish_at=NOW + DAY)
    await heard(ctx, editions=2)
    for typed in ("社", "sb"):
        answer = await http.get(f"/worker/v1/policy-suggestions?q={typed}")
        assert answer.body == {"items": ["社保补贴"], "next": None}

"""Guidance over HTTP, and the search over everything."""

from datetime import date, timedelta

from models.base.clock import end_of
from models.policies import guides
from models.policies.guides import Writing
from models.policies.vocabulary import Category
from tests.models.policies.texts import DAY, HERE, NOW, heard, publish, write_guide

LIST = "/worker/v1/guides"


def titles(answer):
    return [item["title"] for item in answer.body["items"]]


async def test_articles_are_listed_and_narrowed(ctx, http):
    await write_guide(ctx)
    await write_guide(ctx, "two", "欠薪证据", category="rights", tags=())
    await heard(ctx, guides=2)
    assert len(titles(await http.get(LIST))) == 2
    assert titles(await http.get(f"{LIST}?category=rights")) == ["欠薪证据"]
    assert titles(await http.get(f"{LIST}?q=面试")) == ["面试怎么准备"]


async def test_an_article_is_read_and_not_sent_twice(ctx, http):
    await write_guide(ctx)
    await heard(ctx, guides=1)
    first = await http.get(f"{LIST}/guide_one")
    assert first.body["html"] == "<p>带上身份证。</p>\n"
    assert first.body["category_name"] == "面试"
    known = {"If-None-Match": first.headers["Etag"]}
    assert (await http.get(f"{LIST}/guide_one", headers=known)).status == 304


async def test_an_article_ends_at_its_second_though_it_was_kept_ready(ctx, http, clock):
    await write_guide(ctx, valid_to=date(2026, 11, 23))
    await heard(ctx, guides=1)
    clock.put(end_of(date(2026, 11, 23)) - timedelta(seconds=1))
    assert (await http.get(f"{LIST}/guide_one")).status == 200
    assert len(titles(await http.get(LIST))) == 1
    clock.put(end_of(date(2026, 11, 23)))
    answer = await http.get(f"{LIST}/guide_one")
    assert (answer.status, answer.code) == (404, "no_such_guide")
    assert titles(await http.get(LIST)) == []


async def test_a_deaf_process_reads_mongodb(ctx, http, house):
    await write_guide(ctx)
    await heard(ctx, guides=1)
    assert (await http.get(f"{LIST}/guide_one")).status == 200
    await house.follower.stop()
    house.follower._last_answer = float("-inf")
    assert (await http.get(f"{LIST}/guide_one")).status == 200
    await guides.withdraw(ctx, "guide_one", at=NOW)
    answer = await http.get(f"{LIST}/guide_one")
    assert (answer.status, answer.code) == (404, "no_such_guide")


async def test_an_article_keeps_its_address_through_all_its_texts(ctx, http, clock):
    await write_guide(ctx)
    writing = Writing(
        title="面试三步走",
        category=Category.INTERVIEW,
        region=HERE,
        summary="三步。",
        body="先打电话。",
        publish_at=NOW + DAY,
    )
    await guides.release(ctx, "guide_one", writing)
    await heard(ctx, guides=2)
    for moment, title in (
        (NOW, "面试怎么准备"),
        (NOW + DAY - timedelta(seconds=1), "面试怎么准备"),
        (NOW + DAY, "面试三步走"),
    ):
        clock.put(moment)
        listed = (await http.get(LIST)).body["items"]
        assert [(item["id"], item["title"]) for item in listed] == [
            ("guide_one", title)
        ]
        for path in (LIST, "/worker/v1/search"):
            found = (await http.get(f"{path}?q=面试")).body["items"]
            assert [item["id"] for item in found] == ["guide_one"]
        read = await http.get(f"{LIST}/guide_one")
        assert (read.body["id"], read.body["title"]) == ("guide_one", title)


async def test_a_made_up_cursor_is_refused(http):
    for path in (LIST, "/worker/v1/search"):
        answer = await http.get(f"{path}?cursor=x")
        assert (answer.status, answer.code) == (422, "bad_cursor")


async def test_one_search_finds_both_sorts(ctx, http):
    await publish(ctx, title="面试补贴")
    await write_guide(ctx)
    await heard(ctx, editions=1, guides=1)
    answer = await http.get("/worker/v1/search?q=面试")
    found = {(item["kind"], item["id"], item["label"]) for item in answer.body["items"]}
    assert found == {
        ("policy", "policy_one", "社会保险"),
        ("guidance", "guide_one", "面试"),
    }
    assert answer.body["facets"]["kind"] == {"policy": 1, "guidance": 1}
    only = await http.get("/worker/v1/search?q=面试&kind=guidance")
    assert [item["id"] for item in only.body["items"]] == ["guide_one"]

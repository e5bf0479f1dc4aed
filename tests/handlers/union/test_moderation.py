"""The doors of content safety: a comment from its author to its last judge."""

import pytest

from tests.models.moderation.texts import (
    DOUBTFUL,
    FINE,
    RISKY,
    deliver_events,
    moderator,
)
from tests.models.stations import places
from tests.models.stations.test_comments import visit
from tests.models.unions import people

STATION = "/worker/v1/stations/station_park/comments"
MINE = f"{STATION}/mine"
ALL = "/union/v1/moderation"
EAST = "/unit_city/unit_east/"


@pytest.fixture
def me(ctx, run, http):
    async def enter():
        await places.put(ctx, places.station(org_path=EAST))
        me = await http.sign_in("w-1")
        my_id = (await me.get("/worker/v1/me")).body["id"]
        await visit(ctx, my_id.removeprefix("worker_"))
        return me

    return run(enter())


async def judge(ctx, http, name, unit="unit_east"):
    who = await moderator(ctx, name, unit=unit)
    return http.as_(await people.token(ctx, who))


async def write(me, text):
    answer = await me.put(MINE, {"rating": 5, "text": text})
    assert answer.status == 200, answer.body
    return answer.body


async def decide(client, piece_id, *, visible):
    path = f"{ALL}/pieces/{piece_id}/decisions"
    return await client.post(path, {"visible": visible, "reason": "看过了"})


async def test_a_comment_is_pending_then_public(ctx, http, me):
    written = await write(me, FINE)
    assert (written["state"], written["may_appeal"]) == ("pending", False)
    assert (await http.get(STATION)).body["items"] == []
    await deliver_events(ctx)
    (shown,) = (await http.get(STATION)).body["items"]
    assert shown == {
        "id": written["id"],
        "nickname": "微信用户",
        "rating": 5,
        "text": FINE,
        "written_at": written["written_at"],
    }
    assert (await me.get(MINE)).body["state"] == "visible"
    (own,) = (await me.get("/worker/v1/me/comments")).body["items"]
    assert own["id"] == written["id"]
    assert (await me.delete(MINE)).status == 204
    assert (await http.get(STATION)).body["items"] == []
    assert (await me.get(MINE)).code == "no_such_comment"


async def test_from_doubt_over_refusal_and_appeal_to_the_public(ctx, http, me):
    await write(me, DOUBTFUL)
    await deliver_events(ctx)
    wang, li = await judge(ctx, http, "wang"), await judge(ctx, http, "li")
    (waiting,) = (await wang.get(f"{ALL}/pieces")).body["items"]
    assert (waiting["why"], waiting["text"]) == ("doubtful", DOUBTFUL)
    refused = await decide(wang, waiting["id"], visible=False)
    assert (refused.status, refused.body["state"]) == (200, "refused")
    mine = (await me.get(MINE)).body
    assert (mine["state"], mine["reason"], mine["may_appeal"]) == (
        "refused",
        "看过了",
        True,
    )
    appealed = await me.post(f"{MINE}/appeal", {"reason": "没有别的意思"})
    assert (appealed.status, appealed.body["state"]) == (200, "appealed")
    again = await me.post(f"{MINE}/appeal", {"reason": "没有别的意思"})
    assert (again.status, again.code) == (409, "nothing_to_appeal")
    same = await decide(wang, waiting["id"], visible=True)
    assert (same.status, same.code) == (409, "same_decider")
    assert (await decide(li, waiting["id"], visible=True)).status == 200
    late = await decide(li, waiting["id"], visible=False)
    assert (late.status, late.code) == (409, "piece_moved")
    (shown,) = (await http.get(STATION)).body["items"]
    assert shown["text"] == DOUBTFUL
    one = (await li.get(f"{ALL}/pieces/{waiting['id']}")).body
    assert [each["visible"] for each in one["decisions"]] == [False, True]


async def test_a_risky_comment_is_told_to_its_author_in_the_inbox(ctx, http, me):
    await write(me, RISKY)
    await deliver_events(ctx)
    assert (await http.get(STATION)).body["items"] == []
    (message,) = (await me.get("/worker/v1/me/messages")).body["items"]
    assert message["kind"] == "comment_refused"


async def test_three_readers_hide_a_comment(ctx, http, me):
    comment = await write(me, FINE)
    await deliver_events(ctx)
    path = f"/worker/v1/comments/{comment['id']}/reports"
    for number in (2, 3, 4):
        reader = await http.sign_in(f"w-{number}")
        assert (await reader.post(path, {"reason": "广告"})).status == 204
    assert (await http.get(STATION)).body["items"] == []
    gone = await me.post(path, {"reason": "广告"})
    assert (gone.status, gone.code) == (404, "no_such_comment")
    wang = await judge(ctx, http, "wang")
    (waiting,) = (await wang.get(f"{ALL}/pieces")).body["items"]
    assert waiting["why"] == "reported"
    assert [each["reason"] for each in waiting["reports"]] == ["广告"] * 3
    assert "worker_" not in str(waiting)


async def test_words_are_kept_by_those_who_may(ctx, http, me):
    wang = await judge(ctx, http, "wang")
    west = await judge(ctx, http, "west", unit="unit_west")
    word = {"unit_id": "unit_east", "text": "押金贷", "says": "risky"}
    made = await wang.post(f"{ALL}/words", word)
    assert (made.status, made.body["text"]) == (201, "押金贷")
    assert (await west.post(f"{ALL}/words", word)).code == "no_such_unit"
    assert (await west.get(f"{ALL}/words")).body["items"] == []
    one = f"{ALL}/words/{made.body['id']}"
    assert (await west.delete(one)).code == "no_such_word"
    await write(me, "来办押金贷")
    await deliver_events(ctx)
    assert (await me.get(MINE)).body["state"] == "refused"
    assert (await wang.delete(one)).status == 204
    bad = await wang.post(f"{ALL}/words", word | {"says": "pass"})
    assert (bad.status, bad.code) == (422, "bad_word")


async def test_another_branch_sees_nothing_and_others_no_door(ctx, http, me):
    await write(me, DOUBTFUL)
    await deliver_events(ctx)
    wang = await judge(ctx, http, "wang")
    (waiting,) = (await wang.get(f"{ALL}/pieces")).body["items"]
    west = await judge(ctx, http, "west", unit="unit_west")
    assert (await west.get(f"{ALL}/pieces")).body["items"] == []
    assert (await west.get(f"{ALL}/pieces/{waiting['id']}")).status == 404
    assert (await decide(west, waiting["id"], visible=True)).status == 404
    nobody = http.as_(await people.token(ctx, await people.official(ctx, "no")))
    assert (await nobody.get(f"{ALL}/pieces")).code == "permission_missing"
    assert (await me.get(f"{ALL}/pieces")).code == "port_mismatch"


async def test_who_was_not_there_is_told_so(ctx, http, me):
    other = await http.sign_in("w-2")
    answer = await other.put(MINE, {"rating": 5, "text": "好"})
    assert (answer.status, answer.code) == (409, "not_visited")
    for body in ({"rating": 6, "text": "好"}, {"rating": 5, "text": ""}):
        assert (await other.put(MINE, body)).status == 422

"""From a first draft to the last second: written, passed, read, told of, over."""

import msgspec
import pytest

from tests.faults.waiting import until
from tests.models.policies.papers import TESTED, F, R, W, content
from tests.models.unions import people

PAPERS = "/union/v1/manuscripts"
UNIT = "unit_gaoxin"
TITLE = "骑手换电补贴"


class Office:
    """The editors at their desks; each call is a fresh morning's sign-in."""

    def __init__(self, story, officials):
        self._story = story
        self._officials = officials

    async def sign_in(self, name):
        token = await people.token(self._story.house.ctx, self._officials[name])
        return self._story.http.as_(token)


@pytest.fixture
def office(run, story):
    async def employ():
        ctx = story.house.ctx
        return {
            name: await people.official(ctx, name, unit=UNIT, permissions=may)
            for name, may in (("editor", (W, R)), ("reviewer", (R,)), ("chief", (F,)))
        }

    return Office(story, run(employ()))


def words(title=TITLE, **other):
    told = content(title, summary="每次换电补贴2元。", **other)
    return msgspec.json.decode(msgspec.json.encode(told))


async def found(story, title=TITLE):
    answer = await story.http.get(f"/worker/v1/policies?q={title}")
    return [item["id"] for item in answer.body["items"] if item["title"] == title]


async def comes_to_be_found(story, policy_id, title=TITLE):
    """The clock stands; what was just passed is heard of some milliseconds later."""

    async def is_found():
        return await found(story, title) == [policy_id]

    await until(is_found, what=f"finding {title}")


async def hand_in(office, told, **document):
    """Write something and hand it in; returns its address and the manuscript."""
    editor = await office.sign_in("editor")
    body = {"kind": "policy", "content": told} | document
    draft = await editor.post(PAPERS, body)
    assert draft.status == 201, draft.body
    one = f"{PAPERS}/{draft.body['id']}"
    handed_in = await editor.post(f"{one}/submit")
    assert (handed_in.status, handed_in.body["state"]) == (200, "submitted")
    return one, handed_in.body


async def send_back_and_forth(office, one):
    """The author may not pass it, a reviewer sends it back, it comes again."""
    editor, reviewer = [await office.sign_in(name) for name in ("editor", "reviewer")]
    read = {"lock_version": (await editor.get(one)).body["lock_version"]}
    own = await editor.post(f"{one}/approve", read)
    assert (own.status, own.code) == (409, "four_eyes")
    back = await reviewer.post(f"{one}/reject", {"remark": "请写明依据。"})
    assert back.body["state"] == "rejected"
    assert back.body["history"][-1]["remark"] == "请写明依据。"
    saved = await editor.put(
        one,
        {
            "lock_version": back.body["lock_version"],
            "content": words(valid_to="2026-11-26", **TESTED),
        },
    )
    assert saved.body["state"] == "draft"
    assert (await editor.post(f"{one}/submit")).body["state"] == "submitted"


async def pass_for(office, one, moment):
    reviewer = await office.sign_in("reviewer")
    read = {"lock_version": (await reviewer.get(one)).body["lock_version"]}
    passed = await reviewer.post(f"{one}/approve", read | {"publish_at": moment})
    assert (passed.status, passed.body["state"]) == (200, "scheduled"), passed.body


async def read_from_its_minute(story, policy_id):
    """At 09:59 nobody finds it; at 10:00 everybody does, though nothing has run."""
    await story.at("11-24 09:59")
    await story.tick()
    assert await found(story) == []
    missing = await story.http.get(f"/worker/v1/policies/{policy_id}")
    assert missing.status == 404
    await story.at("11-24 10:00")
    await comes_to_be_found(story, policy_id)
    read = await story.http.get(f"/worker/v1/policies/{policy_id}")
    assert (read.status, read.body["title"]) == (200, TITLE)


async def inbox(me, policy_id):
    messages = (await me.get("/worker/v1/me/messages")).body["items"]
    return [each["kind"] for each in messages if each["ref"] == policy_id]


async def test_a_policys_life(story, office):
    one, first = await hand_in(office, words(valid_to="2026-11-26", **TESTED))
    policy_id = first["document_id"]
    await send_back_and_forth(office, one)
    await pass_for(office, one, "2026-11-24T10:00:00+08:00")
    await read_from_its_minute(story, policy_id)

    me = await story.http.sign_in("w-1")
    await story.later(seconds=1)
    assert (await me.put(f"/worker/v1/policies/{policy_id}/saved")).status == 204
    second, _ = await hand_in(
        office,
        words(valid_to="2026-11-26", number="示例〔2026〕2号", **TESTED),
        document_id=policy_id,
    )
    await pass_for(office, second, "2026-11-25T10:00:00+08:00")
    await story.tick()
    assert await inbox(me, policy_id) == []
    await story.at("11-25 10:00")
    for _ in range(2):
        await story.tick()
    me = await story.http.sign_in("w-1-again")
    assert await inbox(me, policy_id) == ["policy_updated"]
    read = await me.get(f"/worker/v1/policies/{policy_id}")
    assert read.body["number"] == "示例〔2026〕2号"
    then = await me.get(f"/worker/v1/policies/{policy_id}?as_of=2026-11-24")
    assert then.body["number"] == "示例〔2026〕1号"

    heir, new = await hand_in(office, words("骑手换电新办法"))
    await pass_for(office, heir, "2026-11-27T00:00:00+08:00")
    reviewer = await office.sign_in("reviewer")
    linked = await reviewer.post(
        f"{second}/supersede", {"replaced_by": new["document_id"]}
    )
    assert (linked.status, linked.body["state"]) == (200, "published")

    await story.until("2026-11-26T23:59:59+08:00")
    await comes_to_be_found(story, policy_id)
    await story.until("2026-11-27T00:00:00+08:00")
    assert await found(story) == []
    await comes_to_be_found(story, new["document_id"], "骑手换电新办法")
    gone = await story.http.get(f"/worker/v1/policies/{policy_id}")
    assert (gone.status, gone.code) == (410, "policy_expired")
    assert gone.body["details"]["replaced_by"] == new["document_id"]
    reviewer = await office.sign_in("reviewer")
    assert (await reviewer.get(second)).body["state"] == "expired"
    assert (await reviewer.get(one)).body["state"] == "superseded"
    for _ in range(2):
        await story.tick()
    me = await story.http.sign_in("w-1-once-more")
    (kept,) = (await me.get("/worker/v1/me/saved-policies")).body["items"]
    assert (kept["standing"], kept["replaced_by"]) == ("replaced", new["document_id"])
    assert await inbox(me, policy_id) == ["policy_superseded", "policy_updated"]
    figures = (await story.http.get("/metrics")).body
    assert b"publishing_overdue 0.0" in figures

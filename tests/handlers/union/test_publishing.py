"""Publishing over HTTP: what is answered, what is refused, who sees what."""

from datetime import date, timedelta

import msgspec
import pytest

from models.base.documents import plain
from models.policies import scheduling
from tests.models.policies.papers import (
    FITS,
    TESTED,
    chief,
    content,
    editor,
    published,
    reviewer,
    submitted,
)
from tests.models.policies.texts import DAY, NOW, heard, publish
from tests.models.unions import people

PAPERS = "/union/v1/manuscripts"


@pytest.fixture
def desk(run, ctx, http):
    """An editor's client, a reviewer's, a chief's of another zone."""

    async def sign_in():
        who = (
            await editor(ctx),
            await reviewer(ctx),
            await chief(ctx, "stranger", unit="unit_west"),
        )
        return [http.as_(await people.token(ctx, each)) for each in who]

    return run(sign_in())


def as_sent(told):
    return msgspec.json.decode(msgspec.json.encode(told))


async def begin(me, told=None, **other):
    body = {"kind": "policy", "content": plain(told or content())} | other
    answer = await me.post(PAPERS, body)
    assert answer.status == 201, answer.body
    return answer.body


async def test_a_manuscript_is_answered_whole(desk):
    me, other, _ = desk
    draft = await begin(me)
    assert draft == {
        "id": draft["id"],
        "kind": "policy",
        "document_id": draft["document_id"],
        "state": "draft",
        "lock_version": 1,
        "content": as_sent(content()),
        "attachments": [],
        "author": "王*例",
        "based_on": None,
        "public": None,
        "forced": None,
        "unconfirmed": False,
        "history": [
            {
                "deed": "begun",
                "by": "王*例",
                "acting_for": None,
                "at": "2026-11-23T02:00:00Z",
                "remark": "",
            }
        ],
        "changed_at": "2026-11-23T02:00:00Z",
    }
    read = await other.get(f"{PAPERS}/{draft['id']}")
    assert read.body == draft
    listed = await me.get(
        f"{PAPERS}?state=draft,submitted&mine=true&q=社保&from=2026-11-23&to=2026-11-23"
    )
    assert listed.body["items"] == [
        {
            "id": draft["id"],
            "kind": "policy",
            "document_id": draft["document_id"],
            "state": "draft",
            "lock_version": 1,
            "title": "社保补贴",
            "number": "示例〔2026〕1号",
            "topic": "social_insurance",
            "category": None,
            "level": "district",
            "region": "410172",
            "author": "王*例",
            "public": None,
            "unconfirmed": False,
            "changed_at": "2026-11-23T02:00:00Z",
        }
    ]


async def test_days_in_the_wrong_order_and_a_nul_are_refused(desk):
    me, _, _ = desk
    refused = await me.get(f"{PAPERS}?from=2026-11-24&to=2026-11-23")
    assert (refused.status, refused.code) == (422, "span_backwards")
    refused = await me.get(f"{PAPERS}?q=%00")
    assert (refused.status, refused.code) == (422, "invalid")


async def test_the_same_key_begins_one_manuscript(desk):
    me, _, _ = desk
    body = {"kind": "policy", "content": plain(content())}
    first = await me.post(PAPERS, body, key="tap")
    again = await me.post(PAPERS, body, key="tap")
    assert first.body["id"] == again.body["id"]


async def test_the_way_of_a_manuscript_and_its_refusals(desk):
    me, other, _ = desk
    draft = await begin(me)
    one = f"{PAPERS}/{draft['id']}"
    assert (await other.post(f"{one}/approve", {"lock_version": 1})).code == (
        "bad_transition"
    )
    assert (await me.post(f"{one}/submit")).body["state"] == "submitted"
    assert (await me.post(f"{one}/approve", {"lock_version": 2})).status == 403
    assert (await other.post(f"{one}/reject", {"remark": ""})).code == "remark_needed"
    back = await other.post(f"{one}/reject", {"remark": "缺依据"})
    assert (back.status, back.body["state"]) == (200, "rejected")
    version = back.body["lock_version"]
    saving = {"lock_version": version, "content": plain(content("新标题"))}
    assert (await me.put(one, saving)).body["state"] == "draft"
    stale = await me.put(one, saving)
    assert (stale.status, stale.code) == (409, "stale_version")
    assert stale.body["details"]["current"]["title"] == "新标题"
    await me.post(f"{one}/submit")
    assert (await me.post(f"{one}/withdraw-submission")).body["state"] == "draft"
    await me.post(f"{one}/submit")
    unread = await other.post(f"{one}/approve", {"lock_version": version})
    assert (unread.status, unread.code) == (409, "stale_version")
    assert (await other.post(f"{one}/approve", {})).status == 422
    read = {"lock_version": (await other.get(one)).body["lock_version"]}
    past = read | {"publish_at": "2026-11-22T00:00:00Z"}
    assert (await other.post(f"{one}/approve", past)).code == "publish_at_past"
    held = await other.post(f"{one}/approve", read | {"hold": True})
    assert held.body["state"] == "approved"
    later = {"publish_at": "2026-11-24T10:00:00+08:00"}
    assert (await me.put(f"{one}/schedule", later)).body["state"] == "scheduled"
    assert (await me.delete(f"{one}/schedule")).body["state"] == "approved"
    await me.put(f"{one}/schedule", later)
    second = {
        "kind": "policy",
        "content": plain(content()),
        "document_id": draft["document_id"],
    }
    opened = await me.post(PAPERS, second)
    clash = await me.post(PAPERS, second)
    assert (clash.status, clash.code) == (409, "open_draft_exists")
    assert clash.body["details"]["manuscript_id"] == opened.body["id"]
    archived = await me.post(f"{PAPERS}/{opened.body['id']}/archive")
    assert archived.body["state"] == "archived"
    calendar = await me.get(
        "/union/v1/publishing/calendar?from=2026-11-24&to=2026-11-30"
    )
    assert [(d["what"], d["at"]) for d in calendar.body["items"]] == [
        ("begins", "2026-11-24T02:00:00Z")
    ]
    bad = await me.get("/union/v1/publishing/calendar?from=2026-11-24&to=2026-11-01")
    assert (bad.status, bad.code) == (422, "bad_days")


async def test_somebody_who_wrote_it_does_not_let_it_pass(ctx, http):
    both = await chief(ctx, "both")
    client = http.as_(await people.token(ctx, both))
    draft = await begin(client)
    one = f"{PAPERS}/{draft['id']}"
    await client.post(f"{one}/submit")
    answer = await client.post(f"{one}/approve", {"lock_version": 2})
    assert (answer.status, answer.code) == (409, "four_eyes")


async def test_what_is_forced_is_listed_counted_and_confirmed(ctx, http, desk):
    me, other, _ = desk
    boss = http.as_(await people.token(ctx, await chief(ctx)))
    draft = await begin(me)
    one = f"{PAPERS}/{draft['id']}"
    read = {"lock_version": draft["lock_version"]}
    assert (await boss.post(f"{one}/force-publish", read)).code == "remark_needed"
    unread = {"lock_version": 9, "reason": "暴雨"}
    assert (await boss.post(f"{one}/force-publish", unread)).code == "stale_version"
    forced = await boss.post(f"{one}/force-publish", read | {"reason": "暴雨"})
    assert (forced.body["state"], forced.body["unconfirmed"]) == ("published", True)
    for path in ("unconfirmed=true", "awaiting_my_review=true"):
        listed = await other.get(f"{PAPERS}?{path}")
        assert [item["id"] for item in listed.body["items"]] == [draft["id"]]
    assert b"publishing_unconfirmed 1.0" in (await http.get("/metrics")).body
    assert (await boss.post(f"{one}/confirm")).code == "four_eyes"
    confirmed = await other.post(f"{one}/confirm")
    assert confirmed.body["forced"]["confirmed_by"] == "王*例"
    assert (await other.post(f"{one}/confirm")).code == "nothing_to_confirm"


async def test_the_rule_is_tried_any_time_and_before_it_is_handed_in(desk):
    me, _, _ = desk
    wrong = (FITS | {"expects": "not_eligible"},)
    draft = await begin(me, content(rule=TESTED["rule"], test_persons=wrong))
    one = f"{PAPERS}/{draft['id']}"
    tried = await me.post(f"{one}/rule-check")
    assert (tried.status, tried.body["passed"]) == (200, False)
    first = tried.body["failures"][0]
    assert (first["name"], first["expected"], first["got"]) == (
        "合适",
        "not_eligible",
        "eligible",
    )
    (outcome,) = tried.body["outcomes"]
    assert (outcome["got"], outcome["met"]) == ("eligible", False)
    refused = await me.post(f"{one}/submit")
    assert (refused.status, refused.code) == (422, "test_persons_failed")
    assert refused.body["details"]["failures"] == tried.body["failures"]


async def test_ended_with_a_reason_or_by_another(ctx, http, desk, clock):
    _, other, _ = desk
    me = await people.again(ctx, "staff_editor")
    checker = await people.again(ctx, "staff_reviewer")
    old, new, bad = [
        await published(ctx, me, checker, content(title))
        for title in ("旧", "新", "错")
    ]
    clock.forward(timedelta(seconds=1))
    body = {"replaced_by": new.document_id}
    done = await other.post(f"{PAPERS}/{old.id}/supersede", body)
    assert (done.status, done.body["state"]) == (200, "superseded")
    gone = await http.get(f"/worker/v1/policies/{old.document_id}")
    assert gone.status == 410
    assert gone.body["details"]["replaced_by"] == new.document_id
    circle = await other.post(
        f"{PAPERS}/{new.id}/supersede", {"replaced_by": new.document_id}
    )
    assert (circle.status, circle.code) == (409, "replacement_circle")
    path = f"{PAPERS}/{bad.id}/withdraw"
    assert (await other.post(path, {"because": "in_error"})).code == "remark_needed"
    needed = await other.post(path, {"because": "replaced_by", "reason": "新办法"})
    assert needed.code == "successor_needed"
    done = await other.post(path, {"because": "in_error", "reason": "金额有误。"})
    assert done.body["state"] == "withdrawn"
    gone = await http.get(f"/worker/v1/policies/{bad.document_id}")
    assert (gone.status, gone.code) == (410, "policy_withdrawn")


async def test_editions_are_listed_compared_and_taken_up(ctx, desk, clock):
    me, _, stranger = desk
    who = await people.again(ctx, "staff_editor")
    checker = await people.again(ctx, "staff_reviewer")
    first = await published(ctx, who, checker)
    id_ = first.document_id
    await published(ctx, who, checker, content("二"), document_id=id_, at=NOW + DAY)
    base = f"/union/v1/policies/{id_}/editions"
    listed = (await me.get(base)).body["items"]
    assert [(e["sequence"], e["is_public"]) for e in listed] == [(2, False), (1, True)]
    ids = [each["id"] for each in listed]
    diff = await me.get(f"{base}/diff?from={ids[1]}&to={ids[0]}")
    assert diff.body["fields"] == [
        {"field": "title", "before": "社保补贴", "after": "二"}
    ]
    assert {clause["change"] for clause in diff.body["clauses"]} == {"same"}
    again = await me.post(f"{base}/{ids[1]}/republish")
    assert (again.status, again.body["based_on"]) == (201, ids[1])
    seen = await me.get(f"{PAPERS}/{again.body['id']}/diff")
    assert seen.body["fields"] == []
    missing = await me.get(f"{base}/diff?from=edition_x&to={ids[0]}")
    assert (missing.status, missing.code) == (404, "no_such_edition")
    for answer in (
        await stranger.get(base),
        await stranger.get(f"{base}/diff?from={ids[1]}&to={ids[0]}"),
        await stranger.post(f"{base}/{ids[1]}/republish"),
    ):
        assert (answer.status, answer.code) == (404, "no_such_document")


async def test_what_lies_elsewhere_is_not_there(ctx, desk):
    me, _, stranger = desk
    draft = await begin(me)
    one = f"{PAPERS}/{draft['id']}"
    saving = {"lock_version": 1, "content": plain(content())}
    for answer in (
        await stranger.get(one),
        await stranger.put(one, saving),
        await stranger.get(f"{one}/diff"),
        await stranger.post(f"{one}/rule-check"),
        await stranger.post(f"{one}/copy"),
        await stranger.post(f"{one}/submit"),
        await stranger.post(f"{one}/withdraw-submission"),
        await stranger.post(f"{one}/approve", {"lock_version": 1}),
        await stranger.post(f"{one}/reject", {"remark": "不行"}),
        await stranger.post(
            f"{one}/force-publish", {"lock_version": 1, "reason": "暴雨"}
        ),
        await stranger.post(f"{one}/confirm"),
        await stranger.post(f"{one}/archive"),
        await stranger.put(f"{one}/schedule", {}),
        await stranger.delete(f"{one}/schedule"),
        await stranger.post(f"{one}/withdraw", {"because": "in_error", "reason": "x"}),
        await stranger.post(f"{one}/supersede", {"replaced_by": "policy_x"}),
    ):
        assert (answer.status, answer.code) == (404, "no_such_manuscript")
    assert (await stranger.get(PAPERS)).body == {"items": [], "next": None}


async def test_the_table_of_synonyms_is_mended(desk):
    me, other, _ = desk
    path = "/union/v1/synonyms"
    added = await me.post(path, {"terms": ["社保", "社会保险"]})
    assert added.status == 201
    one = f"{path}/{added.body['id']}"
    changed = await me.put(one, {"from": "五险一金", "to": ["住房公积金"]})
    assert changed.body == {
        "id": added.body["id"],
        "terms": [],
        "from": "五险一金",
        "to": ["住房公积金"],
    }
    assert (await me.get(path)).body == {"items": [changed.body], "next": None}
    bad = await me.post(path, {"terms": ["社保"]})
    assert (bad.status, bad.code) == (422, "bad_synonym_line")
    twin = await me.post(path, {"from": "五险一金", "to": ["住房公积金"]})
    assert (twin.status, twin.code) == (409, "synonym_exists")
    assert (await other.get(path)).status == 403
    assert (await me.delete(one)).status == 204
    assert (await me.delete(one)).code == "no_such_synonym"


async def test_a_list_costs_the_same_however_long_it_is(ctx, desk):
    me, _, _ = desk
    who = await people.again(ctx, "staff_editor")
    for number in range(3):
        await submitted(ctx, who, content(f"政策{number}"))
    first = (await me.get(f"{PAPERS}?limit=2")).body
    rest = (await me.get(f"{PAPERS}?limit=2&cursor={first['next']}")).body
    ids = [item["id"] for item in (*first["items"], *rest["items"])]
    assert (len(set(ids)), rest["next"]) == (3, None)
    assert (await me.get(f"{PAPERS}?cursor=x")).code == "bad_cursor"


async def test_what_is_saved_is_listed_with_how_it_stands(ctx, http):
    me = await http.sign_in("w-1")
    await publish(ctx, "one", "社保补贴")
    await publish(ctx, "later", publish_at=NOW + DAY)
    saved = "/worker/v1/policies/policy_one/saved"
    for _ in range(2):
        assert (await me.put(saved)).status == 204
    (item,) = (await me.get("/worker/v1/me/saved-policies")).body["items"]
    assert item == {
        "policy_id": "policy_one",
        "title": "社保补贴",
        "summary": "每月补贴500元。",
        "topic": "social_insurance",
        "topic_name": "社会保险",
        "saved_at": "2026-11-23T02:00:00Z",
        "standing": "in_force",
        "replaced_by": None,
    }
    for id_ in ("policy_later", "policy_none"):
        answer = await me.put(f"/worker/v1/policies/{id_}/saved")
        assert (answer.status, answer.code) == (404, "no_such_policy")
    assert (await http.put(saved)).status == 401
    assert (await me.delete(saved)).status == 204
    assert (await me.get("/worker/v1/me/saved-policies")).body["items"] == []
    assert (await me.delete(saved)).status == 204
    never = await me.delete("/worker/v1/policies/policy_none/saved")
    assert (never.status, never.code) == (404, "no_such_policy")


async def test_an_official_also_finds_what_has_expired(ctx, http, desk):
    me, _, _ = desk
    who = await people.again(ctx, "staff_editor")
    checker = await people.again(ctx, "staff_reviewer")
    await publish(ctx, "now", "社保补贴")
    await publish(ctx, "past", "社保补贴旧", valid_to=date(2026, 11, 22))
    await publish(ctx, "future", "社保补贴新", publish_at=NOW + DAY)
    never = await published(ctx, who, checker, content("社保空"), at=NOW + DAY / 2)
    await scheduling.unschedule(ctx, never.id, by=who)
    ctx.clock.put(NOW + DAY / 2)
    await heard(ctx, editions=3)
    me = http.as_(await people.token(ctx, who))
    found = await me.get("/union/v1/policies?q=社保")
    assert [(e["id"], e["is_current"]) for e in found.body["items"]] == [
        ("policy_now", True)
    ]
    both = await me.get("/union/v1/policies?q=社保&include=expired")
    assert {e["id"]: e["is_current"] for e in both.body["items"]} == {
        "policy_now": True,
        "policy_past": False,
    }
    assert both.body["total"] == 2
    assert (await http.get("/union/v1/policies")).status == 401

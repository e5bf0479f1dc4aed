"""Matching over HTTP: without signing in, signed in, and one's own record."""

import pytest

from tests.models.policies.texts import (
    HERE,
    MIGRANT,
    RULE,
    benefit,
    heard,
    publish,
)

ASK = "/worker/v1/policy-matches"
MINE = "/worker/v1/me/matches"
CLASS = {"client_classes": ["migrant_worker"]}
FITS = CLASS | {"birth_date": "1990-05-01", "work_region": HERE}


async def test_a_stranger_is_told_what_fits_and_what_to_say_next(ctx, http):
    await publish(ctx, rule=RULE, benefit=benefit(500))
    await heard(ctx, editions=1)
    answer = await http.post(ASK, {"facts": CLASS})
    (match,) = answer.body["items"]
    assert (answer.status, match["status"]) == (200, "unknown")
    assert set(match["missing"]) == {"birth_date", "work_region"}
    assert [q["name"] for q in answer.body["questions"]] == [
        "work_region",
        "birth_date",
    ]
    answer = await http.post(ASK, {"facts": FITS})
    (match,) = answer.body["items"]
    assert (match["status"], match["missing"]) == ("eligible", [])
    assert match["declared_only"] is True
    assert match["benefit"]["amount_fen"] == 50_000
    assert [reason["verdict"] for reason in match["reasons"]] == ["true"] * 3
    assert answer.body["id"] is None


async def test_a_no_names_the_clause_without_the_birthday(ctx, http):
    await publish(ctx, rule=RULE)
    await heard(ctx, editions=1)
    told = FITS | {"birth_date": "1965-05-02"}
    answer = await http.post(ASK, {"facts": told})
    (match,) = answer.body["items"]
    assert match["status"] == "not_eligible"
    (reason,) = match["reasons"]
    assert (reason["id"], reason["cites"]) == ("age", "第三条")
    assert "1965" not in str(answer.body)


async def test_the_better_of_two_is_named_with_the_reason(ctx, http):
    await publish(ctx, "a", "甲补贴", rule=MIGRANT, benefit=benefit(500, "g"))
    await publish(ctx, "b", "乙补贴", rule=MIGRANT, benefit=benefit(300, "g"))
    await heard(ctx, editions=2)
    answer = await http.post(ASK, {"facts": CLASS})
    first, second = answer.body["items"]
    assert (first["policy_id"], first["better"]) == ("policy_a", None)
    assert second["better"] == {
        "policy_id": "policy_a",
        "title": "甲补贴",
        "why": "这项和《甲补贴》只能选一项，后者一年最多约6,000元，"
        "这项约3,600元，建议办后者。",
    }


async def test_what_i_was_told_is_kept_shown_and_deleted(ctx, http):
    await publish(ctx, rule=MIGRANT)
    await heard(ctx, editions=1)
    me = await http.sign_in("w-1")
    kept = (await me.post(ASK, {"facts": CLASS})).body["id"]
    assert (await me.post(ASK, {"facts": CLASS, "keep": False})).body["id"] is None
    (row,) = (await me.get(MINE)).body["items"]
    assert row == {
        "id": kept,
        "at": "2026-11-23T02:00:00Z",
        "dates": {},
        "as_of": None,
        "facts": CLASS,
        "verified": [],
        "answers": [
            {
                "edition_id": "edition_one_1",
                "policy_id": "policy_one",
                "title": "社保补贴",
                "status": "eligible",
            }
        ],
    }
    other = await http.sign_in("w-2")
    for person, status in ((other, 404), (me, 204), (me, 404)):
        answer = await person.delete(f"{MINE}/{kept}")
        assert answer.status == status
    assert answer.code == "no_such_match"
    assert (await me.get(MINE)).body["items"] == []


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        ({"facts": {"shoe_size": 41}}, "bad_fact", "$.facts.shoe_size"),
        ({"facts": {"children": -1}}, "bad_fact", "$.facts.children"),
        ({"at": {"application_date": "x"}}, "bad_fact", "$.at.application_date"),
    ],
)
async def test_what_cannot_be_read_is_named(http, body, code, path):
    answer = await http.post(ASK, body)
    assert (answer.status, answer.code) == (422, code)
    assert answer.body["details"]["problems"][0]["path"] == path


async def test_the_future_is_not_asked(http):
    answer = await http.post(ASK, {"as_of": "2026-11-24"})
    assert (answer.status, answer.code) == (422, "as_of_future")


async def test_a_bad_token_is_refused_rather_than_ignored(http):
    answer = await http.as_("x").post(ASK, {})
    assert (answer.status, answer.code) == (401, "token_invalid")


async def test_a_made_up_cursor_is_refused(http):
    me = await http.sign_in("w-1")
    answer = await me.get(f"{MINE}?cursor=x")
    assert (answer.status, answer.code) == (422, "bad_cursor")


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("DELETE", "/match_1")])
async def test_nobody_reads_a_record_without_signing_in(http, method, path):
    answer = await http.call(method, f"{MINE}{path}")
    assert (answer.status, answer.code) == (401, "not_signed_in")

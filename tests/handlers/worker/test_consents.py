"""Consent texts for everybody, and what I agreed to."""

import pytest

from models.workers.consent_texts import Purpose
from tests.models.workers.people import arrive, publish

TEXTS = "/worker/v1/consents"
MINE = "/worker/v1/me/consents"


@pytest.fixture
def me(run, http, ctx):
    """A signed-in worker's phone."""
    return http.as_(run(arrive(ctx)).tokens.access_token)


async def test_the_texts_can_be_read_without_signing_in(http, ctx):
    await publish(ctx, Purpose.LOCATION)
    await publish(ctx, Purpose.PHONE, 1)
    await publish(ctx, Purpose.PHONE, 2)
    answer = await http.get(TEXTS)
    assert answer.status == 200
    assert [(item["purpose"], item["version"]) for item in answer.body["items"]] == [
        ("phone", 2),
        ("location", 1),
    ]
    assert answer.body["items"][0] == {
        "purpose": "phone",
        "version": 2,
        "title": "示例·phone",
        "text": "示例。",
        "required_for": "",
        "published_on": "2026-11-02",
    }


async def test_agreeing_and_a_new_version(me, ctx):
    await publish(ctx, Purpose.PHONE)
    (before,) = (await me.get(MINE)).body["items"]
    assert before == {
        "purpose": "phone",
        "title": "示例·phone",
        "standing": "not_given",
        "version": 1,
        "given_version": None,
        "given_at": None,
    }
    given = await me.post(MINE, {"purpose": "phone", "version": 1})
    assert given.status == 201
    assert given.body == before | {
        "standing": "given",
        "given_version": 1,
        "given_at": "2026-11-23T02:00:00Z",
    }
    assert (await me.get(MINE)).body["items"] == [given.body]
    await publish(ctx, Purpose.PHONE, 2)
    (outdated,) = (await me.get(MINE)).body["items"]
    assert outdated == given.body | {"standing": "outdated", "version": 2}


async def test_agreeing_to_an_old_version(me, ctx):
    await publish(ctx, Purpose.PHONE, 2)
    answer = await me.post(MINE, {"purpose": "phone", "version": 1})
    assert (answer.status, answer.code) == (409, "consent_outdated")
    assert answer.body["details"] == {"purpose": "phone", "version": 2}


async def test_agreeing_to_what_was_never_published(me):
    answer = await me.post(MINE, {"purpose": "phone", "version": 1})
    assert (answer.status, answer.code) == (404, "no_such_consent")


async def test_a_purpose_that_is_none(me):
    answer = await me.post(MINE, {"purpose": "everything", "version": 1})
    assert (answer.status, answer.code) == (422, "invalid")
    assert answer.body["details"]["path"] == "$.purpose"
    answer = await me.delete(f"{MINE}/everything")
    assert (answer.status, answer.code) == (404, "no_such_consent")


async def test_withdrawing_deletes_the_number(me, ctx):
    await publish(ctx, Purpose.PHONE)
    await me.post(MINE, {"purpose": "phone", "version": 1})
    await me.post("/worker/v1/me/phone", {"code": "p-17"})
    assert (await me.delete(f"{MINE}/phone")).status == 204
    assert (await me.get("/worker/v1/me")).body["phone"] is None
    answer = await me.post("/worker/v1/me/phone", {"code": "p-18"})
    assert (answer.status, answer.code) == (403, "consent_required")
    again = await me.delete(f"{MINE}/phone")
    assert (again.status, again.code) == (404, "consent_not_given")


async def test_a_new_version_concerns_its_own_routes_only(me, ctx):
    for purpose in (Purpose.PHONE, Purpose.IDENTITY):
        await publish(ctx, purpose)
        await me.post(MINE, {"purpose": purpose, "version": 1})
    await publish(ctx, Purpose.PHONE, 2)
    refused = await me.post("/worker/v1/me/phone", {"code": "p-17"})
    assert (refused.status, refused.code) == (403, "consent_required")
    assert refused.body["details"] == {"purpose": "phone", "version": 2}
    assert (await me.patch("/worker/v1/me", {"name": "王小强"})).status == 200
    assert (await me.get("/worker/v1/me")).status == 200

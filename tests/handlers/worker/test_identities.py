"""My client classes, and the facts I keep for matching."""

from datetime import timedelta

import pytest

from models.workers.consent_texts import Purpose
from models.workers.identities import Identities
from tests.models.workers.people import actor_of, agree, arrive, publish

MINE = "/worker/v1/me/identities"
FACTS = "/worker/v1/me/facts"


@pytest.fixture
def entered(run, ctx):
    """A worker, signed in."""
    return run(arrive(ctx))


@pytest.fixture
def me(http, entered):
    """Their phone."""
    return http.as_(entered.tokens.access_token)


async def test_declaring_two_classes(me):
    declared = await me.put(MINE, {"classes": ["migrant_worker", "platform_worker"]})
    assert declared.status == 200
    assert declared.body == {
        "items": [
            {
                "class": client_class,
                "state": "declared",
                "declared_at": "2026-11-23T02:00:00Z",
                "valid_until": None,
            }
            for client_class in ("migrant_worker", "platform_worker")
        ],
        "next": None,
    }
    assert (await me.get(MINE)).body == declared.body


@pytest.mark.parametrize(
    "body",
    [
        {"classes": ["courier_xx"]},
        {"classes": "migrant_worker"},
        {"classes": ["migrant_worker"] * 6},
        {"class": "migrant_worker"},
    ],
)
async def test_a_class_that_is_none(me, body):
    answer = await me.put(MINE, body)
    assert (answer.status, answer.code) == (422, "invalid")


async def test_a_verified_class_lapses_by_the_clock(me, ctx, clock, entered):
    await me.put(MINE, {"classes": ["migrant_worker"]})
    until = clock.now() + timedelta(days=1)
    await Identities.shelf(ctx).update_one(
        {"_id": entered.worker.id},
        {"$set": {"items.0.state": "verified", "items.0.valid_until": until}},
    )
    (item,) = (await me.get(MINE)).body["items"]
    assert (item["state"], item["valid_until"]) == ("verified", "2026-11-24T02:00:00Z")
    clock.forward(timedelta(days=1))
    fresh = me.as_((await arrive(ctx)).tokens.access_token)
    (item,) = (await fresh.get(MINE)).body["items"]
    assert item["state"] == "lapsed"


async def test_facts_are_kept_shown_and_deleted(me):
    assert (await me.get(FACTS)).body == {"facts": {}}
    given = {
        "work_region": "410171",
        "hired_on": "2024-03-01",
        "documents": ["diploma", "id_card"],
        "renting": None,
    }
    kept = await me.put(FACTS, {"facts": given})
    assert kept.status == 200
    del given["renting"]
    assert kept.body == {"facts": given}
    assert (await me.get(FACTS)).body == kept.body
    assert (await me.delete(FACTS)).status == 204
    assert (await me.get(FACTS)).body == {"facts": {}}


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"shoe_size": 42}, "$.facts.shoe_size"),
        ({"renting": "yes"}, "$.facts.renting"),
        ({"work_region": "999999"}, "$.facts.work_region"),
        ({"client_classes": ["migrant_worker"]}, "$.facts.client_classes"),
    ],
)
async def test_a_fact_that_is_none(me, facts, path):
    answer = await me.put(FACTS, {"facts": facts})
    assert (answer.status, answer.code) == (422, "bad_fact")
    assert [each["path"] for each in answer.body["details"]["problems"]] == [path]


async def test_sensitive_facts_need_a_consent(me, ctx, entered):
    await publish(ctx, Purpose.FACTS)
    given = {"facts": {"birth_date": "1998-05-12"}}
    answer = await me.put(FACTS, given)
    assert (answer.status, answer.code) == (403, "consent_required")
    assert answer.body["details"] == {"purpose": "facts", "version": 1}
    assert (await me.put(FACTS, {"facts": {"renting": True}})).status == 200
    await agree(ctx, actor_of(ctx, entered.tokens), Purpose.FACTS)
    assert (await me.put(FACTS, given)).status == 200

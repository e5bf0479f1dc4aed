"""Matching: what fits, what is missing, which of two is better, what is kept."""

from datetime import date

import pytest

from models.base.pages import BadCursor
from models.eligibility import facts as known_facts
from models.eligibility.evaluate import Status
from models.policies import advice, matching
from models.policies.advice import Advice, NoSuchAdvice
from models.policies.history import NotYet
from models.policies.matching import Wanted
from models.reactions.people import forget_facts
from models.workers import facts as kept_facts
from models.workers import identities, withdrawals
from models.workers.consent_texts import Purpose
from models.workers.consents import ConsentWithdrawn
from models.workers.identities import ClientClass
from tests.models.policies.texts import (
    AGE,
    DAY,
    HERE,
    MIGRANT,
    NOW,
    REGION,
    RULE,
    benefit,
    heard,
    publish,
)
from tests.models.workers.people import agree, signed_in

FITS = {
    "client_classes": ["migrant_worker"],
    "birth_date": "1990-05-01",
    "work_region": HERE,
}


async def ask(ctx, told, *, by=None, **wanted):
    facts = await matching.facts_of(ctx, told, by)
    return await matching.match(ctx, facts, Wanted(**wanted))


async def only(ctx, told, **wanted):
    (match,) = (await ask(ctx, told, **wanted)).items
    return match


async def test_what_is_missing_is_named_the_ordinary_before_the_sensitive(ctx):
    await publish(ctx, rule=RULE)
    await heard(ctx, editions=1)
    match = await only(ctx, {"client_classes": ["migrant_worker"]})
    assert match.verdict.status is Status.UNKNOWN
    assert match.verdict.missing == ("work_region", "birth_date")
    assert (await only(ctx, FITS)).verdict.status is Status.ELIGIBLE


async def test_a_no_names_the_clause_and_where_it_stands(ctx):
    await publish(ctx, rule=RULE)
    await heard(ctx, editions=1)
    match = await only(ctx, FITS | {"birth_date": "1965-05-01"})
    assert match.verdict.status is Status.NOT_ELIGIBLE
    (failed,) = match.verdict.failed
    assert (failed.id, failed.cites) == ("age", "第三条")


async def test_what_is_sorted_first_can_be_had_or_lacks_least(ctx):
    await publish(ctx, "no", "不行", rule=MIGRANT | {"value": ["employer"]})
    await publish(ctx, "two", "差两样", rule={"all": [AGE, REGION]})
    await publish(ctx, "one", "差一样", rule=REGION)
    await publish(ctx, "yes", "可以", rule=MIGRANT)
    await heard(ctx, editions=4)
    found = await ask(ctx, {"client_classes": ["migrant_worker"]})
    titles = [match.note.identity.title for match in found.items]
    assert titles == ["可以", "差一样", "差两样", "不行"]
    assert [each.name for each in found.questions] == ["work_region", "birth_date"]


async def test_of_a_group_the_better_one_is_pointed_to(ctx):
    await publish(ctx, "a", rule=MIGRANT, benefit=benefit(300, "g"))
    await publish(ctx, "b", rule=MIGRANT, benefit=benefit(3000, "g", "once"))
    await publish(ctx, "c", rule=AGE, benefit=benefit(900, "g"))
    await heard(ctx, editions=3)
    found = await ask(ctx, {"client_classes": ["migrant_worker"]})
    better = {m.note.policy_id: m.better and m.better.policy_id for m in found.items}
    assert better == {"policy_a": None, "policy_b": "policy_a", "policy_c": None}
    assert found.items[0].note.policy_id == "policy_a"


async def test_only_what_applies_on_the_day_is_asked(ctx):
    await publish(ctx, "over", rule=MIGRANT, effective_to=date(2026, 11, 23))
    await publish(ctx, "ahead", rule=MIGRANT, effective_from=date(2027, 1, 1))
    await heard(ctx, editions=2)
    match = await only(ctx, FITS)
    assert match.note.policy_id == "policy_ahead"
    found = await ask(ctx, FITS, at={"application_date": date(2026, 11, 22)})
    assert [m.note.policy_id for m in found.items] == ["policy_over"]


async def test_a_person_is_looked_at_on_the_day_they_apply(ctx):
    await publish(ctx, rule=AGE, effective_from=date(2020, 1, 1))
    await heard(ctx, editions=1)
    told = {"birth_date": "2010-12-01"}
    assert (await only(ctx, told)).verdict.status is Status.NOT_ELIGIBLE
    later = {"application_date": date(2026, 12, 1)}
    assert (await only(ctx, told, at=later)).verdict.status is Status.ELIGIBLE


async def test_topic_and_region_narrow(ctx):
    await publish(ctx, rule=MIGRANT)
    await heard(ctx, editions=1)
    assert (await ask(ctx, FITS, topic="wages")).items == ()
    assert (await ask(ctx, FITS, region="410102")).items == ()
    assert len((await ask(ctx, FITS, region=HERE)).items) == 1


async def test_what_is_not_public_is_not_asked(ctx):
    await publish(ctx, rule=MIGRANT, publish_at=NOW + DAY)
    await heard(ctx, editions=1)
    assert (await ask(ctx, FITS)).items == ()


async def test_a_past_day_asks_the_rules_of_then(ctx):
    day = date(2026, 11, 20)
    await publish(ctx, rule=MIGRANT, publish_at=NOW - 9 * DAY)
    await publish(ctx, rule=AGE, publish_at=NOW - DAY)
    await heard(ctx, editions=2)
    match = await only(ctx, FITS, as_of=day)
    assert match.note.id == "edition_one_1"
    with pytest.raises(NotYet):
        await ask(ctx, FITS, as_of=date(2026, 11, 24))


async def test_a_deaf_process_asks_what_mongodb_says_is_public(ctx, house):
    await publish(ctx, rule=MIGRANT)
    house.follower._last_answer = float("-inf")
    assert (await only(ctx, FITS)).verdict.status is Status.ELIGIBLE


async def test_told_before_and_told_now_are_joined_now_goes_first(ctx):
    me = await signed_in(ctx)
    await identities.declare(ctx, [ClientClass.MIGRANT_WORKER], by=me)
    kept = {"work_region": "410102", "renting": True}
    await kept_facts.declare(ctx, kept, sensitive=False, by=me)
    facts = await matching.facts_of(ctx, {"work_region": HERE}, me)
    assert known_facts.encode(facts.values) == {
        "work_region": HERE,
        "renting": True,
        "client_classes": ["migrant_worker"],
    }


async def test_a_match_is_kept_with_what_it_rested_on(ctx):
    me = await signed_in(ctx)
    edition = await publish(ctx, rule={"all": [MIGRANT, REGION]})
    await heard(ctx, editions=1)
    kept = await keep(ctx, FITS | {"renting": True}, me)
    (row,) = (await advice.of(ctx, by=me, cursor=None, limit=20)).items
    assert row == kept
    assert row.at == NOW
    assert row.answers[0].edition_id == edition.id
    assert advice.facts_used(ctx, row) == {
        "client_classes": ["migrant_worker"],
        "work_region": HERE,
    }
    raw = await Advice.shelf(ctx).find_one({"_id": row.id})
    assert HERE not in str(raw)


async def test_sensitive_facts_are_kept_only_under_consent(ctx):
    me = await signed_in(ctx)
    await publish(ctx, rule=RULE)
    await heard(ctx, editions=1)
    without = await keep(ctx, FITS, me)
    assert "birth_date" not in advice.facts_used(ctx, without)
    await agree(ctx, me, Purpose.FACTS)
    whole = await keep(ctx, FITS, me)
    assert advice.facts_used(ctx, whole)["birth_date"] == "1990-05-01"
    await withdrawals.withdraw(ctx, Purpose.FACTS, by=me)
    taken_back = ConsentWithdrawn(
        id="event_1", at=NOW, worker_id=me.id, purpose=Purpose.FACTS
    )
    await forget_facts(ctx, taken_back)
    for row in (await advice.of(ctx, by=me, cursor=None, limit=20)).items:
        assert advice.facts_used(ctx, row) == {}
        assert row.answers


async def test_only_its_person_sees_and_deletes_a_match(ctx):
    me, other = await signed_in(ctx), await signed_in(ctx, "18")
    await publish(ctx, rule=MIGRANT)
    await heard(ctx, editions=1)
    kept = await keep(ctx, FITS, me)
    assert (await advice.of(ctx, by=other, cursor=None, limit=20)).items == []
    with pytest.raises(NoSuchAdvice):
        await advice.forget(ctx, kept.id, by=other)
    await advice.forget(ctx, kept.id, by=me)
    with pytest.raises(NoSuchAdvice):
        await advice.forget(ctx, kept.id, by=me)


async def test_kept_matches_come_in_pages(ctx):
    me = await signed_in(ctx)
    for _ in range(3):
        await keep(ctx, {}, me)
    first = await advice.of(ctx, by=me, cursor=None, limit=2)
    second = await advice.of(ctx, by=me, cursor=first.next, limit=2)
    ids = [row.id for row in (*first.items, *second.items)]
    assert len(set(ids)) == 3
    assert ids == sorted(ids, reverse=True)
    with pytest.raises(BadCursor):
        await advice.of(ctx, by=me, cursor="1", limit=2)


async def keep(ctx, told, by):
    facts = await matching.facts_of(ctx, told, by)
    found = await matching.match(ctx, facts, Wanted())
    return await advice.keep(ctx, found, facts, Wanted(), by=by)

"""The demo's policies, guidance and synonyms: published once, whole, in order."""

import asyncio

import pytest

from models.base import regions
from models.eligibility import persons, rules
from models.policies import editions, library
from models.policies.editions import Edition, Policy
from models.policies.guides import Article
from models.policies.library import PolicyGone, PolicyWithdrawn
from models.policies.readings import Reading
from scripts.demo import load_policies, load_stations
from scripts.demo.load_policies import Counts
from tests.models.policies.texts import heard

ROWS = load_policies.policy_rows()


async def test_loading_twice_changes_nothing(ctx):
    first = await load_policies.load(ctx)
    before = await Edition.many(ctx, {}, limit=0)
    assert await load_policies.load(ctx) == Counts(editions=0, guides=0, synonyms=0)
    assert await Edition.many(ctx, {}, limit=0) == before
    assert first.editions == sum(len(row.editions) for row in ROWS)
    await heard(ctx, editions=first.editions, guides=first.guides)


async def test_each_edition_is_read_as_it_is(ctx):
    await load_policies.load(ctx)
    kept = await Edition.many(ctx, {}, limit=0)
    read = await asyncio.gather(*(Reading.get(ctx, each.id) for each in kept))
    shown = [name for name in Reading.__struct_fields__ if name != "rule"]
    for edition, reading in zip(kept, read, strict=True):
        assert [getattr(edition, n) for n in shown] == [
            getattr(reading, n) for n in shown
        ]
        assert reading.has_rule is edition.has_rule
    assert {reading.has_rule for reading in read} == {True, False}
    assert max(len(str(reading.rule)) for reading in read) < 50


async def test_a_unit_answers_for_each_text(ctx):
    await load_stations.load(ctx)
    await load_policies.load(ctx)
    for kind in (Policy, Article):
        paths = await kind.shelf(ctx).distinct("org_path")
        assert set(paths) <= {"/unit_zhengzhou/", "/unit_zhengzhou/unit_gaoxin/"}
    assert await Policy.find(ctx, org_path="/unit_zhengzhou/unit_gaoxin/")


async def test_what_was_interrupted_is_finished(ctx):
    await load_policies.load(ctx)
    before = await Edition.many(ctx, {}, limit=0)
    row = next(row for row in ROWS if len(row.editions) > 1)
    id_ = load_policies.policy_id(row.slug)
    last = (await editions.of_policy(ctx, id_))[0]
    await Edition.shelf(ctx).delete_one({"_id": last.id})
    await editions.Policy.change(ctx, {"_id": id_}, {"$inc": {"editions": -1}})
    assert (await load_policies.load(ctx)).editions == 1
    assert await Edition.many(ctx, {}, limit=0) == before


async def test_the_replaced_and_the_withdrawn_say_so(ctx):
    await load_policies.load(ctx)
    for row in ROWS:
        id_ = load_policies.policy_id(row.slug)
        if row.withdrawn is not None:
            with pytest.raises(PolicyWithdrawn) as gone:
                await library.policy(ctx, id_)
            assert gone.value.details["reason"] == row.withdrawn.reason
        elif row.replaced_by is not None:
            with pytest.raises(PolicyGone) as gone:
                await library.policy(ctx, id_)
            successor = load_policies.policy_id(row.replaced_by)
            assert gone.value.details["replaced_by"] == successor


@pytest.mark.parametrize("row", ROWS, ids=[row.slug for row in ROWS])
def test_a_rule_stands_its_test_persons(row):
    assert row.region in regions.REGIONS
    for edition in row.editions:
        if edition.rule is not None:
            rule = rules.decode(edition.rule)
            assert persons.run_test_persons(rule, edition.test_persons) == []

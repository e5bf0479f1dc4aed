"""Client classes: several at once, declared by the worker, verified elsewhere."""

import asyncio
from datetime import timedelta

import pytest

from models.workers import facts, identities
from models.workers.consent_texts import Purpose
from models.workers.consents import ConsentRequired
from models.workers.facts import KeptFacts
from models.workers.identities import ClientClass, Identities, State
from tests.models.workers.people import agree, publish, signed_in

MIGRANT, PLATFORM = ClientClass.MIGRANT_WORKER, ClientClass.PLATFORM_WORKER
EMPLOYER = ClientClass.EMPLOYER


@pytest.fixture
def by(run, ctx):
    """A worker."""
    return run(signed_in(ctx))


async def verify(ctx, by, client_class, valid_until=None):
    """Do what the back office will."""
    await Identities.shelf(ctx).update_one(
        {"_id": by.id, "items.class": client_class},
        {"$set": {"items.$.state": State.VERIFIED, "items.$.valid_until": valid_until}},
    )


async def told(ctx, by):
    now = ctx.clock.now()
    return {each.client_class: each.at(now) for each in await identities.of(ctx, by.id)}


async def test_classes_are_declared_several_at_once(ctx, by):
    declared = await identities.declare(ctx, [MIGRANT, PLATFORM, MIGRANT], by=by)
    assert [each.client_class for each in declared] == [MIGRANT, PLATFORM]
    assert await told(ctx, by) == {MIGRANT: State.DECLARED, PLATFORM: State.DECLARED}


async def test_what_is_not_named_is_dropped(ctx, by):
    await identities.declare(ctx, [MIGRANT, PLATFORM], by=by)
    await identities.declare(ctx, [PLATFORM, EMPLOYER], by=by)
    assert set(await told(ctx, by)) == {PLATFORM, EMPLOYER}
    await identities.declare(ctx, [], by=by)
    assert await told(ctx, by) == {}


async def test_what_is_verified_stays_verified_and_what_was_declared_keeps_its_day(
    ctx, clock, by
):
    first = await identities.declare(ctx, [MIGRANT, PLATFORM], by=by)
    await verify(ctx, by, MIGRANT)
    clock.forward(timedelta(days=1))
    again = await identities.declare(ctx, [PLATFORM, MIGRANT], by=by)
    assert {each.declared_at for each in again} == {first[0].declared_at}
    assert await told(ctx, by) == {MIGRANT: State.VERIFIED, PLATFORM: State.DECLARED}


async def test_a_verified_class_lapses_by_the_clock_and_counts_no_longer(
    ctx, clock, by
):
    until = clock.now() + timedelta(days=365)
    await identities.declare(ctx, [MIGRANT, PLATFORM], by=by)
    await verify(ctx, by, MIGRANT, until)
    before = until - timedelta(milliseconds=1)
    assert await identities.classes_of(ctx, by.id, before) == {MIGRANT, PLATFORM}
    assert await identities.verified_classes_of(ctx, by.id, before) == {MIGRANT}
    clock.put(until)
    assert (await told(ctx, by))[MIGRANT] is State.LAPSED
    assert await identities.classes_of(ctx, by.id, until) == {PLATFORM}
    assert await identities.verified_classes_of(ctx, by.id, until) == frozenset()


async def test_a_lapsed_class_can_be_declared_anew(ctx, clock, by):
    await identities.declare(ctx, [MIGRANT], by=by)
    await verify(ctx, by, MIGRANT, clock.now())
    (declared,) = await identities.declare(ctx, [MIGRANT], by=by)
    assert (declared.state, declared.valid_until) == (State.DECLARED, None)


async def test_declaring_at_once_ends_in_one_of_the_two(ctx, by):
    for _ in range(5):
        await asyncio.gather(
            *(identities.declare(ctx, [MIGRANT], by=by) for _ in range(5)),
            *(identities.declare(ctx, [PLATFORM, EMPLOYER], by=by) for _ in range(5)),
        )
        assert set(await told(ctx, by)) in ({MIGRANT}, {PLATFORM, EMPLOYER})


async def test_a_stranger_has_no_classes(ctx, clock):
    assert await identities.of(ctx, "worker_none") == ()
    assert not await identities.classes_of(ctx, "worker_none", clock.now())


async def test_facts_are_kept_sealed_and_replaced_as_a_whole(ctx, by):
    given = {"work_region": "410171", "documents": ["diploma"]}
    await facts.declare(ctx, given, sensitive=False, by=by)
    assert await facts.of(ctx, by.id) == given
    (row,) = await KeptFacts.shelf(ctx).find().to_list()
    assert "410171" not in str(row)
    await facts.declare(ctx, {"renting": True}, sensitive=False, by=by)
    assert await facts.of(ctx, by.id) == {"renting": True}
    await facts.forget(ctx, by.id)
    assert await facts.of(ctx, by.id) == {}


async def test_sensitive_facts_are_kept_under_a_consent_only(ctx, by):
    given = {"disabled": True}
    await publish(ctx, Purpose.FACTS)
    with pytest.raises(ConsentRequired) as refusal:
        await facts.declare(ctx, given, sensitive=True, by=by)
    assert refusal.value.details == {"purpose": "facts", "version": 1}
    assert await facts.of(ctx, by.id) == {}
    await agree(ctx, by, Purpose.FACTS)
    await asyncio.gather(
        *(facts.declare(ctx, given, sensitive=True, by=by) for _ in range(5))
    )
    assert await facts.of(ctx, by.id) == given


async def test_loading_the_same_facts_again_changes_nothing(ctx, by, clock):
    await facts.put(ctx, by.id, {"renting": True})
    before = await KeptFacts.find(ctx, _id=by.id)
    clock.forward(timedelta(days=1))
    await facts.put(ctx, by.id, {"renting": True})
    assert await KeptFacts.find(ctx, _id=by.id) == before

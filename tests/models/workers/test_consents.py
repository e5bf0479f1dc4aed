"""Consents: asked again for a new version, and nothing is stored without one."""

import asyncio
from datetime import date

import pytest

from models.base.events import Happening
from models.workers import (
    consent_texts,
    consents,
    facts,
    identities,
    names,
    phones,
    withdrawals,
)
from models.workers.consent_texts import Purpose, TextFixed
from models.workers.consents import (
    ConsentNotGiven,
    ConsentOutdated,
    ConsentRequired,
    Deed,
    Line,
    NoSuchConsent,
)
from models.workers.identities import ClientClass, Identities, State
from models.workers.workers import Worker
from tests.models.workers.people import agree, another_house, publish, signed_in


@pytest.fixture
def by(run, ctx):
    """A worker who has agreed to nothing."""
    return run(signed_in(ctx))


async def ledger(ctx, by):
    lines = await Line.many(ctx, {"worker_id": by.id}, sort=[("turn", 1)])
    return [(line.purpose, line.version, line.deed) for line in lines]


async def test_publishing_the_same_again_changes_nothing(ctx):
    assert await publish(ctx, Purpose.PHONE) == await publish(ctx, Purpose.PHONE)


async def test_a_published_text_is_never_rewritten(ctx):
    await publish(ctx, Purpose.PHONE)
    with pytest.raises(TextFixed):
        await consent_texts.publish(
            ctx,
            purpose=Purpose.PHONE,
            version=1,
            title="换了字",
            text="换了字。",
            published_on=date(2026, 11, 2),
        )


async def test_the_highest_published_version_is_current_from_its_day_on(ctx, clock):
    await publish(ctx, Purpose.PHONE, 1)
    await publish(ctx, Purpose.HEALTH, 3)
    await consent_texts.publish(
        ctx,
        purpose=Purpose.PHONE,
        version=2,
        title="下一版",
        text="下一版。",
        published_on=date(2026, 11, 24),
    )
    texts = await consent_texts.all_current(ctx)
    assert [(text.purpose, text.version) for text in texts] == [
        (Purpose.PHONE, 1),
        (Purpose.HEALTH, 3),
    ]
    clock.put(clock.now().replace(hour=16))
    current = await consent_texts.current(ctx, Purpose.PHONE)
    assert current.version == 2


async def test_without_a_text_nothing_can_be_agreed_to_or_done(ctx, by):
    with pytest.raises(NoSuchConsent):
        await consents.give(ctx, Purpose.PHONE, 1, by=by)
    with pytest.raises(ConsentRequired) as refusal:
        await consents.require(ctx, by.id, Purpose.PHONE)
    assert refusal.value.details == {"purpose": "phone", "version": None}


async def test_who_agreed_may_go_on(ctx, by):
    await publish(ctx, Purpose.PHONE)
    with pytest.raises(ConsentRequired) as refusal:
        await consents.require(ctx, by.id, Purpose.PHONE)
    assert refusal.value.details == {"purpose": "phone", "version": 1}
    await consents.give(ctx, Purpose.PHONE, 1, by=by)
    await consents.require(ctx, by.id, Purpose.PHONE)


async def test_a_new_version_is_asked_for_and_concerns_nothing_else(ctx, by):
    await agree(ctx, by, Purpose.PHONE, Purpose.IDENTITY)
    await publish(ctx, Purpose.PHONE, 2)
    with pytest.raises(ConsentRequired) as refusal:
        await consents.require(ctx, by.id, Purpose.PHONE)
    assert refusal.value.details == {"purpose": "phone", "version": 2}
    await consents.require(ctx, by.id, Purpose.IDENTITY)
    with pytest.raises(ConsentOutdated) as outdated:
        await consents.give(ctx, Purpose.PHONE, 1, by=by)
    assert outdated.value.details == {"purpose": "phone", "version": 2}
    await consents.give(ctx, Purpose.PHONE, 2, by=by)
    await consents.require(ctx, by.id, Purpose.PHONE)


async def test_the_ledger_tells_every_giving_and_taking_back_once(ctx, by):
    await agree(ctx, by, Purpose.PHONE)
    await asyncio.gather(
        *(consents.give(ctx, Purpose.PHONE, 1, by=by) for _ in range(5))
    )
    await withdrawals.withdraw(ctx, Purpose.PHONE, by=by)
    with pytest.raises(ConsentNotGiven):
        await withdrawals.withdraw(ctx, Purpose.PHONE, by=by)
    await agree(ctx, by, Purpose.PHONE)
    assert await ledger(ctx, by) == [
        (Purpose.PHONE, 1, Deed.GIVEN),
        (Purpose.PHONE, 1, Deed.WITHDRAWN),
        (Purpose.PHONE, 1, Deed.GIVEN),
    ]
    events = await Happening.shelf(ctx).find({"kind": "ConsentWithdrawn"}).to_list()
    assert [event["data"]["purpose"] for event in events] == ["phone"]


async def test_agreeing_ten_times_at_once_is_one_line(ctx, by):
    await publish(ctx, Purpose.PHONE)
    await asyncio.gather(
        *(consents.give(ctx, Purpose.PHONE, 1, by=by) for _ in range(10))
    )
    assert await ledger(ctx, by) == [(Purpose.PHONE, 1, Deed.GIVEN)]


async def test_withdrawing_forgets_what_was_kept_and_nothing_else(ctx, by):
    await agree(ctx, by)
    await phones.bind(ctx, "p-17", by=by)
    await names.rename(ctx, "王小强", by=by)
    await facts.declare(ctx, {"disabled": True}, sensitive=True, by=by)
    await identities.declare(ctx, [ClientClass.MIGRANT_WORKER], by=by)
    await Identities.shelf(ctx).update_one(
        {"_id": by.id}, {"$set": {"items.0.state": State.VERIFIED}}
    )

    await withdrawals.withdraw(ctx, Purpose.PHONE, by=by)
    worker = await Worker.find(ctx, _id=by.id)
    assert (worker.phone, worker.phone_blind) == (None, None)
    assert worker.masked_name(ctx) == "王*强"

    await withdrawals.withdraw(ctx, Purpose.IDENTITY, by=by)
    assert (await Worker.find(ctx, _id=by.id)).name is None
    (identity,) = await identities.of(ctx, by.id)
    assert identity.state is State.DECLARED
    assert await facts.of(ctx, by.id) == {"disabled": True}

    await withdrawals.withdraw(ctx, Purpose.FACTS, by=by)
    assert await facts.of(ctx, by.id) == {}


async def test_storing_and_withdrawing_at_once_never_leaves_what_is_not_agreed(
    ctx, settings, clock, by
):
    await agree(ctx, by)
    async with another_house(settings, clock) as other:
        for number in range(12):
            await agree(ctx, by, Purpose.PHONE, Purpose.FACTS)
            await asyncio.gather(
                phones.bind(ctx, f"p-{number}", by=by),
                withdrawals.withdraw(other.ctx, Purpose.PHONE, by=by),
                facts.declare(ctx, {"disabled": True}, sensitive=True, by=by),
                withdrawals.withdraw(other.ctx, Purpose.FACTS, by=by),
                return_exceptions=True,
            )
            given = await consents.of(ctx, by=by)
            assert Purpose.PHONE not in given
            assert (await Worker.find(ctx, _id=by.id)).phone is None
            assert await facts.of(ctx, by.id) == {}

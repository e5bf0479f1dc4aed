"""Changes are told once, to those who saved or matched it, when they take effect."""

import asyncio
from datetime import timedelta

import pytest

from models.base import events
from models.base.events import Happening
from models.messages import inbox
from models.messages.inbox import Message
from models.policies import (
    advice,
    announcements,
    ending,
    matching,
    saved,
    scheduling,
)
from models.policies.announcements import Announcement
from models.policies.library import PolicyWithdrawn
from models.policies.matching import Wanted
from models.policies.saved import Saved, TooManySaved
from models.policies.texts import Because
from models.reactions import REACTIONS
from models.workers.sessions import SignedIn
from tests.models.policies.papers import (
    FITS,
    FITS_NOT,
    TESTED,
    content,
    editor,
    published,
    reviewer,
)
from tests.models.policies.texts import DAY, NOW, heard

SECOND = timedelta(seconds=1)


def who(name="li"):
    return SignedIn(id=f"worker_{name}", session_id="session_1")


async def go_round(ctx):
    """Let a worker do everything that is due."""
    await announcements.begin_due(ctx)
    while await events.deliver_one(ctx, REACTIONS):
        pass


async def told(ctx, name="li"):
    page = await inbox.of(ctx, who(name).id)
    return [str(message.kind) for message in page.items]


@pytest.fixture
def desk(run, ctx):
    """An editor, a reviewer, and a policy that is public."""

    async def prepare():
        me, other = await editor(ctx), await reviewer(ctx)
        first = await published(ctx, me, other, content(**TESTED))
        await go_round(ctx)
        return me, other, first

    prepared = run(prepare())
    ctx.clock.forward(SECOND)
    return prepared


async def test_who_saved_it_is_told_when_it_changes_and_nobody_else(ctx, desk):
    me, other, first = desk
    id_ = first.document_id
    await saved.save(ctx, id_, by=who())
    ctx.clock.forward(SECOND)
    await published(ctx, me, other, document_id=id_)
    await go_round(ctx)
    assert await told(ctx) == ["policy_updated"]
    (message,) = (await inbox.of(ctx, who().id)).items
    assert (message.ref, "《社保补贴》" in message.text) == (id_, True)
    assert await told(ctx, "wu") == []


async def test_who_it_fits_is_told_and_who_it_does_not_fit_is_not(ctx, desk):
    me, other, first = desk
    await heard(ctx, editions=1)
    for name, person in (("li", FITS), ("wu", FITS_NOT)):
        facts = await matching.facts_of(ctx, person["facts"], None)
        found = await matching.match(ctx, facts, Wanted())
        await advice.keep(ctx, found, facts, Wanted(), by=who(name))
    await saved.save(ctx, first.document_id, by=who())
    ctx.clock.forward(SECOND)
    await published(ctx, me, other, document_id=first.document_id)
    await go_round(ctx)
    assert await told(ctx) == ["policy_updated"]
    assert await told(ctx, "wu") == []


async def test_a_minor_correction_is_told_nobody(ctx, desk):
    me, other, first = desk
    await saved.save(ctx, first.document_id, by=who())
    ctx.clock.forward(SECOND)
    minor = content(minor=True)
    await published(ctx, me, other, minor, document_id=first.document_id)
    await go_round(ctx)
    assert await told(ctx) == []


async def test_what_is_scheduled_is_told_at_its_moment_and_not_before(ctx, desk):
    me, other, first = desk
    await saved.save(ctx, first.document_id, by=who())
    at = NOW + DAY
    await published(ctx, me, other, document_id=first.document_id, at=at)
    ctx.clock.put(at - SECOND)
    await go_round(ctx)
    assert await told(ctx) == []
    ctx.clock.put(at)
    await saved.save(ctx, first.document_id, by=who("late"))
    ctx.clock.put(at + timedelta(hours=9))
    assert await announcements.count_overdue(ctx) == 1
    await go_round(ctx)
    await go_round(ctx)
    assert await told(ctx) == ["policy_updated"]
    assert await told(ctx, "late") == []
    assert await announcements.count_overdue(ctx) == 0


async def test_what_is_taken_back_is_told_nobody(ctx, desk):
    me, other, first = desk
    await saved.save(ctx, first.document_id, by=who())
    at = NOW + DAY
    second = await published(ctx, me, other, document_id=first.document_id, at=at)
    moved = await scheduling.schedule(ctx, second.id, by=me, publish_at=at + DAY)
    ctx.clock.put(at)
    await go_round(ctx)
    assert await told(ctx) == []
    await scheduling.unschedule(ctx, moved.id, by=me)
    ctx.clock.put(at + DAY)
    await go_round(ctx)
    assert await told(ctx) == []


async def test_withdrawn_is_told_with_its_reason_and_calls_off_what_was_to_come(
    ctx, desk
):
    me, other, first = desk
    await saved.save(ctx, first.document_id, by=who())
    await published(ctx, me, other, document_id=first.document_id, at=NOW + DAY)
    ctx.clock.forward(SECOND)
    await ending.withdraw(
        ctx, first.id, by=other, because=Because.IN_ERROR, reason="金额有误。"
    )
    await go_round(ctx)
    ctx.clock.put(NOW + DAY)
    await go_round(ctx)
    assert await told(ctx) == ["policy_withdrawn"]
    (message,) = (await inbox.of(ctx, who().id)).items
    assert "金额有误。" in message.text
    with pytest.raises(PolicyWithdrawn):
        await saved.save(ctx, first.document_id, by=who("wu"))


async def test_many_are_told_in_batches_each_once_wherever_it_stops(
    ctx, desk, monkeypatch
):
    me, other, first = desk
    monkeypatch.setattr(announcements, "A_BATCH", 3)
    names = [f"{n:02}" for n in range(10)]
    for name in names:
        await saved.save(ctx, first.document_id, by=who(name))
    ctx.clock.forward(SECOND)
    await published(ctx, me, other, document_id=first.document_id)
    while await events.deliver_one(ctx, REACTIONS):
        pass
    await announcements.begin_due(ctx)
    await events.deliver_one(ctx, REACTIONS)
    half = await Announcement.find(ctx, batch=2, done=False)
    assert half.told == 3
    await Happening.shelf(ctx).update_many(
        {"kind": "PolicyChanged"}, {"$set": {"state": "waiting"}}
    )
    await asyncio.gather(*(go_round(ctx) for _ in range(3)))
    assert [await told(ctx, name) for name in names] == [["policy_updated"]] * 10
    to_workers = {"worker_id": {"$regex": "^worker_"}}
    assert await Message.shelf(ctx).count_documents(to_workers) == 10
    done = await Announcement.find(ctx, done=True, told=10)
    assert done.cursor == ""


async def test_saving_is_kept_once_and_forgotten_whole(ctx, desk):
    _, _, first = desk
    await asyncio.gather(*(saved.save(ctx, first.document_id, by=who()) for _ in "123"))
    page = await saved.of(ctx, by=who(), cursor=None, limit=20)
    ((kept, edition),) = page.items
    assert (kept.policy_id, edition.id) == (first.document_id, first.public.text_id)
    await saved.forget(ctx, first.document_id, by=who())
    await saved.forget(ctx, first.document_id, by=who())
    assert await Saved.shelf(ctx).count_documents({}) == 0


async def test_a_person_saves_so_many_and_no_more(ctx, desk, monkeypatch):
    me, other, first = desk
    monkeypatch.setattr(saved, "MOST_SAVED", 1)
    second = await published(ctx, me, other, content("租房补贴"))
    for _ in range(2):
        await saved.save(ctx, first.document_id, by=who())
    with pytest.raises(TooManySaved):
        await saved.save(ctx, second.document_id, by=who())

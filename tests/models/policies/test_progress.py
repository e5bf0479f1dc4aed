"""Colleagues hear of a manuscript: reviewers what waits, writers how it went."""

from datetime import timedelta

import pytest

from models.base import events
from models.messages import inbox
from models.messages.inbox import Message
from models.policies import reviewing, writing
from models.policies.contents import Incomplete
from models.reactions import REACTIONS
from tests.models.policies.papers import (
    R,
    begun,
    chief,
    content,
    editor,
    reviewer,
    submitted,
)
from tests.models.unions import people

SECOND = timedelta(seconds=1)


async def go_round(ctx):
    while await events.deliver_one(ctx, REACTIONS):
        pass


async def told(ctx, who):
    await go_round(ctx)
    page = await inbox.of(ctx, who.id)
    return [str(m.kind) for m in page.items if m.ref.startswith("manuscript")]


async def test_who_may_review_hears_what_waits_and_nobody_else(ctx):
    me, other, above = await editor(ctx), await reviewer(ctx), "unit_city"
    city = await reviewer(ctx, "city", unit=above)
    west = await reviewer(ctx, "west", unit="unit_west")
    below = await reviewer(ctx, "below", unit="unit_east_firm")
    await submitted(ctx, me)
    assert await told(ctx, other) == ["manuscript_waits"]
    assert await told(ctx, city) == ["manuscript_waits"]
    for elsewhere in (me, west, below):
        assert await told(ctx, elsewhere) == []


async def test_who_had_a_hand_in_it_is_not_asked_to_review_it(ctx):
    both = await chief(ctx)
    await submitted(ctx, both)
    assert await told(ctx, both) == []


async def test_a_stand_in_hears_too_while_the_lender_may(ctx, clock):
    me, other = await editor(ctx), await reviewer(ctx)
    end = clock.now() + timedelta(days=1)
    await people.official(
        ctx, "stand_in", permissions=(R,), lent_by=other.id, ends_at=end
    )
    late = await people.official(
        ctx, "late", permissions=(R,), ends_at=clock.now() + SECOND
    )
    clock.put(clock.now() + SECOND)
    await submitted(ctx, me)
    assert await told(ctx, await people.again(ctx, "staff_stand_in")) == [
        "manuscript_waits"
    ]
    assert await told(ctx, late) == []


async def test_its_writers_hear_why_it_was_sent_back_and_that_it_passed(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    handed_in = await submitted(ctx, me)
    await reviewing.reject(ctx, handed_in.id, by=other, remark="标准写错了。")
    assert await told(ctx, me) == ["manuscript_rejected"]
    page = await inbox.of(ctx, me.id)
    assert page.items[0].text == (
        "《社保补贴》已退回：标准写错了。请修改后重新提交审核。"
    )
    await writing.submit(ctx, handed_in.id, by=me)
    await reviewing.approve(ctx, handed_in.id, by=other)
    assert sorted(await told(ctx, me)) == ["manuscript_approved", "manuscript_rejected"]
    assert await told(ctx, other) == ["manuscript_waits", "manuscript_waits"]


async def test_passed_and_held_back_is_told_as_well(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    handed_in = await submitted(ctx, me)
    await reviewing.approve(ctx, handed_in.id, by=other, hold=True)
    assert await told(ctx, me) == ["manuscript_approved"]


async def test_reviewers_hear_what_was_forced_and_the_forcer_that_it_stands(ctx):
    boss, other = await chief(ctx), await reviewer(ctx)
    draft = await begun(ctx, boss)
    await reviewing.force_publish(ctx, draft.id, by=boss, reason="台风停工")
    assert await told(ctx, other) == ["manuscript_forced"]
    assert await told(ctx, boss) == []
    await reviewing.confirm(ctx, draft.id, by=other)
    assert await told(ctx, boss) == ["manuscript_confirmed"]


async def test_what_came_to_nothing_is_told_to_nobody(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    draft = await begun(ctx, me, content(body=""))
    with pytest.raises(Incomplete):
        await writing.submit(ctx, draft.id, by=me)
    assert await told(ctx, other) == []
    assert await Message.shelf(ctx).count_documents({}) == 0

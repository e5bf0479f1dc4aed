"""Endings: withdrawn with a reason, replaced in a chain; and who may say so."""

import asyncio
from datetime import date, timedelta

import pytest

from models.base.clock import end_of
from models.policies import ending, library, scheduling, writing
from models.policies.contents import Kind
from models.policies.ending import SuccessorNeeded
from models.policies.guides import NoSuchGuide
from models.policies.library import PolicyGone, PolicyWithdrawn
from models.policies.manuscripts import BadTransition, Manuscript, NoSuchManuscript
from models.policies.reviewing import RemarkNeeded
from models.policies.stages import State
from models.policies.successors import NoSuchSuccessor, ReplacementCircle
from models.policies.texts import Because
from models.unions.officials import PermissionMissing
from tests.models.policies.papers import (
    begun,
    chief,
    content,
    editor,
    published,
    reviewer,
    state,
)
from tests.models.policies.texts import DAY, NOW

WRONG = {"because": Because.IN_ERROR, "reason": "金额有误。"}


async def test_withdrawn_with_its_reason_it_is_gone_at_once(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    done = await published(ctx, me, other)
    later = await published(ctx, me, other, document_id=done.document_id, at=NOW + DAY)
    gone = await ending.withdraw(ctx, done.id, by=other, **WRONG)
    assert gone.state_at(NOW) is State.WITHDRAWN
    assert await state(ctx, later) == "withdrawn"
    with pytest.raises(PolicyWithdrawn) as refused:
        await library.policy(ctx, done.document_id)
    assert refused.value.details["reason"] == "金额有误。"
    ctx.clock.put(NOW + DAY)
    with pytest.raises(PolicyWithdrawn):
        await library.policy(ctx, done.document_id)
    again = await published(ctx, me, other, document_id=done.document_id)
    assert (await library.policy(ctx, done.document_id)).id == again.public.text_id


async def test_withdrawn_as_replaced_names_what_replaced_it(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    old, new = [await published(ctx, me, other, content(t)) for t in ("旧", "新")]
    because = {"because": Because.REPLACED_BY, "reason": "新办法已实施。"}
    with pytest.raises(SuccessorNeeded):
        await ending.withdraw(ctx, old.id, by=other, **because)
    with pytest.raises(SuccessorNeeded):
        await ending.withdraw(ctx, old.id, by=other, **WRONG, successor=new.document_id)
    await ending.withdraw(ctx, old.id, by=other, **because, successor=new.document_id)
    with pytest.raises(PolicyWithdrawn) as refused:
        await library.policy(ctx, old.document_id)
    assert refused.value.details["replaced_by"] == new.document_id


async def test_an_article_is_withdrawn_likewise(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    done = await published(ctx, me, other, kind=Kind.GUIDANCE)
    gone = await ending.withdraw(ctx, done.id, by=other, **WRONG)
    assert gone.state_at(NOW) is State.WITHDRAWN
    with pytest.raises(NoSuchGuide):
        await library.guide(ctx, done.document_id)


async def test_what_is_replaced_ends_when_the_other_begins(ctx, clock):
    me, other = await editor(ctx), await reviewer(ctx)
    old = await published(ctx, me, other, content("旧"))
    new = await published(ctx, me, other, content("新"), at=NOW + DAY)
    await ending.supersede(ctx, old.id, by=other, successor=new.document_id)
    assert (await library.policy(ctx, old.document_id)).identity.title == "旧"
    clock.put(NOW + DAY)
    assert await state(ctx, old) == "superseded"
    with pytest.raises(PolicyGone) as gone:
        await library.policy(ctx, old.document_id)
    assert gone.value.details["replaced_by"] == new.document_id


@pytest.mark.parametrize("deed", ["corrected", "moved", "taken_back"])
async def test_what_will_be_replaced_is_so_whatever_is_published_before(
    ctx, clock, deed
):
    me, other = await editor(ctx), await reviewer(ctx)
    old = await published(ctx, me, other, content("旧"))
    new = await published(ctx, me, other, content("新"), at=NOW + 3 * DAY)
    id_ = old.document_id
    if deed != "corrected":
        next_one = await published(ctx, me, other, document_id=id_, at=NOW + DAY)
    await ending.supersede(ctx, old.id, by=other, successor=new.document_id)
    clock.put(NOW + timedelta(hours=1))
    if deed == "corrected":
        await published(ctx, me, other, document_id=id_)
    elif deed == "moved":
        at = NOW + 2 * DAY
        await scheduling.schedule(ctx, next_one.id, by=other, publish_at=at)
    else:
        await scheduling.unschedule(ctx, next_one.id, by=other)
    clock.put(NOW + 3 * DAY - timedelta(seconds=1))
    assert await library.policy(ctx, id_)
    clock.put(NOW + 3 * DAY)
    with pytest.raises(PolicyGone) as gone:
        await library.policy(ctx, id_)
    assert gone.value.details["replaced_by"] == new.document_id


async def test_what_has_expired_may_still_say_what_came_instead(ctx, clock):
    me, other = await editor(ctx), await reviewer(ctx)
    last = date(2026, 11, 24)
    old = await published(ctx, me, other, content("旧", valid_to=last))
    new = await published(ctx, me, other, content("新"))
    clock.put(end_of(last))
    await ending.supersede(ctx, old.id, by=other, successor=new.document_id)
    assert await state(ctx, old) == "expired"
    with pytest.raises(PolicyGone) as gone:
        await library.policy(ctx, old.document_id)
    assert gone.value.code == "policy_expired"
    assert gone.value.details["replaced_by"] == new.document_id


async def test_a_chain_leads_to_its_end_and_never_round(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    a, b, c = [await published(ctx, me, other, content(t)) for t in "甲乙丙"]
    await ending.supersede(ctx, a.id, by=other, successor=b.document_id)
    await ending.supersede(ctx, b.id, by=other, successor=c.document_id)
    with pytest.raises(PolicyGone) as gone:
        await library.policy(ctx, a.document_id)
    assert gone.value.details["replaced_by"] == b.document_id
    assert gone.value.details["now_instead"] == c.document_id
    for successor in (a, b, c):
        with pytest.raises(ReplacementCircle):
            await ending.supersede(ctx, c.id, by=other, successor=successor.document_id)
    with pytest.raises(NoSuchSuccessor):
        await ending.supersede(ctx, c.id, by=other, successor="policy_none")


async def test_an_ending_needs_a_reason_and_the_right_to_it(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    done = await published(ctx, me, other)
    with pytest.raises(RemarkNeeded):
        await ending.withdraw(
            ctx, done.id, by=other, because=Because.IN_ERROR, reason=" "
        )
    with pytest.raises(PermissionMissing):
        await ending.withdraw(ctx, done.id, by=me, **WRONG)
    stranger = await chief(ctx, "stranger", unit="unit_west")
    with pytest.raises(NoSuchManuscript):
        await ending.withdraw(ctx, done.id, by=stranger, **WRONG)
    with pytest.raises(NoSuchManuscript):
        await ending.supersede(ctx, done.id, by=stranger, successor="policy_x")
    draft = await begun(ctx, me)
    with pytest.raises(BadTransition):
        await ending.withdraw(ctx, draft.id, by=other, **WRONG)
    with pytest.raises(BadTransition):
        await ending.supersede(ctx, draft.id, by=other, successor=done.document_id)


async def test_two_withdrawals_at_once_are_one(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    done = await published(ctx, me, other)
    calls = (ending.withdraw(ctx, done.id, by=other, **WRONG) for _ in range(3))
    answers = await asyncio.gather(*calls, return_exceptions=True)
    kinds = sorted(type(each).__name__ for each in answers)
    assert kinds == ["BadTransition"] * 2 + ["Manuscript"]


async def test_what_is_over_is_put_away(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    done = await published(ctx, me, other)
    with pytest.raises(BadTransition):
        await writing.archive(ctx, done.id, by=me)
    await ending.withdraw(ctx, done.id, by=other, **WRONG)
    away = await writing.archive(ctx, done.id, by=me)
    assert away.state_at(NOW) is State.ARCHIVED
    assert (await Manuscript.find(ctx, _id=done.id)).public == away.public

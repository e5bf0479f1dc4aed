"""Moments: to the minute, moved, taken back; one public edition at any instant."""

import asyncio
import itertools
from datetime import date, datetime, timedelta

import pytest

from models.base.clock import SHANGHAI, end_of
from models.policies import chain, library, reviewing, scheduling
from models.policies.chain import AlreadyBegun, OutOfOrder
from models.policies.contents import Kind, NeverShown
from models.policies.editions import Edition, NoSuchPolicy
from models.policies.library import PolicyGone
from models.policies.manuscripts import BadTransition, Manuscript
from models.policies.reviewing import MomentPast
from models.policies.scheduling import BadDays
from models.policies.writing import OpenDraftExists
from tests.models.policies.papers import (
    begun,
    chief,
    content,
    editor,
    published,
    reviewer,
    state,
    submitted,
)
from tests.models.policies.texts import DAY, NOW

TEN = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


async def test_it_is_public_at_its_minute_though_nothing_runs(ctx, clock):
    me, other = await editor(ctx), await reviewer(ctx)
    done = await published(ctx, me, other, at=TEN)
    for moment, told in (
        (NOW, "scheduled"),
        (TEN - MINUTE, "scheduled"),
        (TEN, "published"),
    ):
        clock.put(moment)
        assert await state(ctx, done) == told
        if told == "scheduled":
            with pytest.raises(NoSuchPolicy):
                await library.policy(ctx, done.document_id)
    assert await library.policy(ctx, done.document_id)


async def test_it_expires_at_the_end_of_its_day(ctx, clock):
    me, other = await editor(ctx), await reviewer(ctx)
    last = date(2026, 11, 24)
    done = await published(ctx, me, other, content(valid_to=last))
    clock.put(end_of(last) - SECOND)
    assert await state(ctx, done) == "published"
    clock.put(end_of(last))
    assert await state(ctx, done) == "expired"
    with pytest.raises(PolicyGone) as gone:
        await library.policy(ctx, done.document_id)
    assert gone.value.code == "policy_expired"


async def test_what_passed_may_wait_for_its_moment(ctx, clock):
    me, other = await editor(ctx), await reviewer(ctx)
    draft = await submitted(ctx, me)
    await reviewing.approve(ctx, draft.id, by=other, hold=True)
    clock.put(NOW + DAY)
    assert await state(ctx, draft) == "approved"
    with pytest.raises(NoSuchPolicy):
        await library.policy(ctx, draft.document_id)
    with pytest.raises(OpenDraftExists):
        await _next(ctx, me, draft)
    done = await scheduling.schedule(ctx, draft.id, by=me, publish_at=None)
    assert await state(ctx, done) == "published"


async def test_a_moment_is_moved_while_it_has_not_come(ctx, clock):
    me, other = await editor(ctx), await reviewer(ctx)
    done = await published(ctx, me, other, at=TEN)
    await scheduling.schedule(ctx, done.id, by=me, publish_at=TEN + DAY)
    clock.put(TEN)
    assert await state(ctx, done) == "scheduled"
    with pytest.raises(MomentPast):
        await scheduling.schedule(ctx, done.id, by=me, publish_at=TEN - DAY)
    clock.put(TEN + DAY)
    assert await state(ctx, done) == "published"
    with pytest.raises(BadTransition):
        await scheduling.schedule(ctx, done.id, by=me, publish_at=TEN + 2 * DAY)
    with pytest.raises(BadTransition):
        await scheduling.unschedule(ctx, done.id, by=me)


async def test_taken_back_the_one_before_goes_on(ctx, clock):
    me, other = await editor(ctx), await reviewer(ctx)
    last = date(2026, 12, 31)
    first = await published(ctx, me, other, content(valid_to=last))
    second = await published(
        ctx, me, other, content("二"), document_id=first.document_id, at=TEN
    )
    assert (await library.policy(ctx, first.document_id)).visible_to == TEN
    await scheduling.unschedule(ctx, second.id, by=me)
    clock.put(TEN)
    now = await library.policy(ctx, first.document_id)
    assert (now.id, now.visible_to) == (first.public.text_id, end_of(last))
    assert await state(ctx, first) == "published"
    assert await state(ctx, second) == "approved"


async def test_taken_back_between_two_it_leaves_no_gap(ctx, clock):
    me, other = await editor(ctx), await reviewer(ctx)
    first = await published(ctx, me, other)
    id_ = first.document_id
    second = await published(ctx, me, other, content("二"), document_id=id_, at=TEN)
    third = await published(
        ctx, me, other, content("三"), document_id=id_, at=TEN + DAY
    )
    await scheduling.unschedule(ctx, second.id, by=me)
    clock.put(TEN + DAY - SECOND)
    assert (await library.policy(ctx, id_)).id == first.public.text_id
    clock.put(TEN + DAY)
    assert (await library.policy(ctx, id_)).id == third.public.text_id


async def test_what_is_taken_back_waits_behind_the_open_one(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    done = await published(ctx, me, other, at=TEN)
    opened = await _next(ctx, me, done)
    with pytest.raises(OpenDraftExists) as refused:
        await scheduling.unschedule(ctx, done.id, by=me)
    assert refused.value.details["manuscript_id"] == opened.id
    assert await state(ctx, done) == "scheduled"


async def test_what_is_public_is_not_taken_back(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    done = await published(ctx, me, other)
    with pytest.raises(AlreadyBegun):
        await chain.take_back(
            ctx, Edition, done.document_id, text_id=done.public.text_id
        )


async def test_a_later_edition_is_not_overtaken(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    done = await published(ctx, me, other, at=TEN)
    draft = await submitted(ctx, me, document_id=done.document_id)
    with pytest.raises(OutOfOrder) as refused:
        await reviewing.approve(ctx, draft.id, by=other)
    assert refused.value.details["begins_at"] == "2026-11-24T02:00:00+00:00"
    assert await state(ctx, draft) == "submitted"


async def test_nothing_is_moved_past_its_last_day(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    told = content(valid_to=date(2026, 11, 25))
    done = await published(ctx, me, other, told, at=TEN)
    with pytest.raises(NeverShown):
        await scheduling.schedule(ctx, done.id, by=me, publish_at=TEN + 2 * DAY)
    assert (await Manuscript.find(ctx, _id=done.id)).public.begins_at == TEN


async def test_two_manuscripts_of_one_policy_at_once_leave_one_chain(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    first = await published(ctx, me, other)
    id_ = first.document_id
    waiting = await published(ctx, me, other, content("二"), document_id=id_, at=TEN)
    draft = await submitted(ctx, me, content("三"), document_id=id_)
    answers = await asyncio.gather(
        scheduling.schedule(ctx, waiting.id, by=me, publish_at=TEN + 2 * DAY),
        reviewing.approve(ctx, draft.id, by=other, publish_at=TEN + DAY),
        return_exceptions=True,
    )
    assert all(isinstance(each, Manuscript | OutOfOrder) for each in answers)
    assert any(isinstance(each, Manuscript) for each in answers)
    spans = sorted(
        (e.visible_from, e.visible_to)
        for e in await Edition.many(ctx, {"policy_id": id_})
        if e.visible_from < e.visible_to
    )
    assert all(a[1] == b[0] for a, b in itertools.pairwise(spans))


async def test_the_calendar_lists_what_begins_and_ends_in_order(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    last = date(2026, 11, 26)
    a = await published(ctx, me, other, content("甲", valid_to=last), at=TEN)
    b = await published(ctx, me, other, kind=Kind.GUIDANCE, at=TEN + DAY)
    c = await published(ctx, me, other, content("丙"), at=TEN + 9 * DAY)
    days = date(2026, 11, 24), date(2026, 11, 30)
    expected = [(a.id, "begins"), (b.id, "begins"), (a.id, "ends")]
    seen, cursor = [], None
    for _ in expected:
        page = await scheduling.calendar(ctx, *days, by=me, cursor=cursor, limit=1)
        seen += [(due.manuscript.id, due.what) for due in page.items]
        cursor = page.next
    assert (seen, cursor) == (expected, None)
    await scheduling.unschedule(ctx, c.id, by=me)
    far = date(2026, 12, 1), date(2026, 12, 31)
    page = await scheduling.calendar(ctx, *far, by=me, cursor=None, limit=9)
    assert page.items == []
    stranger = await chief(ctx, "stranger", unit="unit_west")
    page = await scheduling.calendar(ctx, *days, by=stranger, cursor=None, limit=9)
    assert page.items == []
    for bad in (days[::-1], (date(2026, 1, 1), date(2026, 12, 31))):
        with pytest.raises(BadDays):
            await scheduling.calendar(ctx, *bad, by=me, cursor=None, limit=9)


async def _next(ctx, by, manuscript):
    return await begun(ctx, by, document_id=manuscript.document_id)

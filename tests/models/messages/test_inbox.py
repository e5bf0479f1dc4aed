"""What a person was told is in the inbox, once, and at its time."""

import asyncio
from datetime import timedelta

import pytest

from miniprogram_api import template_values
from models.messages import inbox
from models.messages.inbox import NoSuchMessage
from models.messages.kinds import Kind
from models.messages.telling import card, told
from models.messages.wordings import WORDINGS

ME, OTHER = "worker_me", "worker_other"


def values(clock):
    at = clock.now()
    return {
        "station": "科技园驿站",
        "what": "3号充电口",
        "reason": "停电",
        "start": at,
        "end": at,
        "until": at,
        "programme": "一门名字特别特别特别特别特别特别特别特别长的课程",
        "place": "大学科技园",
        "position": 2,
        "at": at,
        "attended": 5,
        "clash": "手机充电·科技园驿站",
        "class": "农民工",
        "lessons": 6,
        "old_place": "职工学校",
        "old_start": at,
        "policy": "灵活就业社保补贴办法",
        "unit": "高新区总工会",
        "way": "电话",
        "name": "王*",
        "desk": "还有2篇未完成的稿件待交接",
    }


async def tell(ctx, clock, *, cause="event_1", who=ME, at=None, ref="booking_1"):
    await inbox.tell(
        ctx, who, Kind.BOOKING_MADE, values(clock), ref=ref, cause=cause, at=at
    )


async def seen(ctx, who=ME, **options):
    return [m.id for m in (await inbox.of(ctx, who, **options)).items]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_can_be_told_and_its_card_fits(kind, clock):
    title, text = told(kind, values(clock))
    assert title
    assert "{" not in text
    fields = card(kind, values(clock))
    if fields:
        template_values.check(fields)
    assert bool(fields) == bool(WORDINGS[kind].card)


async def test_the_same_cause_tells_once(ctx, clock):
    await asyncio.gather(*(tell(ctx, clock) for _ in range(10)))
    assert len(await seen(ctx)) == 1


async def test_each_sees_their_own(ctx, clock):
    await tell(ctx, clock, who=OTHER)
    assert await seen(ctx) == []


async def test_a_reminder_appears_at_its_minute(ctx, clock):
    await tell(ctx, clock, at=clock.now() + timedelta(minutes=30))
    assert await seen(ctx) == []
    assert await inbox.count_unread(ctx, ME) == 0
    clock.forward(timedelta(minutes=30))
    assert len(await seen(ctx)) == 1


async def test_what_was_dropped_never_appears_and_what_was_told_stays(ctx, clock):
    await tell(ctx, clock, cause="event_1")
    await tell(ctx, clock, cause="event_2", at=clock.now() + timedelta(minutes=30))
    await inbox.drop(ctx, "booking_1")
    clock.forward(timedelta(hours=1))
    assert len(await seen(ctx)) == 1


async def test_pages_go_on_where_they_stopped(ctx, clock):
    for number in range(5):
        await tell(ctx, clock, cause=f"event_{number}")
        clock.forward(timedelta(seconds=1))
    first = await inbox.of(ctx, ME, limit=3)
    await tell(ctx, clock, cause="event_new")
    second = await inbox.of(ctx, ME, limit=3, cursor=first.next)
    ids = [m.id for m in (*first.items, *second.items)]
    assert len(set(ids)) == 5
    assert second.next is None


async def test_reading_lowers_the_badge(ctx, clock):
    await tell(ctx, clock, cause="event_1")
    await tell(ctx, clock, cause="event_2")
    (first, *_) = await seen(ctx)
    await inbox.mark_read(ctx, first, worker_id=ME)
    await inbox.mark_read(ctx, first, worker_id=ME)
    assert await inbox.count_unread(ctx, ME) == 1
    await inbox.mark_all_read(ctx, worker_id=ME)
    assert await inbox.count_unread(ctx, ME) == 0


async def test_nobody_reads_anothers_message(ctx, clock):
    await tell(ctx, clock, who=OTHER)
    (theirs,) = await seen(ctx, OTHER)
    with pytest.raises(NoSuchMessage):
        await inbox.mark_read(ctx, theirs, worker_id=ME)
    assert await inbox.count_unread(ctx, OTHER) == 1

"""Cards go to WeChat while there is credit, once, and not at night."""

import asyncio
from datetime import datetime, timedelta

import pytest
from msgspec import ValidationError
from msgspec.structs import replace

from miniprogram_api.meanings import SEND
from models.base.clock import SHANGHAI
from models.base.store import StoreUnavailable
from models.messages import credits, inbox, sends
from models.messages.credits import Source
from models.messages.inbox import Card, Message
from models.messages.kinds import Kind
from models.workers import sign_in
from scripts.wechat_simulator.faults import Do, Fault

SLOWLY = 0.3
"""Seconds that WeChat takes; all cards must be under way before the first is out."""

TEMPLATES = {
    Kind.BOOKING_REMINDER: "template-reminder",
    Kind.TRAINING_REMINDER: "template-training",
}


@pytest.fixture
def ctx(ctx):
    return replace(ctx, templates=TEMPLATES)


@pytest.fixture
def me(run, ctx):
    return run(sign_in.sign_in(ctx, "w-1")).worker.id


async def tell(ctx, clock, me, *, cause="event_1", kind=Kind.BOOKING_REMINDER):
    values = {
        "station": "科技园驿站",
        "what": "3号充电口",
        "start": clock.now(),
        "programme": "电工班",
        "place": "大学科技园",
    }
    await inbox.tell(ctx, me, kind, values, ref="booking_1", cause=cause)


async def allow(ctx, simulator, me, count, kind=Kind.BOOKING_REMINDER):
    for tap in range(count):
        await credits.grant(ctx, me, kind, source=Source.CLIENT, tap=f"t{tap}")
    simulator.world.messages.credits["o-1", TEMPLATES[kind]] += count


async def cards(ctx):
    return sorted(m.card for m in await Message.many(ctx, {}))


async def test_two_accepts_are_two_cards_and_the_third_is_inbox_only(
    ctx, clock, simulator, me
):
    await allow(ctx, simulator, me, 2)
    for number in range(3):
        await tell(ctx, clock, me, cause=f"event_{number}")
    assert await sends.send_due(ctx) == 2
    assert len(simulator.world.messages.sent) == 2
    assert await cards(ctx) == [Card.NO_CREDIT, Card.SENT, Card.SENT]
    assert len((await inbox.of(ctx, me)).items) == 3


async def test_a_card_says_what_and_opens_a_page(ctx, clock, simulator, me):
    await allow(ctx, simulator, me, 1)
    await tell(ctx, clock, me)
    await sends.send_due(ctx)
    (sent,) = simulator.world.messages.sent
    assert sent.openid == "o-1"
    assert sent.template_id == "template-reminder"
    assert sent.values["thing1"] == "科技园驿站"
    assert sent.page == "pages/me/bookings"


async def test_when_wechat_knows_of_no_accept_ours_are_void_too(
    ctx, clock, simulator, me
):
    await allow(ctx, simulator, me, 3)
    simulator.world.messages.credits.clear()
    await tell(ctx, clock, me)
    assert await sends.send_due(ctx) == 0
    assert (await credits.left(ctx, me))[Kind.BOOKING_REMINDER] == 0
    clock.forward(timedelta(days=1))
    assert await sends.send_due(ctx) == 0
    assert await cards(ctx) == [Card.NO_CREDIT]


async def test_two_workers_at_once_send_each_card_once(ctx, clock, simulator, me):
    await allow(ctx, simulator, me, 5)
    for number in range(5):
        await tell(ctx, clock, me, cause=f"event_{number}")
        await sends.send_due(ctx)
    await asyncio.gather(sends.send_due(ctx), sends.send_due(ctx))
    assert len(simulator.world.messages.sent) == 5


async def test_workers_at_once_spend_no_accept_twice(ctx, clock, simulator, me):
    """Ours and WeChat's counts differ, so that only ours can hold the third back."""
    await allow(ctx, simulator, me, 2)
    simulator.world.messages.credits["o-1", TEMPLATES[Kind.BOOKING_REMINDER]] += 9
    for number in range(8):
        await tell(ctx, clock, me, cause=f"event_{number}")
    done = await asyncio.gather(*(sends.send_due(ctx) for _ in range(4)))
    assert sum(done) == len(simulator.world.messages.sent) == 2
    assert await cards(ctx) == [*[Card.NO_CREDIT] * 6, *[Card.SENT] * 2]
    assert (await credits.left(ctx, me))[Kind.BOOKING_REMINDER] == 0


async def test_nobody_is_woken_for_what_can_wait(ctx, clock, simulator, me):
    await allow(ctx, simulator, me, 1, Kind.TRAINING_REMINDER)
    clock.put(datetime(2026, 11, 23, 23, 30, tzinfo=SHANGHAI))
    await tell(ctx, clock, me, kind=Kind.TRAINING_REMINDER)
    assert await sends.send_due(ctx) == 0
    clock.put(datetime(2026, 11, 24, 7, 59, tzinfo=SHANGHAI))
    assert await sends.send_due(ctx) == 0
    clock.put(datetime(2026, 11, 24, 8, 0, tzinfo=SHANGHAI))
    assert await sends.send_due(ctx) == 1


async def test_what_cannot_wait_goes_out_at_night(ctx, clock, simulator, me):
    await allow(ctx, simulator, me, 1)
    clock.put(datetime(2026, 11, 23, 23, 30, tzinfo=SHANGHAI))
    await tell(ctx, clock, me)
    assert await sends.send_due(ctx) == 1


async def test_a_card_whose_process_died_is_not_sent_twice(ctx, clock, simulator, me):
    await allow(ctx, simulator, me, 1)
    await tell(ctx, clock, me)
    await Message.change(ctx, {}, {"$set": {"card": Card.SENDING}})
    clock.forward(timedelta(hours=1))
    assert await sends.send_due(ctx) == 0
    assert simulator.world.messages.sent == []
    assert len((await inbox.of(ctx, me)).items) == 1


async def test_a_card_that_was_only_claimed_goes_out_after_the_lease(
    ctx, clock, simulator, me
):
    await allow(ctx, simulator, me, 1)
    await tell(ctx, clock, me)
    late = await sends._claim(ctx)
    assert await sends.send_due(ctx) == 0
    clock.forward(sends.LEASE)
    assert await sends.send_due(ctx) == 1
    assert not await sends._send(ctx, late)
    assert len(simulator.world.messages.sent) == 1
    assert await cards(ctx) == [Card.SENT]


def break_after(monkeypatch, whose, name):
    """Let MongoDB be gone right after one step was taken."""
    step = getattr(whose, name)

    async def take_and_break(*args, **kwargs):
        await step(*args, **kwargs)
        raise StoreUnavailable

    monkeypatch.setattr(whose, name, take_and_break)


async def test_a_card_that_could_not_begin_has_cost_nothing_and_goes_out_later(
    ctx, clock, simulator, me, monkeypatch
):
    await allow(ctx, simulator, me, 1)
    await tell(ctx, clock, me)
    with monkeypatch.context() as broken:
        break_after(broken, credits, "spend")
        assert await sends.send_due(ctx) == 0
    assert await cards(ctx) == [Card.WAITING]
    assert (await credits.left(ctx, me))[Kind.BOOKING_REMINDER] == 1
    clock.forward(sends.LEASE + timedelta(seconds=1))
    assert await sends.send_due(ctx) == 1
    assert (await credits.left(ctx, me))[Kind.BOOKING_REMINDER] == 0


async def test_an_accept_is_given_back_with_its_card_or_not_at_all(
    ctx, clock, simulator, me, monkeypatch
):
    await allow(ctx, simulator, me, 1)
    await tell(ctx, clock, me)
    simulator.world.faults.ordered = [Fault(path=f"/{SEND}", do=Do.ERRCODE, errcode=-1)]
    break_after(monkeypatch, credits, "give_back")
    assert await sends.send_due(ctx) == 0
    assert await cards(ctx) == [Card.SENDING]
    assert (await credits.left(ctx, me))[Kind.BOOKING_REMINDER] == 0


async def test_nobody_waits_for_another_s_card(ctx, clock, simulator, me):
    for number in range(sends.AT_ONCE):
        somebody = (await sign_in.sign_in(ctx, f"w-2{number}")).worker.id
        await credits.grant(
            ctx, somebody, Kind.BOOKING_REMINDER, source=Source.CLIENT, tap="t"
        )
        openid = f"o-2{number}", TEMPLATES[Kind.BOOKING_REMINDER]
        simulator.world.messages.credits[openid] += 1
        await tell(ctx, clock, somebody)
    simulator.world.faults.ordered.append(
        Fault(do=Do.SLOW, path=f"/{SEND}", seconds=SLOWLY)
    )
    sending = asyncio.ensure_future(sends.send_due(ctx))
    while (await cards(ctx)).count(Card.SENDING) < sends.AT_ONCE:
        assert not sending.done()
    assert await sending == sends.AT_ONCE


async def test_a_card_that_breaks_does_not_hold_up_the_others(
    ctx, clock, simulator, me
):
    await allow(ctx, simulator, me, 2)
    for number in range(2):
        await tell(ctx, clock, me, cause=f"event_{number}")
    unreadable = {"$set": {"kind": "no_such_kind"}}
    await Message.shelf(ctx).update_one({}, unreadable)
    with pytest.raises(ValidationError):
        await sends.send_due(ctx)
    assert len(simulator.world.messages.sent) == 1


async def test_a_dropped_reminder_sends_no_card(ctx, clock, simulator, me):
    await allow(ctx, simulator, me, 1)
    await inbox.tell(
        ctx,
        me,
        Kind.BOOKING_REMINDER,
        {"station": "a", "what": "1号充电口", "start": clock.now()},
        ref="booking_1",
        cause="event_1",
        at=clock.now() + timedelta(minutes=5),
    )
    await inbox.drop(ctx, "booking_1")
    clock.forward(timedelta(minutes=6))
    assert await sends.send_due(ctx) == 0
    assert (await credits.left(ctx, me))[Kind.BOOKING_REMINDER] == 1

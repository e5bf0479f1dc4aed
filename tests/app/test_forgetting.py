"""What has had its time is deleted, by the inn's clock and no other."""

from datetime import timedelta

import pytest

from app.schedule import LINES
from handlers.base.key_records import Record
from models.base import events
from models.base.events import Event, record
from models.messages.pushes import Pushed

VERBS = {line.name: line.verb for line in LINES}


class ThingForgotten(Event, kw_only=True, frozen=True):
    pass


async def keep_an_event(ctx, now):
    await record(ctx, ThingForgotten())
    await events.deliver_one(ctx, {ThingForgotten: []})


async def keep_a_repeat(ctx, now):
    await Record(id="repeat_1", body_hash="", at=now, leased_until=now).insert(ctx)


async def keep_a_push(ctx, now):
    await Pushed(id="push:1", kind="test", at=now).insert(ctx)


@pytest.mark.parametrize(
    ("line", "keep", "kept_for"),
    [
        ("events.forget_done", keep_an_event, events.KEPT_DONE),
        ("repeats.forget_old", keep_a_repeat, timedelta(days=2)),
        ("pushes.forget_old", keep_a_push, timedelta(days=7)),
    ],
)
async def test_it_is_kept_as_long_as_promised_and_no_longer(
    ctx, clock, line, keep, kept_for
):
    await keep(ctx, clock.now())
    clock.forward(kept_for)
    assert await VERBS[line](ctx) == 0
    clock.forward(timedelta(milliseconds=1))
    assert await VERBS[line](ctx) == 1


async def test_an_event_that_waits_is_never_forgotten(ctx, clock):
    await record(ctx, ThingForgotten())
    clock.forward(events.KEPT_DONE * 2)
    assert await VERBS["events.forget_done"](ctx) == 0

"""The clockwork: each beat once, whoever keeps it, and a late line shows."""

import asyncio
from datetime import timedelta

from app.schedule import LINES, Line, claim, count_overdue, due


async def nothing(ctx):
    return 0


EVERY_MINUTE = Line("test.line", timedelta(minutes=1), nothing)


async def test_a_beat_is_claimed_once_by_many(ctx):
    claims = await asyncio.gather(*(claim(ctx, EVERY_MINUTE) for _ in range(20)))
    assert sum(claims) == 1


async def test_the_next_beat_comes_with_its_time(ctx, clock):
    assert await claim(ctx, EVERY_MINUTE)
    clock.forward(timedelta(seconds=59))
    assert not await claim(ctx, EVERY_MINUTE)
    clock.forward(timedelta(seconds=1))
    claims = await asyncio.gather(*(claim(ctx, EVERY_MINUTE) for _ in range(20)))
    assert sum(claims) == 1


async def test_what_is_due_is_known_by_one_question(ctx, clock, ear):
    assert await due(ctx, LINES) == list(LINES)
    await asyncio.gather(*(claim(ctx, line) for line in LINES))
    ear.commands = 0
    assert await due(ctx, LINES) == []
    soonest = min(line.every for line in LINES)
    clock.forward(soonest)
    assert await due(ctx, LINES) == [line for line in LINES if line.every == soonest]
    assert ear.commands == 2


async def test_a_line_nobody_keeps_is_overdue(ctx, clock):
    await claim(ctx, EVERY_MINUTE)
    assert await count_overdue(ctx) == 0
    clock.forward(timedelta(minutes=3))
    assert await count_overdue(ctx) == 1
    await claim(ctx, EVERY_MINUTE)
    assert await count_overdue(ctx) == 0


async def test_every_line_runs_on_an_empty_inn(ctx):
    for line in LINES:
        assert await line.verb(ctx) == 0, line.name


def test_no_two_lines_share_a_name():
    names = [line.name for line in LINES]
    assert len(names) == len(set(names))

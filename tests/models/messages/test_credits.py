"""One accept is one card, however often and by whom it is reported."""

import asyncio
from datetime import timedelta

import pytest

from models.messages import credits
from models.messages.credits import MOST_CREDITS, PAIRED_WITHIN, Source
from models.messages.kinds import Kind

ME = "worker_me"
KIND = Kind.BOOKING_REMINDER


async def accept(ctx, tap, source=Source.CLIENT):
    await credits.grant(ctx, ME, KIND, source=source, tap=tap)


async def left(ctx):
    return (await credits.left(ctx, ME))[KIND]


async def test_an_accept_counts_one(ctx):
    await accept(ctx, "t1")
    await accept(ctx, "t2")
    assert await left(ctx) == 2


async def test_a_report_that_comes_again_counts_once(ctx):
    await asyncio.gather(*(accept(ctx, "t1") for _ in range(10)))
    assert await left(ctx) == 1


async def test_both_sides_at_once_count_once(ctx):
    for tap in range(5):
        await asyncio.gather(
            accept(ctx, f"t{tap}"), accept(ctx, f"p{tap}", Source.PUSH)
        )
    assert await left(ctx) == 5


async def test_a_push_long_after_is_another_accept(ctx, clock):
    await accept(ctx, "t1")
    clock.forward(PAIRED_WITHIN + timedelta(seconds=1))
    await accept(ctx, "p1", Source.PUSH)
    assert await left(ctx) == 2


async def test_two_taps_and_two_pushes_in_any_order_are_two(ctx):
    for tap, source in [
        ("t1", Source.CLIENT),
        ("t2", Source.CLIENT),
        ("p1", Source.PUSH),
        ("p2", Source.PUSH),
        ("p1", Source.PUSH),
    ]:
        await accept(ctx, tap, source)
    assert await left(ctx) == 2


async def test_spending_never_goes_below_nothing(ctx):
    await accept(ctx, "t1")
    await accept(ctx, "t2")
    spent = await asyncio.gather(*(credits.spend(ctx, ME, KIND) for _ in range(10)))
    assert sum(spent) == 2
    assert await left(ctx) == 0


async def test_clearing_leaves_nothing(ctx):
    await accept(ctx, "t1")
    await credits.clear(ctx, ME, KIND)
    assert not await credits.spend(ctx, ME, KIND)


async def test_a_client_gone_wild_is_capped(ctx):
    for tap in range(MOST_CREDITS + 3):
        await accept(ctx, f"t{tap}")
    assert await left(ctx) == MOST_CREDITS


@pytest.mark.parametrize("tap", ["$left", "$$ROOT", "$$NOPE", "a.b", "$"])
async def test_a_tap_that_looks_like_an_operator_is_only_a_tap(ctx, tap):
    await accept(ctx, tap)
    await accept(ctx, tap)
    assert await left(ctx) == 1

"""Limits are counted call by call, however many calls share a message to Redis."""

from limits import RateLimitItemPerMinute

from handlers.base.counting import CALLS_A_MESSAGE
from handlers.base.limits import Limiter
from tests.client import together

SEVEN = RateLimitItemPerMinute(7)


async def test_at_once_from_two_processes_only_so_many_are_let_through(ctx):
    one, other = (Limiter(ctx.redis, ctx.clock) for _ in range(2))
    counted = await together(
        *(each.hit(SEVEN, "search", "w1") for each in [one, other] * 20)
    )
    assert counted.count(True) == 7
    assert True in counted[:2]  # whichever message reaches Redis first
    assert not await one.hit(SEVEN, "search", "w1")


async def test_each_hears_what_is_said_of_its_own(ctx):
    limiter = Limiter(ctx.redis, ctx.clock)
    calls = [("search", f"w{number % 3}") for number in range(3 * 9)]
    counted = await together(*(limiter.hit(SEVEN, *call) for call in calls))
    for caller in range(3):
        assert counted[caller::3] == [True] * 7 + [False] * 2


async def test_more_than_a_message_holds_are_counted_too(ctx):
    limiter = Limiter(ctx.redis, ctx.clock)
    item = RateLimitItemPerMinute(CALLS_A_MESSAGE + 10)
    calls = range(2 * CALLS_A_MESSAGE + 1)
    counted = await together(*(limiter.hit(item, "search", "w1") for _ in calls))
    assert counted.count(True) == CALLS_A_MESSAGE + 10


async def test_a_redis_that_forgot_the_script_is_taught_it_again(ctx):
    limiter = Limiter(ctx.redis, ctx.clock)
    assert await limiter.hit(SEVEN, "search", "w1")
    await ctx.redis.script_flush()
    counted = await together(*(limiter.hit(SEVEN, "search", "w1") for _ in range(9)))
    assert counted == [True] * 6 + [False] * 3
    keys = [key async for key in ctx.redis.scan_iter("*w1*")]
    assert keys, "it was Redis that counted, not the process"

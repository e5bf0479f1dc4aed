"""A batch waits for who is still on the way, and not for ever."""

import asyncio

from models.base.lull import MOST_TURNS, in_a_lull


async def sent_after(come):
    """Say how many waited when a batch went out, if so many come in turn after turn."""
    loop, waiting, sent = asyncio.get_running_loop(), [], asyncio.Future()

    def turn(left):
        if left:
            waiting.extend([None] * left[0])
            loop.call_soon(turn, left[1:])

    turn(come)
    in_a_lull(lambda: len(waiting), lambda: sent.set_result(len(waiting)))
    return await sent


async def test_who_asks_alone_is_sent():
    assert await sent_after([1]) == 1


async def test_who_comes_within_the_next_turns_goes_along():
    assert await sent_after([1, 3, 0, 5]) == 9


async def test_who_comes_after_two_quiet_turns_does_not():
    assert await sent_after([1, 0, 0, 0, 5]) == 1


async def test_if_they_come_without_end_the_first_are_sent_all_the_same():
    assert MOST_TURNS <= await sent_after([1] * 100) <= MOST_TURNS + 1

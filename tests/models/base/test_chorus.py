"""What many ask at the same moment is asked once, and never answered with the past."""

import asyncio

import pymongo
import pytest
from pymongo import _csot
from pymongo.errors import NetworkTimeout

from models.base import store
from models.base.chorus import Chorus
from models.base.store import atomic, inside_transaction


class Counter:
    """Answers with how often it was asked, when it is let."""

    def __init__(self):
        self.asked = 0
        self.may_answer = asyncio.Event()
        self.was_asked = asyncio.Event()

    async def find(self):
        self.asked += 1
        answer = self.asked
        self.was_asked.set()
        await self.may_answer.wait()
        return answer


async def test_those_who_ask_at_once_hear_one_answer():
    chorus, counter = Chorus(), Counter()
    counter.may_answer.set()
    heard = await asyncio.gather(*(chorus.ask("q", counter.find) for _ in range(50)))
    assert heard == [1] * 50


async def test_who_comes_while_it_is_under_way_hears_the_next_answer():
    chorus, counter = Chorus(), Counter()
    first = asyncio.ensure_future(chorus.ask("q", counter.find))
    await counter.was_asked.wait()
    late = [asyncio.ensure_future(chorus.ask("q", counter.find)) for _ in range(9)]
    await asyncio.sleep(0)
    counter.may_answer.set()
    assert await first == 1
    assert await asyncio.gather(*late) == [2] * 9


async def test_other_questions_do_not_wait():
    chorus, slow, quick = Chorus(), Counter(), Counter()
    first = asyncio.ensure_future(chorus.ask("slow", slow.find))
    await slow.was_asked.wait()
    quick.may_answer.set()
    assert await chorus.ask("quick", quick.find) == 1
    slow.may_answer.set()
    assert await first == 1


async def test_a_fault_is_told_to_all_and_the_next_ask_anew():
    async def break_down():
        raise ValueError("gone")

    async def answer():
        return "well"

    chorus = Chorus()
    both = [chorus.ask("q", break_down) for _ in range(2)]
    told = await asyncio.gather(*both, return_exceptions=True)
    assert [type(each) for each in told] == [ValueError, ValueError]
    assert await chorus.ask("q", answer) == "well"


async def test_who_gives_up_stops_nobody_else():
    chorus, counter = Chorus(), Counter()
    gone = asyncio.ensure_future(chorus.ask("q", counter.find))
    stays = asyncio.ensure_future(chorus.ask("q", counter.find))
    await counter.was_asked.wait()
    gone.cancel()
    counter.may_answer.set()
    assert await stays == 1
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_nobodys_transaction_is_taken_along(ctx):
    async def look():
        return inside_transaction()

    @atomic()
    async def ask(ctx):
        return await Chorus().ask("q", look)

    assert await ask(ctx) is False


async def test_it_has_a_deadline_of_its_own():
    async def look():
        return _csot.remaining()

    with pymongo.timeout(0.5):
        left = await Chorus().ask("q", look)
    assert 1 < left <= store.ANSWER_SECONDS


async def test_who_waits_behind_what_got_no_answer_in_time_waits_no_longer():
    chorus, begun, over = Chorus(), asyncio.Event(), asyncio.Event()
    asked = []

    async def hang():
        asked.append("q")
        begun.set()
        await over.wait()
        raise NetworkTimeout("no answer")

    first = asyncio.ensure_future(chorus.ask("q", hang))
    await begun.wait()
    behind = asyncio.ensure_future(chorus.ask("q", hang))
    await asyncio.sleep(0)
    over.set()
    told = await asyncio.gather(first, behind, return_exceptions=True)
    assert [type(each) for each in told] == [NetworkTimeout, NetworkTimeout]
    assert asked == ["q"]

"""Work that waits together goes out together, and nobody pays for it."""

import asyncio

import pytest
from pymongo.errors import WaitQueueTimeoutError

from models.base.gathering import MOST_A_BATCH, Gathering
from models.base.lull import MOST_TURNS
from models.base.store import atomic, inside_transaction


class Counted:
    """Doubles numbers, and remembers each batch."""

    def __init__(self):
        self.batches = []

    async def send(self, pieces):
        self.batches.append(list(pieces))
        await asyncio.sleep(0)
        if "bad" in pieces:
            raise ValueError("bad")
        return [piece * 2 for piece in pieces]


class Held:
    """Answers nobody before it may, and says when two batches are under way."""

    def __init__(self, fault=None):
        self.batches = []
        self.are_two, self.go = asyncio.Event(), asyncio.Event()
        self._fault = fault

    async def send(self, pieces):
        self.batches.append(list(pieces))
        if len(self.batches) == 2:
            self.are_two.set()
        await self.go.wait()
        if self._fault is not None:
            raise self._fault
        return pieces


async def test_what_waits_together_is_a_few_batches_and_each_gets_its_own():
    counted = Counted()
    gathered = Gathering(counted.send, key=lambda piece: piece)
    answers = await asyncio.gather(*(gathered.ask(number) for number in range(150)))
    assert answers == [number * 2 for number in range(150)]
    assert max(map(len, counted.batches)) <= MOST_A_BATCH
    assert len(counted.batches) <= 4


async def test_a_burst_fills_as_many_batches_as_may_be_under_way():
    held = Held()
    gathered = Gathering(held.send, key=lambda piece: piece, under_way=2)
    asked = [asyncio.ensure_future(gathered.ask(each)) for each in range(150)]
    await held.are_two.wait()
    assert list(map(len, held.batches)) == [MOST_A_BATCH, MOST_A_BATCH]
    held.go.set()
    assert await asyncio.gather(*asked) == list(range(150))
    assert list(map(len, held.batches)) == [
        MOST_A_BATCH,
        MOST_A_BATCH,
        150 - 2 * MOST_A_BATCH,
    ]


async def test_who_comes_a_turn_later_is_in_the_same_batch():
    counted = Counted()
    gathered = Gathering(counted.send, key=lambda piece: piece)
    first = asyncio.ensure_future(gathered.ask(1))
    await asyncio.sleep(0)
    await asyncio.gather(first, gathered.ask(2))
    assert counted.batches == [[1, 2]]


async def test_who_waits_for_the_same_key_holds_nobody_else_up():
    held = Held()
    gathered = Gathering(held.send, key=lambda piece: piece, under_way=2)
    twice = [asyncio.ensure_future(gathered.ask("x")) for _ in range(2)]
    for _ in range(2 * MOST_TURNS):
        await asyncio.sleep(0)
    assert held.batches == [["x"]]
    other = asyncio.ensure_future(gathered.ask("y"))
    await held.are_two.wait()
    held.go.set()
    assert await asyncio.gather(*twice, other) == ["x", "x", "y"]
    assert "y" in held.batches[1]


async def test_a_batch_that_is_late_is_told_to_who_waits_too():
    held = Held(WaitQueueTimeoutError("late"))
    gathered = Gathering(held.send, key=lambda piece: piece, under_way=2, most=1)
    asked = [asyncio.ensure_future(gathered.ask(each)) for each in range(3)]
    await held.are_two.wait()
    held.go.set()
    told = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(each) for each in told] == [WaitQueueTimeoutError] * 3
    assert held.batches == [[0], [1]]


async def test_one_key_is_in_a_batch_once():
    counted = Counted()
    gathered = Gathering(counted.send, key=lambda piece: piece)
    await asyncio.gather(*(gathered.ask("x") for _ in range(5)))
    assert counted.batches == [["x"]] * 5


async def test_a_fault_is_told_to_its_batch_and_the_next_goes_on():
    counted = Counted()
    gathered = Gathering(counted.send, key=lambda piece: piece)
    answers = await asyncio.gather(
        gathered.ask("bad"), gathered.ask("b"), return_exceptions=True
    )
    assert [type(each) for each in answers] == [ValueError, ValueError]
    assert await gathered.ask("c") == "cc"


async def test_whoever_stops_waiting_takes_nothing_from_the_others():
    counted = Counted()
    gathered = Gathering(counted.send, key=lambda piece: piece)
    gone, stays = (asyncio.ensure_future(gathered.ask(each)) for each in "ab")
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == "bb"
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_a_batch_is_in_no_callers_transaction(ctx):
    async def send(pieces):
        return [inside_transaction() for _ in pieces]

    gathered = Gathering(send, key=lambda piece: piece)

    @atomic()
    async def verb(ctx):
        assert inside_transaction()
        return await gathered.ask("x")

    assert await verb(ctx) is False

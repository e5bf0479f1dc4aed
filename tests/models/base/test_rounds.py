"""One bad thing does not stop the round."""

import asyncio
from dataclasses import dataclass

from models.base.rounds import each, side_by_side


@dataclass(frozen=True)
class Thing:
    id: str
    worth: int


async def test_the_others_are_done_although_one_fails():
    seen = []

    async def verb(thing):
        seen.append(thing.id)
        if thing.worth < 0:
            raise KeyError("poison")
        return thing.worth

    things = [Thing("a", 1), Thing("b", -1), Thing("c", 2)]
    assert await each("test", things, verb) == 3
    assert seen == ["a", "b", "c"]


async def test_side_by_side_each_is_taken_once_and_no_more_than_may_be():
    things = [Thing(str(number), -1 if number == 3 else 1) for number in range(10)]
    waiting, under_way, seen = list(things), 0, []
    together = asyncio.Event()

    async def take():
        return waiting.pop(0) if waiting else None

    async def verb(thing):
        nonlocal under_way
        seen.append(thing.id)
        under_way += 1
        if under_way == 4:
            together.set()
        await together.wait()
        if thing.worth < 0:
            raise KeyError("poison")
        return thing.worth

    assert await side_by_side("test", take, verb, at_once=4, most=9) == 8
    assert seen == [str(number) for number in range(9)]

"""One bad thing does not stop the round."""

from dataclasses import dataclass

from models.base.rounds import each


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

"""Deeds of many people in one transaction: all of them, or each alone."""

import asyncio

from pymongo import UpdateOne

from models.base import deeds, personal
from models.base.deeds import Deed, Deeds, Guard
from models.base.documents import Document
from models.base.store import atomic


class Purse(Document, kw_only=True, frozen=True):
    SHELF = "test_purses"
    PERSONAL = personal.nobody()

    rev: int = 0


class Note(Document, kw_only=True, frozen=True):
    SHELF = "test_notes"
    PERSONAL = personal.nobody()

    who: str


def deed(who, note=None, *, rev=0):
    change = UpdateOne({"_id": who, "rev": rev}, {"$inc": {"rev": 1}})
    return Deed(who, Guard(Purse, change), (Note(id=note or f"note_{who}", who=who),))


async def open_purses(ctx, *people):
    for who in people:
        await Purse(id=who).insert(ctx)


async def kept(ctx):
    notes = await Note.many(ctx, {}, sort=[("_id", 1)])
    purses = await Purse.many(ctx, {"rev": 1}, sort=[("_id", 1)])
    return [each.who for each in notes], [each.id for each in purses]


async def test_all_that_wait_are_written_by_a_few_commits(ctx):
    people = [f"w{number:02}" for number in range(40)]
    await open_purses(ctx, *people)
    done = await asyncio.gather(*(deeds.write(ctx, deed(who)) for who in people))
    assert done == [True] * 40
    assert await kept(ctx) == (people, people)


async def test_one_guard_that_does_not_hold_lets_none_through(ctx):
    await open_purses(ctx, "a", "b", "c")
    wishes = (deed("a"), deed("b", rev=7), deed("c"))
    done = await ctx.the(Deeds)._write(wishes)
    assert done == [False] * 3
    assert await kept(ctx) == ([], [])


async def test_one_id_that_is_taken_lets_none_through(ctx):
    await open_purses(ctx, "a", "b")
    await Note(id="note_b", who="b").insert(ctx)
    done = await ctx.the(Deeds)._write((deed("a"), deed("b")))
    assert done == [False] * 2
    assert await kept(ctx) == (["b"], [])


async def test_somebody_elses_transaction_makes_it_be_tried_alone(ctx):
    await open_purses(ctx, "a", "b")

    @atomic()
    async def meanwhile(ctx):
        await Purse.change(ctx, {"_id": "a"}, {"$inc": {"rev": 1}})
        return await ctx.the(Deeds)._gathered.ask(deed("a"))

    assert await meanwhile(ctx) is False
    assert await kept(ctx) == ([], ["a"])


async def test_two_deeds_of_one_person_at_once_one_holds(ctx):
    await open_purses(ctx, "a")
    wishes = [deed("a", f"note_{number}") for number in range(6)]
    done = await asyncio.gather(*(deeds.write(ctx, wish) for wish in wishes))
    assert done.count(True) == 1
    assert await kept(ctx) == (["a"], ["a"])


async def test_a_verb_in_a_transaction_writes_alone(ctx):
    await open_purses(ctx, "a")

    @atomic()
    async def verb(ctx):
        return await deeds.write(ctx, deed("a"))

    assert await verb(ctx) is False

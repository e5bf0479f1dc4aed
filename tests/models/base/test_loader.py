"""The loader batches what waits together and never answers with an older state."""

import asyncio
from itertools import chain
from types import MappingProxyType

import msgspec
import pymongo
from pymongo import _csot
from pymongo.errors import WaitQueueTimeoutError

from models.base import personal
from models.base.documents import Document, Part
from models.base.loader import BATCHES_UNDER_WAY, Loader
from models.base.store import atomic, in_time


class Shelved(Document, kw_only=True, frozen=True):
    SHELF = "test_shelved"
    PERSONAL = personal.nobody()

    word: str


class Word(Part, kw_only=True, frozen=True):
    OF = Shelved
    BARELY = MappingProxyType({"tree": "tree.leaf"})

    word: str
    tree: dict[str, object] | None = None


async def test_a_document_comes_back_as_it_was_put(ctx):
    kept = await Shelved(id="shelved_1", word="字").insert(ctx)
    assert await Shelved.get(ctx, "shelved_1") == kept


async def test_nobody_is_none(ctx):
    assert await Shelved.get(ctx, "shelved_none") is None


async def test_a_part_has_its_own_fields_and_no_more(ctx):
    rows = [
        {"_id": "shelved_1", "word": "字", "long": "x" * 9, "tree": {"branch": [1]}},
        {"_id": "shelved_2", "word": "词", "long": "x" * 9, "tree": {"leaf": 2}},
        {"_id": "shelved_3", "word": "句", "long": "x" * 9, "tree": None},
        {"_id": "shelved_4", "word": "篇"},
    ]
    await ctx.db["test_shelved"].insert_many(rows)
    asked = (*(row["_id"] for row in rows), "shelved_none")
    *found, nobody = await asyncio.gather(*(Word.get(ctx, each) for each in asked))
    assert [each.word for each in found] == ["字", "词", "句", "篇"]
    assert [each.tree for each in found] == [{}, {"leaf": 2}, None, None]
    assert nobody is None
    read = await ctx.loader.load("test_shelved", "shelved_1", ("word",))
    assert read == {"_id": "shelved_1", "word": "字"}


async def test_parts_and_wholes_asked_for_at_once_are_each_what_they_are(ctx):
    kept = await Shelved(id="shelved_1", word="字").insert(ctx)
    whole, part, again = await asyncio.gather(
        Shelved.get(ctx, "shelved_1"),
        Word.get(ctx, "shelved_1"),
        Shelved.get(ctx, "shelved_1"),
    )
    assert whole == again == kept
    assert part == Word(id="shelved_1", word="字")


async def test_a_hundred_look_ups_at_once_are_a_few_questions(ctx, house, settings):
    for number in range(20):
        await Shelved(id=f"shelved_{number}", word=str(number)).insert(ctx)
    asked = []
    original = house.ctx.loader._ask

    async def counted(shelf, batch):
        asked.append(len(batch))
        await original(shelf, batch)

    house.ctx.loader._ask = counted
    found = await asyncio.gather(
        *(Shelved.get(ctx, f"shelved_{number % 20}") for number in range(100))
    )
    assert [one.word for one in found] == [str(number % 20) for number in range(100)]
    assert len(asked) <= 3
    assert sum(asked) <= 40


async def test_a_look_up_after_a_change_sees_the_change(ctx):
    await Shelved(id="shelved_1", word="before").insert(ctx)

    async def change_and_look(number):
        await Shelved.change(
            ctx, {"_id": "shelved_1"}, {"$set": {"word": f"after {number}"}}
        )
        seen = await Shelved.get(ctx, "shelved_1")
        return seen.word

    await asyncio.gather(*(Shelved.get(ctx, "shelved_1") for _ in range(50)))
    for number in range(5):
        noise = [Shelved.get(ctx, "shelved_1") for _ in range(20)]
        seen, *_ = await asyncio.gather(change_and_look(number), *noise)
        assert seen == f"after {number}"


async def test_inside_a_transaction_its_own_writes_are_seen(ctx):
    @atomic()
    async def write_and_look(ctx):
        await Shelved(id="shelved_1", word="mine").insert(ctx)
        return await Shelved.get(ctx, "shelved_1")

    seen = await write_and_look(ctx)
    assert msgspec.structs.asdict(seen)["word"] == "mine"


async def test_who_gives_up_waiting_takes_it_from_nobody(ctx):
    kept = await Shelved(id="shelved_1", word="字").insert(ctx)
    gone, *others = (
        asyncio.ensure_future(Shelved.get(ctx, "shelved_1")) for _ in range(4)
    )
    await asyncio.sleep(0)
    gone.cancel()
    assert await asyncio.gather(*others) == [kept] * 3
    assert gone.cancelled()


async def test_a_question_that_fails_is_told_to_all_who_wait_also_for_the_same(ctx):
    loader = Loader(ctx.db)
    go, are_asked, asked = asyncio.Event(), asyncio.Event(), []

    async def late(shelf, batch):
        asked.append(sorted(batch))
        are_asked.set()
        await go.wait()
        raise WaitQueueTimeoutError("late")

    loader._ask = late
    first = []
    for number in range(BATCHES_UNDER_WAY):
        are_asked.clear()
        one = loader.load("test_shelved", f"first_{number}")
        first.append(asyncio.ensure_future(one))
        await are_asked.wait()
    later = [asyncio.ensure_future(loader.load("test_shelved", each)) for each in "ab"]
    await asyncio.sleep(0)
    go.set()
    told = await asyncio.gather(*first, *later, return_exceptions=True)
    assert [type(each) for each in told] == [WaitQueueTimeoutError] * 4
    assert asked == [["first_0"], ["first_1"]]


async def test_who_asks_a_turn_later_is_in_the_same_question(ctx):
    loader, asked = Loader(ctx.db), []

    async def look(shelf, batch):
        asked.append(sorted(batch))
        for each in chain(*batch.values()):
            each.set_result(None)

    loader._ask = look
    first = asyncio.ensure_future(loader.load("test_shelved", "a"))
    await asyncio.sleep(0)
    await asyncio.gather(first, loader.load("test_shelved", "b"))
    assert asked == [["a", "b"]]


async def test_a_question_has_a_deadline_of_its_own(ctx):
    loader, left = Loader(ctx.db), []

    async def look(shelf, batch):
        with in_time():
            left.append(_csot.remaining())
        for each in chain(*batch.values()):
            each.set_result(None)

    loader._ask = look
    with pymongo.timeout(0.5):
        await loader.load("test_shelved", "a")
    assert left[0] > 1

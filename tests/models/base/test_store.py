"""A verb under @atomic happens whole or not at all."""

import asyncio

import pytest
from pymongo import IndexModel

from models.base import personal
from models.base.documents import Document, all_documents
from models.base.errors import Conflict
from models.base.store import atomic


class Account(Document, kw_only=True, frozen=True):
    SHELF = "test_accounts"
    PERSONAL = personal.nobody()
    INDEXES = (IndexModel(["word"], unique=True),)

    word: str
    count: int = 0


class WordTaken(Conflict):
    code = "word_taken"


@atomic(duplicate=WordTaken)
async def open_two(ctx, first, second):
    await Account(id=f"account_{first}", word=first).insert(ctx)
    await Account(id=f"account_{second}", word=second).insert(ctx)


@atomic()
async def add_one_to_both(ctx):
    for word in ("a", "b"):
        await Account.change(ctx, {"word": word}, {"$inc": {"count": 1}})


@atomic()
async def outer(ctx):
    await open_two(ctx, "a", "b")
    raise WordTaken


async def test_a_broken_unique_index_undoes_everything_and_names_the_refusal(ctx):
    await open_two(ctx, "a", "b")
    with pytest.raises(WordTaken):
        await open_two(ctx, "c", "a")
    assert await Account.find(ctx, word="c") is None


async def test_a_verb_inside_a_verb_joins_it(ctx):
    with pytest.raises(WordTaken):
        await outer(ctx)
    assert await Account.shelf(ctx).count_documents({}) == 0


async def test_transactions_over_the_same_documents_all_happen_once(ctx):
    await open_two(ctx, "a", "b")
    await asyncio.gather(*(add_one_to_both(ctx) for _ in range(20)))
    assert {one.count for one in await Account.many(ctx, {})} == {20}


def test_no_two_documents_share_a_shelf():
    shelves = [document.SHELF for document in all_documents()]
    assert len(shelves) == len(set(shelves))

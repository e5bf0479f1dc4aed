"""Answers kept as bytes: made once, bounded, never of another state."""

import asyncio

import pytest

from handlers.base.ready import OVERHEAD, ReadyShelf, make_ready
from tests.client import together


class Maker:
    def __init__(self, answer="made"):
        self.runs = 0
        self.answer = answer
        self.go = asyncio.Event()
        self.go.set()

    async def __call__(self):
        self.runs += 1
        await self.go.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def test_the_same_state_is_made_once_and_another_replaces_it():
    shelf, make = ReadyShelf(), Maker()
    first = await shelf.find_or_make("key", 1, make)
    assert await shelf.find_or_make("key", 1, make) is first
    assert make.runs == 1
    await shelf.find_or_make("key", 2, Maker("other"))
    assert shelf.find("key", 1) is None
    assert shelf.find("key", 2).body == b'"other"'


async def test_those_who_ask_at_once_wait_for_one_making():
    shelf, make = ReadyShelf(), Maker()
    answers = await together(*(shelf.find_or_make("key", 1, make) for _ in range(9)))
    assert make.runs == 1
    assert len(set(map(id, answers))) == 1


async def test_a_making_that_fails_is_only_its_own_callers():
    shelf, bad, good = ReadyShelf(), Maker(KeyError("no")), Maker()
    bad.go.clear()
    first = asyncio.ensure_future(shelf.find_or_make("key", 1, bad))
    second = asyncio.ensure_future(shelf.find_or_make("key", 1, good))
    await asyncio.sleep(0)
    bad.go.set()
    with pytest.raises(KeyError):
        await first
    assert (await second).body == b'"made"'


def test_the_least_wanted_is_given_up():
    shelf = ReadyShelf(most_bytes=2 * OVERHEAD + 25)
    for key in "ab":
        shelf.keep(key, 1, make_ready("12345678"))
    shelf.find("a", 1)
    shelf.keep("c", 1, make_ready("12345678"))
    assert [shelf.find(key, 1) is not None for key in "abc"] == [True, False, True]
    shelf.keep("a", 2, make_ready("1234567890123456789012"))
    assert shelf.find("c", 1) is None


def test_a_tag_is_of_the_bytes_and_the_private_is_not_for_caches():
    assert make_ready([1]).etag == make_ready([1]).etag != make_ready([2]).etag
    assert make_ready([1]).cache_control == "public, no-cache"
    assert make_ready([1], private=True).cache_control == "private, no-cache"

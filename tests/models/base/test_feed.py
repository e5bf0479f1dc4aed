"""Many are told in slices: each once, in order, and only while they may hear."""

import asyncio
from datetime import UTC, datetime

from models.base.feed import SLICE, Feed, News

MANY = 3 * SLICE


class Ear:
    """Keeps what it heard, and whether it was put in doubt."""

    def __init__(self):
        self.heard, self.doubts = [], 0
        self.was_told = asyncio.Event()

    def hear(self, news):
        self.heard.append(news.id)
        self.was_told.set()

    def doubt(self):
        self.doubts += 1


def news(id_):
    return News(id=id_, kind="x", at=datetime(2026, 11, 23, tzinfo=UTC), ref="r")


def crowd(feed, *topics, count=MANY):
    ears = [Ear() for _ in range(count)]
    for ear in ears:
        feed.add(ear, topics)
    return ears


async def everybody_told(feed):
    """Wait for the last in the row."""
    (fence,) = crowd(feed, "fence", count=1)
    feed.tell(news("fence"), ["fence"])
    await fence.was_told.wait()


async def test_few_are_told_at_once():
    feed = Feed()
    ears = crowd(feed, "a", count=SLICE)
    feed.tell(news("1"), ["a"])
    assert all(ear.heard == ["1"] for ear in ears)


async def test_who_listens_to_two_topics_of_a_thing_is_told_once():
    feed = Feed()
    (ear,) = crowd(feed, "a", "b", count=1)
    feed.tell(news("1"), ["a", "b", "c"])
    assert ear.heard == ["1"]


async def test_many_are_told_in_slices_and_in_order():
    feed = Feed()
    ears, few = crowd(feed, "a"), crowd(feed, "b", count=1)
    feed.tell(news("1"), ["a"])
    feed.tell(news("2"), ["a", "b"])
    assert sum(len(ear.heard) for ear in ears) == SLICE
    await everybody_told(feed)
    assert all(ear.heard == ["1", "2"] for ear in ears)
    assert few[0].heard == ["2"]


async def test_who_stops_listening_before_their_turn_is_not_told():
    feed = Feed()
    ears = crowd(feed, "a")
    feed.tell(news("1"), ["a"])
    waiting = [ear for ear in ears if not ear.heard]
    for ear in waiting[:5]:
        feed.remove(ear, ["a"])
    feed.add(waiting[0], ["b"])
    await everybody_told(feed)
    assert all(ear.heard == ["1"] for ear in waiting[5:])
    assert all(ear.heard == [] for ear in waiting[:5])


async def test_doubt_reaches_those_it_concerns():
    feed = Feed()
    mine, others = crowd(feed, "session/1", "a", count=2), crowd(feed, "a", count=2)
    feed.doubt("session/1", "person/1")
    assert [ear.doubts for ear in (*mine, *others)] == [1, 1, 0, 0]


def test_nothing_is_kept_of_who_left():
    feed = Feed()
    (ear,) = crowd(feed, "a", "b", count=1)
    feed.remove(ear, ["a", "b", "never"])
    assert not feed._ears

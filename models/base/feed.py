"""The feed (动态): everybody who listens is told at once, and again after being away.

One stream a process carries it all: what happened, and whatever changes who may
hear of it, in the order in which MongoDB committed them. So nobody hears of what
was done after their right to hear it ended, and no broker is asked.

Who was away asks for `changes` after a cursor. A moment is written into an event
before its transaction commits, so a later moment may be seen first. Therefore a
cursor never claims what is younger than `SETTLED`: what happened since is told
again, known by its id, and what commits late is not skipped (docs/decisions/0008).
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import (
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple, Protocol

import msgspec

from models.base import pages
from models.base.changes import Change, Follower
from models.base.context import Context
from models.base.errors import Gone
from models.base.events import KEPT_DONE, Happening
from models.base.push import Push, kind_of
from models.base.units import Instant

SETTLED = timedelta(minutes=2)
"""What is older has committed or never will: MongoDB ends a transaction after 60 s,
looking every 30 s; the rest is for waiting before it and for clocks that differ."""

SLICE = 64
"""Ears told in one go: some 3 ms."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class News(msgspec.Struct, kw_only=True, frozen=True):
    """One thing that happened, in a few words."""

    id: str
    """The same however often it is told."""
    kind: str
    at: Instant
    ref: str
    station_id: str | None = None
    state: str | None = None


class Ear(Protocol):
    """Somebody who listens now."""

    def hear(self, news: News) -> None:
        """Be told; returns at once and never fails."""

    def doubt(self) -> None:
        """Be told nothing more before one's right to hear was looked up anew."""


class _Telling(NamedTuple):
    """Something that is being told."""

    news: News
    topics: frozenset[str]
    ears: Iterator[Ear]
    """Who is still to be told, if they still listen when it is their turn."""


class Feed:
    """The ears of one process, by topic."""

    def __init__(self) -> None:
        self._ears: defaultdict[str, set[Ear]] = defaultdict(set)
        self._waiting: deque[_Telling] = deque()

    def listen(self, follower: Follower, ctx: Context) -> None:
        """Ask to be told of everything new that is told live."""
        follower.on(
            Happening.SHELF, self._heard, load=self._doubt_everybody, only_new=True
        )

    def add(self, ear: Ear, topics: Iterable[str]) -> None:
        """Let somebody listen."""
        for topic in topics:
            self._ears[topic].add(ear)

    def remove(self, ear: Ear, topics: Iterable[str]) -> None:
        """Let somebody listen no more."""
        for topic in topics:
            self._ears[topic].discard(ear)
            if not self._ears[topic]:
                del self._ears[topic]

    def tell(self, news: News, topics: Iterable[str]) -> None:
        """Tell everybody who listens to any of some topics, once, in this order.

        Rules: many are told in slices, so that nobody else's request waits for them.
        """
        found = self._at(topics)
        if found:
            self._waiting.append(_Telling(news, frozenset(topics), iter(found)))
            if len(self._waiting) == 1:
                self._go_on()

    def doubt(self, *topics: str) -> None:
        """Let whoever listens to a topic be looked at anew."""
        for ear in self._at(topics):
            ear.doubt()

    def _go_on(self) -> None:
        """Tell a slice; the rest when others had their turn."""
        left = SLICE
        while self._waiting and left:
            news, topics, ears = self._waiting[0]
            for ear in islice(ears, left):
                left -= 1
                if any(ear in self._ears.get(topic, ()) for topic in topics):
                    ear.hear(news)
            if left:
                self._waiting.popleft()
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._go_on)

    def _at(self, topics: Iterable[str]) -> set[Ear]:
        found = [self._ears[topic] for topic in topics if topic in self._ears]
        return set().union(*found)

    def _heard(self, change: Change) -> None:
        if change.row is not None and change.row.get("push") is not None:
            news = _news_of(change.row)
            self.tell(news, change.row["push"]["topics"])

    async def _doubt_everybody(self) -> None:
        """What was missed nobody knows: all are looked at, and told of a gap."""
        self.doubt(*list(self._ears))


class Place(NamedTuple):
    """Where somebody is in the feed: the newest thing they have."""

    at: datetime
    id: str
    began: datetime | None = None
    """When the walk of several pages began that this is in the middle of."""


Source = Callable[[Context, Place, int], Awaitable[list[News]]]
"""Returns the first things after a place, the oldest first."""


class Changes(msgspec.Struct, frozen=True):
    """A stretch of the feed."""

    items: list[News]
    after: str
    """The cursor to come back with; there always is one."""
    more: bool = False
    """Whether there is more already: ask again at once."""


class TooLongAway(Gone):
    """Things that old are not kept; load what is on the screen anew."""

    code = "too_long_away"
    message = "离开时间太久，请刷新页面重新加载。"


async def changes(
    ctx: Context, sources: Sequence[Source], *, after: str | None, limit: int
) -> Changes:
    """Return what happened after a cursor, the oldest first; without one only that.

    Refuses: BadCursor, TooLongAway.
    """
    now = ctx.clock.now()
    if after is None:
        return Changes([], cursor_at(now))
    place = _read(after)
    if place.at < now - KEPT_DONE:
        raise TooLongAway
    found = [news for source in sources for news in await source(ctx, place, limit + 1)]
    found.sort(key=lambda news: (news.at, news.id))
    items, began = found[:limit], min(place.began or now, now)
    if len(found) <= limit:
        return Changes(items, cursor_at(began))
    last = Place(items[-1].at, items[-1].id, began)
    return Changes(items, _write(last), more=True)


def cursor_at(moment: datetime) -> str:
    """Return the cursor of somebody who has all that committed before a moment."""
    return _write(Place(moment - SETTLED, ""))


def about(topics: Iterable[str]) -> Source:
    """Return what happened that belongs to any of some topics."""
    wanted = sorted(topics)

    async def find(ctx: Context, place: Place, limit: int) -> list[News]:
        where = {
            "push": {"$type": "object"},
            "push.topics": {"$in": wanted},
            "at": {"$gte": place.at},
            "$or": [{"at": {"$gt": place.at}}, {"_id": {"$gt": place.id}}],
        }
        rows = Happening.shelf(ctx).find(
            where, {"kind": 1, "at": 1, "push": 1}, sort=[("at", 1), ("_id", 1)]
        )
        return [_news_of(row) for row in await rows.limit(limit).to_list()]

    return find


def _news_of(row: Mapping[str, Any]) -> News:
    push = msgspec.convert(row["push"], Push)
    return News(
        id=row["_id"],
        kind=kind_of(row["kind"]),
        at=row["at"],
        ref=push.ref,
        station_id=push.station_id,
        state=push.state,
    )


def _write(place: Place) -> str:
    at, began = (None if m is None else _ms(m) for m in (place.at, place.began))
    return pages.encode([at, place.id, began])


def _read(cursor: str) -> Place:
    at, id_, began = pages.decode(cursor, tuple[int, str, int | None])
    try:
        return Place(_moment(at), id_, None if began is None else _moment(began))
    except OverflowError as problem:
        raise pages.BadCursor from problem


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _moment(ms: int) -> datetime:
    return EPOCH + timedelta(milliseconds=ms)

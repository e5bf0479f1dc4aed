"""The feed (动态): everybody who listens is told at once.

One stream a process carries it all: what happened, and whatever changes who may
hear of it, in the order in which MongoDB committed them. So nobody hears of what
was done after their right to hear it ended, and no broker is asked. Who was away
is told by `catching_up` (docs/decisions/0008).
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any, NamedTuple, Protocol

import msgspec
import structlog

from models.base.changes import Change, Follower
from models.base.context import Context
from models.base.events import Happening
from models.base.push import Push, kind_of
from models.base.units import Instant

log = structlog.get_logger("inn.feed")

SETTLED = timedelta(minutes=2)
"""What is older has committed or never will: MongoDB ends a transaction after 60 s,
looking every 30 s; the rest is for waiting before it and for clocks that differ."""

SLICE = 64
"""Ears told in one go: some 3 ms."""


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
        self._clock = ctx.clock
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
        row = change.row
        if row is None or row.get("push") is None:
            return
        if row["at"] < self._clock.now() - SETTLED:
            log.error("too_late_for_cursors", id=row["_id"])
        topics = row["push"]["topics"]
        if any(topic in self._ears for topic in topics):  # mostly nobody listens
            self.tell(news_of(row), topics)

    async def _doubt_everybody(self) -> None:
        """What was missed nobody knows: all are looked at, and told of a gap."""
        self.doubt(*list(self._ears))


def news_of(row: Mapping[str, Any]) -> News:
    """Read what is told of an event from its row."""
    push = msgspec.convert(row["push"], Push)
    return News(
        id=row["_id"],
        kind=kind_of(row["kind"]),
        at=row["at"],
        ref=push.ref,
        station_id=push.station_id,
        state=push.state,
    )

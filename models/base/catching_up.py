"""Catching up (补取): who was away is told what happened, and misses nothing.

A moment is written into an event before its transaction commits, so a later moment
may be seen first. Therefore a cursor never claims what is younger than `SETTLED`:
what happened since is told again, known by its id, and what commits late is not
skipped (docs/decisions/0008).
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from models.base import pages
from models.base.clock import EPOCH
from models.base.context import Context
from models.base.errors import Gone
from models.base.events import KEPT_DONE, Happening
from models.base.feed import SETTLED, News, news_of


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
        return [news_of(row) for row in await rows.limit(limit).to_list()]

    return find


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

"""Pages of public lists, kept as bytes: the first, and what was found lately.

Kept only while this process hears of every change. The first page is what everybody
opens. Pages with words or a cursor are as many as there are people, so they have a
shelf of their own: however many are asked for, they push out nothing but each other.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from handlers.base.answers import Ready
from handlers.base.endpoint import Handler
from handlers.base.limits import SEARCH
from handlers.base.ready import ReadyShelf, make_ready
from models.policies.published import Published

MOST_FOUND_BYTES = 16 * 1024 * 1024
"""A process's share for pages with words or a cursor: some 1,000 of them."""


class ListQuery(Protocol):
    """What a list is asked for; the whole of it is part of the key."""

    @property
    def q(self) -> str:
        """The words."""

    @property
    def cursor(self) -> str | None:
        """Where to go on."""


async def counted(
    handler: Handler, name: str, query: ListQuery, find: Callable[[], Awaitable[Any]]
) -> Ready[Any]:
    """Return the page as it is kept, or find it; count how often one caller may.

    Rules: a first page counts when it is made, any other each time it is asked for.
    Refuses: TooMany.
    """

    async def make() -> Any:
        await SEARCH.count(handler)
        return await find()

    if is_first(query):
        return await kept(handler, name, query, make)
    await SEARCH.count(handler)
    return await kept(handler, name, query, find)


async def kept(
    handler: Handler, name: str, query: ListQuery, find: Callable[[], Awaitable[Any]]
) -> Ready[Any]:
    """Return the page as it is kept, or find it."""
    published = handler.ctx.the(Published)
    if not published.is_fresh():
        return make_ready(await find())
    shelf: ReadyShelf = handler.settings["ready" if is_first(query) else "found"]
    epoch = published.epoch(handler.ctx.clock.now())
    return await shelf.find_or_make((name, query), epoch, find)


def is_first(query: ListQuery) -> bool:
    """Say whether it is a list's first page, without words."""
    return not (query.q or query.cursor)

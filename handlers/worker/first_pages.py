"""The first page of a public list: what everybody opens, kept as bytes.

Kept only while this process hears of every change, and only without words and
cursor: those are as many as there are people.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from handlers.base.answers import Ready
from handlers.base.endpoint import Handler
from handlers.base.ready import ReadyShelf, make_ready
from models.policies.published import Published


class ListQuery(Protocol):
    """What a list is asked for; the whole of it is part of the key."""

    @property
    def q(self) -> str:
        """The words."""

    @property
    def cursor(self) -> str | None:
        """Where to go on."""


async def kept(
    handler: Handler, name: str, query: ListQuery, find: Callable[[], Awaitable[Any]]
) -> Ready[Any]:
    """Return the page as it is kept, or find it."""
    published = handler.ctx.the(Published)
    if not published.is_fresh() or query.q or query.cursor:
        return make_ready(await find())
    shelf: ReadyShelf = handler.settings["ready"]
    epoch = published.epoch(handler.ctx.clock.now())
    return await shelf.find_or_make((name, query), epoch, find)

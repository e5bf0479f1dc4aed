"""Pages of public lists, kept as bytes: the first, and what was found lately.

Kept only while this process hears of every change. The first page is what everybody
opens. Pages with words or a cursor are as many as there are people, so they have a
shelf of their own: however many are asked for, they push out nothing but each other.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from handlers.base.answers import Ready
from handlers.base.endpoint import Handler
from handlers.base.limits import SEARCH
from handlers.base.ready import Place, ReadyShelf, make_ready
from models.base.context import Context
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


class PublicPages:
    """The pages of one public list."""

    def __init__(self, name: str) -> None:
        self._name = name

    def lying_ready(
        self, ctx: Context, settings: Mapping[str, Any], *, query: ListQuery
    ) -> Ready[Any] | None:
        """Return a first page, if it lies ready."""
        if not is_first(query) or not ctx.the(Published).is_fresh():
            return None
        shelf: ReadyShelf = settings["ready"]
        return shelf.find(*self._place(ctx, query))

    async def counted(
        self, handler: Handler, query: ListQuery, find: Callable[[], Awaitable[Any]]
    ) -> Ready[Any]:
        """Return the page as it is kept, or find it; count how often one caller may.

        Rules: a first page counts when it is made, any other each time it is asked for.
        Refuses: TooMany.
        """

        async def make() -> Any:
            await SEARCH.count(handler)
            return await find()

        if is_first(query):
            return await self.kept(handler, query, make)
        await SEARCH.count(handler)
        return await self.kept(handler, query, find)

    async def kept(
        self, handler: Handler, query: ListQuery, find: Callable[[], Awaitable[Any]]
    ) -> Ready[Any]:
        """Return the page as it is kept, or find it."""
        if not handler.ctx.the(Published).is_fresh():
            return make_ready(await find())
        shelf: ReadyShelf = handler.settings["ready" if is_first(query) else "found"]
        return await shelf.find_or_make(*self._place(handler.ctx, query), find)

    def _place(self, ctx: Context, query: ListQuery) -> Place:
        epoch = ctx.the(Published).epoch(ctx.clock.now())
        return Place((self._name, query), epoch)


def is_first(query: ListQuery) -> bool:
    """Say whether it is a list's first page, without words."""
    return not (query.q or query.cursor)

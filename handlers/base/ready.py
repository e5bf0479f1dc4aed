"""Answers kept as bytes: what everybody reads is encoded once.

A key names who asks for what (the policy, the region, the class …), so a wrong
answer can never be found; a mark names the state it was made from (the edition's
revision, the epoch), so an old one is not used any more and is replaced where it
stands. Bounded by bytes.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, NamedTuple

import msgspec
from prometheus_client import Counter

from handlers.base.answers import Ready

MOST_BYTES = 64 * 1024 * 1024
"""A process's share: some 20,000 policies."""

PRIVATE = "private, no-cache"


made = Counter("inn_answers_made", "Public answers encoded anew, not found ready.")


class Place(NamedTuple):
    """Where an answer stands, and the state it has to be of."""

    key: Hashable
    mark: Hashable


class Kept(NamedTuple):
    """An answer, and the state it was made from."""

    mark: Hashable
    ready: Ready[Any]


OVERHEAD = 700
"""Bytes an answer costs beside its body: key, headers, its place in line."""


class ReadyShelf:
    """The answers one process keeps ready, the least wanted given up first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._most_bytes = most_bytes
        self._bytes = 0
        self._making: dict[Hashable, asyncio.Event] = {}

    def find(self, key: Hashable, mark: Hashable) -> Ready[Any] | None:
        """Return the answer under a key, if it was made from this very state."""
        kept = self._kept.get(key)
        if kept is None or kept.mark != mark:
            return None
        self._kept.move_to_end(key)
        return kept.ready

    async def find_or_make(
        self,
        key: Hashable,
        mark: Hashable,
        make: Callable[[], Awaitable[Any]],
        *,
        private: bool = False,
    ) -> Ready[Any]:
        """Return the answer under a key, or make it and keep it.

        Who asks while it is being made waits for it; if that fails, each makes its
        own. The mark must be of a moment before the making, so that whatever
        changes meanwhile makes another mark.
        """
        slot = key, mark
        if slot in self._making:
            await self._making[slot].wait()
        found = self.find(key, mark)
        if found is not None:
            return found
        ready = self._making[slot] = asyncio.Event()
        try:
            return self.keep(key, mark, make_ready(await make(), private=private))
        finally:
            ready.set()
            self._making.pop(slot, None)

    def keep(self, key: Hashable, mark: Hashable, ready: Ready[Any]) -> Ready[Any]:
        """Keep an answer, in place of what is under its key."""
        made.inc()
        self._give_up(self._kept.pop(key, None))
        self._kept[key] = Kept(mark, ready)
        self._bytes += OVERHEAD + len(ready.body)
        while self._bytes > self._most_bytes:
            self._give_up(self._kept.popitem(last=False)[1])
        return ready

    def _give_up(self, kept: Kept | None) -> None:
        if kept is not None:
            self._bytes -= OVERHEAD + len(kept.ready.body)


def make_ready(view: Any, *, private: bool = False) -> Ready[Any]:
    """Encode an answer, with a tag made from its bytes.

    private: it differs by who asks, so no cache on the way may keep it.
    """
    body = msgspec.json.encode(view)
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    return Ready(body, etag, PRIVATE) if private else Ready(body, etag)

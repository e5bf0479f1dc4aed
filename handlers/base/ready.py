"""Answers kept as bytes: what everybody reads is encoded once.

A key names everything that changes the answer (the edition and its revision, the
region, the class …), so a stale or a wrong one can never be found; it is merely
not asked for any more and falls out at the end of the line. Bounded by bytes.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

import msgspec

from handlers.base.answers import Ready

MOST_BYTES = 64 * 1024 * 1024
"""A process's share: some 20,000 policies."""


class ReadyShelf:
    """The answers one process keeps ready, the least wanted given up first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._kept: OrderedDict[Hashable, Ready[Any]] = OrderedDict()
        self._most_bytes = most_bytes
        self._bytes = 0

    def once(self, view: Any) -> Ready[Any]:
        """Encode an answer that is not worth keeping."""
        return make_ready(view)

    def find(self, key: Hashable) -> Ready[Any] | None:
        """Return the answer under a key, if it is kept."""
        ready = self._kept.get(key)
        if ready is not None:
            self._kept.move_to_end(key)
        return ready

    def keep(self, key: Hashable, view: Any) -> Ready[Any]:
        """Encode an answer and keep it under a key."""
        ready = make_ready(view)
        before = self._kept.pop(key, None)
        if before is not None:
            self._bytes -= len(before.body)
        self._kept[key] = ready
        self._bytes += len(ready.body)
        while self._bytes > self._most_bytes:
            _, given_up = self._kept.popitem(last=False)
            self._bytes -= len(given_up.body)
        return ready


def make_ready(view: Any) -> Ready[Any]:
    """Encode an answer, with a tag made from its bytes."""
    body = msgspec.json.encode(view)
    return Ready(body, f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"')

"""The index itself: filled once, kept up as things change, searched in between.

Writing is done in a thread, one batch after another; whatever comes while one is
being written goes together into the next, so a burst is few commits and a change is
findable within some tens of milliseconds. Searching is done where it is asked: it
takes about a millisecond and sees whole commits only.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from models.policies.search.entries import Entry
from models.policies.search.query import Hits, Query
from models.policies.search.snapshot import Snapshot
from models.policies.search.synonyms import NONE, Synonyms
from models.policies.search.view import View
from models.policies.search.writer import Writer

Changes = dict[str, list[Entry]]
"""What each id shall be from now on; an empty list removes it."""


class SearchIndex:
    """All that can be found in one process."""

    def __init__(self, synonyms: Synonyms = NONE) -> None:
        self._writer = Writer()
        self._synonyms = synonyms
        self._show(self._writer.snapshot())
        self._turn = asyncio.Lock()
        self._waiting: Changes = {}
        self._next: asyncio.Task[None] | None = None

    def search(self, query: Query) -> Hits:
        """Find what is visible and fits, a page at a time."""
        return self._view.search(query)

    def suggest(self, prefix: str, now: datetime, limit: int = 8) -> list[str]:
        """Complete what somebody types: characters, initials (sbbt) or pinyin."""
        return self._view.suggest(prefix, now, limit)

    def put(self, entries: Iterable[Entry]) -> asyncio.Task[None]:
        """Add entries, in place of all that is held under their ids.

        Need not be awaited; once it is done, the entries are found.
        """
        changes: Changes = {}
        for entry in entries:
            changes.setdefault(entry.id, []).append(entry)
        return self._change(changes)

    def remove(self, ids: Iterable[str]) -> asyncio.Task[None]:
        """Take out all that is held under some ids, likewise."""
        return self._change({each: [] for each in ids})

    async def load(self, entries: Iterable[Entry]) -> None:
        """Hold exactly these entries; searches see the old ones until it is done."""
        async with self._turn:
            self._show(await asyncio.to_thread(self._writer.replace, entries))

    def use(self, synonyms: Synonyms) -> None:
        """Search by another table of synonyms from now on."""
        self._synonyms = synonyms
        self._show(self._snapshot)

    def _change(self, changes: Changes) -> asyncio.Task[None]:
        self._waiting |= changes
        if self._next is None:
            self._next = asyncio.create_task(self._write(), name="search index")
        return asyncio.create_task(_until(self._next))

    async def _write(self) -> None:
        async with self._turn:
            changes, self._waiting, self._next = self._waiting, {}, None
            self._show(await asyncio.to_thread(self._writer.write, changes))

    def _show(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._view = View(snapshot, self._synonyms)


async def _until(written: asyncio.Task[None]) -> None:
    """Wait for a write that others wait for too; giving up does not stop it."""
    await asyncio.shield(written)

"""Deeds (同批写入): what several people's verbs write, in one transaction together.

A commit is the dearest part of a small transaction, and people who act at the same
moment rarely stand in each other's way. So the deeds that wait while a transaction
is under way share the next one: one command a shelf and one commit for all. Each
deed is guarded by a document of its own person. When a guard does not hold, or an
id is taken, nothing at all is written and everybody is told to write alone, where
the reason comes to light.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError, OperationFailure

from models.base.changes import Follower
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.gathering import Gathering
from models.base.store import atomic, inside_transaction

WRITE_CONFLICT = 112
"""Somebody else's transaction changes one of the documents."""


class Guard(NamedTuple):
    """The change of a person's own document, which only holds if it is as seen."""

    document: type[Document]
    update: UpdateOne


class Deed(NamedTuple):
    """What one person's verb writes, all or nothing."""

    who: str
    guard: Guard
    new: Sequence[Document]


class WriteAlone(Exception):
    """One of a batch could not be written, so none was."""


class Deeds:
    """Gathers the deeds of one process."""

    def listen(self, _: Follower, ctx: Context) -> None:
        """Take the tools to write with."""
        self._ctx = ctx
        self._gathered = Gathering(self._write, key=lambda deed: deed.who)

    async def write(self, deed: Deed) -> bool:
        """Write a deed along with others; False if it must be tried alone."""
        return await self._gathered.ask(deed)

    async def _write(self, deeds: Sequence[Deed]) -> Sequence[bool]:
        try:
            await _all_or_none(self._ctx, deeds)
        except WriteAlone:
            return [False] * len(deeds)
        return [True] * len(deeds)


async def write(ctx: Context, deed: Deed) -> bool:
    """Write a deed; False if nothing was written and it must be tried alone.

    Rules: not for a verb that is part of a transaction already.
    """
    return not inside_transaction() and await ctx.the(Deeds).write(deed)


@atomic()
async def _all_or_none(ctx: Context, deeds: Sequence[Deed]) -> None:
    guards: defaultdict[type[Document], list[UpdateOne]] = defaultdict(list)
    new: defaultdict[type[Document], list[dict[str, Any]]] = defaultdict(list)
    for deed in deeds:
        guards[deed.guard.document].append(deed.guard.update)
        for document in deed.new:
            new[type(document)].append(plain(document))
    try:
        for kind, updates in guards.items():
            done = await kind.shelf(ctx).bulk_write(updates)
            if done.matched_count + done.upserted_count < len(updates):
                raise WriteAlone
        for kind, rows in new.items():
            await kind.shelf(ctx).insert_many(rows)
    except OperationFailure as clash:
        if isinstance(clash, BulkWriteError) or clash.code == WRITE_CONFLICT:
            raise WriteAlone from clash
        raise

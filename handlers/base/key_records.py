"""The records of ``Idempotency-Key``: written down together with what waits beside.

A key costs two writes, before its call and after it. Alone they were dearer than a
booking is; so the keys that wait at the same moment are written in one command, and
so is what came of their calls. Each is still its own: one that is there already
keeps no other from being taken.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from pymongo import DeleteOne, IndexModel, UpdateOne
from pymongo.errors import BulkWriteError

from models.base import personal
from models.base.changes import Follower
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.gathering import Gathering
from models.base.store import ids_taken
from models.base.units import Instant

Change = Mapping[str, Any]

NOTHING: Change = MappingProxyType({})
"""Nothing was decided: the same key may try again at once."""


class Record(Document, kw_only=True, frozen=True):
    """One key, and the answer it stands for once there is one."""

    SHELF = "repeats"
    PERSONAL = personal.deleted("", begins="_id")
    INDEXES = (IndexModel(["at"]),)

    body_hash: str
    at: Instant
    leased_until: Instant
    trace: str = ""
    """The call that runs under it, or ran last."""
    status: int | None = None
    """None while the first call is running."""
    answer: str = ""
    """Sealed: it may hold what was meant for one pair of eyes."""


class Outcome(NamedTuple):
    """What came of the call that ran under a key."""

    record_id: str
    trace: str
    came: Change

    def write(self) -> UpdateOne | DeleteOne:
        """Keep the answer, or free the key if nothing was decided; if it is its own."""
        own = {"_id": self.record_id, "status": None, "trace": self.trace}
        return UpdateOne(own, self.came) if self.came else DeleteOne(own)


class KeyRecords:
    """Gathers the keys of one process, and what came of them."""

    def listen(self, _: Follower, ctx: Context) -> None:
        """Take the tools to write with."""
        self._ctx = ctx
        self._new = Gathering(self._insert, key=lambda record: record.id)
        self._told = Gathering(self._write, key=lambda outcome: outcome.record_id)

    async def take(self, record: Record) -> bool:
        """Write a key down; False if it is there already."""
        return await self._new.ask(record)

    async def tell(self, outcome: Outcome) -> None:
        """Write down what came of a call."""
        await self._told.ask(outcome)

    async def _insert(self, records: Sequence[Record]) -> Sequence[bool]:
        rows = [plain(record) for record in records]
        taken: set[int] = set()
        try:
            await Record.shelf(self._ctx).insert_many(rows, ordered=False)
        except BulkWriteError as fault:
            taken = ids_taken(fault)
        return [place not in taken for place in range(len(rows))]

    async def _write(self, outcomes: Sequence[Outcome]) -> Sequence[None]:
        writes = [outcome.write() for outcome in outcomes]
        await Record.shelf(self._ctx).bulk_write(writes, ordered=False)
        return [None] * len(writes)

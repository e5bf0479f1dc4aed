"""The clock of a house under test, the same in all of its processes.

It is one document; every process hears of a change through its follower, so
``serve`` and ``work`` stand at the same moment.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.base import personal
from models.base.changes import Change, Follower
from models.base.clock import SetClock
from models.base.context import Context
from models.base.documents import Document
from models.base.units import Instant

ONE = "test_clock"


class TestClock(Document, kw_only=True, frozen=True):
    """Where the clock stands; nowhere means that it runs."""

    SHELF = "test_clock"
    PERSONAL = personal.nobody()
    __test__ = False

    at: Instant | None = None

    @classmethod
    def listen(cls, follower: Follower, ctx: Context, clock: SetClock) -> None:
        """Keep a clock where the document says."""

        def read(row: Mapping[str, Any] | None) -> None:
            clock.put(None if row is None else cls.of(row).at)

        def heard(change: Change) -> None:
            read(change.row)

        async def load() -> None:
            found = await cls.shelf(ctx).find_one({"_id": ONE})
            if found is not None:
                read(found)

        follower.on(cls.SHELF, heard, load=load)

    @classmethod
    async def put(cls, ctx: Context, at: datetime | None) -> None:
        """Put every process's clock to a moment; None lets it run."""
        if isinstance(ctx.clock, SetClock):
            ctx.clock.put(at)
        await cls.shelf(ctx).update_one({"_id": ONE}, {"$set": {"at": at}}, upsert=True)

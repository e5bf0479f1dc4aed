"""Revocations (吊销): the sessions that ended before their tokens did.

Access tokens are read without a round trip, so each process keeps what may not
enter any more: loaded at start, then heard within milliseconds of the write.
When the process went deaf, it asks MongoDB instead. An entry is forgotten when
the last token of its session has died by itself.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.base.changes import Change, Follower
from models.base.clock import APART
from models.base.context import Context
from models.workers.tokens import ACCESS_LIFE

SHELF = "sessions"

KEPT = ACCESS_LIFE + 2 * APART
"""By then a token is dead that a process ahead made just before its session's end,
for one that is behind too, and whoever's clock tells us to forget."""


class Revocations:
    """What one process knows of ended sessions."""

    def __init__(self) -> None:
        self._ended: dict[str, datetime] = {}
        self._follower: Follower | None = None

    def listen(self, follower: Follower, ctx: Context) -> None:
        """Ask to be told of every session that ends."""

        async def load() -> None:
            since = ctx.clock.now() - KEPT
            ended = ctx.db[SHELF].find(
                {"revoked_at": {"$gt": since, "$type": "date"}}, {"revoked_at": 1}
            )
            async for row in ended:
                self._hear(row, ctx)

        def heard(change: Change) -> None:
            if change.row is not None:
                self._hear(change.row, ctx)

        self._follower = follower
        follower.on(SHELF, heard, load=load)

    def add(self, session_id: str, at: datetime) -> None:
        """Let a session's end hold at once in this process; others will hear."""
        self._ended[session_id] = at
        oldest = next(iter(self._ended))
        while self._ended[oldest] + KEPT < at:
            del self._ended[oldest]
            oldest = next(iter(self._ended))

    async def include(self, ctx: Context, session_id: str) -> bool:
        """Say whether a session has ended."""
        if self._follower is not None and self._follower.is_fresh():
            return session_id in self._ended
        row = await ctx.loader.load(SHELF, session_id)
        return row is None or row.get("revoked_at") is not None

    def _hear(self, row: Mapping[str, Any], ctx: Context) -> None:
        if row.get("revoked_at") is not None:
            self.add(row["_id"], row["revoked_at"])

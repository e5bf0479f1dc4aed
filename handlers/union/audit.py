"""The audit over HTTP (审计日志): reading it, and looking that it is whole."""

from typing import Annotated

import msgspec

from handlers.base import limits
from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.base.audit import Entry
from models.base.pages import BadCursor, Page
from models.base.units import Id, Instant
from models.unions import auditing
from models.unions.auditing import Verdict
from models.unions.permissions import Permission

WALKS = limits.per_minute("audit_walks", 6)
"""A walk reads the whole chain."""


class AuditQuery(msgspec.Struct, forbid_unknown_fields=True):
    """By whom, about what, and where to go on."""

    who: Id | None = None
    about: Id | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


class AnchorQuery(msgspec.Struct, forbid_unknown_fields=True):
    """A head that was noted down, to show that it is still in the chain."""

    links: Annotated[int, msgspec.Meta(ge=1)] | None = None
    head: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")] | None = None


class EntryView(msgspec.Struct):
    """One thing somebody did or read."""

    id: str
    at: Instant
    who: str
    acting_for: str | None
    what: str
    about: str
    reason: str
    seq: int | None
    """Its place in the chain; null for the first seconds."""

    @classmethod
    def of(cls, entry: Entry) -> "EntryView":
        """Show an entry."""
        return cls(
            id=entry.id,
            at=entry.at,
            who=entry.who,
            acting_for=entry.acting_for,
            what=entry.what,
            about=entry.about,
            reason=entry.reason,
            seq=entry.seq,
        )


class AuditHandler(Handler):
    """What was done within my reach."""

    @endpoint(access=official(Permission.AUDIT), refusals=(BadCursor,))
    async def get(self, *, query: AuditQuery) -> Page[EntryView]:
        """List it, the newest first."""
        page = await auditing.in_scope(
            self.ctx,
            who=query.who,
            about=query.about,
            cursor=query.cursor,
            limit=query.limit,
            by=self.actor,
        )
        return Page([EntryView.of(entry) for entry in page.items], page.next)


class VerifyHandler(Handler):
    """Whether the audit is whole."""

    @endpoint(access=official(Permission.AUDIT), limit=WALKS)
    async def get(self, *, query: AnchorQuery) -> Verdict:
        """Walk the chain; say where it is broken, and what to note down for later."""
        return await auditing.verify(
            self.ctx, links=query.links, head=query.head, by=self.actor
        )


ROUTES: list[Route] = [
    ("/union/v1/audit", AuditHandler),
    ("/union/v1/audit/verify", VerifyHandler),
]

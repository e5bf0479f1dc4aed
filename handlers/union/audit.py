"""The audit over HTTP (审计日志): reading it, and looking that it is whole."""

from typing import Annotated

import msgspec

from handlers.base import limits
from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.base.days import SpanBackwards
from models.base.pages import BadCursor, Page
from models.base.units import Day, Id, Instant
from models.privacy import oversight
from models.privacy.oversight import Told
from models.unions import auditing
from models.unions.auditing import Verdict, Wanted
from models.unions.permissions import Permission

WALKS = limits.per_minute("audit_walks", 6)
"""A walk reads the whole chain."""


What = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[a-z_]+\.[a-z_]+(:[a-z+]+)?\Z",
        description="A deed, such as `grants.give`.",
    ),
]


class AuditQuery(msgspec.Struct, forbid_unknown_fields=True):
    """By whom, about what, which deed, on which days, and where to go on."""

    who: Id | None = None
    about: Id | None = None
    what: What | None = None
    since: Day | None = msgspec.field(name="from", default=None)
    until: Day | None = msgspec.field(name="to", default=None)
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
    who_name: str | None
    """Masked; null for whoever lies outside the reader's reach, and for workers."""
    acting_for: str | None
    acting_for_name: str | None
    what: str
    about: str
    about_name: str | None
    """What it is called, or what it is about is; null as above."""
    reason: str
    seq: int | None
    """Its place in the chain; null for the first seconds."""

    @classmethod
    def of(cls, told: Told) -> "EntryView":
        """Show an entry."""
        entry = told.entry
        return cls(
            id=entry.id,
            at=entry.at,
            who=entry.who,
            who_name=told.who,
            acting_for=entry.acting_for,
            acting_for_name=told.acting_for,
            what=entry.what,
            about=entry.about,
            about_name=told.about,
            reason=entry.reason,
            seq=entry.seq,
        )


class AuditHandler(Handler):
    """What was done within my reach."""

    @endpoint(access=official(Permission.AUDIT), refusals=(BadCursor, SpanBackwards))
    async def get(self, *, query: AuditQuery) -> Page[EntryView]:
        """List it by name, the newest first."""
        wanted = Wanted(
            who=query.who,
            about=query.about,
            what=query.what,
            since=query.since,
            until=query.until,
        )
        page = await oversight.of(
            self.ctx, wanted, cursor=query.cursor, limit=query.limit, by=self.actor
        )
        return Page([EntryView.of(told) for told in page.items], page.next)


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

"""Verifying workers' identities over HTTP (身份核实)."""

import asyncio
from typing import Annotated

import msgspec

from handlers.base.access import official
from handlers.base.downloads import Download
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.base.context import Context
from models.base.files import FileGone
from models.base.media import Media
from models.base.pages import BadCursor, Page
from models.base.units import Day, Instant
from models.members import verifying
from models.members.verifications import (
    NoSuchVerification,
    State,
    Verification,
    VerificationMoved,
)
from models.members.verifying import BadValidity, NoProof, OwnRequest
from models.unions.permissions import Permission
from models.workers.identities import ClientClass
from models.workers.workers import Worker

Reason = Annotated[str, msgspec.Meta(min_length=2, max_length=200)]

PRIVATE = "private, no-store"

VERIFIERS = official(Permission.IDENTITIES)
DECIDED = (NoSuchVerification, OwnRequest, VerificationMoved)
"""How a decision may be refused."""


class QueueQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which requests."""

    state: State = State.WAITING
    cursor: Cursor | None = None
    limit: Limit = 20


class ApprovalRequest(msgspec.Struct, forbid_unknown_fields=True):
    """How long it holds, and whether the originals were shown."""

    valid_until: Day
    """The last day it counts."""
    seen_in_person: bool = False


class ReasonRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Why; the worker reads it."""

    reason: Reason


class AskedView(msgspec.Struct):
    """A request as the union sees it; name and number are masked."""

    id: str
    worker_id: str
    name: str | None
    phone: str | None
    client_class: ClientClass = msgspec.field(name="class")
    state: State
    unit_id: str
    asked_at: Instant
    evidence: list[str]
    """Ids of the pages, to be opened one by one with a reason."""
    decided_by: str | None
    decided_at: Instant | None
    reason: str | None
    valid_until: Instant | None

    @classmethod
    async def of(cls, ctx: Context, asked: Verification) -> "AskedView":
        """Show a request."""
        worker = await Worker.get(ctx, asked.worker_id)
        return cls(
            id=asked.id,
            worker_id=asked.worker_id,
            name=None if worker is None else worker.masked_name(ctx),
            phone=None if worker is None else worker.masked_phone(ctx),
            client_class=asked.client_class,
            state=asked.state,
            unit_id=asked.unit_id,
            asked_at=asked.asked_at,
            evidence=list(asked.evidence),
            decided_by=asked.decided_by,
            decided_at=asked.decided_at,
            reason=asked.reason,
            valid_until=asked.valid_until,
        )


class VerificationsHandler(Handler):
    """The requests within my reach."""

    @endpoint(access=VERIFIERS, refusals=(BadCursor,))
    async def get(self, *, query: QueueQuery) -> Page[AskedView]:
        """List those of a state, newest first."""
        page = await verifying.queue(
            self.ctx, query.state, cursor=query.cursor, limit=query.limit, by=self.actor
        )
        views = [AskedView.of(self.ctx, asked) for asked in page.items]
        return Page(await asyncio.gather(*views), page.next)


class VerificationHandler(Handler):
    """One request."""

    @endpoint(access=VERIFIERS, refusals=(NoSuchVerification,))
    async def get(self, verification_id: str) -> AskedView:
        """Show it."""
        asked = await verifying.find(self.ctx, verification_id, by=self.actor)
        return await AskedView.of(self.ctx, asked)


class EvidenceReadingHandler(Handler):
    """The reading of one page of proof."""

    @endpoint(
        access=VERIFIERS,
        refusals=(NoSuchVerification, FileGone),
        limit=WRITES,
        media=tuple(Media),
    )
    async def post(
        self, verification_id: str, file_id: str, *, body: ReasonRequest
    ) -> Download:
        """Open it, for a reason that the worker gets to see."""
        file = await verifying.read_evidence(
            self.ctx, verification_id, file_id, reason=body.reason, by=self.actor
        )
        return Download(file, PRIVATE)


class ApprovalHandler(Handler):
    """The union's yes."""

    @endpoint(access=VERIFIERS, refusals=(*DECIDED, BadValidity, NoProof), limit=WRITES)
    async def post(self, verification_id: str, *, body: ApprovalRequest) -> AskedView:
        """Verify a class, to the end of a day."""
        decided = await verifying.verify(
            self.ctx,
            verification_id,
            until=body.valid_until,
            seen_in_person=body.seen_in_person,
            by=self.actor,
        )
        return await AskedView.of(self.ctx, decided)


class RefusalHandler(Handler):
    """The union's no."""

    @endpoint(access=VERIFIERS, refusals=DECIDED, limit=WRITES)
    async def post(self, verification_id: str, *, body: ReasonRequest) -> AskedView:
        """Refuse a request; the worker is told why."""
        decided = await verifying.refuse(
            self.ctx, verification_id, reason=body.reason, by=self.actor
        )
        return await AskedView.of(self.ctx, decided)


class RevocationHandler(Handler):
    """The taking back of the union's yes."""

    @endpoint(access=VERIFIERS, refusals=DECIDED, limit=WRITES)
    async def post(self, verification_id: str, *, body: ReasonRequest) -> AskedView:
        """Take it back; the worker is told why."""
        decided = await verifying.revoke(
            self.ctx, verification_id, reason=body.reason, by=self.actor
        )
        return await AskedView.of(self.ctx, decided)


ROUTES: list[Route] = [
    ("/union/v1/verifications", VerificationsHandler),
    ("/union/v1/verifications/{verification_id}", VerificationHandler),
    (
        "/union/v1/verifications/{verification_id}/evidence/{file_id}/reading",
        EvidenceReadingHandler,
    ),
    ("/union/v1/verifications/{verification_id}/approval", ApprovalHandler),
    ("/union/v1/verifications/{verification_id}/refusal", RefusalHandler),
    ("/union/v1/verifications/{verification_id}/revocation", RevocationHandler),
]

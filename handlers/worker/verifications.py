"""Asking to be verified over HTTP (申请身份核实)."""

import msgspec

from handlers.base import limits
from handlers.base.access import worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from handlers.base.uploads import UploadHandler
from models.base.inspection import REFUSED
from models.base.media import Media
from models.base.pages import Page
from models.base.units import Instant
from models.members import asking, verifications
from models.members.asking import (
    AlreadyAsked,
    AlreadyVerified,
    NotDeclared,
    TooMuchEvidence,
)
from models.members.verifications import (
    NoSuchVerification,
    State,
    Verification,
    VerificationMoved,
)
from models.unions.units import NoSuchUnit
from models.workers.consents import ConsentRequired
from models.workers.identities import ClientClass
from models.workers.workers import AccountGone


class VerificationRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Which declared class is to be verified."""

    client_class: ClientClass = msgspec.field(name="class")


class VerificationView(msgspec.Struct):
    """A request as its worker sees it."""

    id: str
    client_class: ClientClass = msgspec.field(name="class")
    state: State
    asked_at: Instant
    pages: int
    """How many pages of proof are with it."""
    decided_at: Instant | None
    reason: str | None
    valid_until: Instant | None

    @classmethod
    def of(cls, asked: Verification) -> "VerificationView":
        """Show a request."""
        return cls(
            id=asked.id,
            client_class=asked.client_class,
            state=asked.state,
            asked_at=asked.asked_at,
            pages=len(asked.evidence),
            decided_at=asked.decided_at,
            reason=asked.reason,
            valid_until=asked.valid_until,
        )


class VerificationsHandler(Handler):
    """The worker's requests."""

    @endpoint(access=worker)
    async def get(self) -> Page[VerificationView]:
        """List my requests, newest first, a hundred at the most."""
        found = await verifications.of_worker(self.ctx, self.actor.id)
        return Page([VerificationView.of(asked) for asked in found])

    @endpoint(
        access=worker,
        status=201,
        refusals=(
            ConsentRequired,
            AccountGone,
            NotDeclared,
            AlreadyVerified,
            AlreadyAsked,
            NoSuchUnit,
        ),
        limit=limits.WRITES,
        repeats=True,
    )
    async def post(self, *, body: VerificationRequest) -> VerificationView:
        """Ask my union to verify a class; needs the consent `identity`."""
        asked = await asking.ask(self.ctx, body.client_class, by=self.actor)
        return VerificationView.of(asked)


class VerificationHandler(Handler):
    """One request."""

    @endpoint(
        access=worker,
        refusals=(NoSuchVerification, VerificationMoved),
        limit=limits.WRITES,
    )
    async def delete(self, verification_id: str) -> None:
        """Take it back; the pages of proof are deleted."""
        await asking.take_back(self.ctx, verification_id, by=self.actor)


class EvidenceHandler(UploadHandler):
    """The pages of proof of one request."""

    @endpoint(
        access=worker,
        status=201,
        takes=(Media.PDF, Media.PNG, Media.JPEG),
        refusals=(
            NoSuchVerification,
            VerificationMoved,
            TooMuchEvidence,
            ConsentRequired,
            *REFUSED,
        ),
        limit=limits.WRITES,
        repeats=True,
    )
    async def post(self, verification_id: str, *, body: bytes) -> VerificationView:
        """Add a page; it is kept sealed and read only by who verifies, on record."""
        asked = await asking.add_evidence(
            self.ctx, verification_id, body, by=self.actor
        )
        return VerificationView.of(asked)


ROUTES: list[Route] = [
    ("/worker/v1/me/verifications", VerificationsHandler),
    ("/worker/v1/me/verifications/{verification_id}", VerificationHandler),
    ("/worker/v1/me/verifications/{verification_id}/evidence", EvidenceHandler),
]

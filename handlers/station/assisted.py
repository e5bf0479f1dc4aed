"""Helping at the desk, over HTTP (协助办理): a worker's own deed, with their code."""

from typing import Annotated, Any

import msgspec

from handlers.base.access import staff
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import SCANS
from handlers.base.routing import Route
from handlers.station.bookings import DeskBookingView
from handlers.worker.bookings import MAY_NOT_BOOK
from handlers.worker.enrolments import MAY_NOT_SIGN_UP
from models.agenda.hours import AgendaClosed
from models.assisted import helping
from models.assisted.codes import LETTERS, CodeNotValid
from models.assisted.helping import (
    AssistedDeclaration,
    AssistedSignUp,
    TooManyGuesses,
)
from models.base.errors import Refusals
from models.base.units import Id, Instant
from models.stations.stations import NoSuchStation
from models.trainings.enrolments import State
from models.unions.staff import RoleMissing
from models.workers.identities import ClientClass

Letters = Annotated[
    str,
    msgspec.Meta(
        min_length=LETTERS,
        max_length=2 * LETTERS,
        description="The code as the worker reads it out; case, blanks and - aside.",
    ),
]
Classes = Annotated[list[ClientClass], msgspec.Meta(max_length=len(ClientClass))]

MAY_NOT = (NoSuchStation, RoleMissing, TooManyGuesses, CodeNotValid)
"""What any deed with a code may refuse."""


def _told(refusals: Refusals) -> Refusals:
    """Return what a clerk is told of how a worker's deed may be refused.

    That somebody is leaving reads as any other reason why they cannot come.
    """
    return tuple(each for each in refusals if each is not AgendaClosed)


class AssistedBookingRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Where somebody is helped, with which code, and what to book."""

    station_id: Id
    code: Letters
    slot_id: Id


class AssistedSignUpRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Where somebody is helped, with which code, and what to sign up for."""

    station_id: Id
    code: Letters
    session_id: Id
    waitlist: bool = False
    """Whether to wait if no seat is left."""
    facts: dict[str, Any] = {}
    """What the admission asked for; used and not kept."""


class AssistedDeclarationRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Where somebody is helped, with which code, and all classes they belong to."""

    station_id: Id
    code: Letters
    classes: Classes


class AssistedBookingView(msgspec.Struct):
    """What was booked, and the id of the record."""

    id: str
    at: Instant
    booking: DeskBookingView


class AssistedSignUpView(msgspec.Struct, kw_only=True):
    """What came of a sign-up, and the id of the record."""

    id: str
    at: Instant
    enrolment_id: str
    session_id: str
    state: State

    @classmethod
    def of(cls, done: AssistedSignUp) -> "AssistedSignUpView":
        """Show a sign-up."""
        return cls(
            id=done.given.id,
            at=done.given.at,
            enrolment_id=done.enrolment.id,
            session_id=done.enrolment.session_id,
            state=done.enrolment.state,
        )


class AssistedDeclarationView(msgspec.Struct):
    """What is declared now, and the id of the record."""

    id: str
    at: Instant
    classes: list[ClientClass]

    @classmethod
    def of(cls, done: AssistedDeclaration) -> "AssistedDeclarationView":
        """Show a declaration."""
        declared = [identity.client_class for identity in done.declared]
        return cls(done.given.id, done.given.at, declared)


class AssistedBookingsHandler(Handler):
    """Bookings made for others."""

    @endpoint(
        access=staff,
        status=201,
        refusals=(*MAY_NOT, *_told(MAY_NOT_BOOK)),
        limit=SCANS,
        repeats=True,
    )
    async def post(self, *, body: AssistedBookingRequest) -> AssistedBookingView:
        """Book a slot, of whichever station, for the worker whose code it is."""
        done = await helping.book(
            self.ctx, body.station_id, body.code, body.slot_id, by=self.actor
        )
        booking = await DeskBookingView.of(self.ctx, done.booking)
        return AssistedBookingView(done.given.id, done.given.at, booking)


class AssistedSignUpsHandler(Handler):
    """Sign-ups made for others."""

    @endpoint(
        access=staff,
        status=201,
        refusals=(*MAY_NOT, *_told(MAY_NOT_SIGN_UP)),
        limit=SCANS,
        repeats=True,
    )
    async def post(self, *, body: AssistedSignUpRequest) -> AssistedSignUpView:
        """Sign the worker up whose code it is, or let them wait."""
        done = await helping.sign_up(
            self.ctx,
            body.station_id,
            body.code,
            body.session_id,
            by=self.actor,
            told=body.facts,
            or_wait=body.waitlist,
        )
        return AssistedSignUpView.of(done)


class AssistedDeclarationsHandler(Handler):
    """Classes declared for others."""

    @endpoint(access=staff, status=201, refusals=MAY_NOT, limit=SCANS, repeats=True)
    async def post(
        self, *, body: AssistedDeclarationRequest
    ) -> AssistedDeclarationView:
        """Declare all classes of the worker whose code it is."""
        done = await helping.declare(
            self.ctx, body.station_id, body.code, body.classes, by=self.actor
        )
        return AssistedDeclarationView.of(done)


ROUTES: list[Route] = [
    ("/station/v1/assisted/bookings", AssistedBookingsHandler),
    ("/station/v1/assisted/sign-ups", AssistedSignUpsHandler),
    ("/station/v1/assisted/identity-declarations", AssistedDeclarationsHandler),
]

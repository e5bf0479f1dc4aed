"""Enrolments over HTTP (报名、候补): sign up, leave, answer an offer."""

from datetime import datetime
from typing import Any

import msgspec

from handlers.base.access import worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from handlers.worker.trainings import WhereaboutsView
from models.agenda.hours import AgendaClosed, Taken, TimeConflict
from models.base.context import Context
from models.base.pages import BadCursor, Page
from models.base.units import Id, Instant
from models.eligibility.evaluate import Status
from models.eligibility.facts import BadFacts
from models.trainings import answers, mine, sign_ups
from models.trainings.admission import DocumentsMissing, FactsMissing, NotEligible
from models.trainings.answers import NotOffered, OfferOver
from models.trainings.enrolments import Enrolment, NoSuchEnrolment, State
from models.trainings.mine import Mine
from models.trainings.programmes import NoSuchProgramme
from models.trainings.seats import AlreadyEnrolled, SessionFull
from models.trainings.sessions import NoSuchTrainingSession, SessionCancelled
from models.trainings.sign_ups import CancelTooLate, EnrolmentOver
from models.trainings.windows import SignUpClosed, SignUpNotOpen

MAY_NOT_SIGN_UP = (
    NoSuchTrainingSession,
    NoSuchProgramme,
    SessionCancelled,
    SignUpNotOpen,
    SignUpClosed,
    AlreadyEnrolled,
    BadFacts,
    NotEligible,
    FactsMissing,
    DocumentsMissing,
    AgendaClosed,
    TimeConflict,
    SessionFull,
)
"""How a sign-up may be refused, whether the worker makes it or the desk does."""


class EnrolmentRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Which session to sign up for."""

    session_id: Id
    waitlist: bool = False
    """Whether to wait if no seat is left."""
    facts: dict[str, Any] = {}
    """What the admission asked for; used and not kept."""


class EnrolmentsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Where to go on, and how many."""

    cursor: Cursor | None = None
    limit: Limit = 20


class ClashView(msgspec.Struct):
    """Something else I have at the same time."""

    ref: str
    title: str
    start: Instant
    end: Instant

    @classmethod
    def of(cls, clash: Taken | None) -> "ClashView | None":
        """Show what clashes, if anything does."""
        if clash is None:
            return None
        return cls(clash.ref, clash.title, clash.start, clash.end)


class EnrolmentView(msgspec.Struct, kw_only=True):
    """An enrolment as its worker sees it, as of now."""

    id: str
    state: State
    programme_id: str
    session_id: str
    title: str
    place: str
    starts_at: Instant
    ends_at: Instant
    received_at: Instant
    position: int | None
    """Place in the queue; null unless waitlisted."""
    offer_until: Instant | None
    """Until when a seat is held for me; null unless offered."""
    cancel_until: Instant
    """For a seat; waiting and offers can be left at any time."""
    documents_due: bool
    """Whether papers are still to be brought (待补材料)."""
    moved_from: WhereaboutsView | None
    """When and where it was to be, if it was moved."""
    clash: ClashView | None
    """What else I have in these hours, if the organiser decided on them."""
    reason: str | None
    """Why the session was cancelled or moved."""

    @classmethod
    def of(cls, mine: Mine, now: datetime) -> "EnrolmentView":
        """Show one of mine."""
        enrolment, session = mine.enrolment, mine.session
        state = mine.state_at(now)
        admitted = enrolment.admitted
        return cls(
            id=enrolment.id,
            state=state,
            programme_id=enrolment.programme_id,
            session_id=enrolment.session_id,
            title=mine.programme.title,
            place=session.place.name,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            received_at=enrolment.received_at,
            position=mine.position if state is State.WAITLISTED else None,
            offer_until=enrolment.until if state is State.OFFERED else None,
            cancel_until=session.cancel_until,
            documents_due=admitted is not None
            and admitted.status is Status.NEEDS_DOCUMENT,
            moved_from=WhereaboutsView.of(session.before),
            clash=ClashView.of(enrolment.clash),
            reason=enrolment.reason or session.reason or None,
        )


class EnrolmentsHandler(Handler):
    """Signing up."""

    @endpoint(
        access=worker,
        status=201,
        refusals=MAY_NOT_SIGN_UP,
        repeats=True,
        limit=WRITES,
    )
    async def post(self, *, body: EnrolmentRequest) -> EnrolmentView:
        """Sign up for a session, or with ``waitlist`` wait if it is full."""
        enrolment = await sign_ups.sign_up(
            self.ctx,
            body.session_id,
            by=self.actor,
            received_at=self.ctx.clock.now(),
            told=body.facts,
            or_wait=body.waitlist,
        )
        return await _shown(self.ctx, enrolment)


class MyEnrolmentsHandler(Handler):
    """All of mine."""

    @endpoint(access=worker, refusals=(BadCursor,))
    async def get(self, *, query: EnrolmentsQuery) -> Page[EnrolmentView]:
        """List my enrolments, newest first."""
        page = await mine.of(
            self.ctx, by=self.actor, cursor=query.cursor, limit=query.limit
        )
        now = self.ctx.clock.now()
        return Page([EnrolmentView.of(each, now) for each in page.items], page.next)


class EnrolmentHandler(Handler):
    """One of mine."""

    @endpoint(access=worker, refusals=(NoSuchEnrolment,))
    async def get(self, enrolment_id: str) -> EnrolmentView:
        """Show one of my enrolments, with my place in the queue."""
        found = await mine.find(self.ctx, enrolment_id, by=self.actor)
        return EnrolmentView.of(found, self.ctx.clock.now())


class EnrolmentCancellationHandler(Handler):
    """The cancellation of one enrolment; it can be made, not undone."""

    @endpoint(
        access=worker,
        refusals=(NoSuchEnrolment, CancelTooLate, EnrolmentOver),
        repeats=True,
        limit=WRITES,
    )
    async def post(self, enrolment_id: str) -> EnrolmentView:
        """Give my seat, or my place in the queue, back."""
        cancelled = await sign_ups.cancel(
            self.ctx,
            enrolment_id,
            by=self.actor,
            received_at=self.ctx.clock.now(),
        )
        return await _shown(self.ctx, cancelled)


class EnrolmentAcceptanceHandler(Handler):
    """The acceptance of an offered seat."""

    @endpoint(
        access=worker,
        refusals=(
            NoSuchEnrolment,
            NotOffered,
            OfferOver,
            AgendaClosed,
            TimeConflict,
            SessionCancelled,
        ),
        repeats=True,
        limit=WRITES,
    )
    async def post(self, enrolment_id: str) -> EnrolmentView:
        """Take the seat that is held for me."""
        accepted = await answers.accept(
            self.ctx,
            enrolment_id,
            by=self.actor,
            received_at=self.ctx.clock.now(),
        )
        return await _shown(self.ctx, accepted)


class EnrolmentRefusalHandler(Handler):
    """The refusal of an offered seat."""

    @endpoint(
        access=worker,
        refusals=(NoSuchEnrolment, NotOffered),
        repeats=True,
        limit=WRITES,
    )
    async def post(self, enrolment_id: str) -> EnrolmentView:
        """Let the seat that is held for me go to the next."""
        declined = await answers.decline(self.ctx, enrolment_id, by=self.actor)
        return await _shown(self.ctx, declined)


async def _shown(ctx: Context, enrolment: Enrolment) -> EnrolmentView:
    return EnrolmentView.of(await mine.show(ctx, enrolment), ctx.clock.now())


ROUTES: list[Route] = [
    ("/worker/v1/enrolments", EnrolmentsHandler),
    ("/worker/v1/enrolments/{enrolment_id}", EnrolmentHandler),
    ("/worker/v1/enrolments/{enrolment_id}/cancellation", EnrolmentCancellationHandler),
    ("/worker/v1/enrolments/{enrolment_id}/acceptance", EnrolmentAcceptanceHandler),
    ("/worker/v1/enrolments/{enrolment_id}/refusal", EnrolmentRefusalHandler),
    ("/worker/v1/me/enrolments", MyEnrolmentsHandler),
]

"""A session's life at the back office (班次进程): opened, closed, resized, moved."""

import msgspec

from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.routing import Route
from handlers.union.training_sessions import Lessons, ManagedSessionView, Seats
from handlers.union.training_shapes import (
    MapPlace,
    Reason,
    Version,
    VersionReasonRequest,
    VersionRequest,
    managing,
)
from models.base.places import BadPoint
from models.base.units import Instant
from models.trainings import calling_off, moving, scheduling
from models.trainings.moving import NewDate
from models.trainings.programmes import NoSuchProgramme
from models.trainings.scheduling import NoSuchGroup, ProgrammeNotOpen
from models.trainings.session_drafts import BadSession
from models.trainings.sessions import NoSuchTrainingSession, Session
from models.trainings.turning import SessionMovedOn, StaleVersion

TURNED_DOWN = (NoSuchTrainingSession, SessionMovedOn, StaleVersion)


class ReopeningRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Until when sign-ups are taken again; null is as before."""

    version: Version
    sign_up_closes: Instant | None = None


class SeatsRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """How many seats there are to be; groups that are not named stay."""

    version: Version
    seats: Seats
    groups: dict[str, Seats] = {}


class MoveRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """When and where the session is held instead, and why."""

    version: Version
    reason: Reason
    meetings: Lessons
    place: MapPlace
    sign_up_closes: Instant | None = None
    """Null: as before, but not after the new start."""

    def date(self) -> NewDate:
        """Return what the verb takes.

        Refuses: BadPoint.
        """
        return NewDate(
            meetings=tuple(each.meeting() for each in self.meetings),
            place=self.place.turned(),
            sign_up_closes=self.sign_up_closes,
        )


class StageHandler(Handler):
    """Any deed that leaves a session somewhere else."""

    def shown(self, session: Session) -> ManagedSessionView:
        """Show where it is now."""
        return ManagedSessionView.of(session, self.ctx.clock.now())


class SessionOpeningHandler(StageHandler):
    """The opening of a session."""

    @endpoint(
        access=managing,
        refusals=(*TURNED_DOWN, NoSuchProgramme, ProgrammeNotOpen),
        limit=WRITES,
        repeats=True,
    )
    async def post(
        self, session_id: str, *, body: VersionRequest
    ) -> ManagedSessionView:
        """Let workers see a session and sign up in its window."""
        opened = await scheduling.open_up(
            self.ctx, session_id, version=body.version, by=self.actor
        )
        return self.shown(opened)


class SessionClosingHandler(StageHandler):
    """The closing of sign-up before its time."""

    @endpoint(access=managing, refusals=TURNED_DOWN, limit=WRITES, repeats=True)
    async def post(
        self, session_id: str, *, body: VersionReasonRequest
    ) -> ManagedSessionView:
        """Take no more sign-ups; who waits, waits on."""
        version, reason = body.version, body.reason
        closed = await scheduling.close(
            self.ctx, session_id, version=version, reason=reason, by=self.actor
        )
        return self.shown(closed)


class SessionReopeningHandler(StageHandler):
    """The reopening of sign-up."""

    @endpoint(
        access=managing,
        refusals=(*TURNED_DOWN, BadSession),
        limit=WRITES,
        repeats=True,
    )
    async def post(
        self, session_id: str, *, body: ReopeningRequest
    ) -> ManagedSessionView:
        """Take sign-ups again, or for longer."""
        reopened = await scheduling.reopen(
            self.ctx,
            session_id,
            version=body.version,
            sign_up_closes=body.sign_up_closes,
            by=self.actor,
        )
        return self.shown(reopened)


class SessionSeatsHandler(StageHandler):
    """How many seats a session has."""

    @endpoint(access=managing, refusals=(*TURNED_DOWN, NoSuchGroup), limit=WRITES)
    async def put(self, session_id: str, *, body: SeatsRequest) -> ManagedSessionView:
        """Raise or lower the quota; new seats go to who waits first."""
        resized = await scheduling.resize(
            self.ctx,
            session_id,
            wanted=body.seats,
            groups=body.groups,
            version=body.version,
            by=self.actor,
        )
        return self.shown(resized)


class SessionMoveHandler(StageHandler):
    """The move of a session to another time or place."""

    @endpoint(
        access=managing,
        refusals=(*TURNED_DOWN, BadSession, BadPoint),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, session_id: str, *, body: MoveRequest) -> ManagedSessionView:
        """Hold it at another time or place; everybody in it is told old and new."""
        moved = await moving.move(
            self.ctx,
            session_id,
            body.date(),
            version=body.version,
            reason=body.reason,
            by=self.actor,
        )
        return self.shown(moved)


class SessionCancellationHandler(StageHandler):
    """The cancellation of a session; it can be made, not undone."""

    @endpoint(access=managing, refusals=TURNED_DOWN, limit=WRITES, repeats=True)
    async def post(
        self, session_id: str, *, body: VersionReasonRequest
    ) -> ManagedSessionView:
        """Call a session off; everybody in it is told, nobody gets a strike."""
        version, reason = body.version, body.reason
        cancelled = await calling_off.call_off(
            self.ctx, session_id, version=version, reason=reason, by=self.actor
        )
        return self.shown(cancelled)


ONE = "/union/v1/training-sessions/{session_id}"

ROUTES: list[Route] = [
    (f"{ONE}/opening", SessionOpeningHandler),
    (f"{ONE}/closing", SessionClosingHandler),
    (f"{ONE}/reopening", SessionReopeningHandler),
    (f"{ONE}/seats", SessionSeatsHandler),
    (f"{ONE}/move", SessionMoveHandler),
    (f"{ONE}/cancellation", SessionCancellationHandler),
]

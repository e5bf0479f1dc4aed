"""Training sessions at the back office (班次管理): shapes, planning, the list."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.routing import Route
from handlers.union.training_shapes import MapPlace, Version, Words, managing
from handlers.worker.trainings import WhereaboutsView
from models.base.pages import Page
from models.base.places import BadPoint
from models.base.units import Instant, Minutes
from models.trainings import scheduling, turning
from models.trainings.programmes import NoSuchProgramme
from models.trainings.session_drafts import BadSession, GroupDraft, SessionDraft
from models.trainings.sessions import (
    Meeting,
    NoSuchTrainingSession,
    Session,
    SignUp,
    Stage,
)
from models.trainings.turning import SessionMovedOn, StaleVersion
from models.workers.identities import ClientClass

MOST_LESSONS = 400
MOST_GROUPS = 20
MOST_SEATS = 5_000

Seats = Annotated[int, Meta(ge=0, le=MOST_SEATS, description="Seats.")]


class LessonFields(msgspec.Struct, forbid_unknown_fields=True):
    """One stretch of lessons."""

    starts_at: Instant
    ends_at: Instant

    def meeting(self) -> Meeting:
        """Return what the verb takes."""
        return Meeting(starts_at=self.starts_at, ends_at=self.ends_at)


Lessons = Annotated[tuple[LessonFields, ...], Meta(max_length=MOST_LESSONS)]


class GroupFields(msgspec.Struct, forbid_unknown_fields=True):
    """A cap for some classes."""

    name: Words
    classes: tuple[ClientClass, ...]
    seats: Seats


class SessionFields(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What an editor says of a session."""

    meetings: Lessons
    place: MapPlace
    sign_up_opens: Instant
    sign_up_closes: Instant
    cancel_until: Instant
    latest_offer_hours: Annotated[int, Meta(ge=0, le=24 * 60)] = 12
    offer_minutes: Annotated[Minutes, Meta(le=60 * 24 * 7)] = 120
    seats: Seats
    groups: Annotated[list[GroupFields], Meta(max_length=MOST_GROUPS)] = []

    def draft(self) -> SessionDraft:
        """Return what the verb takes.

        Refuses: BadPoint.
        """
        given = msgspec.structs.asdict(self)
        turned = {
            "meetings": tuple(each.meeting() for each in self.meetings),
            "place": self.place.turned(),
            "groups": tuple(
                GroupDraft(name=each.name, classes=each.classes, seats=each.seats)
                for each in self.groups
            ),
        }
        return SessionDraft(**given | turned)


class SessionChangeRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A planned session written anew."""

    version: Version
    session: SessionFields


class CopyRequest(msgspec.Struct, forbid_unknown_fields=True):
    """When the copy begins."""

    starts_at: Instant


class ManagedGroupView(msgspec.Struct):
    """A cap for some classes; below zero, so many are over-booked."""

    name: str
    classes: tuple[ClientClass, ...]
    seats: int
    left: int


class ManagedSessionView(msgspec.Struct, kw_only=True):
    """A session as its managers see it."""

    id: str
    programme_id: str
    stage: Stage
    version: int
    reason: str
    """Why it was cancelled or moved last."""
    moves: int
    before: WhereaboutsView | None
    starts_at: Instant
    ends_at: Instant
    meetings: list[LessonFields]
    place: MapPlace
    sign_up: SignUp
    sign_up_opens: Instant
    sign_up_closes: Instant
    cancel_until: Instant
    latest_offer_hours: int
    offer_minutes: Minutes
    seats: int
    left: int
    """Below zero, so many are over-booked."""
    groups: list[ManagedGroupView]

    @classmethod
    def of(cls, session: Session, now: datetime) -> "ManagedSessionView":
        """Show a session as of now."""
        same = {
            name: getattr(session, name)
            for name in cls.__struct_fields__
            if name in Session.__struct_fields__
        }
        shown = {
            "stage": session.stage_at(now),
            "before": WhereaboutsView.of(session.before),
            "meetings": [
                LessonFields(m.starts_at, m.ends_at) for m in session.meetings
            ],
            "place": MapPlace.of(session.place),
            "sign_up": session.sign_up_at(now),
            "groups": [
                ManagedGroupView(each.name, each.classes, each.seats, each.left)
                for each in session.groups
            ],
        }
        return cls(**same | shown)


class ProgrammeSessionsHandler(Handler):
    """The sessions of a programme."""

    @endpoint(access=managing, refusals=(NoSuchProgramme,))
    async def get(self, programme_id: str) -> Page[ManagedSessionView]:
        """List all sessions of a programme, soonest first."""
        found = await scheduling.of_programme(self.ctx, programme_id, by=self.actor)
        now = self.ctx.clock.now()
        return Page([ManagedSessionView.of(each, now) for each in found])

    @endpoint(
        access=managing,
        status=201,
        refusals=(NoSuchProgramme, BadSession, BadPoint),
        limit=WRITES,
        repeats=True,
    )
    async def post(
        self, programme_id: str, *, body: SessionFields
    ) -> ManagedSessionView:
        """Plan a session; no worker sees it yet."""
        planned = await scheduling.plan(
            self.ctx, programme_id, body.draft(), by=self.actor
        )
        return ManagedSessionView.of(planned, self.ctx.clock.now())


class SessionHandler(Handler):
    """One session."""

    @endpoint(access=managing, refusals=(NoSuchTrainingSession,))
    async def get(self, session_id: str) -> ManagedSessionView:
        """Show a session."""
        session = await turning.reach(self.ctx, session_id, by=self.actor)
        return ManagedSessionView.of(session, self.ctx.clock.now())

    @endpoint(
        access=managing,
        refusals=(
            NoSuchTrainingSession,
            BadSession,
            BadPoint,
            SessionMovedOn,
            StaleVersion,
        ),
        limit=WRITES,
    )
    async def put(
        self, session_id: str, *, body: SessionChangeRequest
    ) -> ManagedSessionView:
        """Write a session anew that is only planned."""
        draft, by = body.session.draft(), self.actor
        changed = await scheduling.change(
            self.ctx, session_id, draft, version=body.version, by=by
        )
        return ManagedSessionView.of(changed, self.ctx.clock.now())


class SessionCopiesHandler(Handler):
    """Copies of a session."""

    @endpoint(
        access=managing,
        status=201,
        refusals=(NoSuchTrainingSession, NoSuchProgramme, BadSession),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, session_id: str, *, body: CopyRequest) -> ManagedSessionView:
        """Plan the same again at another time."""
        copied = await scheduling.copy(
            self.ctx, session_id, starts_at=body.starts_at, by=self.actor
        )
        return ManagedSessionView.of(copied, self.ctx.clock.now())


ROUTES: list[Route] = [
    ("/union/v1/trainings/{programme_id}/sessions", ProgrammeSessionsHandler),
    ("/union/v1/training-sessions/{session_id}", SessionHandler),
    ("/union/v1/training-sessions/{session_id}/copies", SessionCopiesHandler),
]

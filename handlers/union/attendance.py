"""Attendance at the back office (考勤): the teacher's code, marks, completion."""

from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import SCANS, WRITES
from handlers.base.routing import Route
from handlers.union.rosters import MarkView
from handlers.union.training_sessions import ManagedSessionView
from handlers.union.training_shapes import managing
from models.base.rotating import Shown
from models.base.units import Instant
from models.trainings import attendance, completion, lesson_codes
from models.trainings.attendance import (
    Mark,
    NoSuchLesson,
    NotOnRegister,
    RegisterClosed,
)
from models.trainings.enrolments import NoSuchEnrolment
from models.trainings.sessions import NoSuchTrainingSession, SessionCancelled
from models.trainings.turning import SessionMovedOn


class MarkRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """At which lesson, how, and how we know."""

    lesson: Instant
    """When the lesson begins."""
    mark: Mark
    reason: Annotated[str, Meta(min_length=2, max_length=100)]


class LessonCodeView(msgspec.Struct):
    """The code to show, and until when."""

    code: str
    refresh_at: Instant
    good_until: Instant

    @classmethod
    def of(cls, shown: Shown) -> "LessonCodeView":
        """Show a code."""
        return cls(shown.code, shown.refresh_at, shown.good_until)


class LessonCodeHandler(Handler):
    """What the teacher's screen shows."""

    @endpoint(access=managing, refusals=(NoSuchTrainingSession, SessionCancelled))
    async def get(self, session_id: str) -> LessonCodeView:
        """Show the code that learners scan now; ask again when it says so."""
        shown = await lesson_codes.of_session(self.ctx, session_id, by=self.actor)
        return LessonCodeView.of(shown)


class AttendanceHandler(Handler):
    """How a learner was at the lessons."""

    @endpoint(
        access=managing,
        refusals=(
            NoSuchEnrolment,
            SessionCancelled,
            RegisterClosed,
            NotOnRegister,
            NoSuchLesson,
        ),
        limit=SCANS,
    )
    async def put(self, enrolment_id: str, *, body: MarkRequest) -> MarkView:
        """Mark a learner present, late or absent; every word stays in the trail."""
        marked = await attendance.mark(
            self.ctx,
            enrolment_id,
            body.lesson,
            as_=body.mark,
            reason=body.reason,
            by=self.actor,
        )
        return MarkView.of(marked)


class CompletionHandler(Handler):
    """The closing of a register."""

    @endpoint(
        access=managing,
        refusals=(NoSuchTrainingSession, SessionMovedOn),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, session_id: str) -> ManagedSessionView:
        """Close the register of a session that is over; who was there completes it."""
        closed = await completion.close_register(self.ctx, session_id, by=self.actor)
        return ManagedSessionView.of(closed, self.ctx.clock.now())


ONE = "/union/v1/training-sessions/{session_id}"

ROUTES: list[Route] = [
    (f"{ONE}/code", LessonCodeHandler),
    (f"{ONE}/completion", CompletionHandler),
    ("/union/v1/enrolments/{enrolment_id}/attendance", AttendanceHandler),
]

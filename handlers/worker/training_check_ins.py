"""Signing in to a lesson over HTTP (培训签到): scan what the teacher shows."""

from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.base.access import worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.routing import Route
from models.base.rotating import BadCode, CodeExpired
from models.base.units import Instant
from models.trainings import attendance
from models.trainings.attendance import (
    Attendance,
    Mark,
    NoLessonNow,
    NotOnRegister,
    RegisterClosed,
)
from models.trainings.sessions import NoSuchTrainingSession, SessionCancelled


class LessonCheckInRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What was scanned."""

    code: Annotated[str, Meta(max_length=512, description="As the scanner read it.")]


class LessonCheckInView(msgspec.Struct):
    """How I am at the lesson."""

    enrolment_id: str
    session_id: str
    lesson: Instant
    """When the lesson begins."""
    mark: Mark

    @classmethod
    def of(cls, row: Attendance) -> "LessonCheckInView":
        """Show my attendance."""
        return cls(row.enrolment_id, row.session_id, row.lesson, row.mark)


class LessonCheckInsHandler(Handler):
    """Coming to a lesson."""

    @endpoint(
        access=worker,
        status=201,
        refusals=(
            BadCode,
            CodeExpired,
            NoSuchTrainingSession,
            SessionCancelled,
            RegisterClosed,
            NotOnRegister,
            NoLessonNow,
        ),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, *, body: LessonCheckInRequest) -> LessonCheckInView:
        """Sign in to the lesson whose code I scanned; again is the same."""
        here = await attendance.sign_in(self.ctx, body.code, by=self.actor)
        return LessonCheckInView.of(here)


ROUTES: list[Route] = [("/worker/v1/training-check-ins", LessonCheckInsHandler)]

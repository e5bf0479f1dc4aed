"""Rosters at the back office (培训名单): who is in, added, taken off, exported."""

import hashlib
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from handlers.base.answers import Ready
from handlers.base.downloads import disposition
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from handlers.union.training_shapes import Reason, managing
from models.agenda.hours import TimeConflict
from models.base.context import Context
from models.base.media import Media
from models.base.pages import BadCursor, Page
from models.base.units import Id, Instant
from models.eligibility.facts import BadFacts
from models.trainings import roster, roster_deeds, sheets
from models.trainings.admission import DocumentsMissing, FactsMissing, NotEligible
from models.trainings.attendance import Attendance, Mark
from models.trainings.enrolments import Enrolment, NoSuchEnrolment, State
from models.trainings.roster import Row
from models.trainings.roster_deeds import NoSuchLearner
from models.trainings.seats import AlreadyEnrolled, SessionFull
from models.trainings.sessions import NoSuchTrainingSession, SessionCancelled
from models.trainings.sheets import ReasonNeeded
from models.trainings.sign_ups import EnrolmentOver
from models.trainings.turning import SessionMovedOn
from models.workers import masks


class RosterQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Whom to list."""

    state: State | None = None
    clashing: bool = False
    """Only those who are needed elsewhere since staff decided on the hours."""
    cursor: Cursor | None = None
    limit: Limit = 20


class LearnerRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Whom to put on the roster, and why."""

    worker_id: Id
    reason: Reason
    override: bool = False
    """Whether it does not matter that they are needed elsewhere then."""
    facts: dict[str, Any] = {}
    """What the admission asks for; used and not kept."""


class RemovalRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Why; the learner reads it."""

    reason: Reason


class ExportRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Masked, or whole names and numbers for a reason."""

    unmasked: bool = False
    reason: Annotated[str, Meta(max_length=200)] = ""


class MarkView(msgspec.Struct):
    """How the learner was at one lesson."""

    lesson: Instant
    mark: Mark
    by: str | None
    """Who said so last: a staff member; null is the learner's own scan."""
    reason: str

    @classmethod
    def of(cls, row: Attendance) -> "MarkView":
        """Show the last word."""
        last = row.trail[-1]
        return cls(row.lesson, row.mark, last.by, last.reason)


class ClashTimeView(msgspec.Struct):
    """That the learner is needed elsewhere, and when; not where."""

    kind: str
    start: Instant
    end: Instant


class RosterView(msgspec.Struct, kw_only=True):
    """One line of a roster; name and number are masked."""

    id: str
    worker_id: str
    name: str | None
    phone: str | None
    state: State
    received_at: Instant
    groups: tuple[str, ...]
    position: int | None
    """Place in the queue; null unless waiting."""
    clash: ClashTimeView | None
    reason: str | None
    """Why staff took them off."""
    marks: list[MarkView]

    @classmethod
    def of(cls, ctx: Context, row: Row) -> "RosterView":
        """Show a line as of now."""
        enrolment, worker = row.enrolment, row.worker
        name = None if worker is None else worker.name
        phone = None if worker is None else worker.phone
        clash = enrolment.clash
        return cls(
            id=enrolment.id,
            worker_id=enrolment.worker_id,
            name=name and masks.sealed_name(ctx.secrets, name),
            phone=phone and masks.sealed_phone(ctx.secrets, phone),
            state=enrolment.state_at(ctx.clock.now()),
            received_at=enrolment.received_at,
            groups=enrolment.groups,
            position=row.position,
            clash=None
            if clash is None
            else ClashTimeView(clash.kind, clash.start, clash.end),
            reason=enrolment.reason or None,
            marks=[MarkView.of(each) for each in row.marks],
        )


class RosterHandler(Handler):
    """The roster of a session."""

    @endpoint(access=managing, refusals=(NoSuchTrainingSession, BadCursor))
    async def get(self, session_id: str, *, query: RosterQuery) -> Page[RosterView]:
        """List who signed up for a session, newest first, with their marks."""
        page = await roster.of(
            self.ctx,
            session_id,
            state=query.state,
            clashing=query.clashing,
            cursor=query.cursor,
            limit=query.limit,
            by=self.actor,
        )
        shown = [RosterView.of(self.ctx, each) for each in page.items]
        return Page(shown, page.next)

    @endpoint(
        access=managing,
        status=201,
        refusals=(
            NoSuchTrainingSession,
            SessionMovedOn,
            SessionCancelled,
            NoSuchLearner,
            AlreadyEnrolled,
            BadFacts,
            NotEligible,
            FactsMissing,
            DocumentsMissing,
            TimeConflict,
            SessionFull,
        ),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, session_id: str, *, body: LearnerRequest) -> RosterView:
        """Put somebody on the roster, with a reason, till the session begins."""
        added = await roster_deeds.add(
            self.ctx,
            session_id,
            body.worker_id,
            told=body.facts,
            reason=body.reason,
            override=body.override,
            by=self.actor,
        )
        return await _shown(self.ctx, added)


class RosterExportsHandler(Handler):
    """The roster as a spreadsheet."""

    @endpoint(
        access=managing,
        refusals=(NoSuchTrainingSession, ReasonNeeded),
        limit=WRITES,
        media=Media.XLSX.value,
    )
    async def post(self, session_id: str, *, body: ExportRequest) -> Ready[str]:
        """Write the roster as a spreadsheet; unmasked only for a reason, and kept."""
        unmasked, reason = body.unmasked, body.reason
        sheet = await sheets.export(
            self.ctx, session_id, unmasked=unmasked, reason=reason, by=self.actor
        )
        self.set_header("Content-Type", Media.XLSX.value)
        self.set_header("Content-Disposition", disposition(sheet.name))
        tag = hashlib.blake2b(sheet.content, digest_size=12).hexdigest()
        return Ready(sheet.content, f'"{tag}"', "private, no-store")


class RemovalHandler(Handler):
    """The removal of somebody from a roster; it can be made, not undone."""

    @endpoint(
        access=managing,
        refusals=(NoSuchEnrolment, EnrolmentOver),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, enrolment_id: str, *, body: RemovalRequest) -> RosterView:
        """Take somebody off the roster; the seat goes to who waits."""
        reason = body.reason
        removed = await roster_deeds.remove(
            self.ctx, enrolment_id, reason=reason, by=self.actor
        )
        return await _shown(self.ctx, removed)


async def _shown(ctx: Context, enrolment: Enrolment) -> RosterView:
    (row,) = await roster.rows(ctx, [enrolment])
    return RosterView.of(ctx, row)


ONE = "/union/v1/training-sessions/{session_id}/roster"

ROUTES: list[Route] = [
    (ONE, RosterHandler),
    (f"{ONE}/exports", RosterExportsHandler),
    ("/union/v1/enrolments/{enrolment_id}/removal", RemovalHandler),
]

"""Attendance (考勤): who was at which lesson, and how we know.

::

    (nothing) ── scan ──▶ present | late ── staff, with a reason ──▶ anything
        └─────── staff ──▶ present | late | absent ─────────────────────┘

One row a learner and lesson; every change is kept in its trail. Scanning again, or
after staff have spoken, changes nothing.
Source: rules §2.8, §2.9; features S9-06 (late rule; teacher edit leaves a trail).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from models.base import personal
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.errors import Conflict, Invalid
from models.base.store import atomic
from models.base.units import Instant
from models.trainings import lesson_codes, sessions
from models.trainings.enrolments import Enrolment, NoSuchEnrolment, State
from models.trainings.sessions import Meeting, Session, check_on
from models.trainings.turning import note
from models.unions.officials import Official
from models.unions.permissions import Permission
from models.workers.sessions import SignedIn

EARLY = timedelta(minutes=30)
"""The code counts so long before a lesson begins."""

TOLERANCE = timedelta(minutes=10)
"""Whoever scans later than that after the beginning is late."""

LEARNING = (State.ENROLLED, State.ENDED)
"""Who is on the register: the session's end does not take them off it."""


class Mark(StrEnum):
    """How somebody was at a lesson."""

    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"


THERE = frozenset({Mark.PRESENT, Mark.LATE})


class Marked(msgspec.Struct, kw_only=True, frozen=True):
    """One word on it, in order."""

    mark: Mark
    by: str | None
    """The staff member; None is the learner's own scan."""
    reason: str = ""
    at: Instant


class Attendance(Document, kw_only=True, frozen=True):
    """How one learner was at one lesson."""

    SHELF = "training_attendance"
    PERSONAL = personal.renamed("培训考勤", "worker_id", hidden=("trail",))
    INDEXES = (
        IndexModel(["enrolment_id", "lesson"], unique=True),
        IndexModel(["session_id", "lesson"]),
        IndexModel(["worker_id"]),
    )

    session_id: str
    enrolment_id: str
    worker_id: str
    org_path: str
    lesson: Instant
    """When the lesson begins."""
    mark: Mark
    trail: tuple[Marked, ...]


class NotOnRegister(Conflict):
    """The person has no seat in this session."""

    code = "not_on_register"
    message = "您不在这一期的名单上，请先报名或联系主办单位。"


class NoLessonNow(Conflict):
    """No lesson is on, or about to begin; ``details.next`` says when one is."""

    code = "no_lesson_now"
    message = "现在没有课，请在开课前30分钟内或上课时扫码签到。"


class NoSuchLesson(Invalid):
    """The session has no lesson that begins then, or it lies ahead."""

    code = "no_such_lesson"
    message = "没有这次课，或这次课还没有开始，请核对上课时间。"


class RegisterClosed(Conflict):
    """The register was closed; nothing is marked any more."""

    code = "register_closed"
    message = "这一期已经结业，考勤不能再修改。"


class _MarkedMeanwhile(Conflict):
    """Two first words on one lesson met."""


async def sign_in(ctx: Context, code: str, *, by: SignedIn) -> Attendance:
    """Come to a lesson by scanning the teacher's code (扫码签到); again is the same.

    Refuses: BadCode, CodeExpired, NoSuchTrainingSession, SessionCancelled,
        RegisterClosed, NotOnRegister, NoLessonNow.
    """
    session = await sessions.find(ctx, lesson_codes.read(ctx, code))
    _check_open(session)
    enrolment = await Enrolment.find(
        ctx,
        worker_id=by.id,
        session_id=session.id,
        state={"$in": list(LEARNING)},
    )
    if enrolment is None:
        raise NotOnRegister
    now = ctx.clock.now()
    lesson = _lesson_at(session, now)
    mark = Mark.LATE if now > lesson.starts_at + TOLERANCE else Mark.PRESENT
    said = Marked(mark=mark, by=None, at=now)
    row = _row(ctx, enrolment, lesson, said)
    try:
        return await row.insert(ctx)
    except DuplicateKeyError:
        known = await Attendance.find(
            ctx, enrolment_id=enrolment.id, lesson=lesson.starts_at
        )
        return known or row


async def mark(
    ctx: Context,
    enrolment_id: str,
    lesson: datetime,
    *,
    as_: Mark,
    reason: str,
    by: Official,
) -> Attendance:
    """Say how somebody was at a lesson (标记考勤); the reason is kept.

    Refuses: PermissionMissing, NoSuchEnrolment, SessionCancelled, RegisterClosed,
        NotOnRegister, NoSuchLesson.
    """
    enrolment = await reach(ctx, enrolment_id, by=by)
    session = await sessions.find(ctx, enrolment.session_id)
    _check_open(session)
    if enrolment.state not in LEARNING:
        raise NotOnRegister
    starts = {each.starts_at: each for each in session.meetings}
    if lesson not in starts or ctx.clock.now() < lesson - EARLY:
        raise NoSuchLesson({"path": "$.lesson"})
    said = Marked(mark=as_, by=by.id, reason=reason, at=ctx.clock.now())
    row = _row(ctx, enrolment, starts[lesson], said)
    try:
        return await _mark(ctx, row, said, by)
    except _MarkedMeanwhile:
        return await _mark(ctx, row, said, by)


@atomic(duplicate=_MarkedMeanwhile)
async def _mark(
    ctx: Context, row: Attendance, said: Marked, by: Official
) -> Attendance:
    marked = await Attendance.change(
        ctx,
        {"enrolment_id": row.enrolment_id, "lesson": row.lesson},
        {"$set": {"mark": said.mark}, "$push": {"trail": plain(said)}},
    )
    if marked is None:
        marked = await row.insert(ctx)
    about, reason = row.worker_id, said.reason
    await note(ctx, "training.mark", row, by=by, reason=reason, subject=about)
    return marked


async def reach(ctx: Context, enrolment_id: str, *, by: Official) -> Enrolment:
    """Return an enrolment within the official's reach.

    Refuses: PermissionMissing, NoSuchEnrolment.
    """
    where = {"_id": enrolment_id, **by.scope(Permission.TRAININGS).where()}
    enrolment = await Enrolment.find(ctx, **where)
    if enrolment is None or enrolment.state is State.DROPPED:
        raise NoSuchEnrolment
    return enrolment


async def of(ctx: Context, enrolments: Iterable[str]) -> dict[str, list[Attendance]]:
    """Return the marks of enrolments, lesson by lesson, in one question."""
    ids = list(enrolments)
    found = await Attendance.many(
        ctx,
        {"enrolment_id": {"$in": ids}},
        sort=[("enrolment_id", 1), ("lesson", 1)],
        limit=0,
    )
    marks: dict[str, list[Attendance]] = {id_: [] for id_ in ids}
    for each in found:
        marks[each.enrolment_id].append(each)
    return marks


def _check_open(session: Session) -> None:
    check_on(session)
    if session.register_closed_at is not None:
        raise RegisterClosed


def _lesson_at(session: Session, now: datetime) -> Meeting:
    for each in session.meetings:
        if each.starts_at - EARLY <= now < each.ends_at:
            return each
    ahead = [each.starts_at for each in session.meetings if each.starts_at > now]
    raise NoLessonNow({"next": ahead[0].isoformat() if ahead else None})


def _row(
    ctx: Context, enrolment: Enrolment, lesson: Meeting, said: Marked
) -> Attendance:
    return Attendance(
        id=ctx.new_id("attendance"),
        session_id=enrolment.session_id,
        enrolment_id=enrolment.id,
        worker_id=enrolment.worker_id,
        org_path=enrolment.org_path,
        lesson=lesson.starts_at,
        mark=said.mark,
        trail=(said,),
    )

"""Sessions (班次): one run of a programme, its hours, its window and its seats.

::

    planned ── open_up ──▶ open ⇄ closed ── its end comes ──▶ done
       └────────────────────┴────────┴── call_off ──▶ cancelled

Closed is closed to sign-ups before its time; a move (改期) leaves the stage as it is
and is counted in ``moves``. Done is never stored: it is what time makes of the rest.

The session owns its seats: ``left``, every group's ``left`` and who holds them are
in this one document, changed by `seats` alone. All windows are half-open and looked
at with the moment a request arrived.
Source: features S9-02, S9-04; rules §2.1, §2.3.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec
from pymongo import GEOSPHERE, IndexModel

from models.agenda.hours import Taken
from models.base import personal
from models.base.clock import day_of
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Conflict, NotFound
from models.base.units import Instant, Minutes, Places
from models.trainings.programmes import Place
from models.workers.identities import ClientClass

KIND = "training"
"""What these hours are called in a person's agenda."""

WITHOUT_HOLDERS = {"holders": 0}
"""Who sits where is nobody's business outside of `seats`, and is most of the row."""

CANCELLED = {"stage": "cancelled"}
MOVED = {"moves": {"$gt": 0}}
REGISTERED = {"register_closed_at": {"$type": "date"}}

BY_START = (("starts_at", 1), ("_id", 1))


class Stage(StrEnum):
    """Where a session is in its life."""

    PLANNED = "planned"
    """Being prepared; no worker sees it."""
    OPEN = "open"
    CLOSED = "closed"
    """Taking no more sign-ups, before the window's own end."""
    CANCELLED = "cancelled"
    DONE = "done"
    """Never stored: its end has come."""


class SignUp(StrEnum):
    """What can be done about a session now."""

    OPEN = "open"
    FULL = "full"
    """Open, but only to wait (候补)."""
    UPCOMING = "upcoming"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Meeting(msgspec.Struct, kw_only=True, frozen=True):
    """One stretch of lessons; the person is needed there."""

    starts_at: Instant
    ends_at: Instant


class Whereabouts(msgspec.Struct, kw_only=True, frozen=True):
    """When a session begins, and where."""

    starts_at: Instant
    place: str


class Group(msgspec.Struct, kw_only=True, frozen=True):
    """The most seats that some classes may take together (分组名额)."""

    name: str
    classes: tuple[ClientClass, ...]
    seats: Places
    left: int
    """Below zero when the quota was lowered under what is taken."""


class Holder(msgspec.Struct, kw_only=True, frozen=True):
    """Who holds a seat, enrolled or offered, under which enrolment."""

    enrolment_id: str
    worker_id: str
    group: str | None
    since: Instant


class Session(Document, kw_only=True, frozen=True):
    """One run of a programme (班次)."""

    SHELF = "training_sessions"
    PERSONAL = personal.renamed("", "holders[].worker_id")
    INDEXES = (
        IndexModel(["starts_at"]),
        IndexModel(["programme_id", "starts_at", "_id"]),
        IndexModel([("place.point", GEOSPHERE)]),
        IndexModel([("org_path", 1), ("_id", -1)]),
        IndexModel(["ends_at"], name="cancelled", partialFilterExpression=CANCELLED),
        IndexModel(["register_settled"], partialFilterExpression=REGISTERED),
        IndexModel(["ends_at"], name="moved", partialFilterExpression=MOVED),
        IndexModel(["holders.worker_id"]),
    )

    programme_id: str
    org_path: str = ""
    """That of its programme, the day it was made."""
    stage: Stage = Stage.OPEN
    stage_since: Instant | None = None
    """When staff brought it there; None from the start."""
    reason: str = ""
    """Why it was cancelled or moved last, for those who signed up."""
    moves: int = 0
    """How often it got another time or place."""
    before: Whereabouts | None = None
    """When and where it was to be before the last move."""
    register_closed_at: Instant | None = None
    """When staff said that the register is complete (结业)."""
    register_settled: bool = False
    """Whether every learner has been told how it ended."""
    version: int = 0
    """Goes up with every change by staff."""
    starts_at: Instant
    ends_at: Instant
    meetings: tuple[Meeting, ...] = ()
    place: Place
    sign_up_opens: Instant
    sign_up_closes: Instant
    cancel_until: Instant
    latest_offer_hours: int
    """No seat is offered to the waitlist later than so many hours before the start."""
    offer_minutes: Minutes
    """How long an offered seat is held."""
    seats: Places
    left: int
    """Seats nobody holds; below zero, so many are over-booked."""
    groups: tuple[Group, ...] = ()
    """Caps within the seats; they may add up to more."""
    holders: tuple[Holder, ...] = ()

    @property
    def last_offer_at(self) -> datetime:
        """From here on nothing is offered and nobody waits."""
        return self.starts_at - timedelta(hours=self.latest_offer_hours)

    @property
    def deadline(self) -> date:
        """The last civil day on which somebody could sign up."""
        return day_of(self.sign_up_closes - timedelta(milliseconds=1))

    @property
    def open_groups(self) -> tuple[str, ...]:
        """The groups that have room."""
        return tuple(group.name for group in self.groups if group.left > 0)

    def groups_of(self, classes: Collection[str]) -> tuple[str, ...]:
        """Return the groups somebody counts in; none takes a general seat."""
        return tuple(
            group.name
            for group in self.groups
            if not set(classes).isdisjoint(group.classes)
        )

    def stage_at(self, now: datetime) -> Stage:
        """Return the stage at a moment."""
        if self.stage in {Stage.OPEN, Stage.CLOSED} and self.ends_at <= now:
            return Stage.DONE
        return self.stage

    def is_closed_at(self, moment: datetime) -> bool:
        """Say whether staff had closed sign-up before its time."""
        since = self.stage_since
        return self.stage is Stage.CLOSED and (since is None or since <= moment)

    def sign_up_at(self, now: datetime) -> SignUp:
        """Say what can be done at a moment."""
        if self.stage is Stage.CANCELLED:
            return SignUp.CANCELLED
        if now < self.sign_up_opens:
            return SignUp.UPCOMING
        if now >= self.sign_up_closes or self.is_closed_at(now):
            return SignUp.CLOSED
        return SignUp.OPEN if self.left > 0 else SignUp.FULL

    def hours(self, enrolment_id: str, title: str) -> list[Taken]:
        """Return what the session takes of a person's time."""
        return [
            Taken(
                ref=enrolment_id,
                kind=KIND,
                title=title,
                start=meeting.starts_at,
                end=meeting.ends_at,
                binding=True,
            )
            for meeting in self.meetings
        ]


class NoSuchTrainingSession(NotFound):
    """No session has this id."""

    code = "no_such_training_session"
    message = "没有找到这一期培训，可能已调整，请返回重选。"


class SessionCancelled(Conflict):
    """The session does not take place; ``details.reason`` says why."""

    code = "session_cancelled"
    message = "这一期培训已取消，请看看其他班次。"


async def find(ctx: Context, session_id: str) -> Session:
    """Return a session as it stands now, without its holders.

    Refuses: NoSuchTrainingSession.
    """
    found = await by_ids(ctx, [session_id])
    if not found:
        raise NoSuchTrainingSession
    return found[session_id]


async def by_ids(ctx: Context, ids: Sequence[str]) -> dict[str, Session]:
    """Return sessions by id, without their holders, in one question."""
    rows = Session.shelf(ctx).find({"_id": {"$in": list(ids)}}, WITHOUT_HOLDERS)
    return {row["_id"]: Session.of(row) async for row in rows}


async def of_programme(ctx: Context, programme_id: str) -> list[Session]:
    """List a programme's sessions that have not ended, soonest first.

    Rules: a cancelled one is shown as such; a planned one is not shown.
    """
    rows = Session.shelf(ctx).find(
        {
            "programme_id": programme_id,
            "ends_at": {"$gt": ctx.clock.now()},
            "stage": {"$ne": Stage.PLANNED},
        },
        WITHOUT_HOLDERS,
        sort=list(BY_START),
    )
    return [Session.of(row) async for row in rows]


def check_on(session: Session) -> None:
    """Go on only with a session that takes place.

    Refuses: SessionCancelled.
    """
    if session.stage is Stage.CANCELLED:
        raise SessionCancelled({"reason": session.reason})

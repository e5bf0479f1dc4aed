"""Enrolments (报名): one person's way into one session.

::

    sign_up ──▶ enrolled ──────────────┬── cancel ──▶ cancelled_by_worker
       │            ▲                  └── session over ──▶ ended
       │          accept
       │            │
       └─▶ waitlisted ── seat ──▶ offered ── decline ──▶ declined
              │  │                   └────── time over ──▶ offer_lapsed
              │  ├── no offers any more ──▶ not_reached
              │  └── fits no longer ──────▶ ineligible
              └── cancel ──▶ cancelled_by_worker

What the register says in the end (`completion`) takes the place of ``ended``.
Whichever is active becomes ``cancelled_by_organiser`` when the session is cancelled or
staff take somebody off. Dropped is a sign-up whose seat was taken but which could not
be written down (the hours were taken meanwhile); nobody ever sees it. ``until`` is
when time itself ends a state; a reader who comes later than that sees the state after
it, swept or not.
Source: rules §2.4–2.6; features S9-03, S9-04.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from pymongo import IndexModel

from models.agenda.hours import Taken
from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import NotFound
from models.base.events import Event
from models.base.units import Instant
from models.trainings import programmes, sessions
from models.trainings.admission import Admitted
from models.trainings.programmes import Programme
from models.trainings.sessions import Session
from models.workers.sessions import SignedIn


class State(StrEnum):
    """Where an enrolment is in its life."""

    ENROLLED = "enrolled"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    DECLINED = "declined"
    OFFER_LAPSED = "offer_lapsed"
    CANCELLED_BY_WORKER = "cancelled_by_worker"
    NOT_REACHED = "not_reached"
    """The waitlist ended before their turn came."""
    INELIGIBLE = "ineligible"
    """Found not to fit any more when their turn came."""
    CANCELLED_BY_ORGANISER = "cancelled_by_organiser"
    """The session was cancelled, or staff took them off the roster."""
    ENDED = "ended"
    """The session is over."""
    COMPLETED = "completed"
    """Was at enough of the lessons (结业)."""
    PARTIAL = "partial"
    NO_SHOW = "no_show"
    DROPPED = "dropped"


ACTIVE = (State.ENROLLED, State.WAITLISTED, State.OFFERED)
"""One of these at most for a person and a programme."""

SEATED = (
    State.ENROLLED,
    State.OFFERED,
    State.ENDED,
    State.COMPLETED,
    State.PARTIAL,
    State.NO_SHOW,
)
"""These have a seat; any other gives it back."""

AFTER: Mapping[State, State] = {
    State.ENROLLED: State.ENDED,
    State.WAITLISTED: State.NOT_REACHED,
    State.OFFERED: State.OFFER_LAPSED,
}
"""What time makes of a state."""


class Enrolment(Document, kw_only=True, frozen=True):
    """One person's sign-up for one session (报名)."""

    SHELF = "enrolments"
    PERSONAL = personal.renamed("培训报名", "worker_id", emptied=("admitted", "clash"))
    INDEXES = (
        IndexModel(
            ["worker_id", "programme_id"],
            unique=True,
            partialFilterExpression={"state": {"$in": list(ACTIVE)}},
        ),
        IndexModel([("worker_id", 1), ("_id", -1)]),
        IndexModel([("session_id", 1), ("_id", -1)]),
        IndexModel(
            ["session_id", "priority", "received_at", "_id"],
            partialFilterExpression={"state": State.WAITLISTED},
        ),
        IndexModel(["until"], partialFilterExpression={"state": {"$in": list(ACTIVE)}}),
    )

    worker_id: str
    programme_id: str
    session_id: str
    org_path: str = ""
    """That of the session."""
    moves: int = 0
    """How many moves of the session they have been told of."""
    state: State
    state_since: Instant
    until: Instant
    """When time ends this state."""
    received_at: Instant
    """When the request arrived, which is what counts."""
    groups: tuple[str, ...] = ()
    """The groups this person counts in."""
    priority: int = 0
    """Lower is served first on the waitlist."""
    reason: str = ""
    """Why staff took them off the roster."""
    clash: Taken | None = None
    """What else the person had in these hours when staff decided on them."""
    admitted: Admitted | None = None
    """Why they were let in; None if a sweep wrote this down."""

    def state_at(self, now: datetime) -> State:
        """Return the state at a moment, swept or not."""
        if self.state in AFTER and self.until <= now:
            return AFTER[self.state]
        return self.state


class Told(Event, kw_only=True, frozen=True):
    """What every event of this room tells, so that a message needs no look-up."""

    enrolment_id: str
    worker_id: str
    programme_id: str
    session_id: str
    title: str
    start: Instant
    place: str


class EnrolmentMade(Told, kw_only=True, frozen=True):
    """Somebody has a seat."""


class EnrolmentCancelled(Told, kw_only=True, frozen=True):
    """Somebody left, from whichever active state."""


class NoSuchEnrolment(NotFound):
    """This person has no such enrolment."""

    code = "no_such_enrolment"
    message = "没有找到这条报名记录，请到“我的培训”查看。"


async def active(ctx: Context, worker_id: str, programme_id: str) -> Enrolment | None:
    """Return a person's active enrolment in a programme."""
    return await Enrolment.find(
        ctx,
        worker_id=worker_id,
        programme_id=programme_id,
        state={"$in": list(ACTIVE)},
    )


async def find(ctx: Context, enrolment_id: str, *, by: SignedIn) -> Enrolment:
    """Return one's own enrolment.

    Refuses: NoSuchEnrolment.
    """
    enrolment = await Enrolment.find(
        ctx, _id=enrolment_id, worker_id=by.id, state={"$ne": State.DROPPED}
    )
    if enrolment is None:
        raise NoSuchEnrolment
    return enrolment


async def become(
    ctx: Context,
    where: Mapping[str, Any],
    state: State,
    *,
    until: datetime | None = None,
) -> Enrolment | None:
    """Move the one enrolment that still matches into a state; None if none does."""
    change: dict[str, Any] = {"state": state, "state_since": ctx.clock.now()}
    if until is not None:
        change["until"] = until
    return await Enrolment.change(ctx, where, {"$set": change})


async def both(ctx: Context, enrolment: Enrolment) -> tuple[Programme, Session]:
    """Return the programme and the session of an enrolment.

    Refuses: NoSuchProgramme, NoSuchTrainingSession.
    """
    programme = await programmes.find(ctx, enrolment.programme_id)
    return programme, await sessions.find(ctx, enrolment.session_id)


def about(
    enrolment: Enrolment, programme: Programme, session: Session
) -> dict[str, Any]:
    """Return what every event of an enrolment tells."""
    return {
        "enrolment_id": enrolment.id,
        "worker_id": enrolment.worker_id,
        "programme_id": programme.id,
        "session_id": session.id,
        "title": programme.title,
        "start": session.starts_at,
        "place": session.place.name,
    }

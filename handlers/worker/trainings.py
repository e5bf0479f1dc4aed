"""Trainings over HTTP (技能培训): the list, and one programme with its sessions."""

from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from handlers.base import together
from handlers.base.access import worker_if_any
from handlers.base.answers import Encoded
from handlers.base.endpoint import Handler, endpoint
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.base.pages import BadCursor, Page
from models.base.places import Point, to_gcj02
from models.base.units import Fen, Instant, Places
from models.trainings import catalogue, enrolments, programmes, sessions
from models.trainings.catalogue import Listed
from models.trainings.enrolments import Enrolment, State
from models.trainings.programmes import NoSuchProgramme, Place, Programme, Topic
from models.trainings.sessions import Group, Session, SignUp, Whereabouts
from models.workers.identities import ClientClass


class TrainingsQuery(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What to list."""

    topic: Topic | None = None
    audience: ClientClass | None = None
    cursor: Cursor | None = None
    limit: Limit = 20


class TrainingPlaceView(msgspec.Struct):
    """Where a course is held; GCJ-02, as WeChat's map wants it."""

    name: str
    lng: float
    lat: float

    @classmethod
    def of(cls, place: Place) -> "TrainingPlaceView":
        """Show a place."""
        lng, lat = _on_map(place.point)
        return cls(name=place.name, lng=lng, lat=lat)


class MeetingView(msgspec.Struct):
    """One stretch of lessons."""

    starts_at: Instant
    ends_at: Instant


class WhereaboutsView(msgspec.Struct):
    """When and where a session was to be."""

    starts_at: Instant
    place: str

    @classmethod
    def of(cls, before: Whereabouts | None) -> "WhereaboutsView | None":
        """Show where it was to be; None if it was not moved."""
        return None if before is None else cls(before.starts_at, before.place)


class SeatGroupView(msgspec.Struct):
    """The most seats that some classes may take together."""

    name: str
    classes: tuple[ClientClass, ...]
    seats: Places
    left: Places

    @classmethod
    def of(cls, group: Group, session: Session) -> "SeatGroupView":
        """Show a group; it never has more left than the session."""
        left = max(0, min(group.left, session.left))
        return cls(name=group.name, classes=group.classes, seats=group.seats, left=left)


class MyEnrolmentView(msgspec.Struct):
    """Where I stand in a session."""

    id: str
    state: State


class TrainingSessionBriefView(msgspec.Struct, kw_only=True):
    """One run of a programme in a list, as of now."""

    id: str
    starts_at: Instant
    ends_at: Instant
    place: TrainingPlaceView
    sign_up: SignUp
    sign_up_opens: Instant
    sign_up_closes: Instant
    cancel_until: Instant
    seats: Places
    left: Places
    groups: list[SeatGroupView]
    reason: str | None
    """Why it was cancelled or moved last."""
    moved_from: WhereaboutsView | None
    """When and where it was to be before."""

    @classmethod
    def of(cls, session: Session, now: datetime) -> "TrainingSessionBriefView":
        """Show a session in a list."""
        return cls(**_run(session, now))


class TrainingSessionView(TrainingSessionBriefView, kw_only=True):
    """One run of a programme with its meetings, as of now."""

    meetings: list[MeetingView]
    mine: MyEnrolmentView | None

    @classmethod
    def with_mine(
        cls, session: Session, now: datetime, mine: Enrolment | None
    ) -> "TrainingSessionView":
        """Show a session, and where I stand in it."""
        return cls(
            **_run(session, now),
            meetings=[
                MeetingView(each.starts_at, each.ends_at) for each in session.meetings
            ],
            mine=None if mine is None else MyEnrolmentView(mine.id, mine.state_at(now)),
        )


class TrainingBriefView(msgspec.Struct, kw_only=True):
    """What a programme is."""

    id: str
    title: str
    summary: str
    topic: Topic
    skills: tuple[str, ...]
    organiser: str
    station_id: str | None
    audience: tuple[ClientClass, ...]
    fee_fen: Fen
    subsidy: str
    place: TrainingPlaceView


class ListedTrainingView(TrainingBriefView, kw_only=True):
    """A programme in a list, with its sessions ahead."""

    sessions: list[TrainingSessionBriefView]

    @classmethod
    def of(cls, listed: Listed, now: datetime) -> "ListedTrainingView":
        """Show a programme with its sessions ahead."""
        return cls(
            **_brief(listed.programme),
            sessions=[
                TrainingSessionBriefView.of(each, now) for each in listed.sessions
            ],
        )


class TrainingView(TrainingBriefView, kw_only=True):
    """A programme with all there is to read."""

    sessions: list[TrainingSessionView]
    body: str
    """Markdown."""
    documents_later: bool
    """Papers may be brought after signing up."""
    has_rule: bool
    """Whether not everybody may sign up."""


class TrainingsHandler(Handler):
    """What can be learnt."""

    @endpoint(access=worker_if_any, refusals=(BadCursor,))
    async def get(self, *, query: TrainingsQuery) -> Encoded[Page[ListedTrainingView]]:
        """List trainings with sessions ahead: open for sign-up first."""
        return await together.ask(self, "trainings", query, lambda: self._list(query))

    async def _list(self, query: TrainingsQuery) -> Page[ListedTrainingView]:
        page = await catalogue.listed(
            self.ctx,
            topic=query.topic,
            audience=query.audience,
            cursor=query.cursor,
            limit=query.limit,
        )
        now = self.ctx.clock.now()
        return Page(
            [ListedTrainingView.of(each, now) for each in page.items], page.next
        )


class TrainingHandler(Handler):
    """One programme."""

    @endpoint(access=worker_if_any, refusals=(NoSuchProgramme,))
    async def get(self, programme_id: str) -> TrainingView:
        """Show a training with its sessions, and where I stand if signed in."""
        programme = await programmes.find_open(self.ctx, programme_id)
        found = await sessions.of_programme(self.ctx, programme_id)
        mine = await self._mine(programme_id)
        now = self.ctx.clock.now()
        return TrainingView(
            **_brief(programme),
            sessions=[
                TrainingSessionView.with_mine(each, now, mine.get(each.id))
                for each in found
            ],
            body=programme.body,
            documents_later=programme.documents_later,
            has_rule=programme.rule is not None,
        )

    async def _mine(self, programme_id: str) -> dict[str, Enrolment]:
        if self.actor is None:
            return {}
        found = await enrolments.active(self.ctx, self.actor.id, programme_id)
        return {} if found is None else {found.session_id: found}


@lru_cache(maxsize=1_024)
def _on_map(point: Point) -> tuple[float, float]:
    """Turn a point once; a list shows the same few again and again."""
    return to_gcj02(point)


def _run(session: Session, now: datetime) -> dict[str, Any]:
    return {
        "id": session.id,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "place": TrainingPlaceView.of(session.place),
        "sign_up": session.sign_up_at(now),
        "sign_up_opens": session.sign_up_opens,
        "sign_up_closes": session.sign_up_closes,
        "cancel_until": session.cancel_until,
        "seats": session.seats,
        "left": max(0, session.left),
        "groups": [SeatGroupView.of(group, session) for group in session.groups],
        "reason": session.reason or None,
        "moved_from": WhereaboutsView.of(session.before),
    }


def _brief(programme: Programme) -> dict[str, Any]:
    return {
        "id": programme.id,
        "title": programme.title,
        "summary": programme.summary,
        "topic": programme.topic,
        "skills": programme.skills,
        "organiser": programme.organiser,
        "station_id": programme.station_id,
        "audience": programme.audience,
        "fee_fen": programme.fee_fen,
        "subsidy": programme.subsidy,
        "place": TrainingPlaceView.of(programme.place),
    }


ROUTES: list[Route] = [
    ("/worker/v1/trainings", TrainingsHandler),
    ("/worker/v1/trainings/{programme_id}", TrainingHandler),
]

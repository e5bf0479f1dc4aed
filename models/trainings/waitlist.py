"""The waitlist (候补): who waits for a seat of a session, and in what order.

Order: the programme's priority, then when the request arrived, then the id. Nobody
moves up by asking again; whoever lets an offer pass starts anew at the end.
Source: features S9-04; rules §2.5.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from models.base import pages
from models.base.context import Context
from models.base.events import record
from models.base.pages import Page
from models.base.store import atomic
from models.base.units import Instant
from models.trainings.enrolments import Enrolment, State, Told, about
from models.trainings.programmes import Programme
from models.trainings.seats import AlreadyEnrolled
from models.trainings.sessions import Session

ORDER = (("priority", 1), ("received_at", 1), ("_id", 1))

AHEAD = {
    "$lt": [
        ["$priority", "$received_at", "$_id"],
        ["$$priority", "$$received_at", "$$id"],
    ]
}
"""MongoDB compares arrays from the left, as `ORDER` does."""


class Spot(NamedTuple):
    """The place after somebody in the queue."""

    priority: int
    received_at: Instant
    id: str


class WaitlistJoined(Told, kw_only=True, frozen=True):
    """Somebody waits for a seat."""

    position: int


class WaitlistEnded(Told, kw_only=True, frozen=True):
    """Somebody waited in vain: offers have ended."""


class EligibilityLost(Told, kw_only=True, frozen=True):
    """Somebody's turn came, but they do not fit the programme any more."""


class SeatOffered(Told, kw_only=True, frozen=True):
    """A seat is held for somebody who waited."""

    until: Instant


class OfferLapsed(Told, kw_only=True, frozen=True):
    """Nobody took the offered seat in time."""

    until: Instant


class OfferDeclined(Told, kw_only=True, frozen=True):
    """Somebody let an offered seat go."""


async def join(
    ctx: Context, enrolment: Enrolment, programme: Programme, session: Session
) -> Enrolment:
    """Wait for a seat (加入候补).

    Refuses: AlreadyEnrolled.
    Records: WaitlistJoined.
    """
    ahead = await Enrolment.shelf(ctx).count_documents(
        {
            "session_id": session.id,
            "state": State.WAITLISTED,
            "$or": [
                {"priority": {"$lt": enrolment.priority}},
                {
                    "priority": enrolment.priority,
                    "received_at": {"$lte": enrolment.received_at},
                },
            ],
        }
    )
    return await _join(ctx, enrolment, programme, session, ahead + 1)


@atomic(duplicate=AlreadyEnrolled)
async def _join(
    ctx: Context,
    enrolment: Enrolment,
    programme: Programme,
    session: Session,
    position: int,
) -> Enrolment:
    await enrolment.insert(ctx)
    told = about(enrolment, programme, session)
    await record(ctx, WaitlistJoined(**told, position=position))
    return enrolment


def priority_of(programme: Programme, classes: Collection[str]) -> int:
    """Return how soon the programme serves somebody; lower is sooner."""
    return next(
        (place for place, each in enumerate(programme.first) if each in classes),
        len(programme.first),
    )


async def queue(
    ctx: Context, session: Session, groups: Iterable[str]
) -> AsyncIterator[Enrolment]:
    """Go through who could take a general seat or one of these groups, in order."""
    rows = Enrolment.shelf(ctx).find(
        {
            "session_id": session.id,
            "state": State.WAITLISTED,
            "until": {"$gt": ctx.clock.now()},
            "$or": [{"groups": []}, {"groups": {"$in": sorted(groups)}}],
        },
        sort=list(ORDER),
    )
    async for row in rows:
        yield Enrolment.of(row)


async def page(
    ctx: Context, where: Mapping[str, Any], *, cursor: str | None, limit: int
) -> Page[Enrolment]:
    """Return a page of those who wait, whoever is served first at its top.

    Refuses: BadCursor.
    """
    after = {} if cursor is None else _behind(pages.decode(cursor, Spot))
    found = await Enrolment.many(ctx, {**where, **after}, sort=ORDER, limit=limit + 1)
    return pages.cut(found, limit, _spot)


def _spot(last: Enrolment) -> Spot:
    return Spot(last.priority, last.received_at, last.id)


async def positions(ctx: Context, enrolments: Iterable[Enrolment]) -> dict[str, int]:
    """Return the place in the queue of each that waits, in one question."""
    waiting = [each.id for each in enrolments if each.state is State.WAITLISTED]
    if not waiting:
        return {}
    found = await Enrolment.shelf(ctx).aggregate(
        [
            {"$match": {"_id": {"$in": waiting}, "state": State.WAITLISTED}},
            {"$lookup": _ahead()},
            {"$project": {"ahead": {"$first": "$ahead.count"}}},
        ]
    )
    return {row["_id"]: row.get("ahead", 0) + 1 async for row in found}


def _behind(spot: Spot) -> dict[str, Any]:
    same = {"priority": spot.priority, "received_at": spot.received_at}
    return {
        "$or": [
            {"priority": {"$gt": spot.priority}},
            {"priority": spot.priority, "received_at": {"$gt": spot.received_at}},
            same | {"_id": {"$gt": spot.id}},
        ]
    }


def _ahead() -> dict[str, Any]:
    return {
        "from": Enrolment.SHELF,
        "localField": "session_id",
        "foreignField": "session_id",
        "let": {
            "priority": "$priority",
            "received_at": "$received_at",
            "id": "$_id",
        },
        "pipeline": [
            {"$match": {"state": State.WAITLISTED, "$expr": AHEAD}},
            {"$count": "count"},
        ],
        "as": "ahead",
    }

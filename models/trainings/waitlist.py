"""The waitlist (候补): who waits for a seat of a session, and in what order.

Order: the programme's priority, then when the request arrived, then the id. Nobody
moves up by asking again; whoever lets an offer pass starts anew at the end.
Source: features S9-04; rules §2.5.
"""

from collections.abc import AsyncIterator, Collection, Iterable
from typing import Any

from models.base.context import Context
from models.base.events import record
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

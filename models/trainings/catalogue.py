"""The catalogue (培训列表): programmes with sessions ahead, as people look for them.

Whatever depends on the time is worked out in the query, as of one moment: a list
that is read page by page keeps the moment of its first page in the cursor, so that
nothing moves between its pages.
Source: features S1-01, S1-12; screens 培训列表.
"""

from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from models.base import pages
from models.base.context import Context
from models.base.documents import Row
from models.base.pages import Page
from models.base.places import Point, distance_m
from models.base.units import Metres
from models.trainings import steps
from models.trainings.programmes import Programme, Topic
from models.trainings.sessions import Session, Stage
from models.workers.identities import ClientClass

Milliseconds = Annotated[int, Meta(ge=0, le=4_102_444_800_000)]
"""Since 1970; up to 2100."""


class Spot(msgspec.Struct, array_like=True, frozen=True):
    """A place in the list, as a cursor keeps it."""

    as_of: Milliseconds
    rank: Annotated[int, Meta(ge=0, le=2)]
    starts: Milliseconds
    programme_id: str


HALF_A_METRE = 0.5
"""Distances are rounded, so the edge of a circle is too."""


class Listed(msgspec.Struct, kw_only=True, frozen=True):
    """A programme with its sessions ahead; those open for sign-up first."""

    programme: Programme
    """Without its body and rule."""
    sessions: tuple[Session, ...]
    """Without their holders and meetings."""


class Near(msgspec.Struct, kw_only=True, frozen=True):
    """A programme held near by."""

    programme: Programme
    session: Session
    """The nearest one ahead; of those equally near, the soonest. As in `Listed`."""
    distance_m: Metres


async def listed(
    ctx: Context,
    *,
    topic: Topic | None = None,
    audience: ClientClass | None = None,
    cursor: str | None = None,
    limit: int = 20,
) -> Page[Listed]:
    """List programmes: sign-up open now first, then not yet, then closed.

    Refuses: BadCursor.
    """
    after = None if cursor is None else pages.decode(cursor, Spot)
    as_of = ctx.clock.now() if after is None else _moment(after.as_of)
    beyond = {} if after is None else _beyond(after)
    wanted = _wanted(audience)
    if topic is None:
        found = await _of_all(ctx, as_of, wanted, beyond, limit + 1)
    else:
        found = await _of_few(ctx, as_of, {**wanted, "topic": topic}, beyond, limit + 1)
    page = pages.cut(found, limit, lambda last: _spot(as_of, last))
    return Page([_listed(row) for row in page.items], page.next)


async def newest(ctx: Context, limit: int) -> list[Listed]:
    """List the programmes whose sign-up opened last and is still open."""
    now = ctx.clock.now()
    signing = {
        "starts_at": {"$gt": now},
        "stage": Stage.OPEN,
        "sign_up_opens": {"$lte": now},
        "sign_up_closes": {"$gt": now},
    }
    soonest = {"$sort": {"starts_at": 1, "_id": 1}}
    found = await steps.asked(
        ctx,
        Session,
        [
            {"$match": signing},
            {"$project": {"programme_id": 1, "starts_at": 1, "sign_up_opens": 1}},
            soonest,
            {"$group": steps.by_programme(opened={"$max": "$sign_up_opens"})},
            {"$sort": {"opened": -1, "starts_at": 1, "_id": 1}},
            *steps.with_programme(steps.OPEN),
            {"$limit": limit},
            steps.with_sessions(signing, soonest),
        ],
    )
    return [_listed(row) for row in found]


async def near(ctx: Context, here: Point, radius_m: Metres, limit: int) -> list[Near]:
    """List the programmes with sessions ahead around a place, the nearest first.

    Rules: one at exactly the radius is in; ties by id. Nothing is kept.
    """
    circle = {
        "near": here.geojson(),
        "key": "place.point",
        "distanceField": "distance",
        "maxDistance": radius_m + HALF_A_METRE,
        "query": steps.ahead(ctx.clock.now()),
        "spherical": True,
    }
    found = await steps.asked(
        ctx,
        Session,
        [
            {"$geoNear": circle},
            {"$project": steps.BRIEF},
            {"$sort": {"distance": 1, "starts_at": 1, "_id": 1}},
            {
                "$group": steps.by_programme(
                    distance={"$first": "$distance"}, sessions={"$push": "$$ROOT"}
                )
            },
            {"$sort": {"distance": 1, "_id": 1}},
            {"$limit": limit},
            *steps.with_programme(steps.OPEN),
        ],
    )
    around = [_near(here, row) for row in found]
    inside = [each for each in around if each.distance_m <= radius_m]
    return sorted(inside, key=lambda each: (each.distance_m, each.programme.id))


async def _of_all(
    ctx: Context, as_of: datetime, wanted: Row, beyond: Row, most: int
) -> list[Row]:
    """Begin at the sessions ahead: most programmes are open and for everybody."""
    return await steps.asked(
        ctx,
        Session,
        [*_in_order(as_of, beyond), *_listed_with(as_of, wanted, most)],
    )


async def _of_few(
    ctx: Context, as_of: datetime, wanted: Row, beyond: Row, most: int
) -> list[Row]:
    """Begin at the programmes, and look at the sessions of them all at once."""
    made = [*_in_order(as_of, beyond), {"$limit": most}]
    return await steps.asked(
        ctx,
        Programme,
        [
            {"$match": wanted},
            {"$group": {"_id": None, "programme_ids": {"$push": "$_id"}}},
            *steps.of_them_all("programme_ids", made),
            *_listed_with(as_of, wanted, most),
        ],
    )


def _in_order(as_of: datetime, beyond: Row) -> list[Row]:
    """Make of sessions the programmes with any ahead, in the order of the list."""
    return [
        {"$match": steps.ahead(as_of)},
        steps.ranked(as_of),
        {"$project": dict.fromkeys(("programme_id", *steps.ORDER), 1)},
        {"$sort": steps.ORDER},
        {"$group": steps.by_programme(rank={"$first": "$rank"})},
        {"$match": beyond},
        {"$sort": steps.ORDER},
    ]


def _listed_with(as_of: datetime, wanted: Row, most: int) -> list[Row]:
    """Bring what is shown of each, for a page."""
    return [
        *steps.with_programme(wanted),
        {"$limit": most},
        steps.with_sessions(
            steps.ahead(as_of), steps.ranked(as_of), {"$sort": steps.ORDER}
        ),
    ]


def _wanted(audience: ClientClass | None) -> Row:
    """Return what a programme fulfils that is open, for somebody."""
    if audience is None:
        return steps.OPEN
    return {**steps.OPEN, "audience": {"$in": [[], audience]}}


def _beyond(after: Spot) -> Row:
    rank, starts_at = after.rank, _moment(after.starts)
    return {
        "$or": [
            {"rank": {"$gt": rank}},
            {"rank": rank, "starts_at": {"$gt": starts_at}},
            {"rank": rank, "starts_at": starts_at, "_id": {"$gt": after.programme_id}},
        ]
    }


def _spot(as_of: datetime, row: Row) -> Spot:
    return Spot(_count(as_of), row["rank"], _count(row["starts_at"]), row["_id"])


def _count(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _moment(count: int) -> datetime:
    return datetime.fromtimestamp(count / 1000, UTC)


def _listed(row: Row) -> Listed:
    return Listed(
        programme=Programme.of(row["programme"]),
        sessions=tuple(Session.of(each) for each in row["sessions"]),
    )


def _near(here: Point, row: Row) -> Near:
    session = Session.of(row["sessions"][0])
    return Near(
        programme=Programme.of(row["programme"]),
        session=session,
        distance_m=distance_m(here, session.place.point),
    )

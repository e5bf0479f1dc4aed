"""The catalogue (培训列表): programmes with sessions ahead, as people look for them.

Whatever depends on the time is worked out in the query, as of one moment: a list
that is read page by page keeps the moment of its first page in the cursor, so that
nothing moves between its pages.
Source: features S1-01, S1-12; screens 培训列表.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from models.base import pages
from models.base.context import Context
from models.base.pages import Page
from models.base.places import Point, distance_m
from models.base.units import Metres
from models.trainings.programmes import Programme, Standing, Topic
from models.trainings.sessions import Session, Stage
from models.workers.identities import ClientClass

Milliseconds = Annotated[int, Meta(ge=0, le=4_102_444_800_000)]
"""Since 1970; up to 2100."""


Row = dict[str, Any]


class Spot(msgspec.Struct, array_like=True, frozen=True):
    """A place in the list, as a cursor keeps it."""

    as_of: Milliseconds
    rank: Annotated[int, Meta(ge=0, le=2)]
    starts: Milliseconds
    programme_id: str


SHOWN = {"stage": {"$in": [Stage.OPEN, Stage.CLOSED]}}
"""Neither planned nor cancelled."""

OPEN = {"standing": Standing.OPEN}

ORDER = {"rank": 1, "starts_at": 1, "_id": 1}

BRIEF = {"holders": 0, "meetings": 0}
"""Most of a session's row, and a list shows neither."""

LISTED = {"body": 0, "rule": 0}
"""What of a programme a list does not show."""

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
    found = await _asked(
        ctx,
        [
            {"$match": signing},
            {"$project": {"programme_id": 1, "starts_at": 1, "sign_up_opens": 1}},
            soonest,
            {"$group": _by_programme(opened={"$max": "$sign_up_opens"})},
            {"$sort": {"opened": -1, "starts_at": 1, "_id": 1}},
            *_with_programme(OPEN),
            {"$limit": limit},
            _with_sessions(signing, soonest),
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
        "query": {"starts_at": {"$gt": ctx.clock.now()}, **SHOWN},
        "spherical": True,
    }
    found = await _asked(
        ctx,
        [
            {"$geoNear": circle},
            {"$project": BRIEF},
            {"$sort": {"distance": 1, "starts_at": 1, "_id": 1}},
            {
                "$group": _by_programme(
                    distance={"$first": "$distance"}, sessions={"$push": "$$ROOT"}
                )
            },
            {"$sort": {"distance": 1, "_id": 1}},
            {"$limit": limit},
            *_with_programme(OPEN),
        ],
    )
    around = [_near(here, row) for row in found]
    inside = [each for each in around if each.distance_m <= radius_m]
    return sorted(inside, key=lambda each: (each.distance_m, each.programme.id))


async def _of_all(
    ctx: Context, as_of: datetime, wanted: Row, beyond: Row, most: int
) -> list[Row]:
    """Begin at the sessions ahead: most programmes are open and for everybody."""
    ahead, rank = _ahead(as_of), _ranked(as_of)
    return await _asked(
        ctx,
        [
            {"$match": ahead},
            rank,
            {"$project": dict.fromkeys(("programme_id", *ORDER), 1)},
            {"$sort": ORDER},
            {"$group": _by_programme(rank={"$first": "$rank"})},
            {"$match": beyond},
            {"$sort": ORDER},
            *_with_programme(wanted),
            {"$limit": most},
            _with_sessions(ahead, rank, {"$sort": ORDER}),
        ],
    )


async def _of_few(
    ctx: Context, as_of: datetime, wanted: Row, beyond: Row, most: int
) -> list[Row]:
    """Begin at the programmes: a topic has a few dozen, and all of them are looked up.

    It is one question, and what comes back is no more than the page.
    """
    first = {each: {"$first": f"$sessions.{each}"} for each in ("rank", "starts_at")}
    found = await Programme.shelf(ctx).aggregate(
        [
            {"$match": wanted},
            {"$project": LISTED},
            {"$replaceWith": {"_id": "$_id", "programme": "$$ROOT"}},
            _with_sessions(_ahead(as_of), _ranked(as_of), {"$sort": ORDER}),
            {"$match": {"sessions": {"$ne": []}}},
            {"$set": first},
            {"$match": beyond},
            {"$sort": ORDER},
            {"$limit": most},
        ]
    )
    return await found.to_list()


async def _asked(ctx: Context, pipeline: list[Row]) -> list[Row]:
    rows = await Session.shelf(ctx).aggregate(pipeline)
    return await rows.to_list()


def _ahead(as_of: datetime) -> Row:
    return {"starts_at": {"$gt": as_of}, **SHOWN}


def _ranked(as_of: datetime) -> Row:
    return {"$set": {"rank": _rank(as_of)}}


def _rank(as_of: datetime) -> Row:
    later = {"case": {"$gt": ["$sign_up_opens", as_of]}, "then": 1}
    over = {"$lte": ["$sign_up_closes", as_of]}
    early = {"$eq": ["$stage", Stage.CLOSED]}
    closed = {"case": {"$or": [over, early]}, "then": 2}
    return {"$switch": {"branches": [later, closed], "default": 0}}


def _by_programme(**more: Any) -> Row:
    return {
        "_id": "$programme_id",
        "starts_at": {"$first": "$starts_at"},
        **more,
    }


def _with_programme(match: Row) -> list[Row]:
    """Bring the programmes that match, one by one, and drop what has none.

    Before a limit no more of them are looked up than it takes to reach it.
    """
    lookup = {
        "from": Programme.SHELF,
        "localField": "_id",
        "foreignField": "_id",
        "pipeline": [{"$match": match}, {"$project": LISTED}],
        "as": "programme",
    }
    return [{"$lookup": lookup}, {"$unwind": "$programme"}]


def _with_sessions(match: Row, *then: Row) -> Row:
    """Bring the sessions of those that have come so far."""
    lookup = {
        "from": Session.SHELF,
        "localField": "_id",
        "foreignField": "programme_id",
        "pipeline": [{"$match": match}, {"$project": BRIEF}, *then],
        "as": "sessions",
    }
    return {"$lookup": lookup}


def _wanted(audience: ClientClass | None) -> Row:
    """Return what a programme fulfils that is open, for somebody."""
    return OPEN if audience is None else {**OPEN, "audience": {"$in": [[], audience]}}


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

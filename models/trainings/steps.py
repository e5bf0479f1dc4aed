"""What the questions of the catalogue are made of: sessions ahead, their programmes.

Steps of MongoDB aggregations; `catalogue` puts them together.
"""

from datetime import datetime
from typing import Any

from models.base.context import Context
from models.base.documents import Document, Row
from models.trainings.programmes import Programme, Standing
from models.trainings.sessions import Session, Stage

SHOWN = {"stage": {"$in": [Stage.OPEN, Stage.CLOSED]}}
"""Neither planned nor cancelled."""

OPEN = {"standing": Standing.OPEN}

ORDER = {"rank": 1, "starts_at": 1, "_id": 1}

BRIEF = {"holders": 0, "meetings": 0}
"""Most of a session's row, and a list shows neither."""

LISTED = {"body": 0, "rule": 0}
"""What of a programme a list does not show."""


async def asked(
    ctx: Context, begun_at: type[Document], pipeline: list[Row]
) -> list[Row]:
    """Ask one question that begins at a shelf."""
    rows = await begun_at.shelf(ctx).aggregate(pipeline)
    return await rows.to_list()


def ahead(as_of: datetime) -> Row:
    """Match sessions that begin later and are shown."""
    return {"starts_at": {"$gt": as_of}, **SHOWN}


def ranked(as_of: datetime) -> Row:
    """Say of sessions whether one can sign up (0), not yet (1) or no longer (2)."""
    later = {"case": {"$gt": ["$sign_up_opens", as_of]}, "then": 1}
    over = {"$lte": ["$sign_up_closes", as_of]}
    early = {"$eq": ["$stage", Stage.CLOSED]}
    closed = {"case": {"$or": [over, early]}, "then": 2}
    rank = {"$switch": {"branches": [later, closed], "default": 0}}
    return {"$set": {"rank": rank}}


def by_programme(**more: Any) -> Row:
    """Group sessions by what they are of, keeping when the first begins."""
    return {
        "_id": "$programme_id",
        "starts_at": {"$first": "$starts_at"},
        **more,
    }


def with_programme(match: Row) -> list[Row]:
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


def with_sessions(match: Row, *then: Row) -> Row:
    """Bring the sessions of those that have come so far."""
    lookup = {
        "from": Session.SHELF,
        "localField": "_id",
        "foreignField": "programme_id",
        "pipeline": [{"$match": match}, {"$project": BRIEF}, *then],
        "as": "sessions",
    }
    return {"$lookup": lookup}


def of_them_all(programme_ids: str, made: list[Row]) -> list[Row]:
    """Go on with what is made of the sessions of all the programmes a field names."""
    lookup = {
        "from": Session.SHELF,
        "localField": programme_ids,
        "foreignField": "programme_id",
        "pipeline": made,
        "as": "made",
    }
    return [{"$lookup": lookup}, {"$unwind": "$made"}, {"$replaceWith": "$made"}]

"""Comings (到站): who came, how often, what for; each number a query over the rows.

A coming is a row of the check-in ledger that is about no booking (a visit scanned,
written down or counted; a group is one row of so many people), or a booking or
walk-in whose use has begun. What was undone is no coming: an undo's row takes its
own row back here, and a booking whose arrival was undone has not begun.

Nothing is counted beforehand, so nothing can drift: asking is recounting.
Source: rules §3.15; features S1-04.
"""

from typing import Any

from models.base.context import Context
from models.stations.booked import Booking
from models.stations.ledger import VISIT, CheckIn
from models.statistics.spans import Span, Where

Pipeline = list[dict[str, Any]]
Rows = list[dict[str, Any]]

BY_STATION = "$station_id"

IS_UNDO = {"$gt": ["$undoes", None]}


def entries(where: Where, span: Span) -> Pipeline:
    """Fold the ledger's rows of some days into what stands, in one row each."""
    people = {"$ifNull": ["$people", 1]}
    return [
        {"$match": {**where, "day": span.days()}},
        {
            "$group": {
                "_id": {"$ifNull": ["$undoes", "$_id"]},
                "station_id": {"$first": "$station_id"},
                "worker": {"$first": "$worker_id"},
                "who": {"$first": {"$ifNull": ["$worker_id", "$visitor"]}},
                "service": {"$first": "$used"},
                "online": {"$first": "$online"},
                "people": {
                    "$sum": {"$cond": [IS_UNDO, {"$multiply": [-1, people]}, people]}
                },
            }
        },
        {"$match": {"people": {"$gt": 0}}},
    ]


def comings(where: Where, span: Span) -> Pipeline:
    """Return a pipeline over the ledger with one row for each coming."""
    begun = {**where, "start": span.moments(), "begun_at": {"$ne": None}}
    used = {
        "station_id": 1,
        "worker": "$worker_id",
        "who": "$worker_id",
        "service": 1,
        "people": {"$literal": 1},
    }
    of_bookings = [{"$match": begun}, {"$project": used}]
    return [
        *entries({**where, "what": VISIT}, span),
        {"$unionWith": {"coll": Booking.SHELF, "pipeline": of_bookings}},
    ]


async def visits(
    ctx: Context, where: Where, span: Span, by: str | None = BY_STATION
) -> dict[Any, int]:
    """Count visits (服务人次): the people of all comings."""
    total = {"$group": {"_id": by, "n": {"$sum": "$people"}}}
    return _numbers(await _ask(ctx, [*comings(where, span), total]))


async def persons(
    ctx: Context, where: Where, span: Span, by: str | None = BY_STATION
) -> dict[Any, int]:
    """Count persons (服务人数): different workers and different blind marks.

    Rules: a number that is nobody's account is one person however often it comes;
    heads that were only counted are nobody in particular.
    """
    each = {"$group": {"_id": {"by": by, "who": "$who"}}}
    total = {"$group": {"_id": "$_id.by", "n": {"$sum": 1}}}
    known = {"$match": {"who": {"$ne": None}}}
    return _numbers(await _ask(ctx, [*comings(where, span), known, each, total]))


async def services(
    ctx: Context, where: Where, span: Span, by: str | None = BY_STATION
) -> dict[Any, dict[str, int]]:
    """Count visits by what they were for (服务项目); ``other`` if nobody said."""
    kind = {"$ifNull": ["$service", "other"]}
    total = {"$group": {"_id": {"by": by, "kind": kind}, "n": {"$sum": "$people"}}}
    found: dict[Any, dict[str, int]] = {}
    for row in await _ask(ctx, [*comings(where, span), total]):
        found.setdefault(row["_id"].get("by"), {})[row["_id"]["kind"]] = row["n"]
    return found


async def offline_shares(
    ctx: Context, where: Where, span: Span, by: str | None = BY_STATION
) -> dict[Any, float]:
    """Say which part of the ledger's entries was written down off-line (离线占比).

    Rules: entries for bookings too; off-line is what came in later than it was.
    """
    is_off = {"$cond": [{"$eq": ["$online", False]}, 1, 0]}
    total = {"$group": {"_id": by, "n": {"$sum": 1}, "off": {"$sum": is_off}}}
    rows = await _ask(ctx, [*entries(where, span), total])
    return {row["_id"]: round(row["off"] / row["n"], 4) for row in rows}


async def _ask(ctx: Context, pipeline: Pipeline) -> Rows:
    return await (await CheckIn.shelf(ctx).aggregate(pipeline)).to_list()


def _numbers(rows: Rows) -> dict[Any, int]:
    return {row["_id"]: row["n"] for row in rows}

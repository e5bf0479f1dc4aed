"""Comings (到站): who came, how often, what for; each number a query over the rows.

A coming is a row of the check-in ledger that is about no booking (a visit scanned,
written down or counted; a group is one row of so many people), or a booking or
walk-in whose use has begun. What was undone is no coming: an undo's row counts less
what its own row counts, and a booking whose arrival was undone has not begun.

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

SIGN = {"$cond": [{"$gt": ["$undoes", None]}, -1, 1]}
"""An undo's row says all that its own row says, and takes it away."""

STANDS = {"$match": {"n": {"$gt": 0}}}
"""Leaves out what was taken back as often as it was entered."""

KNOWN = {"$match": {"who": {"$ne": None}}}


def entries(where: Where, span: Span) -> Pipeline:
    """Read the ledger's rows of some days, those that take back with a minus."""
    return [
        {"$match": {**where, "day": span.days()}},
        {
            "$project": {
                "station_id": 1,
                "worker": "$worker_id",
                "who": {"$ifNull": ["$worker_id", "$visitor"]},
                "service": "$used",
                "online": 1,
                "sign": SIGN,
                "people": {"$multiply": [SIGN, {"$ifNull": ["$people", 1]}]},
            }
        },
    ]


def comings(where: Where, span: Span) -> Pipeline:
    """Read all comings: the ledger's visits, and the bookings and walk-ins used."""
    begun = {**where, "start": span.moments(), "begun_at": {"$ne": None}}
    used = {
        "station_id": 1,
        "worker": "$worker_id",
        "who": "$worker_id",
        "service": 1,
        "sign": {"$literal": 1},
        "people": {"$literal": 1},
    }
    of_bookings = [{"$match": begun}, {"$project": used}]
    return [
        *entries({**where, "what": VISIT}, span),
        {"$unionWith": {"coll": Booking.SHELF, "pipeline": of_bookings}},
    ]


async def services(
    ctx: Context, where: Where, span: Span, by: str | None = BY_STATION
) -> dict[Any, dict[str, int]]:
    """Count visits (服务人次) by what they were for: the people of all comings.

    Rules: ``other`` if nobody said what for, so that all together are all visits.
    """
    kind = {"$ifNull": ["$service", "other"]}
    total = {"$group": {"_id": {"by": by, "kind": kind}, "n": {"$sum": "$people"}}}
    found: dict[Any, dict[str, int]] = {}
    for row in await _ask(ctx, [*comings(where, span), total, STANDS]):
        found.setdefault(row["_id"].get("by"), {})[row["_id"]["kind"]] = row["n"]
    return found


async def persons(
    ctx: Context, where: Where, span: Span, by: str | None = BY_STATION
) -> dict[Any, int]:
    """Count persons (服务人数): different workers and different blind marks.

    Rules: a number that is nobody's account is one person however often it comes;
    heads that were only counted are nobody in particular.
    """
    each = {"$group": {"_id": {"by": by, "who": "$who"}, "n": {"$sum": "$sign"}}}
    total = {"$group": {"_id": "$_id.by", "n": {"$sum": 1}}}
    asked = [*comings(where, span), KNOWN, each, STANDS, total]
    return _numbers(await _ask(ctx, asked))


async def offline_shares(
    ctx: Context, where: Where, span: Span, by: str | None = BY_STATION
) -> dict[Any, float]:
    """Say which part of the ledger's entries was written down off-line (离线占比).

    Rules: entries for bookings too; off-line is what came in later than it was.
    """
    off = {"$cond": [{"$eq": ["$online", False]}, "$sign", 0]}
    total = {"$group": {"_id": by, "n": {"$sum": "$sign"}, "off": {"$sum": off}}}
    rows = await _ask(ctx, [*entries(where, span), total, STANDS])
    return {row["_id"]: round(row["off"] / row["n"], 4) for row in rows}


async def _ask(ctx: Context, pipeline: Pipeline) -> Rows:
    return await (await CheckIn.shelf(ctx).aggregate(pipeline)).to_list()


def _numbers(rows: Rows) -> dict[Any, int]:
    return {row["_id"]: row["n"] for row in rows}

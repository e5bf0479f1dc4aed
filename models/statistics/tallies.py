"""Tallies (合计): one pass over the rows of some days, for all that is counted of them.

Each row says what it adds; the sums are taken by person and purpose first, and all
figures from those few. Reading a year's rows is what costs, so they are read once.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from models.base.context import Context
from models.stations.booked import Booking
from models.stations.ledger import VISIT, CheckIn
from models.statistics import no_shows
from models.statistics.comings import BY_STATION, PEOPLE, SIGN, WHO
from models.statistics.no_shows import NoShows
from models.statistics.spans import Span, Where

Row = dict[str, Any]

ADDED = ("comings", "people", "entries", "off", "kept", "missed")
"""What a row may add; what it does not name is none."""

NOBODY_SAID = "other"
"""What a coming was for if nobody said it."""


class Tally(msgspec.Struct, kw_only=True):
    """What was counted of one station, or of all together."""

    services: dict[str, int] = msgspec.field(default_factory=dict)
    """Visits (服务人次) by what they were for: the people of all comings."""
    persons: int = 0
    """Persons (服务人数): different workers and different blind marks."""
    no_shows: NoShows = NoShows()
    offline_share: float | None = None
    """Which part of the ledger's entries was written down off-line (离线占比)."""


async def of(
    ctx: Context, where: Where, span: Span, by: str | None = BY_STATION
) -> dict[Any, Tally]:
    """Count what happened in some days, by station or all together.

    Rules: ``other`` if nobody said what for, so that all together are all visits; a
        number that is nobody's account is one person however often it comes, heads
        that were only counted are nobody in particular; entries for bookings count
        for the off-line share too, and off-line is what came in later than it was.
    """
    rows = await CheckIn.shelf(ctx).aggregate(
        [
            *_entries(where, span, by),
            {
                "$unionWith": {
                    "coll": Booking.SHELF,
                    "pipeline": _booked(ctx, where, span, by),
                }
            },
            {"$group": {"_id": {"by": "$by", "who": "$who", "kind": "$kind"}, **_SUMS}},
            {"$facet": _FACETS},
        ]
    )
    (found,) = await rows.to_list()
    return _told(found)


def _entries(where: Where, span: Span, by: str | None) -> list[Row]:
    """Say what each of the ledger's rows adds; one that takes back, with a minus."""
    is_visit = {"$eq": ["$what", VISIT]}
    return [
        {"$match": {**where, "day": span.days()}},
        {
            "$project": {
                "_id": 0,
                "by": by or _NONE,
                "who": {"$cond": [is_visit, WHO, None]},
                "kind": {"$cond": [is_visit, _kind("$used"), None]},
                "comings": {"$cond": [is_visit, SIGN, 0]},
                "people": {"$cond": [is_visit, PEOPLE, 0]},
                "entries": SIGN,
                "off": {"$cond": [{"$eq": ["$online", False]}, SIGN, 0]},
            }
        },
    ]


def _booked(ctx: Context, where: Where, span: Span, by: str | None) -> list[Row]:
    """Say what each booking and walk-in adds."""
    has_begun = {"$gt": ["$begun_at", None]}
    begun = {"$cond": [has_begun, 1, 0]}
    return [
        {"$match": {**where, "start": span.moments()}},
        {
            "$project": {
                "_id": 0,
                "by": by or _NONE,
                "who": {"$cond": [has_begun, "$worker_id", None]},
                "kind": {"$cond": [has_begun, _kind("$service"), None]},
                "comings": begun,
                "people": begun,
                "kept": {"$cond": [no_shows.kept(), 1, 0]},
                "missed": {"$cond": [no_shows.missed(ctx), 1, 0]},
            }
        },
    ]


def _kind(field: str) -> Row:
    return {"$ifNull": [field, NOBODY_SAID]}


_NONE = {"$literal": None}

_SUMS = {name: {"$sum": f"${name}"} for name in ADDED}

_BY = "$_id.by"

_FACETS: dict[str, list[Row]] = {
    "services": [
        {"$match": {"_id.kind": {"$ne": None}}},
        {
            "$group": {
                "_id": {"by": _BY, "kind": "$_id.kind"},
                "n": {"$sum": "$people"},
            }
        },
        {"$match": {"n": {"$gt": 0}}},
    ],
    "persons": [
        {"$match": {"_id.who": {"$ne": None}}},
        {"$group": {"_id": {"by": _BY, "who": "$_id.who"}, "n": {"$sum": "$comings"}}},
        {"$match": {"n": {"$gt": 0}}},
        {"$group": {"_id": "$_id.by", "n": {"$sum": 1}}},
    ],
    "rest": [{"$group": {"_id": _BY, **_SUMS}}],
}


def _told(found: Mapping[str, list[Row]]) -> dict[Any, Tally]:
    """Put the figures together; a station of which nothing stands is left out."""
    tallies: dict[Any, Tally] = {}
    for row in found["rest"]:
        if row["entries"] > 0 or row["kept"] or row["missed"]:
            tallies[row["_id"]] = Tally(
                no_shows=NoShows.of(missed=row["missed"], kept=row["kept"]),
                offline_share=_share(row["off"], row["entries"]),
            )
    for row in found["services"]:
        tally = tallies.setdefault(row["_id"].get("by"), Tally())
        tally.services[row["_id"]["kind"]] = row["n"]
    for row in found["persons"]:
        tallies.setdefault(row["_id"], Tally()).persons = row["n"]
    return tallies


def _share(off: int, entries: int) -> float | None:
    return round(off / entries, 4) if entries > 0 else None

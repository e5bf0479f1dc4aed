"""Comings (到站): who came, how often, what for; each number a query over the rows.

A coming is a row of the check-in ledger that is about no booking (a visit scanned,
written down or counted; a group is one row of so many people), or a booking or
walk-in whose use has begun. What was undone is no coming: an undo's row counts less
what its own row counts, and a booking whose arrival was undone has not begun.

Nothing is counted beforehand, so nothing can drift: asking is recounting.
Source: rules §3.15; features S1-04.
"""

from typing import Any

from models.stations.booked import Booking
from models.stations.ledger import VISIT
from models.statistics.spans import Span, Where

Pipeline = list[dict[str, Any]]

BY_STATION = "$station_id"

SIGN = {"$cond": [{"$gt": ["$undoes", None]}, -1, 1]}
"""An undo's row says all that its own row says, and takes it away."""

PEOPLE = {"$multiply": [SIGN, {"$ifNull": ["$people", 1]}]}

WHO = {"$ifNull": ["$worker_id", "$visitor"]}
"""A worker, or a blind mark; nobody in particular where only heads were counted."""

STANDS = {"$match": {"n": {"$gt": 0}}}
"""Leaves out what was taken back as often as it was entered."""

KNOWN = {"$match": {"who": {"$ne": None}}}


def comings(where: Where, span: Span) -> Pipeline:
    """Read who came: the ledger's visits, and the bookings and walk-ins used."""
    visited = {**where, "what": VISIT, "day": span.days()}
    begun = {**where, "start": span.moments(), "begun_at": {"$ne": None}}
    used = {"worker": "$worker_id", "who": "$worker_id", "sign": {"$literal": 1}}
    of_bookings = [{"$match": begun}, {"$project": used}]
    return [
        {"$match": visited},
        {"$project": {"worker": "$worker_id", "who": WHO, "sign": SIGN}},
        {"$unionWith": {"coll": Booking.SHELF, "pipeline": of_bookings}},
    ]

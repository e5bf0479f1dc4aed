"""Persons by occupation class (按职业类别): small groups hidden.

A person counts in every class that stands for them now, declared or verified; who
declared none is ``undeclared``, whom only a number stands for is ``unknown``.

Source: rules §3.15; features S1-03.
"""

from typing import Any

from models.base.context import Context
from models.stations.ledger import CheckIn
from models.statistics.comings import KNOWN, STANDS, comings
from models.statistics.spans import Span, Where
from models.statistics.suppression import suppressed
from models.workers.identities import FOREVER, ClientClass, Identities

UNDECLARED = "undeclared"
UNKNOWN = "unknown"


async def by_class(ctx: Context, where: Where, span: Span) -> dict[str, int | None]:
    """Count different persons by class; None for a group that is too small."""
    pipeline: list[dict[str, Any]] = [
        *comings(where, span),
        KNOWN,
        {
            "$group": {
                "_id": "$who",
                "worker": {"$first": "$worker"},
                "n": {"$sum": "$sign"},
            }
        },
        STANDS,
        {
            "$lookup": {
                "from": Identities.SHELF,
                "localField": "worker",
                "foreignField": "_id",
                "as": "known",
            }
        },
        {"$project": {"groups": _groups(ctx)}},
        {"$unwind": "$groups"},
        {"$group": {"_id": "$groups", "n": {"$sum": 1}}},
    ]
    rows = await (await CheckIn.shelf(ctx).aggregate(pipeline)).to_list()
    found = {row["_id"]: row["n"] for row in rows}
    names = [*map(str, ClientClass), UNDECLARED, UNKNOWN]
    return suppressed({name: found.get(name, 0) for name in names})


def _groups(ctx: Context) -> dict[str, Any]:
    """Name the groups of a person, to MongoDB; at least one."""
    until = {"$ifNull": ["$$this.valid_until", FOREVER]}
    items = {"$ifNull": [{"$first": "$known.items"}, []]}
    standing = {"$filter": {"input": items, "cond": {"$gt": [until, ctx.clock.now()]}}}
    classes = {"$map": {"input": standing, "in": "$$this.class"}}
    return {
        "$switch": {
            "branches": [
                {"case": {"$lte": ["$worker", None]}, "then": [UNKNOWN]},
                {"case": {"$eq": [{"$size": standing}, 0]}, "then": [UNDECLARED]},
            ],
            "default": classes,
        }
    }

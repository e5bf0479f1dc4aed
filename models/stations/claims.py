"""Claims (占口): those who want any port of a slot at the same moment get theirs in
one update.

The rush on a slot is when its ports open; then everybody changes one document, and
one update that gives out many ports is as safe as many that give one each. Ports go
out lowest first, in the order of asking. Who holds a port of the slot already, or
comes when none is left, gets none here; `slots` says why.
Source: rules §3.1; house §6 (the slot's update is the commit).
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pymongo import ReturnDocument

from models.base.changes import Follower
from models.base.context import Context
from models.base.gathering import Gathering

SHELF = "slots"

Row = Mapping[str, Any]

BRIEF = ("station_id", "service", "start", "end", "ports", "free")
"""A slot without its holders, who would be most of the answer."""


class Claim(NamedTuple):
    """Who wants any port of a slot; all as rows."""

    empty: Row
    """The slot as it is before anybody wanted it."""
    holder: Row


class Claims:
    """Gathers the claims of one process."""

    def listen(self, _: Follower, ctx: Context) -> None:
        """Take the tools to write with."""
        self._ctx = ctx
        self._gathered = Gathering(self._give, key=_who_and_where)

    async def take(self, claim: Claim) -> Row | None:
        """Return the slot with this holder alone, or None if there is no port."""
        return await self._gathered.ask(claim)

    async def _give(self, claims: Sequence[Claim]) -> Sequence[Row | None]:
        by_slot: defaultdict[str, list[Claim]] = defaultdict(list)
        for claim in claims:
            by_slot[claim.empty["_id"]].append(claim)
        given = await asyncio.gather(*(_give(self._ctx, c) for c in by_slot.values()))
        rows = dict(zip(by_slot, given, strict=True))
        return [_own(rows[claim.empty["_id"]], claim) for claim in claims]


def only(booking_ids: Sequence[str]) -> dict[str, Any]:
    """Ask for a slot with some of its holders."""
    asked = {"$in": ["$$h.booking_id", {"$literal": list(booking_ids)}]}
    mine = {"$filter": {"input": "$holders", "as": "h", "cond": asked}}
    return {**dict.fromkeys(BRIEF, 1), "holders": mine}


async def _give(ctx: Context, claims: Sequence[Claim]) -> Row | None:
    """Give out the ports of one slot; the first claims open it."""
    given = await _give_free(ctx, claims)
    if given is not None:
        return given
    empty = dict(claims[0].empty)
    opened = await ctx.db[SHELF].update_one(
        {"_id": empty.pop("_id")}, {"$setOnInsert": empty}, upsert=True
    )
    return None if opened.upserted_id is None else await _give_free(ctx, claims)


async def _give_free(ctx: Context, claims: Sequence[Claim]) -> Row | None:
    """Pair free ports with who wants one; ``wanting`` lives in the update only."""
    wanting = {"$literal": [claim.holder for claim in claims]}
    is_new = {"$not": [{"$in": ["$$w.worker_id", "$holders.worker_id"]}]}
    pairs = {"$zip": {"inputs": ["$free", "$wanting"]}}
    port, who = ({"$arrayElemAt": ["$$p", place]} for place in (0, 1))
    held = {"$mergeObjects": [who, {"port": port}]}
    ports, holders = (
        {"$map": {"input": pairs, "as": "p", "in": each}} for each in (port, held)
    )
    return await ctx.db[SHELF].find_one_and_update(
        {"_id": claims[0].empty["_id"], "free.0": {"$exists": True}},
        [
            {
                "$set": {
                    "free": {"$sortArray": {"input": "$free", "sortBy": 1}},
                    "wanting": {
                        "$filter": {"input": wanting, "as": "w", "cond": is_new}
                    },
                }
            },
            {
                "$set": {
                    "free": {"$setDifference": ["$free", ports]},
                    "holders": {"$concatArrays": ["$holders", holders]},
                }
            },
            {"$unset": "wanting"},
        ],
        projection=only([claim.holder["booking_id"] for claim in claims]),
        return_document=ReturnDocument.AFTER,
    )


def _own(row: Row | None, claim: Claim) -> Row | None:
    """Leave the other holders out; None if the claim got no port."""
    holders = () if row is None else row["holders"]
    mine = [h for h in holders if h["booking_id"] == claim.holder["booking_id"]]
    return {**row, "holders": mine} if row is not None and mine else None


def _who_and_where(claim: Claim) -> tuple[str, str]:
    """One worker claims once in a batch, so that nobody is given two ports."""
    return claim.empty["_id"], claim.holder["worker_id"]

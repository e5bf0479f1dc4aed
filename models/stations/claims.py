"""Claims (占口): those who want any port of a slot at the same moment get theirs in
one update.

The rush on a slot is when its ports open; then everybody changes one document, and
one update that gives out many ports is as safe as many that give one each. Claims on
several slots share a message: an update a slot, and one question for what they gave.
Ports go out lowest first, in the order of asking. The first claim on a slot opens it.
Who holds a port of the slot already, or comes when none is left, gets none here;
`slots` says why.
Source: rules §3.1; house §6 (the slot's update is the commit).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pymongo import ReturnDocument, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from models.base.changes import Follower
from models.base.context import Context
from models.base.gathering import Gathering
from models.base.store import ids_taken

SHELF = "slots"

Row = Mapping[str, Any]

BRIEF = ("station_id", "service", "start", "end", "ports", "free")
"""A slot without its holders, who would be most of the answer."""


class Claim(NamedTuple):
    """Who wants any port of a slot; all as rows."""

    empty: Row
    """The slot as it is before anybody wanted it."""
    holder: Row


BySlot = Mapping[str, Sequence[Claim]]


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
        give = _give_at_one if len(by_slot) == 1 else _give_at_many
        rows = await give(self._ctx, by_slot)
        return [_own(rows.get(claim.empty["_id"]), claim) for claim in claims]


def only(booking_ids: Sequence[str]) -> dict[str, Any]:
    """Ask for a slot with some of its holders."""
    asked = {"$in": ["$$h.booking_id", {"$literal": list(booking_ids)}]}
    mine = {"$filter": {"input": "$holders", "as": "h", "cond": asked}}
    return {**dict.fromkeys(BRIEF, 1), "holders": mine}


async def _give_at_one(ctx: Context, by_slot: BySlot) -> Mapping[str, Row | None]:
    """Give out the ports of the only slot that is wanted; one command does it."""
    ((slot_id, claims),) = by_slot.items()
    while True:
        try:
            row = await ctx.db[SHELF].find_one_and_update(
                {"_id": slot_id},
                _giving(claims),
                projection=only(_booking_ids(claims)),
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:
            continue
        return {slot_id: row}


async def _give_at_many(ctx: Context, by_slot: BySlot) -> Mapping[str, Row | None]:
    """Give out the ports of several slots, then ask who got which."""
    left = {slot_id: _giving(claims) for slot_id, claims in by_slot.items()}
    while left:
        updates = [UpdateOne({"_id": i}, u, upsert=True) for i, u in left.items()]
        try:
            await ctx.db[SHELF].bulk_write(updates, ordered=False)
        except BulkWriteError as fault:
            opened = ids_taken(fault)  # by another process, at that moment
            left = {
                i: u for place, (i, u) in enumerate(left.items()) if place in opened
            }
        else:
            break
    all_claims = (claim for claims in by_slot.values() for claim in claims)
    found = ctx.db[SHELF].find(
        {"_id": {"$in": list(by_slot)}}, only(_booking_ids(all_claims))
    )
    return {row["_id"]: row for row in await found.to_list()}


def _giving(claims: Sequence[Claim]) -> list[dict[str, Any]]:
    """Pair free ports with who wants one; ``wanting`` lives in the update only.

    Rules: a slot nobody wanted yet is empty before.
    """
    is_there = {"$ne": [{"$type": "$free"}, "missing"]}
    new = {"$mergeObjects": [{"$literal": claims[0].empty}, "$$ROOT"]}
    wanting = {"$literal": [claim.holder for claim in claims]}
    is_new = {"$not": [{"$in": ["$$w.worker_id", "$holders.worker_id"]}]}
    pairs = {"$zip": {"inputs": ["$free", "$wanting"]}}
    port, who = ({"$arrayElemAt": ["$$p", place]} for place in (0, 1))
    held = {"$mergeObjects": [who, {"port": port}]}
    ports, holders = (
        {"$map": {"input": pairs, "as": "p", "in": each}} for each in (port, held)
    )
    return [
        {"$replaceWith": {"$cond": [is_there, "$$ROOT", new]}},
        {
            "$set": {
                "free": {"$sortArray": {"input": "$free", "sortBy": 1}},
                "wanting": {"$filter": {"input": wanting, "as": "w", "cond": is_new}},
            }
        },
        {
            "$set": {
                "free": {"$setDifference": ["$free", ports]},
                "holders": {"$concatArrays": ["$holders", holders]},
            }
        },
        {"$unset": "wanting"},
    ]


def _booking_ids(claims: Iterable[Claim]) -> list[str]:
    return [claim.holder["booking_id"] for claim in claims]


def _own(row: Row | None, claim: Claim) -> Row | None:
    """Leave the other holders out; None if the claim got no port."""
    holders = () if row is None else row["holders"]
    mine = [h for h in holders if h["booking_id"] == claim.holder["booking_id"]]
    return {**row, "holders": mine} if row is not None and mine else None


def _who_and_where(claim: Claim) -> tuple[str, str]:
    """One worker claims once in a batch, so that nobody is given two ports."""
    return claim.empty["_id"], claim.holder["worker_id"]

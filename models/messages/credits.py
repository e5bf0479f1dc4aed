"""Subscription credits (订阅额度): one accept is one card, and not one more.

WeChat counts accepts per person and template and tells us the count only by
refusing. So we keep the same ledger: +1 when the person accepts, −1 when a card
is sent, 0 when WeChat says that none is left.

An accept can reach us twice: the client reports it, and WeChat pushes it. The
first report counts and waits two minutes for its counterpart from the other
side, which then counts nothing.
Source: features X-07; wechat-api §5.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

import msgspec

from models.base import personal
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.units import Instant
from models.messages.kinds import Kind

PAIRED_WITHIN = timedelta(minutes=2)
"""The client's report and WeChat's push of one tap are seconds apart."""

MOST_CREDITS = 50
"""More accepts than anybody could use; guards against a client gone wild."""

TAPS_REMEMBERED = 50
"""Reports kept to know one that comes again."""


class Source(StrEnum):
    """Who told us of an accept."""

    CLIENT = "client"
    PUSH = "push"


OTHER = {Source.CLIENT: Source.PUSH, Source.PUSH: Source.CLIENT}


class Report(msgspec.Struct, kw_only=True, frozen=True):
    """One side's word that the person accepted; waits for the other side's."""

    source: Source
    tap: str
    at: Instant


class Credit(Document, kw_only=True, frozen=True):
    """How many cards of one kind a person still allows."""

    SHELF = "subscription_credits"
    PERSONAL = personal.deleted(
        "微信订阅消息额度", begins="_id", hidden=("taps", "unpaired")
    )

    left: int = 0
    unpaired: tuple[Report, ...] = ()
    """Counted reports whose counterpart has not come."""
    taps: tuple[str, ...] = ()
    """Reports already taken, newest last."""


def _id(worker_id: str, kind: Kind) -> str:
    return f"{worker_id}:{kind}"


async def grant(
    ctx: Context, worker_id: str, kind: Kind, *, source: Source, tap: str
) -> None:
    """Count one accept (同意订阅) unless it was counted already.

    Rules: one update decides all, so both sides at once count once.

    tap: what makes the report one: the client's tap id, or the push's key.
    """
    mine = plain(Report(source=source, tap=tap, at=ctx.clock.now()))
    told = f"{source}:{tap}"
    counterpart = {
        "$filter": {
            "input": "$unpaired",
            "as": "r",
            "cond": {
                "$and": [
                    {"$eq": ["$$r.source", OTHER[source]]},
                    {"$gte": ["$$r.at", mine["at"] - PAIRED_WITHIN]},
                ]
            },
        }
    }
    await Credit.shelf(ctx).update_one(
        {"_id": _id(worker_id, kind)},
        [
            {
                "$set": {
                    "left": {"$ifNull": ["$left", 0]},
                    "unpaired": {"$ifNull": ["$unpaired", []]},
                    "taps": {"$ifNull": ["$taps", []]},
                }
            },
            {
                "$set": {
                    "known": {"$in": [{"$literal": told}, "$taps"]},
                    "pair": {"$first": counterpart},
                }
            },
            {"$set": _counted(mine, told)},
            {"$unset": ["known", "pair"]},
        ],
        upsert=True,
    )


def _counted(mine: dict[str, Any], told: str) -> dict[str, Any]:
    is_pair = {"$gt": ["$pair", None]}
    one_more = {"$min": [MOST_CREDITS, {"$add": ["$left", 1]}]}
    without_pair = {"$setDifference": ["$unpaired", ["$pair"]]}
    with_mine = {
        "$slice": [
            {"$concatArrays": ["$unpaired", {"$literal": [mine]}]},
            -TAPS_REMEMBERED,
        ]
    }
    taps = {
        "$slice": [
            {"$concatArrays": ["$taps", {"$literal": [told]}]},
            -TAPS_REMEMBERED,
        ]
    }
    return {
        "left": {"$cond": [{"$or": ["$known", is_pair]}, "$left", one_more]},
        "unpaired": {
            "$cond": [
                "$known",
                "$unpaired",
                {"$cond": [is_pair, without_pair, with_mine]},
            ]
        },
        "taps": {"$cond": ["$known", "$taps", taps]},
    }


async def spend(ctx: Context, worker_id: str, kind: Kind) -> bool:
    """Use up one credit; False when there is none."""
    spent = await Credit.change(
        ctx,
        where={"_id": _id(worker_id, kind), "left": {"$gt": 0}},
        update={"$inc": {"left": -1}},
    )
    return spent is not None


async def give_back(ctx: Context, worker_id: str, kind: Kind) -> None:
    """Return a credit whose card WeChat did not take."""
    await Credit.change(
        ctx, where={"_id": _id(worker_id, kind)}, update={"$inc": {"left": 1}}
    )


async def clear(ctx: Context, worker_id: str, kind: Kind) -> None:
    """Know that none is left: WeChat said 43101, or the person refused."""
    await Credit.change(
        ctx, where={"_id": _id(worker_id, kind)}, update={"$set": {"left": 0}}
    )


async def left(ctx: Context, worker_id: str) -> Mapping[Kind, int]:
    """Return how many cards of each kind a person still allows."""
    found = await Credit.many(
        ctx,
        {"_id": {"$in": [_id(worker_id, kind) for kind in Kind]}},
        sort=[("_id", 1)],
    )
    counted = {credit.id: credit.left for credit in found}
    return {kind: counted.get(_id(worker_id, kind), 0) for kind in Kind}

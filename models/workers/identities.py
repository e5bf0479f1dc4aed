"""Identities (五类客户): which client classes a worker belongs to, several at once.

::

    declared ── the union saw proof ──▶ verified ── valid_until passed ──▶ lapsed
        ▲                                                                    │
        └────────────────────── the worker declares it again ────────────────┘

Lapsed is never written: it is what a verified one is called from its moment on,
so nobody who reads late sees it longer. Verifying is the back office's.

Source: features S1-03; the seed's 135 (5 类客户).
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import msgspec
from pymongo import ReturnDocument

from models.base import personal
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.units import Instant
from models.workers.sessions import SignedIn

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


class ClientClass(StrEnum):
    """Whom the inn is for."""

    TRANSFERRING_WORKER = "transferring_worker"
    """转岗待岗职工"""
    PLATFORM_WORKER = "platform_worker"
    """新就业形态劳动者"""
    UNEMPLOYED_GRADUATE = "unemployed_graduate"
    """未就业高校毕业生"""
    MIGRANT_WORKER = "migrant_worker"
    """农民工"""
    EMPLOYER = "employer"
    """有用工需求的用人单位"""

    @property
    def label(self) -> str:
        """Return what people call it."""
        return LABELS[self]


LABELS = {
    ClientClass.TRANSFERRING_WORKER: "转岗待岗职工",
    ClientClass.PLATFORM_WORKER: "新就业形态劳动者",
    ClientClass.UNEMPLOYED_GRADUATE: "未就业高校毕业生",
    ClientClass.MIGRANT_WORKER: "农民工",
    ClientClass.EMPLOYER: "有用工需求的用人单位",
}


class State(StrEnum):
    """How far a class may be relied on."""

    DECLARED = "declared"
    VERIFIED = "verified"
    LAPSED = "lapsed"


class Identity(msgspec.Struct, kw_only=True, frozen=True):
    """One class of one worker."""

    client_class: ClientClass = msgspec.field(name="class")
    state: State = State.DECLARED
    """As written; ask `at` what it is now."""
    declared_at: Instant
    valid_until: Instant | None = None
    """From then on a verified one has lapsed; None is without end."""
    verified_by: str | None = None
    """The staff member who saw the proof."""

    def at(self, now: datetime) -> State:
        """Return the state at a moment."""
        over = self.valid_until is not None and self.valid_until <= now
        return State.LAPSED if over else self.state


UNVERIFIED: Mapping[str, object] = MappingProxyType(
    {"state": State.DECLARED, "valid_until": None, "verified_by": None}
)


class Identities(Document, kw_only=True, frozen=True):
    """The classes of one worker, under the worker's own id."""

    SHELF = "identities"
    PERSONAL = personal.deleted("身份", "_id")

    items: tuple[Identity, ...] = ()


async def declare(
    ctx: Context, classes: Sequence[ClientClass], *, by: SignedIn
) -> tuple[Identity, ...]:
    """Say which classes one belongs to, in place of what was said (申报身份).

    Rules: what is verified stays so while it is named; a lapsed one starts anew.
    """
    return await put(ctx, by.id, classes)


async def put(
    ctx: Context, worker_id: str, classes: Sequence[ClientClass]
) -> tuple[Identity, ...]:
    """Keep the classes of a worker; the same again changes nothing."""
    row = await Identities.shelf(ctx).find_one_and_update(
        {"_id": worker_id},
        _naming(dict.fromkeys(classes), ctx.clock.now()),
        upsert=True,
        return_document=ReturnDocument.AFTER,
    )
    return () if row is None else Identities.of(row).items


async def unverify(ctx: Context, worker_id: str) -> None:
    """Let verified classes be merely declared: their proof may not be kept."""
    bare = {f"items.$[].{name}": value for name, value in UNVERIFIED.items()}
    await Identities.shelf(ctx).update_one({"_id": worker_id}, {"$set": bare})


async def verify(
    ctx: Context,
    worker_id: str,
    client_class: ClientClass,
    *,
    valid_until: datetime | None,
    verified_by: str,
) -> bool:
    """Let a declared class count as proven; False if it is not declared (any more)."""
    proven = {
        "state": State.VERIFIED,
        "valid_until": valid_until,
        "verified_by": verified_by,
    }
    return await _set(ctx, worker_id, client_class, proven)


async def doubt(ctx: Context, worker_id: str, client_class: ClientClass) -> bool:
    """Let one verified class be merely declared again."""
    return await _set(ctx, worker_id, client_class, UNVERIFIED)


async def _set(
    ctx: Context,
    worker_id: str,
    client_class: ClientClass,
    told: Mapping[str, object],
) -> bool:
    done = await Identities.shelf(ctx).update_one(
        {"_id": worker_id, "items.class": client_class},
        {"$set": {f"items.$.{name}": value for name, value in told.items()}},
    )
    return done.matched_count == 1


async def of(ctx: Context, worker_id: str) -> tuple[Identity, ...]:
    """Return the identities of a worker, lapsed ones too."""
    identities = await Identities.get(ctx, worker_id)
    return () if identities is None else identities.items


async def classes_of(
    ctx: Context, worker_id: str, now: datetime
) -> frozenset[ClientClass]:
    """Return the classes that count at a moment, declared or verified."""
    return frozenset(
        each.client_class
        for each in await of(ctx, worker_id)
        if each.at(now) is not State.LAPSED
    )


async def verified_classes_of(
    ctx: Context, worker_id: str, now: datetime
) -> frozenset[ClientClass]:
    """Return the classes that the union has seen proof of, at a moment."""
    return frozenset(
        each.client_class
        for each in await of(ctx, worker_id)
        if each.at(now) is State.VERIFIED
    )


def _naming(classes: dict[ClientClass, None], now: datetime) -> list[dict[str, Any]]:
    """Keep what still stands of what is named, then add what is not there."""
    named = [each.value for each in classes]
    fresh = [plain(Identity(client_class=each, declared_at=now)) for each in classes]
    lapsed = {"$lte": [{"$ifNull": ["$$this.valid_until", FOREVER]}, now]}
    stands = {"$and": [{"$in": ["$$this.class", named]}, {"$not": [lapsed]}]}
    absent = {"$not": [{"$in": ["$$this.class", "$items.class"]}]}
    items = {"$ifNull": ["$items", []]}
    return [
        {"$set": {"items": {"$filter": {"input": items, "cond": stands}}}},
        {
            "$set": {
                "items": {
                    "$concatArrays": [
                        "$items",
                        {"$filter": {"input": {"$literal": fresh}, "cond": absent}},
                    ]
                }
            }
        },
    ]

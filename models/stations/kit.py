"""The first-aid kit (急救箱): what a station has to help with, batch by batch.

A batch holds how much is left; beside every change stands a movement that is never
changed or deleted, so what is left is the fold of them, and `kit_recount` says
whether that is so. From its expiry day on nothing of a batch is handed out::

    received ──▶ issued, soonest expiry first ──▶ used up
                 written off, corrected by a count

The verbs are in `kit_changes` and `kit_issues`; `kit_watch` looks what runs out.

Source: features S1-19; rules §3.2, §3.8 (batch-controlled, no prescription drugs).
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta
from pymongo import IndexModel

from models.base import pages, personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import NotFound
from models.base.pages import Page
from models.base.units import Day, Instant
from models.stations import desk
from models.stations.stations import NoSuchStation, Station
from models.unions.officials import Official
from models.unions.permissions import Permission
from models.unions.staff import Staff

EXPIRING = timedelta(days=30)
"""Time to order, and to use what is there first."""

MOST_BATCHES = 500
"""Of one station; a kit has some dozens."""

BY_EXPIRY = (("expires_on", 1), ("_id", 1))

Quantity = Annotated[int, Meta(ge=0, description="Pieces.")]


class Kind(StrEnum):
    """Why what is left changed."""

    RECEIVED = "received"
    ISSUED = "issued"
    WRITTEN_OFF = "written_off"
    COUNTED = "counted"
    """Corrected to what somebody counted."""


class State(StrEnum):
    """How a batch is by its expiry."""

    GOOD = "good"
    EXPIRING = "expiring"
    EXPIRED = "expired"


class Batch(Document, kw_only=True, frozen=True):
    """What is left of one delivery of one thing."""

    SHELF = "kit_batches"
    PERSONAL = personal.nobody("of things")
    INDEXES = (
        IndexModel(["station_id", "item", "batch"], unique=True),
        IndexModel(["station_id", "item", "expires_on", "_id"]),
        IndexModel(["station_id", "expires_on", "_id"]),
        IndexModel(
            ["expires_on", "_id"], partialFilterExpression={"quantity": {"$gt": 0}}
        ),
    )

    station_id: str
    org_path: str = ""
    """Path of the union that answered for the station then."""
    item: str
    batch: str
    """The maker's number of it."""
    expires_on: Day
    """Not used from this day on."""
    quantity: Quantity
    is_expiring_told: bool = False
    is_expiry_noted: bool = False
    """Whether its being over was counted for the item's level."""

    def state_on(self, day: date) -> State:
        """Say how it is on a day."""
        if day >= self.expires_on:
            return State.EXPIRED
        is_near = day >= self.expires_on - EXPIRING
        return State.EXPIRING if is_near else State.GOOD


class Delivery(msgspec.Struct, kw_only=True, frozen=True):
    """Pieces of one batch that come in."""

    item: str
    batch: str
    expires_on: Day
    quantity: Quantity


class Movement(Document, kw_only=True, frozen=True):
    """One change of what is left; never changed, never deleted."""

    SHELF = "kit_movements"
    PERSONAL = personal.nobody("of things; by staff")
    INDEXES = (
        IndexModel([("station_id", 1), ("_id", -1)]),
        IndexModel(["alert_id"], sparse=True),
    )

    station_id: str
    org_path: str = ""
    batch_id: str
    item: str
    kind: Kind
    pieces: int
    """More; below zero: fewer."""
    left: Quantity
    """Of the batch, after this."""
    by: str
    at: Instant
    reason: str = ""
    alert_id: str | None = None
    """The first-aid call it was used for."""


class NoSuchBatch(NotFound):
    """The station's kit has no such batch."""

    code = "no_such_batch"
    message = "没有找到这批物资，请刷新后重选。"


class Spot(NamedTuple):
    """Where a page of batches ends."""

    expires_on: Day
    id: str


async def find_station(ctx: Context, station_id: str, *, by: Staff | Official) -> str:
    """Make sure that somebody may see a station's kit; returns its id.

    Refuses: NoSuchStation, RoleMissing; PermissionMissing.
    """
    if isinstance(by, Staff):
        desk.check_clerk(by, station_id)
        return station_id
    scope = by.scope(Permission.STATIONS)
    if await Station.find(ctx, _id=station_id, **scope.where()) is None:
        raise NoSuchStation
    return station_id


async def of(
    ctx: Context,
    station_id: str,
    *,
    by: Staff | Official,
    cursor: str | None = None,
    limit: int,
) -> Page[Batch]:
    """List what is left of every batch, the soonest to expire first (物资库存).

    Refuses: NoSuchStation, RoleMissing, PermissionMissing, BadCursor.
    """
    where: dict[str, Any] = {
        "station_id": await find_station(ctx, station_id, by=by),
        "quantity": {"$gt": 0},
    }
    if cursor is not None:
        after = pages.decode(cursor, Spot)
        day = after.expires_on.isoformat()
        same_day = {"expires_on": day, "_id": {"$gt": after.id}}
        where["$or"] = [{"expires_on": {"$gt": day}}, same_day]
    found = await Batch.many(ctx, where, sort=BY_EXPIRY, limit=limit + 1)
    return pages.cut(found, limit, lambda batch: Spot(batch.expires_on, batch.id))


async def movements(
    ctx: Context,
    station_id: str,
    *,
    by: Staff | Official,
    cursor: str | None = None,
    limit: int,
) -> Page[Movement]:
    """List what came and went, the last first (出入库记录).

    Refuses: NoSuchStation, RoleMissing, PermissionMissing, BadCursor.
    """
    where = {"station_id": await find_station(ctx, station_id, by=by)}
    return await Movement.page(ctx, where, cursor=cursor, limit=limit)


async def items_in_date(ctx: Context, station_id: str) -> list[str]:
    """Name what a kit has that may still be used, for whoever needs it."""
    rows = await in_date(ctx, station_id)
    return sorted({batch.item for batch in rows})


async def in_date(
    ctx: Context, station_id: str, item: str | None = None
) -> list[Batch]:
    """List the batches that may be handed out, the soonest to expire first."""
    return await Batch.many(
        ctx,
        {
            "station_id": station_id,
            "quantity": {"$gt": 0},
            "expires_on": {"$gt": ctx.clock.today().isoformat()},
        }
        | ({"item": item} if item is not None else {}),
        sort=BY_EXPIRY,
        limit=MOST_BATCHES,
    )

"""Levels of the kit (安全库存): how much of an item a station wants to have.

::

    enough ── falls below the level ──▶ low, told
       ▲                                 │
       └────────── filled up ────────────┘

Source: features S1-19 (low-stock alerts).
"""

from typing import Annotated, cast

from msgspec import Meta
from pymongo import IndexModel, ReturnDocument

from models.base import personal
from models.base.context import Context
from models.base.documents import Document, Row
from models.base.pages import Page
from models.base.store import atomic
from models.stations import desk, directory, kit
from models.stations.kit import find_station
from models.stations.kit_notices import Notice, Why, tell
from models.stations.stations import Station
from models.unions.officials import Official
from models.unions.staff import Staff


class Level(Document, kw_only=True, frozen=True):
    """How much of an item a station wants to have."""

    SHELF = "kit_levels"
    PERSONAL = personal.nobody("of things")
    INDEXES = (
        IndexModel(["station_id", "item"], unique=True),
        IndexModel([("station_id", 1), ("_id", -1)]),
    )

    station_id: str
    item: str
    least: Annotated[int, Meta(ge=0)]
    """Fewer is low."""
    is_low: bool = False
    falls: int = 0
    """How often it fell below."""
    rev: int = 0
    """Goes up with every change of the item's stock, so that two are judged one
    after the other."""


@atomic()
async def set_level(
    ctx: Context, station_id: str, item: str, least: int, *, by: Staff
) -> Level:
    """Say how much of an item there should be (设置安全库存).

    Refuses: NoSuchStation, RoleMissing.
    Records: KitRunsOut, if there is less.
    """
    desk.check_clerk(by, station_id)
    station = await directory.find(ctx, station_id)
    row = await Level.shelf(ctx).find_one_and_update(
        {"station_id": station_id, "item": item},
        {
            "$set": {"least": least},
            "$setOnInsert": {"_id": ctx.new_id("level"), "is_low": False, "falls": 0},
        },
        upsert=True,
        return_document=ReturnDocument.AFTER,
    )
    return await judge(ctx, station, item) or Level.of(cast(Row, row))


async def judge(ctx: Context, station: Station, item: str) -> Level | None:
    """Look whether an item has fallen below its level, in the change's transaction.

    Records: KitRunsOut, once a fall.
    """
    level = await Level.change(
        ctx,
        where={"station_id": station.id, "item": item},
        update={"$inc": {"rev": 1}},
    )
    if level is None:
        return None
    good = await kit.in_date(ctx, station.id, item)
    left = sum(batch.quantity for batch in good)
    is_low = left < level.least
    if is_low == level.is_low:
        return level
    turn = {"$set": {"is_low": is_low}, "$inc": {"falls": int(is_low)}}
    turned = await Level.change(ctx, {"_id": level.id}, turn)
    if turned is not None and is_low:
        notice = Notice(
            id=ctx.new_id("notice"),
            key=f"low:{level.id}:{turned.falls}",
            station_id=station.id,
            org_path=station.org_path,
            why=Why.LOW,
            item=item,
            left=left,
            at=ctx.clock.now(),
        )
        await tell(ctx, notice)
    return turned


async def levels(
    ctx: Context,
    station_id: str,
    *,
    by: Staff | Official,
    cursor: str | None = None,
    limit: int,
) -> Page[Level]:
    """List the levels of a kit, the last set first (安全库存).

    Refuses: NoSuchStation, RoleMissing, PermissionMissing, BadCursor.
    """
    where = {"station_id": await find_station(ctx, station_id, by=by)}
    return await Level.page(ctx, where, cursor=cursor, limit=limit)

"""Watching the kit (巡查有效期): what the calendar does to it.

A batch is told of once, when thirty days are left; on its last day what may be
handed out of the item is judged anew.

Source: features S1-19 (at T-30 d one alert, not thirty).
"""

from models.base.context import Context
from models.base.rounds import each
from models.base.store import atomic
from models.stations import directory, kit
from models.stations.kit import EXPIRING, Batch
from models.stations.kit_levels import judge
from models.stations.kit_notices import Notice, Why, tell

BATCH = 200
"""What a round takes at the most."""


async def look(ctx: Context) -> int:
    """Tell what will expire within thirty days, and note what has (巡查有效期).

    Records: KitRunsOut, once a batch, and once a fall.
    """
    today = ctx.clock.today()
    near = (today + EXPIRING).isoformat()
    expiring = await _due(ctx, {"is_expiring_told": False}, near)
    expired = await _due(ctx, {"is_expiry_noted": False}, today.isoformat())
    return await each(
        "kit.expiring", expiring, lambda batch: _tell_expiring(ctx, batch)
    ) + await each("kit.expired", expired, lambda batch: _note_expired(ctx, batch))


async def _due(ctx: Context, where: dict[str, bool], day: str) -> list[Batch]:
    return await Batch.many(
        ctx,
        {"quantity": {"$gt": 0}, "expires_on": {"$lte": day}, **where},
        sort=kit.BY_EXPIRY,
        limit=BATCH,
    )


@atomic()
async def _tell_expiring(ctx: Context, seen: Batch) -> bool:
    batch = await Batch.change(
        ctx,
        where={"_id": seen.id, "is_expiring_told": False, "quantity": {"$gt": 0}},
        update={"$set": {"is_expiring_told": True}},
    )
    if batch is None:
        return False
    notice = Notice(
        id=ctx.new_id("notice"),
        key=f"expiring:{batch.id}",
        station_id=batch.station_id,
        org_path=batch.org_path,
        why=Why.EXPIRING,
        item=batch.item,
        batch_id=batch.id,
        expires_on=batch.expires_on,
        left=batch.quantity,
        at=ctx.clock.now(),
    )
    await tell(ctx, notice)
    return True


@atomic()
async def _note_expired(ctx: Context, seen: Batch) -> bool:
    batch = await Batch.change(
        ctx,
        where={"_id": seen.id, "is_expiry_noted": False},
        update={"$set": {"is_expiry_noted": True}},
    )
    station = await directory.look(ctx, seen.station_id)
    if batch is None or station is None:
        return False
    await judge(ctx, station, batch.item)
    return True

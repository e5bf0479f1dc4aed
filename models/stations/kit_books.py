"""The kit's books (物资账): a change of a batch, and the movement beside it.

Called in the transaction of the verb that says why; never below zero, since each
change is guarded by what it needs.

Source: features S1-19.
"""

from typing import cast

from pymongo import ReturnDocument

from models.base.context import Context
from models.base.documents import Row
from models.base.errors import Conflict
from models.stations.kit import Batch, Delivery, Kind, Movement
from models.stations.stations import Station


class NotEnough(Conflict):
    """Less is left than asked for; ``details.left`` says how much."""

    code = "not_enough"
    message = "库存不足，请核对数量或先补货。"


class BatchExpired(Conflict):
    """The day of expiry has come; nothing of the batch is handed out."""

    code = "batch_expired"
    message = "这批物资已过有效期，不能发放，请报损并更换。"


async def put_in(
    ctx: Context, station: Station, delivery: Delivery, *, by: str
) -> Batch:
    """Add a delivery to its batch, which may be new."""
    name = {"item": delivery.item, "batch": delivery.batch}
    row = await Batch.shelf(ctx).find_one_and_update(
        {"station_id": station.id, **name},
        {
            "$inc": {"quantity": delivery.quantity},
            "$setOnInsert": {
                "_id": ctx.new_id("batch"),
                "org_path": station.org_path,
                "expires_on": delivery.expires_on.isoformat(),
                "is_expiring_told": False,
                "is_expiry_noted": False,
            },
        },
        upsert=True,
        return_document=ReturnDocument.AFTER,
    )
    batch = Batch.of(cast(Row, row))
    await move(ctx, batch, Kind.RECEIVED, delivery.quantity, by=by)
    return batch


async def move(
    ctx: Context,
    left: Batch,
    kind: Kind,
    pieces: int,
    *,
    by: str,
    reason: str = "",
    alert_id: str | None = None,
) -> Movement:
    """Keep a change of a batch, which has happened."""
    movement = Movement(
        id=ctx.new_id("movement"),
        station_id=left.station_id,
        org_path=left.org_path,
        batch_id=left.id,
        item=left.item,
        kind=kind,
        pieces=pieces,
        left=left.quantity,
        by=by,
        at=ctx.clock.now(),
        reason=reason,
        alert_id=alert_id,
    )
    return await movement.insert(ctx)


async def take(ctx: Context, batch: Batch, quantity: int) -> Batch:
    """Take pieces out of a batch.

    Refuses: NotEnough.
    """
    left = await Batch.change(
        ctx,
        where={"_id": batch.id, "quantity": {"$gte": quantity}},
        update={"$inc": {"quantity": -quantity}},
    )
    if left is None:
        raise NotEnough({"left": batch.quantity})
    return left

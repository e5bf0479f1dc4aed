"""What comes in and goes out otherwise (出入库): receive, write off, count.

Source: features S1-19; rules §3.8.
"""

from models.base.context import Context
from models.base.errors import Conflict
from models.base.store import atomic
from models.stations import desk, directory
from models.stations.kit import Batch, Delivery, Kind, Movement, NoSuchBatch
from models.stations.kit_books import BatchExpired, move, put_in, take
from models.stations.kit_levels import judge
from models.stations.stations import Station
from models.unions.staff import Staff


class BatchDiffers(Conflict):
    """The same batch number is there with another day of expiry."""

    code = "batch_differs"
    message = "已有同一批号但有效期不同的物资，请核对包装上的批号和有效期。"


@atomic()
async def receive(
    ctx: Context, station_id: str, delivery: Delivery, *, by: Staff
) -> Batch:
    """Take a delivery in, or more of the same batch (入库).

    Refuses: NoSuchStation, RoleMissing, BatchExpired, BatchDiffers.
    """
    desk.check_clerk(by, station_id)
    station = await directory.find(ctx, station_id)
    if ctx.clock.today() >= delivery.expires_on:
        raise BatchExpired({"expires_on": delivery.expires_on.isoformat()})
    seen = await _known(ctx, station, delivery)
    if seen is not None and seen.expires_on != delivery.expires_on:
        raise BatchDiffers({"expires_on": seen.expires_on.isoformat()})
    kept = await put_in(ctx, station, delivery, by=by.id)
    await judge(ctx, station, delivery.item)
    return kept


@atomic()
async def lay_in(ctx: Context, station: Station, delivery: Delivery) -> None:
    """Stock a new kit; a batch that is known changes nothing."""
    if await _known(ctx, station, delivery) is None:
        await put_in(ctx, station, delivery, by="first_stock")


@atomic()
async def write_off(
    ctx: Context,
    station_id: str,
    batch_id: str,
    *,
    quantity: int,
    reason: str,
    by: Staff,
) -> Movement:
    """Throw away what is spoilt or over (报损).

    Refuses: NoSuchStation, RoleMissing, NoSuchBatch, NotEnough.
    """
    station, batch = await _mine(ctx, station_id, batch_id, by)
    left = await take(ctx, batch, quantity)
    moved = await move(ctx, left, Kind.WRITTEN_OFF, -quantity, by=by.id, reason=reason)
    await judge(ctx, station, batch.item)
    return moved


@atomic()
async def count(
    ctx: Context,
    station_id: str,
    batch_id: str,
    *,
    counted: int,
    reason: str,
    by: Staff,
) -> Movement:
    """Correct what is left to what was counted, and say why (盘点).

    Refuses: NoSuchStation, RoleMissing, NoSuchBatch.
    """
    station, batch = await _mine(ctx, station_id, batch_id, by)
    change = counted - batch.quantity
    left = await Batch.change(
        ctx,
        where={"_id": batch.id, "quantity": batch.quantity},
        update={"$inc": {"quantity": change}},
    )
    if left is None:
        raise NoSuchBatch
    moved = await move(ctx, left, Kind.COUNTED, change, by=by.id, reason=reason)
    await judge(ctx, station, batch.item)
    return moved


async def _mine(
    ctx: Context, station_id: str, batch_id: str, by: Staff
) -> tuple[Station, Batch]:
    desk.check_clerk(by, station_id)
    station = await directory.find(ctx, station_id)
    batch = await Batch.find(ctx, _id=batch_id, station_id=station_id)
    if batch is None:
        raise NoSuchBatch
    return station, batch


async def _known(ctx: Context, station: Station, delivery: Delivery) -> Batch | None:
    return await Batch.find(
        ctx, station_id=station.id, item=delivery.item, batch=delivery.batch
    )

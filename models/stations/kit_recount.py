"""Recounting the kit (盘账): whether what is left is what came in less what went out.

Source: features S1-19; issue 3 §3 (derived and recountable).
"""

from typing import Any

import msgspec

from models.base.context import Context
from models.stations.kit import Batch, Movement, find_station
from models.unions.officials import Official
from models.unions.staff import Staff


class Difference(msgspec.Struct, kw_only=True, frozen=True):
    """A batch that does not hold what its movements add up to."""

    batch_id: str
    item: str
    kept: int
    folded: int


class Recount(msgspec.Struct, kw_only=True, frozen=True):
    """What folding the movements says."""

    batches: int
    differences: tuple[Difference, ...]

    @property
    def is_equal(self) -> bool:
        """Say whether every batch holds what it should."""
        return not self.differences


async def recount(ctx: Context, station_id: str, *, by: Staff | Official) -> Recount:
    """Fold the movements and compare them with what the batches hold (盘账).

    Refuses: NoSuchStation, RoleMissing, PermissionMissing.
    """
    here = {"station_id": await find_station(ctx, station_id, by=by)}
    fold: list[dict[str, Any]] = [
        {"$match": here},
        {"$group": {"_id": "$batch_id", "sum": {"$sum": "$pieces"}}},
    ]
    rows = await (await Movement.shelf(ctx).aggregate(fold)).to_list()
    sums = {row["_id"]: row["sum"] for row in rows}
    batches = await Batch.many(ctx, here, limit=0)
    differences = tuple(
        Difference(
            batch_id=batch.id,
            item=batch.item,
            kept=batch.quantity,
            folded=sums.get(batch.id, 0),
        )
        for batch in batches
        if batch.quantity != sums.get(batch.id, 0)
    )
    return Recount(batches=len(batches), differences=differences)

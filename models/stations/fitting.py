"""Fitting (时段校正): slots that somebody wanted already, fitted to a changed station.

A slot's document is written when somebody first wants it, with the ports there were
then. When a port breaks, is mended or is taken away, the ports that are free follow
anew from what the station has and who holds what: one update for a whole service,
which says the same however often it is run.

Source: rules §3.1; house §6.
"""

from typing import Any

from models.base.context import Context
from models.stations.port_services import Service
from models.stations.slots import Slot
from models.stations.stations import Station
from models.stations.timetable import ONE_DAY, slots_of


async def fit(ctx: Context, station: Station) -> None:
    """Make the slots to come give out the ports that are in order, and no others."""
    for service in station.services:
        ports = {"$range": [1, service.ports + 1]}
        taken = {"$setUnion": ["$holders.port", {"$literal": list(service.paused)}]}
        await Slot.shelf(ctx).update_many(
            _to_come(ctx, station, service),
            [
                {
                    "$set": {
                        "ports": service.ports,
                        "paused": {"$literal": list(service.paused)},
                        "free": {"$setDifference": [ports, taken]},
                    }
                }
            ],
        )


async def forget_empty(ctx: Context, station: Station) -> None:
    """Delete slots to come that nobody holds; without a document they are free.

    Rules: so that none is left with another end than the timetable says.
    """
    for service in station.services:
        where = _to_come(ctx, station, service)
        await Slot.shelf(ctx).delete_many({**where, "holders": []})


def _to_come(ctx: Context, station: Station, service: Service) -> dict[str, Any]:
    """Find a service's slots by their ids, which sort by time."""
    own, yesterday = slots_of(station.id, service.kind), ctx.clock.today() - ONE_DAY
    since = f"{own}{yesterday:%Y%m%d}"
    return {"_id": {"$gte": since, "$lt": f"{own}~"}, "end": {"$gt": ctx.clock.now()}}

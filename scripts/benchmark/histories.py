"""Workers who have booked once, a hundred and ten thousand times before."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from app.settings import read_settings
from app.wiring import open_house
from models.base.ids import new_id
from models.stations.booked import GRACE, Booking, State
from models.stations.port_services import ServiceKind
from scripts.benchmark import town
from scripts.benchmark.filling import put

LENGTHS = {0: 1, 1: 100, 2: 10_000}
"""By the worker's number: how many bookings they have behind them."""

HOUR = timedelta(hours=1)


def fill(environ: Mapping[str, str]) -> None:
    """Write the histories into a database that is filled already."""
    asyncio.run(_fill(environ))


async def _fill(environ: Mapping[str, str]) -> None:
    house = await open_house(read_settings(environ), live=())
    try:
        now = house.ctx.clock.now()
        for worker, length in LENGTHS.items():
            await put(house.ctx, bookings(worker, length, now))
    finally:
        await house.close()


def bookings(worker: int, length: int, now: datetime) -> Iterator[Booking]:
    """Make finished bookings, an hour apart, the last some weeks ago."""
    for number in range(length):
        start = now - timedelta(days=30) - HOUR * number
        yield Booking(
            id=new_id("booking", start),
            worker_id=town.worker_id(worker),
            station_id="station_bench-0000",
            org_path=town.ORG,
            station_name="示例·第0驿站",
            service=ServiceKind.PHONE_CHARGING,
            slot_ids=(f"slot_bench-past_phone-charging_{number}",),
            port=1,
            start=start,
            end=start + HOUR / 2,
            state=State.FINISHED,
            made_at=start,
            come_by=start + GRACE,
            begun_at=start,
            left_at=start + HOUR / 2,
        )

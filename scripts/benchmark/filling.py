"""Fills the inn's own shelves with one data set, by the product's own shapes."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from app.settings import Settings, read_settings
from app.wiring import open_house
from models.base.context import Context
from models.base.documents import Document, plain
from models.unions import units
from models.unions.units import Kind
from scripts.benchmark import content, town

CACHE_GB = "3"
"""GiB of MongoDB's cache: all that is filled lies in memory, so disks are no part."""

AT_ONCE = 1_000
"""Documents a batch."""


class Size(NamedTuple):
    """How much there is of what grows."""

    policies: int = 10_000
    workers: int = 50_000
    stations: int = 200
    programmes: int = 30

    def times(self, factor: int) -> "Size":
        """Return so many times as much."""
        return Size(*(number * factor for number in self))


def environment(uri: str, database: str, redis_url: str) -> dict[str, str]:
    """Return the settings that a run's inn is opened with.

    Rules: every limit stays in force and is paid for. What is limited by address
    is asked as a proxy in front would pass it on, from as many addresses as a town
    has phones, hence BEHIND_PROXY. Where deeds begin to be turned away, at 512 under
    way, 512 connections would stand just on it, hence REQUESTS_AT_ONCE.
    """
    return {
        "APP_ENV": "dev",
        "BEHIND_PROXY": "1",
        "REQUESTS_AT_ONCE": "1024",
        "SHARE_PORT": "1",
        "MONGODB_URI": uri,
        "MONGODB_DATABASE": database,
        "REDIS_URL": redis_url,
        "WECHAT_BASE_URL": "http://127.0.0.1:1",
    }


def fill(environ: Mapping[str, str], size: Size) -> None:
    """Fill a database."""
    asyncio.run(_fill(read_settings(environ), size))


async def _fill(settings: Settings, size: Size) -> None:
    house = await open_house(settings, live=())
    try:
        await _everything(house.ctx, size)
    finally:
        await house.close()


async def _everything(ctx: Context, size: Size) -> None:
    now = ctx.clock.now()
    await units.put_unit(
        ctx, id_=town.UNIT, name="示例·区总工会", kind=Kind.CITY, parent_id=None
    )
    await put(ctx, town.stations(size.stations))
    await put(ctx, town.programmes(now, size.programmes))
    await put(ctx, town.training_sessions(now, size.programmes))
    await town.publish_guides(ctx)
    await put(ctx, content.editions(size.policies, now))
    await put(ctx, content.subjects(size.policies, town.ORG))
    await put(ctx, town.workers(ctx, size.workers))
    await put(ctx, town.sessions(ctx, size.workers))


async def put(ctx: Context, documents: Iterable[Document]) -> None:
    """Put documents of one sort on their shelf, batch by batch."""
    for batch in batches(documents):
        rows: list[dict[str, Any]] = [plain(each) for each in batch]
        await batch[0].shelf(ctx).insert_many(rows, ordered=False)


def batches(documents: Iterable[Any]) -> Iterator[list[Any]]:
    """Cut what comes into batches."""
    left = iter(documents)
    while batch := list(islice(left, AT_ONCE)):
        yield batch

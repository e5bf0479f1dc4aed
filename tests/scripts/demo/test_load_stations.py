"""The demo's stations and people load, and loading again changes nothing."""

from models.base.documents import plain
from models.base.places import from_gcj02
from models.stations import directory
from models.stations.stations import Station
from models.unions.staff import Staff
from models.unions.units import Unit
from models.workers.workers import Worker
from scripts.demo import load_consents, load_stations
from tests.models.stations import places


async def everything(ctx):
    return {
        name: [row async for row in ctx.db[name].find(sort=[("_id", 1)])]
        for name in await ctx.db.list_collection_names()
    }


async def test_loading_twice_is_loading_once(ctx):
    await load_consents.load(ctx)
    await load_stations.load(ctx)
    before = await everything(ctx)
    await load_stations.load(ctx)
    assert await everything(ctx) == before
    counts = [
        await kind.shelf(ctx).count_documents({})
        for kind in (Unit, Station, Staff, Worker)
    ]
    assert counts == [16, 16, 16, 10]


async def test_eight_stations_lie_within_three_kilometres(ctx):
    await load_stations.load(ctx)
    here = from_gcj02(113.5548, 34.8126)
    around = await directory.near(ctx, here, 3_000, 100)
    assert len(around) == 8


async def test_a_closure_made_since_is_kept(ctx):
    await load_stations.load(ctx)
    station = await Station.find(ctx, _id="station_science_park")
    closed = await places.close(ctx, station, reason="停电")
    await load_stations.load(ctx)
    assert plain(await Station.find(ctx, _id=station.id)) == plain(closed)

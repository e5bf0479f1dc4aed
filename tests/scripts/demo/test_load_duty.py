"""The demo's rota and codes: loaded twice they are the same, and somebody comes."""

from models.stations import directory, duty
from models.stations.duty import Rota
from models.stations.scenes import Scene
from models.unions.staff import Staff
from scripts.demo import load_duty, load_stations


async def shelves(ctx):
    return [
        await shelf.find(sort=[("_id", 1)]).to_list()
        for shelf in (Rota.shelf(ctx), Scene.shelf(ctx))
    ]


async def test_loading_twice_changes_nothing(ctx):
    await load_stations.load(ctx)
    count = await load_duty.load(ctx)
    before = await shelves(ctx)
    assert await load_duty.load(ctx) == count
    assert await shelves(ctx) == before
    rotas, codes = before
    assert len(rotas) + len(codes) == count
    assert len(codes) > 100


async def test_everybody_on_a_rota_is_staff_of_that_station(ctx):
    await load_stations.load(ctx)
    await load_duty.load(ctx)
    for station in await directory.every(ctx):
        rota = await Rota.find(ctx, _id=duty.rota_id(station.id))
        assert rota is not None, station.id
        for shift in rota.responders:
            staff = await Staff.find(ctx, _id=shift.staff_id)
            assert staff is not None, shift.staff_id
            assert staff.may_serve(station.id), (staff.id, station.id)
        assert len(await duty.on_call(ctx, station.id)) == 2
    team = await duty.on_duty(ctx, "station_science_park")
    assert [each.staff.id for each in team] == [
        "staff_inn_clerk_lu",
        "staff_inn_clerk_song",
        "staff_inn_nurse_bai",
    ]

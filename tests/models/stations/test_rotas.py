"""Rotas: whom somebody may put on a station's rota."""

from models.stations import rotas
from models.stations.stations import Station
from models.unions.permissions import Permission
from models.unions.staff import Role, put_staff
from tests.models.stations import places
from tests.models.unions.people import official, plant

EAST = "/unit_city/unit_east/"


async def furnish(ctx):
    await plant(ctx)
    await places.put(ctx, places.station(org_path=EAST, unit_id="unit_east"))


async def nameable(ctx):
    who = await official(ctx, "wang", permissions=[Permission.STATIONS])
    station = await Station.get(ctx, "station_park")
    return [each.id for each in await rotas.nameable(ctx, station, by=who)]


async def posted(ctx, name, unit, stations=(), role=Role.ON_CALL):
    await put_staff(
        ctx,
        id_=f"staff_{name}",
        name="陆示例",
        openid=f"o-staff-{name}",
        unit_id=unit,
        station_ids=stations,
        roles=[role],
    )


async def test_however_many_are_on_call_elsewhere_ones_own_are_named(ctx, monkeypatch):
    monkeypatch.setattr(rotas, "MOST_POSTED", 2)
    await furnish(ctx)
    for name in ("a", "b", "c"):
        await posted(ctx, name, "unit_west")
    await posted(ctx, "gao", "unit_east")
    mine = ("station_park",)
    await posted(ctx, "lu", "unit_east", mine, Role.FIRST_AID_RESPONDER)
    assert await nameable(ctx) == ["staff_lu", "staff_gao"]


async def test_ones_own_come_first_and_nobody_twice(ctx):
    await furnish(ctx)
    await posted(ctx, "a", "unit_east")
    await posted(ctx, "zhou", "unit_east", ("station_park",))
    assert await nameable(ctx) == ["staff_zhou", "staff_a"]

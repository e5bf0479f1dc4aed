"""A vehicle's power is cut after its time and the turnover; a phone's never."""

import pytest

from models.base.events import Happening
from models.stations import bookings, cut_offs, cutting, lapses, walk_ins
from models.stations.cut_offs import CutOff
from models.stations.cutting import AlreadyCut, NoSuchCutOff
from models.stations.port_services import Service
from models.stations.stations import NoSuchStation
from models.unions.staff import RoleMissing
from tests.models.stations import people, places
from tests.models.stations.places import PHONE, VEHICLE, at, somebody

PARK = "station_park"


async def charging(ctx, clock, turnover=15):
    """Somebody charges a vehicle and somebody a phone, both till 11:00."""
    services = tuple(
        Service(kind=kind, ports=2, slot_minutes=60, turnover_minutes=turnover)
        for kind in (PHONE, VEHICLE)
    )
    await places.put(ctx, places.station(services=services, org_path="/city/"))
    clock.put(at("10:35"))
    made = [
        await walk_ins.walk_in(ctx, PARK, kind, 1, by=somebody(str(kind)))
        for kind in (VEHICLE, PHONE)
    ]
    clock.put(made[0].end)
    return made


async def told(ctx):
    return await Happening.shelf(ctx).count_documents({"kind": "PowerCutDue"})


async def test_it_is_due_after_the_turnover_and_told_once(ctx, clock):
    vehicle, _ = await charging(ctx, clock)
    lu = await people.clerk(ctx)
    clock.forward(lapses.OVERSTAY)
    assert await lapses.end_overstays(ctx) == 2
    assert await cut_offs.tell_due(ctx) == 0
    assert await cutting.due(ctx, PARK, by=lu) == []
    clock.put(vehicle.end + 3 * lapses.OVERSTAY)
    assert [await cut_offs.tell_due(ctx) for _ in range(2)] == [1, 0]
    assert await told(ctx) == 1
    [found] = await cutting.due(ctx, PARK, by=lu)
    assert (found.booking_id, found.port, found.org_path) == (vehicle.id, 1, "/city/")


async def test_the_desk_sees_it_though_the_clockwork_is_late(ctx, clock):
    vehicle, _ = await charging(ctx, clock)
    clock.put(vehicle.end + 3 * lapses.OVERSTAY)
    [found] = await cutting.due(ctx, PARK, by=await people.clerk(ctx))
    assert found.booking_id == vehicle.id


async def test_who_leaves_in_time_is_not_cut_off(ctx, clock):
    vehicle, _ = await charging(ctx, clock)
    await bookings.finish(ctx, vehicle.id, by=somebody(str(VEHICLE)))
    clock.put(vehicle.end + 3 * lapses.OVERSTAY)
    assert await cutting.due(ctx, PARK, by=await people.clerk(ctx)) == []
    assert not await CutOff.many(ctx, {})


async def test_a_clerk_says_once_that_it_is_done(ctx, clock):
    vehicle, _ = await charging(ctx, clock)
    lu = await people.clerk(ctx)
    clock.put(vehicle.end + 3 * lapses.OVERSTAY)
    [found] = await cutting.due(ctx, PARK, by=lu)
    done = await cutting.confirm(ctx, PARK, found.id, by=lu)
    assert (done.is_cut, done.by, done.cut_at) == (True, lu.id, clock.now())
    with pytest.raises(AlreadyCut):
        await cutting.confirm(ctx, PARK, found.id, by=lu)
    assert await cutting.due(ctx, PARK, by=lu) == []
    assert await cut_offs.tell_due(ctx) == 0


async def test_only_the_stations_clerks_see_and_say_it(ctx, clock):
    vehicle, _ = await charging(ctx, clock)
    await places.put(ctx, places.station("lake"))
    clock.put(vehicle.end + 3 * lapses.OVERSTAY)
    [found] = await cutting.due(ctx, PARK, by=await people.clerk(ctx))
    fan = await people.clerk(ctx, "fan", stations=("lake",))
    with pytest.raises(NoSuchStation):
        await cutting.confirm(ctx, PARK, found.id, by=fan)
    with pytest.raises(NoSuchCutOff):
        await cutting.confirm(ctx, "station_lake", found.id, by=fan)
    song = await people.clerk(ctx, "song", roles=())
    with pytest.raises(RoleMissing):
        await cutting.due(ctx, PARK, by=song)
    assert not (await CutOff.find(ctx, _id=found.id)).is_cut

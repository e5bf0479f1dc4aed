"""Walking in: a port now, till somebody else needs it."""

import asyncio
from datetime import timedelta

import pytest

from models.agenda.hours import TimeConflict
from models.base.errors import Refusal
from models.stations import bookings, lapses, walk_ins
from models.stations.booked import Booking
from models.stations.slots import PortInUse, Slot
from models.stations.stations import NoSuchService, NoSuchStation
from models.stations.walk_ins import NoSuchPort, ReservedSoon, StationClosed
from tests.models.stations import places
from tests.models.stations.places import PHONE, VEHICLE, at, slot, somebody

PARK = "station_park"


async def walk(ctx, port=1, who="rider", kind=PHONE, station=PARK):
    return await walk_ins.walk_in(ctx, station, kind, port, by=somebody(who))


async def test_a_free_port_is_used_for_this_slot_and_the_next(ctx, clock):
    await places.put(ctx)
    clock.put(at("10:30"))
    session = await walk(ctx, port=3)
    assert (session.state, session.way, session.port) == ("in_use", "walk_in", 3)
    assert (session.start, session.end) == (at("10:30"), at("11:25"))
    assert session.slot_ids == (slot("1020"), slot("1055"))


async def test_it_ends_a_turnover_before_the_next_booking(ctx, clock):
    await places.put(ctx)
    await bookings.book(ctx, slot("1055"), by=somebody("planner"))
    clock.put(at("10:30"))
    session = await walk(ctx, port=1)
    assert session.end == at("10:55") - timedelta(minutes=5)


async def test_a_port_reserved_in_five_minutes_is_refused_with_the_others(ctx, clock):
    await places.put(ctx)
    await bookings.book(ctx, slot("1055"), by=somebody("planner"))
    clock.put(at("10:50"))
    with pytest.raises(ReservedSoon) as refusal:
        await walk(ctx, port=1)
    assert refusal.value.details == {"port": 1, "free": [2, 3, 4]}
    clock.put(at("10:41"))
    with pytest.raises(ReservedSoon):
        await walk(ctx, port=1)
    assert (await walk(ctx, port=2)).end == at("11:25")


async def test_less_than_the_least_use_is_refused_and_exactly_that_is_not(ctx, clock):
    await places.put(ctx)
    await bookings.book(ctx, slot("1055"), by=somebody("planner"))
    clock.put(at("10:40") + timedelta(milliseconds=1))
    with pytest.raises(ReservedSoon):
        await walk(ctx, port=1)
    assert not (await Slot.find(ctx, _id=slot("1020"))).holders
    clock.put(at("10:40"))
    assert (await walk(ctx, port=1)).end == at("10:50")


async def test_a_port_in_use_is_refused_with_the_free_ones(ctx, clock):
    await places.put(ctx)
    clock.put(at("10:25"))
    await walk(ctx, port=2, who="first")
    with pytest.raises(PortInUse) as refusal:
        await walk(ctx, port=2)
    assert refusal.value.details == {"port": 2, "free": [1, 3, 4]}


async def test_a_port_whose_worker_is_on_the_way_is_reserved(ctx, clock):
    await places.put(ctx)
    await bookings.book(ctx, slot("1020"), by=somebody("planner"))
    clock.put(at("10:25"))
    with pytest.raises(ReservedSoon):
        await walk(ctx, port=1)
    clock.put(at("10:30"))
    assert (await walk(ctx, port=1)).state == "in_use"
    assert await lapses.lapse_no_shows(ctx) == 0


@pytest.mark.parametrize("moment", ["07:54", "19:26", "20:00", "23:59"])
async def test_a_closed_station_is_refused_with_the_next_opening(ctx, clock, moment):
    await places.put(ctx)
    clock.put(at(moment))
    with pytest.raises(StationClosed) as refusal:
        await walk(ctx)
    assert set(refusal.value.details) == {"reason", "opens_at"}


async def test_a_closure_is_refused_with_its_reason(ctx, clock):
    station = await places.put(ctx)
    clock.put(at("10:25"))
    await places.close(ctx, station, reason="线路检修")
    with pytest.raises(StationClosed) as refusal:
        await walk(ctx)
    assert refusal.value.details["reason"] == "线路检修"


async def test_what_is_not_there_is_refused(ctx):
    await places.put(ctx, places.station(services=()), places.station("bank"))
    with pytest.raises(NoSuchService):
        await walk(ctx)
    with pytest.raises(NoSuchStation):
        await walk(ctx, station="station_none")
    for port in (0, 5):
        with pytest.raises(NoSuchPort):
            await walk(ctx, port=port, station="station_bank")


async def test_the_workers_own_next_booking_is_kept(ctx, clock):
    await places.put(ctx)
    await bookings.book(ctx, slot("1055"), by=somebody("rider"))
    clock.put(at("10:25"))
    assert (await walk(ctx, port=2)).end == at("10:50")


async def test_one_worker_charges_one_phone_at_a_time(ctx, clock):
    await places.put(ctx, places.station(), places.station("bank"))
    clock.put(at("10:25"))
    await walk(ctx)
    with pytest.raises(TimeConflict):
        await walk(ctx, port=2, station="station_bank")
    assert (await walk(ctx, kind=VEHICLE)).service == VEHICLE


async def test_finishing_frees_both_slots(ctx, clock):
    await places.put(ctx)
    clock.put(at("10:25"))
    session = await walk(ctx)
    await bookings.finish(ctx, session.id, by=somebody("rider"))
    for time in ("1020", "1055"):
        assert not (await Slot.find(ctx, _id=slot(time))).holders
    assert (await walk(ctx)).state == "in_use"


async def test_walking_in_and_booking_the_last_port_at_once(ctx, clock):
    for turn in range(6):
        slug = f"s{turn}"
        await places.put(ctx, places.station(slug, ports=1))
        clock.put(at("10:25"))
        answers = await asyncio.gather(
            walk(ctx, who=f"rider{turn}", station=f"station_{slug}"),
            bookings.book(ctx, slot("1020", slug=slug), by=somebody(f"planner{turn}")),
            return_exceptions=True,
        )
        made = [each for each in answers if isinstance(each, Booking)]
        [refused] = [each for each in answers if isinstance(each, Refusal)]
        assert len(made) == 1
        assert refused.code in {"slot_full", "port_in_use", "reserved_soon"}
        held = await Slot.find(ctx, _id=slot("1020", slug=slug))
        assert [each.booking_id for each in held.holders] == [made[0].id]


async def test_one_worker_at_twenty_ports_at_once_gets_one(ctx, clock):
    await places.put(ctx, places.station(ports=20))
    clock.put(at("10:25"))
    tries = [walk(ctx, port=port) for port in range(1, 21)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, Booking) for each in answers) == 1
    assert all(isinstance(each, Booking | Refusal) for each in answers)
    kept = await Slot.find(ctx, _id=slot("1020"))
    assert len(kept.holders) == 1

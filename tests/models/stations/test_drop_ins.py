"""Water is counted, rest has so many seats and no more, and a new day is empty."""

import asyncio

import pytest

from models.base.errors import Refusal
from models.stations import live, rest, water
from models.stations.drop_in_services import DropIn, DropInKind
from models.stations.rest import AlreadyResting, NotResting, RestDay, RestFull
from models.stations.stations import NoSuchService, NoSuchStation
from models.stations.walk_ins import StationClosed
from models.stations.water import Drink
from models.unions.staff import RoleMissing
from tests.models.stations import people, places
from tests.models.stations.places import at, somebody

PARK = "station_park"


async def furnished(ctx, seats=2):
    drop_ins = (
        DropIn(kind=DropInKind.WATER),
        DropIn(kind=DropInKind.REST, seats=seats),
    )
    return await places.put(ctx, places.station(drop_ins=drop_ins, org_path="/city/"))


async def seen(ctx, station):
    [found] = await live.look(ctx, [station])
    return found.rest.inside, found.rest.free


async def test_a_seat_is_taken_and_given_back(ctx):
    station = await furnished(ctx)
    assert await seen(ctx, station) == (0, 2)
    stay = await rest.enter(ctx, PARK, by=somebody())
    assert await seen(ctx, station) == (1, 1)
    with pytest.raises(AlreadyResting) as refusal:
        await rest.enter(ctx, PARK, by=somebody())
    assert refusal.value.details == {"since": stay.since.isoformat()}
    left = await rest.leave(ctx, PARK, by=somebody())
    assert (left.id, left.left_at) == (stay.id, at("10:00"))
    assert await seen(ctx, station) == (0, 2)
    with pytest.raises(NotResting):
        await rest.leave(ctx, PARK, by=somebody())
    assert await seen(ctx, station) == (0, 2)
    await rest.enter(ctx, PARK, by=somebody())
    [kept] = await RestDay.many(ctx, {})
    assert (len(kept.stays), kept.org_path) == (2, "/city/")


async def test_of_forty_who_want_the_last_seats_just_so_many_sit(ctx):
    station = await furnished(ctx, seats=7)

    async def enter(number):
        try:
            return await rest.enter(ctx, PARK, by=somebody(f"r{number}"))
        except RestFull:
            return None

    got = await asyncio.gather(*map(enter, range(40)))
    assert sum(stay is not None for stay in got) == 7
    assert await seen(ctx, station) == (7, 0)


async def test_coming_and_going_at_once_is_never_below_nothing(ctx):
    station = await furnished(ctx, seats=5)

    async def turn(number):
        for verb in (rest.enter, rest.leave, rest.leave):
            try:
                await verb(ctx, PARK, by=somebody(f"r{number % 6}"))
            except Refusal:
                continue
            inside, free = await seen(ctx, station)
            assert 0 <= inside <= 5
            assert inside + free == 5

    await asyncio.gather(*map(turn, range(18)))


async def test_a_new_day_begins_with_nobody_inside(ctx, clock):
    station = await furnished(ctx)
    await rest.enter(ctx, PARK, by=somebody())
    clock.put(at("08:00", 24))
    assert await seen(ctx, station) == (0, 2)
    left = await rest.leave(ctx, PARK, by=somebody())
    assert left.since == at("10:00")
    assert await seen(ctx, station) == (0, 2)


async def test_nobody_sits_down_behind_a_shut_door(ctx, clock):
    await furnished(ctx)
    clock.put(at("20:00"))
    with pytest.raises(StationClosed):
        await rest.enter(ctx, PARK, by=somebody())


async def test_a_clerk_seats_guests_and_lets_them_out(ctx):
    await furnished(ctx)
    lu = await people.clerk(ctx)
    stays = [await rest.let_in(ctx, PARK, by=lu) for _ in range(2)]
    with pytest.raises(RestFull):
        await rest.let_in(ctx, PARK, by=lu)
    await rest.let_out(ctx, PARK, stays[0].id, by=lu)
    with pytest.raises(NotResting):
        await rest.let_out(ctx, PARK, stays[0].id, by=lu)
    full, inside = await rest.today(ctx, PARK, by=lu)
    assert (full.inside, [stay.id for stay in inside]) == (1, [stays[1].id])
    fan = await people.clerk(ctx, "fan", stations=("lake",))
    with pytest.raises(NoSuchStation):
        await rest.let_in(ctx, PARK, by=fan)
    song = await people.clerk(ctx, "song", roles=())
    with pytest.raises(RoleMissing):
        await rest.today(ctx, PARK, by=song)


async def test_cups_at_the_same_moment_are_all_counted_and_nobody_is_named(ctx):
    await furnished(ctx)
    lu = await people.clerk(ctx)
    taps = [water.take(ctx, PARK, by=somebody(f"r{n}")) for n in range(20)]
    await asyncio.gather(*taps)
    assert await water.note(ctx, PARK, 12, by=lu) == 32
    assert await water.count(ctx, PARK, ctx.clock.today()) == 32
    rows = await Drink.shelf(ctx).find({}).to_list()
    assert not [row for row in rows if "worker" in str(row)]


async def test_what_a_station_does_not_have_is_refused(ctx):
    await places.put(ctx)
    with pytest.raises(NoSuchService):
        await water.take(ctx, PARK, by=somebody())
    with pytest.raises(NoSuchService):
        await rest.enter(ctx, PARK, by=somebody())
    with pytest.raises(NoSuchStation):
        await rest.enter(ctx, "station_nowhere", by=somebody())

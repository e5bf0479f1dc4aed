"""Duty: the rota's hours, coming and going by hand, and who is on call."""

import pytest

from models.stations import duty
from models.stations.duty import NotOnDuty, Rota, Shift
from models.stations.stations import NoSuchStation
from models.stations.weekly import Week
from models.unions.staff import Role, put_staff
from tests.models.stations import people
from tests.models.stations.people import shift
from tests.models.stations.places import at


async def rota(ctx, *shifts, on_call=()):
    return await duty.put_rota(
        ctx, "station_park", responders=shifts, on_call=[f"staff_{n}" for n in on_call]
    )


async def names(ctx):
    return [
        each.staff.id.removeprefix("staff_")
        for each in await duty.on_duty(ctx, "station_park")
    ]


async def test_the_rota_says_who_and_in_which_order(ctx, clock):
    for name in ("lu", "song", "bai"):
        await people.clerk(ctx, name)
    await rota(
        ctx,
        shift("song", "08:00-22:00"),
        shift("lu", "08:30-17:30"),
        shift("bai", "17:30-20:00"),
    )
    assert await names(ctx) == ["song", "lu"]
    clock.put(at("17:30"))
    assert await names(ctx) == ["song", "bai"]
    clock.put(at("22:00"))
    assert await names(ctx) == []


async def test_a_shift_past_midnight_belongs_to_the_day_it_starts_on(ctx, clock):
    await people.clerk(ctx, "meng")
    night = Shift(staff_id="staff_meng", weekly=Week(mon=("20:00-08:00",)))
    await rota(ctx, night)
    for moment, expected in (
        (at("19:59"), []),
        (at("20:00"), ["meng"]),
        (at("07:59", day=24), ["meng"]),
        (at("08:00", day=24), []),
        (at("20:00", day=24), []),
        (at("07:59", day=23), []),
    ):
        clock.put(moment)
        assert await names(ctx) == expected, moment


async def test_who_left_the_service_or_the_station_is_not_called(ctx):
    await people.clerk(ctx, "lu")
    await people.clerk(ctx, "song", stations=("lake",))
    await rota(ctx, shift("lu", "00:00-24:00"), shift("song", "00:00-24:00"))
    assert await names(ctx) == ["lu"]
    await put_staff(
        ctx,
        id_="staff_lu",
        name="陆示例",
        openid="o-staff-lu",
        unit_id="u",
        station_ids=["station_park"],
        active=False,
    )
    assert await names(ctx) == []


async def test_coming_on_duty_outside_the_rota_ends_after_twelve_hours(ctx, clock):
    fan = await people.clerk(ctx, "fan")
    mine = await duty.begin(ctx, "station_park", by=fan)
    assert mine.until == at("22:00")
    assert await names(ctx) == ["fan"]
    clock.put(at("22:00"))
    assert await names(ctx) == []


async def test_going_off_early_lasts_till_the_shift_is_over(ctx, clock):
    lu = await people.clerk(ctx)
    await rota(ctx, shift("lu", "08:30-17:30"))
    await duty.end(ctx, "station_park", by=lu)
    assert await names(ctx) == []
    with pytest.raises(NotOnDuty):
        await duty.end(ctx, "station_park", by=lu)
    assert (await duty.begin(ctx, "station_park", by=lu)).until == at("17:30")
    assert await names(ctx) == ["lu"]
    await duty.end(ctx, "station_park", by=lu)
    clock.put(at("08:30", day=24))
    assert await names(ctx) == ["lu"]


async def test_duty_by_hand_ends_by_hand(ctx):
    fan = await people.clerk(ctx, "fan")
    await duty.begin(ctx, "station_park", by=fan)
    await duty.end(ctx, "station_park", by=fan)
    assert await names(ctx) == []


async def test_nobody_serves_at_anothers_station(ctx):
    fan = await people.clerk(ctx, "fan", stations=("lake",))
    with pytest.raises(NoSuchStation):
        await duty.begin(ctx, "station_park", by=fan)
    with pytest.raises(NoSuchStation):
        await duty.end(ctx, "station_park", by=fan)


async def test_putting_the_same_rota_twice_changes_nothing(ctx):
    await people.clerk(ctx)
    first = await rota(ctx, shift("lu", "08:30-17:30"), on_call=["gao"])
    assert await rota(ctx, shift("lu", "08:30-17:30"), on_call=["gao"]) == first
    assert [Rota.of(row) async for row in Rota.shelf(ctx).find()] == [first]


async def test_on_call_goes_by_the_rota_else_by_the_role(ctx):
    for name in ("gao", "tang"):
        await people.clerk(ctx, name, stations=(), roles=(Role.ON_CALL,))
    assert [who.id for who in await duty.on_call(ctx, "station_park")] == [
        "staff_gao",
        "staff_tang",
    ]
    await rota(ctx, on_call=["tang", "gao", "gone"])
    assert [who.id for who in await duty.on_call(ctx, "station_park")] == [
        "staff_tang",
        "staff_gao",
    ]

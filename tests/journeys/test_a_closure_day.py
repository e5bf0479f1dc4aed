"""A closure day: twelve had booked, the power goes, nobody is hurt."""

import asyncio

from models.stations.strikes import Strike
from models.unions.permissions import Permission
from tests.models.unions.people import official, token

STATION = "station_science_park"
SLOTS = f"/worker/v1/stations/{STATION}/slots?service=phone_charging&day=2026-11-24"
OURS = f"/union/v1/stations/{STATION}"
DAY = {
    "from": "2026-11-24T00:00:00+08:00",
    "until": "2026-11-25T00:00:00+08:00",
    "reason": "线路检修停电",
}
OFF = "cancelled_by_station"


async def manager(story, unit):
    """Somebody who manages the stations below a unit."""
    ctx = story.house.ctx
    who = await official(ctx, unit, unit=unit, permissions=[Permission.STATIONS])
    return story.http.as_(await token(ctx, who))


async def twelve_book(story):
    """Each signs in and books a port of tomorrow, three of one slot."""
    slots = (await story.http.get(SLOTS)).body["items"]
    riders = [await story.http.sign_in(f"w-{100 + number}") for number in range(12)]
    made = []
    for number, rider in enumerate(riders):
        wanted = {"slot_id": slots[4 * (number % 4)]["id"]}
        booked = await rider.post("/worker/v1/bookings", wanted)
        assert booked.status == 201, booked.body
        made.append((rider, booked.body))
    return made


async def states(made):
    """How the twelve bookings stand."""
    seen = [
        await rider.get(f"/worker/v1/bookings/{booking['id']}")
        for rider, booking in made
    ]
    return [each.body["state"] for each in seen]


async def told(story, rider, kind):
    """How often a rider was told of a kind of thing."""
    items = (await rider.get("/worker/v1/me/messages")).body["items"]
    return [item["text"] for item in items if item["kind"] == kind]


async def foresee_and_close(story, manager, made):
    """A look first: it names twelve and changes nothing. Then the closing."""
    seen = await manager.post(f"{OURS}/closure-previews", DAY)
    assert (seen.status, seen.body["count"]) == (200, 12), seen.body
    ids = {each["booking_id"] for each in seen.body["bookings"]}
    assert ids == {booking["id"] for _, booking in made}
    assert await states(made) == ["booked"] * 12
    shut, again = [
        await manager.post(f"{OURS}/closures", DAY, key="tap-1") for _ in range(2)
    ]
    assert (shut.status, shut.body["cancelled"]) == (201, 12), shut.body
    assert again.body == shut.body


async def nobody_is_hurt(story, made):
    """Twelve cancelled, twelve notices, no strike, everybody's hours free again."""
    assert await states(made) == [OFF] * 12
    for _ in range(3):
        await story.tick()
    for rider, _ in made:
        [text] = await told(story, rider, "booking_called_off")
        assert "线路检修停电" in text
        assert "不记爽约" in text
        agenda = await rider.get("/worker/v1/me/agenda")
        assert agenda.body["items"] == []
    assert not await Strike.many(story.house.ctx, {})


async def nobody_slips_in(story, made):
    """The day has no slots; whoever kept a page open is refused."""
    assert (await story.http.get(SLOTS)).body["items"] == []
    rider, booking = made[0]
    late = await rider.post("/worker/v1/bookings", {"slot_id": booking["slot_id"]})
    assert (late.status, late.code) == (404, "no_such_slot")


async def test_a_closure_day(story):
    made = await twelve_book(story)
    west = await manager(story, "unit_west")
    hidden = await west.post(f"{OURS}/closures", DAY)
    assert (hidden.status, hidden.code) == (404, "no_such_station")
    ours = await manager(story, "unit_gaoxin")

    await foresee_and_close(story, ours, made)
    await nobody_is_hurt(story, made)
    await nobody_slips_in(story, made)

    [closure] = (await ours.get(OURS)).body["closures"]
    opened = await ours.delete(f"{OURS}/closures/{closure['id']}")
    assert opened.status == 200
    assert await states(made) == [OFF] * 12
    tries = [
        rider.post("/worker/v1/bookings", {"slot_id": booking["slot_id"]})
        for rider, booking in made
    ]
    again = await asyncio.gather(*tries)
    assert [each.status for each in again] == [201] * 12
    [done] = (await ours.get(f"{OURS}/disruptions")).body["items"]
    assert (done["cause"], done["cancelled"], done["moved"]) == ("closure", 12, 0)


async def test_a_closed_evening_moves_who_can_be_moved(story):
    """With ``move``, the person keeps the booking; only its slot is another."""
    made = await twelve_book(story)
    ours = await manager(story, "unit_gaoxin")
    first = min(booking["start"] for _, booking in made)
    morning = {
        "from": DAY["from"],
        "until": first.replace("T23:00", "T23:30"),
        "reason": "打扫",
        "remedy": "move",
    }
    shut = await ours.post(f"{OURS}/closures", morning)
    assert (shut.status, shut.body["moved"], shut.body["cancelled"]) == (201, 3, 0)
    for _ in range(3):
        await story.tick()
    for rider, booking in made:
        seen = (await rider.get(f"/worker/v1/bookings/{booking['id']}")).body
        assert seen["state"] == "booked"
        relocated = await told(story, rider, "booking_relocated")
        assert bool(relocated) is (booking["start"] == first)
        assert (seen["slot_id"] != booking["slot_id"]) is bool(relocated)

"""Walking in over HTTP: scan a port, use it, or be told of another."""

import asyncio
from collections import Counter
from datetime import timedelta

from models.stations import bookings, scenes
from models.stations.scenes import Kind, Scene, Target
from tests.client import together
from tests.models.stations import places
from tests.models.stations.places import PHONE, at, slot, somebody


async def at_the_station(http, clock, time="10:25"):
    """Put the clock and sign in anew: a token lives a quarter of an hour."""
    clock.put(at(time))
    return await http.sign_in("w-1")


async def port_code(ctx, port=1, *, station="station_park", **options):
    target = Target(kind=Kind.PORT, station_id=station, service=PHONE, port=port)
    return await scenes.ensure(ctx, target, **options)


async def walk_in(client, scene, **options):
    return await client.post("/worker/v1/walk-ins", {"scene": scene}, **options)


async def test_a_free_port_is_a_session_till_it_is_finished(ctx, clock, http):
    await places.put(ctx)
    me = await at_the_station(http, clock)
    answer = await walk_in(me, await port_code(ctx, 2), key="s-1")
    assert answer.status == 201
    told = {key: answer.body[key] for key in ("state", "way", "port", "start", "end")}
    assert told == {
        "state": "in_use",
        "way": "walk_in",
        "port": 2,
        "start": "2026-11-23T02:25:00Z",
        "end": "2026-11-23T03:25:00Z",
    }
    again = await walk_in(me, await port_code(ctx, 2), key="s-1")
    assert again.body == answer.body
    done = await me.post(f"/worker/v1/bookings/{answer.body['id']}/finish")
    assert (done.status, done.body["state"]) == (200, "finished")


async def refused(client, scene, status, code):
    answer = await walk_in(client, scene)
    assert (answer.status, answer.code) == (status, code)
    return answer.body["details"]


async def test_a_port_reserved_in_five_minutes_and_one_in_use(ctx, clock, http):
    await places.put(ctx)
    await bookings.book(ctx, slot("1055"), by=somebody())
    me = await at_the_station(http, clock, "10:50")
    details = await refused(me, await port_code(ctx, 1), 409, "reserved_soon")
    assert details == {"port": 1, "free": [2, 3, 4]}
    assert (await walk_in(me, await port_code(ctx, 2))).status == 201
    other = await http.sign_in("w-2")
    details = await refused(other, await port_code(ctx, 2), 409, "port_in_use")
    assert details == {"port": 2, "free": [3, 4]}
    await refused(me, await port_code(ctx, 3), 409, "time_conflict")


async def test_codes_that_lead_nowhere(ctx, clock, http):
    await places.put(ctx)
    me = await at_the_station(http, clock)
    await refused(me, "0" * 24, 404, "no_such_scene")
    station = Target(kind=Kind.STATION, station_id="station_park")
    await refused(me, await scenes.ensure(ctx, station), 422, "not_a_port")
    await refused(me, await port_code(ctx, 9), 404, "no_such_port")
    nowhere = await port_code(ctx, station="station_none")
    await refused(me, nowhere, 404, "no_such_station")
    await places.put(ctx, places.station("bank", services=()))
    closed = await port_code(ctx, station="station_bank")
    await refused(me, closed, 404, "no_such_service")


async def test_codes_that_are_over_or_taken_back(ctx, clock, http):
    await places.put(ctx)
    me = await at_the_station(http, clock)
    soon = ctx.clock.now() + timedelta(minutes=1)
    code = await port_code(ctx, expires_at=soon)
    clock.put(soon)
    await refused(me, code, 410, "scene_expired")
    code = await port_code(ctx, 2)
    await Scene.change(ctx, {"_id": code}, {"$set": {"revoked_at": soon}})
    await refused(me, code, 410, "scene_revoked")


async def test_a_closed_station(ctx, clock, http):
    await places.put(ctx)
    me = await at_the_station(http, clock, "21:00")
    details = await refused(me, await port_code(ctx), 409, "station_closed")
    assert details["opens_at"] == "2026-11-24T00:00:00+00:00"


async def test_scanning_the_port_of_ones_own_booking_begins_it(ctx, clock, http):
    await places.put(ctx)
    me = await at_the_station(http, clock, "10:15")
    made = await me.post("/worker/v1/bookings", {"slot_id": slot("1020")})
    clock.put(at("10:21"))
    begun = await walk_in(me, await port_code(ctx))
    assert (begun.status, begun.body["state"]) == (201, "in_use")
    assert begun.body["id"] == made.body["id"]


async def test_ten_workers_at_one_port_at_once(ctx, clock, http):
    await places.put(ctx)
    clock.put(at("10:25"))
    code = await port_code(ctx)
    people = await together(*(http.sign_in(f"w-{n}") for n in range(10)))
    answers = await asyncio.gather(*(walk_in(person, code) for person in people))
    assert Counter(a.status for a in answers) == {201: 1, 409: 9}
    assert {a.code for a in answers if a.status == 409} == {"port_in_use"}


async def test_nobody_walks_in_without_signing_in(ctx, http):
    answer = await walk_in(http, "0" * 24)
    assert (answer.status, answer.code) == (401, "not_signed_in")

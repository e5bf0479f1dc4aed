"""Clerks shut, open and repair their own station over HTTP."""

import pytest

from models.stations import bookings
from models.stations.booked import Booking
from models.stations.stations import Station
from tests.models.stations import people, places
from tests.models.stations.places import slot, somebody

ONE = "/station/v1/stations/station_park"


async def desk(ctx, http, **other):
    await places.put(ctx)
    clerk = await people.clerk(ctx, **other)
    return http.as_(await people.token(ctx, clerk))


async def test_closing_early_shows_the_reason_and_opening_again_ends_it(
    ctx, http, clock
):
    lu = await desk(ctx, http)
    booking = await bookings.book(ctx, slot("1055"), by=somebody())
    body = {"from": "2026-11-23T10:30:00+08:00", "reason": "临时停水"}
    seen = await lu.post(f"{ONE}/closure-previews", body)
    assert (seen.status, seen.body["count"]) == (200, 1)
    assert seen.body["bookings"][0]["booking_id"] == booking.id
    shut = await lu.post(f"{ONE}/closures", body, key="tap-1")
    again = await lu.post(f"{ONE}/closures", body, key="tap-1")
    assert shut.status == again.status == 201
    assert shut.body == again.body
    assert shut.body["cancelled"] == 1
    twice = await lu.post(f"{ONE}/closures", body)
    assert (twice.status, twice.code) == (409, "already_closed")
    clock.put(places.at("10:31"))
    door = await http.get("/worker/v1/stations/station_park")
    assert (door.body["state"], door.body["reason"]) == ("closed", "临时停水")
    lu = http.as_(await people.token(ctx, await people.clerk(ctx)))
    opened = await lu.post(f"{ONE}/reopening")
    assert (opened.status, opened.body["state"]) == (200, "unattended")
    none = await lu.post(f"{ONE}/reopening")
    assert (none.status, none.code) == (409, "not_closed")
    assert (await Booking.find(ctx, _id=booking.id)).state == "cancelled_by_station"


async def test_a_port_is_paused_and_mended(ctx, http):
    lu = await desk(ctx, http)
    body = {"service": "phone_charging", "port": 2, "reason": "接口损坏"}
    done = await lu.post(f"{ONE}/port-pauses", body)
    assert done.status == 201, done.body
    assert (await lu.get(ONE)).body["services"][0]["paused"] == [2]
    again = await lu.post(f"{ONE}/port-pauses", body)
    assert (again.status, again.code) == (409, "already_paused")
    query = "service=phone_charging&port=2"
    mended = await lu.delete(f"{ONE}/port-pauses?{query}")
    assert mended.status == 200
    none = await lu.delete(f"{ONE}/port-pauses?{query}")
    assert (none.status, none.code) == (409, "not_paused")


async def test_a_special_opening_is_made_and_taken_back(ctx, http):
    lu = await desk(ctx, http)
    body = {"day": "2026-11-29", "intervals": ["09:00-12:00"], "reason": "周日义诊"}
    made = await lu.put(f"{ONE}/special-days", body)
    assert made.status == 200, made.body
    day = "service=phone_charging&day=2026-11-29"
    slots = await http.get(f"/worker/v1/stations/station_park/slots?{day}")
    assert len(slots.body["items"]) == 5
    gone = await lu.delete(f"{ONE}/special-days?day=2026-11-29")
    none = await lu.delete(f"{ONE}/special-days?day=2026-11-29")
    assert (gone.status, none.status, none.code) == (200, 404, "no_such_special_day")


@pytest.mark.parametrize(
    ("post", "status", "code"),
    [
        ({"stations": ("lake",)}, 404, "no_such_station"),
        ({"roles": ()}, 403, "role_missing"),
    ],
)
async def test_only_the_clerks_of_a_station_shut_it(ctx, http, post, status, code):
    other = await desk(ctx, http, **post)
    for url, body in (("closures", {"reason": "停电"}), ("reopening", None)):
        answer = await other.post(f"{ONE}/{url}", body)
        assert (answer.status, answer.code) == (status, code)
    assert (await Station.find(ctx, _id="station_park")).hours.closures == ()

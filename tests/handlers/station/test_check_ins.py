"""Letting workers in through the door: each refusal has its word and status."""

from datetime import timedelta

import pytest

from models.stations import bookings, codes
from models.unions.staff import Role
from models.workers.workers import State, Worker
from tests.client import together
from tests.models.stations import people, places
from tests.models.stations.places import at, slot


@pytest.fixture
def booked(ctx, run, clock):
    """A booking at 10:55, its worker and the time to come."""

    async def furnish():
        await places.put(ctx, places.station(), places.station("lake"))
        li = await people.worker(ctx)
        booking = await bookings.book(ctx, slot("1055"), by=li)
        clock.put(at("10:50"))
        return li, booking

    return run(furnish())


async def desk(ctx, http, name="lu", **post):
    return http.as_(await people.token(ctx, await people.clerk(ctx, name, **post)))


async def code_of(ctx, booked):
    li, booking = booked
    return (await codes.of_booking(ctx, booking.id, by=li)).code


async def scan(client, code, station="station_park", **options):
    body = {"code": code, "station_id": station}
    return await client.post("/station/v1/check-ins", body, **options)


async def test_a_clerk_lets_a_worker_in_and_sees_a_masked_name(ctx, http, booked):
    lu = await desk(ctx, http)
    answer = await scan(lu, await code_of(ctx, booked))
    assert answer.status == 200
    assert answer.body == {
        "id": answer.body["id"],
        "name": "李*例",
        "booking_id": booked[1].id,
        "service": "phone_charging",
        "way": "station_scanned",
        "people": 1,
        "server_time": "2026-11-23T02:50:00Z",
        "undoes": None,
    }
    listed = await lu.get("/station/v1/check-ins?station_id=station_park")
    assert listed.body == {"items": [answer.body], "next": None}
    other_day = "/station/v1/check-ins?station_id=station_park&day=2026-11-22"
    assert (await lu.get(other_day)).body["items"] == []


async def test_of_two_clerks_one_is_told_when_and_where(ctx, http, booked):
    code = await code_of(ctx, booked)
    lu, song = await desk(ctx, http), await desk(ctx, http, "song")
    answers = await together(scan(lu, code), scan(song, code))
    assert sorted(answer.status for answer in answers) == [200, 409]
    (refused,) = (answer for answer in answers if answer.status == 409)
    assert refused.code == "already_redeemed"
    assert refused.body["details"] == {
        "at": "2026-11-23T02:50:00+00:00",
        "station": "示例·park驿站",
        "station_id": "station_park",
        "station_name": "示例·park驿站",
    }


async def test_the_same_key_gets_the_same_answer(ctx, http, booked):
    lu, code = await desk(ctx, http), await code_of(ctx, booked)
    first = await scan(lu, code, key="k1")
    again = await scan(lu, code, key="k1")
    assert (first.status, again.status) == (200, 200)
    assert again.body == first.body


async def test_refusals_have_their_own_word_and_a_sentence_to_read_aloud(
    ctx, http, clock, booked
):
    li, _ = booked
    lu, code = await desk(ctx, http), await code_of(ctx, booked)
    lake = await desk(ctx, http, "fan", stations=("lake",))
    nurse = await desk(ctx, http, "bai", roles=(Role.FIRST_AID_RESPONDER,))
    screen = codes.show_station(ctx, "station_park", None).code

    async def refused(status, word, client=None, code=code, station="station_park"):
        client = client or await desk(ctx, http)
        answer = await scan(client, code, station)
        assert (answer.status, answer.code) == (status, word)
        assert answer.body["message"].endswith("。")
        return answer.body["details"]

    await refused(422, "bad_code", code="你好")
    await refused(409, "wrong_direction", code=screen)
    await refused(404, "no_such_station", client=lake)
    await refused(403, "role_missing", client=nurse)
    told = await refused(409, "wrong_station", client=lake, station="station_lake")
    assert told["station_id"] == "station_park"
    frozen = {"$set": {"state": State.FROZEN}}
    await Worker.change(ctx, {"_id": li.id}, frozen)
    await refused(403, "suspended")
    await Worker.change(ctx, {"_id": li.id}, {"$set": {"state": State.ACTIVE}})
    clock.put(at("10:52"))
    told = await refused(410, "expired")
    assert told["server_time"] == "2026-11-23T02:52:00+00:00"
    clock.put(at("10:44"))
    await refused(409, "too_early", code=await code_of(ctx, booked))
    clock.put(at("11:04"))
    late = await code_of(ctx, booked)
    clock.put(at("11:05"))
    await refused(409, "too_late", code=late)
    clock.put(at("10:50"))
    assert (await scan(lu, code)).status == 200
    clock.forward(timedelta(minutes=1))
    await refused(409, "already_used", client=lu)
    await refused(409, "already_redeemed", client=lu, code=await code_of(ctx, booked))


async def test_a_cancelled_bookings_code_is_gone(ctx, http, booked):
    li, booking = booked
    code = await code_of(ctx, booked)
    await bookings.cancel(ctx, booking.id, by=li)
    answer = await scan(await desk(ctx, http), code)
    assert (answer.status, answer.code) == (410, "revoked")


async def test_lists_are_for_the_stations_own_clerks(ctx, http, booked):
    lake = await desk(ctx, http, "fan", stations=("lake",))
    nurse = await desk(ctx, http, "bai", roles=())
    path = "/station/v1/check-ins?station_id=station_park"
    answer = await lake.get(path)
    assert (answer.status, answer.code) == (404, "no_such_station")
    answer = await nurse.get(path)
    assert (answer.status, answer.code) == (403, "role_missing")
    answer = await (await desk(ctx, http)).get(f"{path}&cursor=!")
    assert (answer.status, answer.code) == (422, "bad_cursor")
    assert (await http.get(path)).status == 401


async def test_a_scan_is_taken_back_within_a_minute(ctx, http, clock, booked):
    lu = await desk(ctx, http)
    row = (await scan(lu, await code_of(ctx, booked))).body
    path = f"/station/v1/check-ins/{row['id']}"
    lake = await desk(ctx, http, "fan", stations=("lake",))
    assert (await lake.delete(path)).code == "no_such_check_in"
    nurse = await desk(ctx, http, "bai", roles=())
    assert (await nurse.delete(path)).code == "role_missing"
    clock.forward(timedelta(seconds=1))
    undone = await lu.delete(path)
    assert (undone.status, undone.body["undoes"]) == (200, row["id"])
    assert (await lu.delete(path)).code == "already_undone"
    clock.forward(timedelta(seconds=1))
    again = await scan(lu, await code_of(ctx, booked))
    assert again.status == 200
    clock.forward(timedelta(minutes=1))
    late = await lu.delete(f"/station/v1/check-ins/{again.body['id']}")
    assert (late.status, late.code) == (409, "undo_too_late")
    listed = await lu.get("/station/v1/check-ins?station_id=station_park")
    assert [each["undoes"] for each in listed.body["items"]] == [None, row["id"], None]

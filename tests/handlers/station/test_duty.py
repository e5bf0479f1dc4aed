"""Duty through the door."""

from tests.models.stations import people, places


async def test_coming_on_duty_listing_and_going_off(ctx, http):
    await places.put(ctx)
    lu = http.as_(await people.token(ctx, await people.clerk(ctx)))
    assert (await lu.get("/station/v1/duty")).body["items"] == []
    answer = await lu.post("/station/v1/duty", {"station_id": "station_park"})
    assert answer.status == 201
    assert answer.body == {
        "station_id": "station_park",
        "staff_id": "staff_lu",
        "name": "陆*例",
        "is_me": True,
        "until": "2026-11-23T14:00:00Z",
    }
    song = http.as_(await people.token(ctx, await people.clerk(ctx, "song")))
    (seen,) = (await song.get("/station/v1/duty")).body["items"]
    assert seen == answer.body | {"is_me": False}
    off = await lu.delete("/station/v1/duty?station_id=station_park")
    assert off.status == 204
    assert (await lu.get("/station/v1/duty")).body["items"] == []


async def test_what_is_refused_has_its_word(ctx, http):
    await places.put(ctx)
    fan = http.as_(await people.token(ctx, await people.clerk(ctx, stations=("lake",))))
    answer = await fan.post("/station/v1/duty", {"station_id": "station_park"})
    assert (answer.status, answer.code) == (404, "no_such_station")
    answer = await fan.delete("/station/v1/duty?station_id=station_park")
    assert (answer.status, answer.code) == (404, "no_such_station")
    answer = await fan.delete("/station/v1/duty?station_id=station_lake")
    assert (answer.status, answer.code) == (404, "not_on_duty")
    answer = await http.get("/station/v1/duty")
    assert (answer.status, answer.code) == (401, "not_signed_in")

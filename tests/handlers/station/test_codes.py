"""What a station shows and hangs up, through the door."""

from models.stations import scenes
from models.stations.scenes import Kind, Target
from tests.models.stations import people, places
from tests.models.stations.places import PHONE


async def test_the_screens_code_comes_with_a_picture_and_its_next_moment(ctx, http):
    await places.put(ctx)
    lu = http.as_(await people.token(ctx, await people.clerk(ctx)))
    answer = await lu.get(
        "/station/v1/stations/station_park/code?service=phone_charging"
    )
    assert answer.status == 200
    assert answer.body["code"].startswith("v1.station_park.phone_charging.in.")
    assert answer.body["svg"].startswith("<svg")
    assert answer.body["refresh_at"] == "2026-11-23T02:00:15Z"


async def test_other_stations_and_services_do_not_exist_for_a_clerk(ctx, http):
    plain = places.station(services=places.station().services[:1])
    await places.put(ctx, plain, places.station("lake"))
    lu = http.as_(await people.token(ctx, await people.clerk(ctx)))
    for path, code in (
        ("station_lake/code", "no_such_station"),
        ("station_none/poster", "no_such_station"),
        ("station_park/code?service=vehicle_charging", "no_such_service"),
        ("station_park/poster?service=vehicle_charging&port=1", "no_such_service"),
        ("station_park/poster?service=phone_charging&port=5", "no_such_port"),
        ("station_park/poster?service=phone_charging", "no_such_port"),
    ):
        answer = await lu.get(f"/station/v1/stations/{path}")
        assert (answer.status, answer.code) == (404, code), path


async def test_workers_and_strangers_see_no_codes(ctx, http):
    await places.put(ctx)
    worker = http.as_(await people.token(ctx, await people.worker(ctx)))
    answer = await worker.get("/station/v1/stations/station_park/code")
    assert (answer.status, answer.code) == (403, "port_mismatch")
    answer = await http.get("/station/v1/stations/station_park/poster")
    assert (answer.status, answer.code) == (401, "not_signed_in")


async def test_a_poster_is_a_picture_that_says_only_a_random_word(ctx, http, simulator):
    await places.put(ctx)
    lu = http.as_(await people.token(ctx, await people.clerk(ctx)))
    answer = await lu.get(
        "/station/v1/stations/station_park/poster?service=phone_charging&port=2"
    )
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/png")
    printed = simulator.world.mini_codes.read(answer.body)
    assert printed.page == "pages/stations/port"
    assert await scenes.resolve(ctx, printed.scene) == Target(
        kind=Kind.PORT, station_id="station_park", service=PHONE, port=2
    )
    tag = answer.headers["Etag"]
    again = await lu.get(
        "/station/v1/stations/station_park/poster?service=phone_charging&port=2",
        headers={"If-None-Match": tag},
    )
    assert again.status == 304


async def test_when_wechat_is_silent_a_poster_waits(ctx, http, simulator):
    await places.put(ctx)
    lu = http.as_(await people.token(ctx, await people.clerk(ctx)))
    await simulator.close()
    answer = await lu.get("/station/v1/stations/station_park/poster")
    assert (answer.status, answer.code) == (503, "wechat_unavailable")

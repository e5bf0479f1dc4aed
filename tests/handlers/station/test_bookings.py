"""The desk over HTTP: today's bookings with masked names, deeds and their undo."""

from datetime import timedelta

import pytest

from models.stations import bookings
from tests.models.stations import people, places
from tests.models.stations.places import at, slot


@pytest.fixture
def booked(ctx, run):
    """A booking at 10:55 at the park."""

    async def furnish():
        await places.put(ctx, places.station(), places.station("lake"))
        return await bookings.book(ctx, slot("1055"), by=await people.worker(ctx))

    return run(furnish())


async def desk(ctx, http, name="lu", **post):
    return http.as_(await people.token(ctx, await people.clerk(ctx, name, **post)))


async def test_the_days_list_says_who_comes_when_with_masked_names(ctx, http, booked):
    lu = await desk(ctx, http)
    answer = await lu.get("/station/v1/stations/station_park/bookings")
    assert answer.status == 200
    assert answer.body == {
        "items": [
            {
                "id": booked.id,
                "state": "booked",
                "way": "booking",
                "name": "李*例",
                "service": "phone_charging",
                "title": "手机充电",
                "port": 1,
                "start": "2026-11-23T02:55:00Z",
                "end": "2026-11-23T03:25:00Z",
                "check_in_from": "2026-11-23T02:45:00Z",
                "check_in_until": "2026-11-23T03:05:00Z",
                "begun_at": None,
                "left_at": None,
            }
        ],
        "next": None,
    }
    path = "/station/v1/stations/station_park/bookings"
    assert (await lu.get(f"{path}?day=2026-11-24")).body["items"] == []
    assert (await lu.get(f"{path}?state=no_show")).body["items"] == []
    assert (await lu.get(f"{path}?cursor=!")).code == "bad_cursor"
    assert (await http.get(path)).status == 401
    lake = await desk(ctx, http, "fan", stations=("lake",))
    assert (await lake.get(path)).code == "no_such_station"


async def test_each_deed_is_done_and_undone(ctx, http, clock, booked):
    clock.put(at("11:05"))
    lu = await desk(ctx, http)

    async def state_after(method, deed):
        clock.forward(timedelta(seconds=1))
        path = f"/station/v1/bookings/{booked.id}/{deed}"
        answer = await lu.call(method, path)
        assert answer.status == 200, answer.body
        return answer.body["state"]

    assert await state_after("POST", "no-show") == "no_show"
    assert await state_after("DELETE", "no-show") == "booked"
    assert await state_after("POST", "arrival") == "in_use"
    assert await state_after("DELETE", "arrival") == "booked"
    assert await state_after("POST", "arrival") == "in_use"
    assert await state_after("POST", "extension") == "in_use"
    assert await state_after("DELETE", "extension") == "in_use"
    assert await state_after("POST", "finish") == "finished"
    assert await state_after("DELETE", "finish") == "in_use"


async def test_a_booking_is_called_off_for_a_reason(ctx, http, booked):
    lu = await desk(ctx, http)
    path = f"/station/v1/bookings/{booked.id}/cancellation"
    assert (await lu.post(path, {"reason": ""})).status == 422
    lake = await desk(ctx, http, "fan", stations=("lake",))
    assert (await lake.post(path, {"reason": "来电取消"})).code == "no_such_booking"
    done = await lu.post(path, {"reason": "来电取消"})
    assert (done.status, done.body["state"]) == (200, "cancelled_by_station")
    assert (await lu.post(path, {"reason": "来电取消"})).code == "booking_moved"


async def test_a_booking_is_moved_for_a_reason(ctx, http, booked):
    lu = await desk(ctx, http)
    path = f"/station/v1/bookings/{booked.id}/move"
    there = {"slot_id": slot("1205"), "reason": "来电改时间"}
    assert (await lu.post(path, there | {"reason": ""})).status == 422
    assert (await lu.post(path, there | {"slot_id": 7})).status == 422
    lake = await desk(ctx, http, "fan", stations=("lake",))
    assert (await lake.post(path, there)).code == "no_such_booking"
    nowhere = await lu.post(path, there | {"slot_id": slot("1207")})
    assert (nowhere.status, nowhere.code) == (404, "no_such_slot")
    first, again = [await lu.post(path, there, key="k1") for _ in range(2)]
    assert (first.status, first.body["start"]) == (200, "2026-11-23T04:05:00Z")
    assert again.body == first.body
    assert first.body["id"] == booked.id


async def test_the_same_key_does_it_once(ctx, http, clock, booked):
    clock.put(at("10:55"))
    lu = await desk(ctx, http)
    path = f"/station/v1/bookings/{booked.id}/arrival"
    first, again = [await lu.post(path, key="k1") for _ in range(2)]
    assert (first.status, again.body) == (200, first.body)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (await lu.post(path, key="k2")).code == "already_redeemed"


async def test_refusals_name_what_stands(ctx, http, clock, booked):
    lu = await desk(ctx, http)
    path = f"/station/v1/bookings/{booked.id}"
    assert (await lu.post(f"{path}/arrival")).code == "too_early"
    assert (await lu.post(f"{path}/no-show")).code == "too_early"
    moved = await lu.post(f"{path}/finish")
    assert (moved.status, moved.body["details"]) == (409, {"state": "booked"})
    assert (await lu.post(f"{path}/extension")).code == "booking_moved"
    missing = await lu.post("/station/v1/bookings/booking_none/arrival")
    assert (missing.status, missing.code) == (404, "no_such_booking")


async def test_a_long_list_costs_as_many_questions_as_a_short_one(ctx, http, booked):
    lu = await desk(ctx, http)
    path = "/station/v1/stations/station_park/bookings?limit=50"
    short = await commands(ctx, lu.get(path))
    for number in range(9):
        worker = await people.worker(ctx, f"w{number}")
        time = ("1130", "1205", "1240")[number % 3]
        await bookings.book(ctx, slot(time), by=worker)
    assert await commands(ctx, lu.get(path)) == short == 2


async def commands(ctx, call):
    """Count what the database is asked for on our shelves while a call runs."""
    await ctx.db.command("profile", 2)
    answer = await call
    await ctx.db.command("profile", 0)
    assert answer.status == 200
    ours = {"$in": [f"{ctx.db.name}.{shelf}" for shelf in ("bookings", "workers")]}
    count = await ctx.db["system.profile"].count_documents({"ns": ours})
    await ctx.db.drop_collection("system.profile")
    return count

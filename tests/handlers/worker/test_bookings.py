"""Bookings over HTTP: whole answers, every refusal, and races for the ports."""

import asyncio
from collections import Counter

import pytest

from models.agenda import hours
from models.agenda.hours import Taken
from models.stations import bookings, fair_use, lapses, strikes
from models.stations.strikes import Weight
from models.workers.sessions import SignedIn
from tests.client import together
from tests.models.stations import places
from tests.models.stations.places import PHONE, VEHICLE, at, slot, somebody


@pytest.fixture
def me(run, http):
    return run(http.sign_in("w-1"))


@pytest.fixture
def my_id(run, me):
    return run(me.get("/worker/v1/me")).body["id"]


@pytest.fixture
def station(run, ctx):
    return run(places.put(ctx))


async def book(client, slot_id=None, **options):
    body = {"slot_id": slot_id or slot()}
    return await client.post("/worker/v1/bookings", body, **options)


async def test_a_booking_is_made_and_shown_the_same_everywhere(station, me):
    made = await book(me)
    assert made.status == 201
    assert made.body == {
        "id": made.body["id"],
        "state": "booked",
        "way": "booking",
        "station_id": "station_park",
        "station_name": "示例·park驿站",
        "service": "phone_charging",
        "title": "手机充电",
        "slot_id": slot(),
        "port": 1,
        "start": "2026-11-23T02:55:00Z",
        "end": "2026-11-23T03:25:00Z",
        "check_in_from": "2026-11-23T02:45:00Z",
        "check_in_until": "2026-11-23T03:05:00Z",
        "cancel_freely_until": "2026-11-23T02:40:00Z",
        "made_at": "2026-11-23T02:00:00Z",
        "begun_at": None,
        "left_at": None,
    }
    assert (await me.get(f"/worker/v1/bookings/{made.body['id']}")).body == made.body
    mine = await me.get("/worker/v1/me/bookings")
    assert mine.body == {"items": [made.body], "next": None}


async def test_forty_workers_and_four_ports(ctx, http, station):
    people = await together(*(http.sign_in(f"w-{n}") for n in range(40)))
    answers = await together(*(book(person) for person in people))
    assert Counter(a.status for a in answers) == {201: 4, 409: 36}
    assert {a.code for a in answers if a.status == 409} == {"slot_full"}
    assert sorted(a.body["port"] for a in answers if a.status == 201) == [1, 2, 3, 4]
    day = await http.get(
        "/worker/v1/stations/station_park/slots?service=phone_charging"
    )
    assert [s["free"] for s in day.body["items"] if s["id"] == slot()] == [0]


async def test_redis_is_flushed_in_the_middle_and_nobody_notices(ctx, http, station):
    people = await together(*(http.sign_in(f"w-{n}") for n in range(12)))

    async def flush():
        await asyncio.sleep(0)
        await ctx.redis.flushall()

    *answers, _ = await together(*(book(person) for person in people), flush())
    assert Counter(a.status for a in answers) == {201: 4, 409: 8}


async def test_one_worker_twenty_times_at_once(station, me):
    answers = await together(*(book(me) for _ in range(20)))
    assert Counter(a.status for a in answers) == {201: 1, 409: 19}
    assert {a.code for a in answers if a.status == 409} == {"already_booked"}


async def test_the_same_key_is_the_same_booking_also_without_redis(ctx, station, me):
    first = await book(me, key="k-1")
    await ctx.redis.flushall()
    again = await book(me, key="k-1")
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotency-Replayed"] == "true"
    other = await book(me, slot("1205"), key="k-1")
    assert (other.status, other.code) == (422, "idempotency_key_reused")


async def refused(client, slot_id, status, code):
    answer = await book(client, slot_id)
    assert (answer.status, answer.code) == (status, code)
    return answer


async def test_slots_that_cannot_be_booked(ctx, clock, station, me):
    await refused(me, slot("1100"), 404, "no_such_slot")
    await refused(me, slot("0800"), 409, "slot_over")
    await refused(me, slot(day="20261201"), 409, "too_far_ahead")
    answer = await me.post("/worker/v1/bookings", {"slot_id": "?"})
    assert (answer.status, answer.code) == (422, "invalid")


async def test_a_slot_booked_already_or_full(ctx, me):
    await places.put(ctx, places.station(ports=1))
    await book(me)
    again = await refused(me, slot(), 409, "already_booked")
    assert again.body["details"]["slot_id"] == slot()
    await bookings.book(ctx, slot("1205"), by=somebody())
    await refused(me, slot("1205"), 409, "slot_full")


async def test_hours_taken_elsewhere(ctx, station, me, my_id):
    course = Taken(
        ref="enrolment_1",
        kind="training",
        title="电工班",
        start=at("11:00"),
        end=at("12:00"),
        binding=True,
    )
    await hours.look(ctx, my_id, [])
    await hours.take(ctx, my_id, [course])
    answer = await refused(me, slot("1115", service=VEHICLE), 409, "time_conflict")
    assert answer.body["details"]["title"] == "电工班"


async def test_limits_of_fair_use(ctx, clock, me, my_id):
    await places.put(ctx, places.station(ports=1))
    await book(me, slot("1055"))
    await refused(me, slot("1130"), 409, "back_to_back")
    await book(me, slot("1205"))
    await refused(me, slot("1315"), 409, "too_many_active")


async def test_a_day_and_a_week_have_their_limits(ctx, http, clock, monkeypatch, my_id):
    await places.put(ctx)
    by = SignedIn(id=my_id, session_id="session_1")
    for time in ("1055", "1205", "1315"):
        clock.put(at(f"{time[:2]}:{time[2:]}"))
        me = await http.sign_in(f"w-1-{time}")
        made = await book(me, slot(time))
        await bookings.check_in(ctx, made.body["id"], by=by)
        done = await me.post(f"/worker/v1/bookings/{made.body['id']}/finish")
        assert (done.status, done.body["state"]) == (200, "finished")
    await refused(me, slot("1425"), 409, "too_many_that_day")
    monkeypatch.setattr(fair_use, "MOST_A_DAY", 9)
    monkeypatch.setitem(fair_use.MOST_MINUTES_A_WEEK, PHONE, 90)
    await refused(me, slot("1425"), 409, "too_many_minutes")


async def test_a_suspended_worker_is_told_until_when(ctx, station, me, my_id):
    for number in range(3):
        await strikes.add(
            ctx,
            my_id,
            booking_id=f"booking_{number}",
            weight=Weight.NO_SHOW,
            at=ctx.clock.now(),
            org_path="",
        )
    answer = await refused(me, slot(), 403, "booking_suspended")
    assert answer.body["details"] == {"until": "2026-11-30T02:00:00+00:00"}


async def test_cancelling_frees_the_place_for_the_next(ctx, http, me):
    await places.put(ctx, places.station(ports=1))
    made = await book(me)
    path = f"/worker/v1/bookings/{made.body['id']}/cancellation"
    gone = await me.post(path, key="c-1")
    assert (gone.status, gone.body["state"]) == (200, "cancelled_by_worker")
    assert (await me.post(path, key="c-1")).body == gone.body
    again = await me.post(path)
    assert (again.status, again.code) == (409, "booking_moved")
    assert again.body["details"] == {"state": "cancelled_by_worker"}
    other = await http.sign_in("w-2")
    assert (await book(other)).body["port"] == 1


async def test_a_no_show_is_seen_at_once_and_frees_the_port(ctx, http, clock, me):
    await places.put(ctx, places.station(ports=1))
    made = await book(me)
    clock.put(at("11:05"))
    me = await http.sign_in("w-1-later")
    path = f"/worker/v1/bookings/{made.body['id']}"
    assert (await me.get(path)).body["state"] == "no_show"
    late = await me.post(f"{path}/cancellation")
    assert (late.status, late.body["details"]) == (409, {"state": "no_show"})
    await lapses.lapse_no_shows(ctx)
    other = await http.sign_in("w-2")
    assert (await book(other)).status == 201


async def test_finishing_what_is_not_in_use(station, me):
    made = await book(me)
    answer = await me.post(f"/worker/v1/bookings/{made.body['id']}/finish")
    assert (answer.status, answer.code) == (409, "booking_moved")
    assert answer.body["details"] == {"state": "booked"}


async def test_what_is_anothers_is_not_there(http, station, me):
    made = await book(me)
    other = await http.sign_in("w-2")
    path = f"/worker/v1/bookings/{made.body['id']}"
    for answer in (
        await other.get(path),
        await other.post(f"{path}/cancellation"),
        await other.post(f"{path}/finish"),
        await me.get("/worker/v1/bookings/booking_none"),
    ):
        assert (answer.status, answer.code) == (404, "no_such_booking")
    assert (await other.get("/worker/v1/me/bookings")).body["items"] == []


async def test_nobody_books_without_signing_in(http, station):
    for answer in (await book(http), await http.get("/worker/v1/me/bookings")):
        assert (answer.status, answer.code) == (401, "not_signed_in")


async def test_my_bookings_page_by_page_and_by_state(ctx, clock, station, me):
    made = []
    for time in ("1055", "1205"):
        clock.put(at(f"10:0{len(made)}"))
        made.append((await book(me, slot(time))).body["id"])
    first = (await me.get("/worker/v1/me/bookings?limit=1")).body
    second = (await me.get(f"/worker/v1/me/bookings?cursor={first['next']}")).body
    assert [i["id"] for i in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None
    await me.post(f"/worker/v1/bookings/{made[0]}/cancellation")
    booked = (await me.get("/worker/v1/me/bookings?state=booked")).body["items"]
    assert [item["id"] for item in booked] == made[1:]
    wrong = await me.get("/worker/v1/me/bookings?cursor=nonsense")
    assert (wrong.status, wrong.code) == (422, "bad_cursor")
    wrong = await me.get("/worker/v1/me/bookings?state=lost")
    assert (wrong.status, wrong.code) == (422, "invalid")

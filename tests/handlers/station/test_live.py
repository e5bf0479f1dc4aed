"""The desk hears at once what happens at its stations, and nothing else."""

from datetime import timedelta

import pytest
from tornado.httpclient import HTTPClientError

from models.stations import bookings, check_ins, codes, first_aid
from models.stations import first_aid_response as response
from models.stations.first_aid import Call
from models.stations.first_aid_alerts import Outcome
from models.unions.staff import Role, put_staff
from models.workers import sessions
from models.workers.tokens import Port
from tests.client import serve, together
from tests.listening import Closed, connect, listen
from tests.models.stations import people, places
from tests.models.stations.places import PHONE
from tests.models.workers.people import actor_of, another_house

PATH = "/station/v1/live"
CLERK, RESPONDER = Role.STATION_CLERK, Role.FIRST_AID_RESPONDER


@pytest.fixture
def park(ctx, run):
    """A station, and one beside it."""
    return run(places.put(ctx, places.station(), places.station("lake")))


async def desk(ctx, http, name="lu", stations=("park",), roles=(CLERK, RESPONDER)):
    """Sign a clerk in; returns their client."""
    who = await people.clerk(ctx, name, stations, roles)
    return http.as_(await people.token(ctx, who))


async def call(ctx, place="station_park", by=None):
    return (await first_aid.call(ctx, place, Call(), by=by)).alert


async def test_an_alarm_is_heard_at_another_process(ctx, settings, clock, http, park):
    async with another_house(settings, clock) as other:
        there = await serve(other)
        line = await listen(await desk(ctx, there), PATH)
        alert = await call(ctx)
        words = await line.next()
        event_id = words["change"].pop("id")
        assert event_id.startswith("event_")
        assert words["type"] == "change"
        assert words["change"] == {
            "kind": "first_aid_called",
            "at": "2026-11-23T02:00:00Z",
            "ref": alert.id,
            "station_id": "station_park",
            "state": "called",
        }
        await there.close()


async def test_the_whole_life_of_an_alarm_is_heard(ctx, http, park):
    lu = await people.clerk(ctx, "lu", ("park",), (RESPONDER,))
    line = await listen(http.as_(await people.token(ctx, lu)), PATH)
    alert = await call(ctx)
    await response.acknowledge(ctx, alert.id, by=lu)
    await response.arrive(ctx, alert.id, by=lu)
    await response.close(ctx, alert.id, Outcome.HELPED, by=lu)
    heard = await line.hear(
        "first_aid_called",
        "first_aid_acknowledged",
        "first_aid_arrived",
        "first_aid_closed",
    )
    states = [each["state"] for each in heard]
    assert states == ["called", "acknowledged", "arrived", "closed"]


async def test_bookings_and_check_ins_are_heard(ctx, http, clock, park):
    line = await listen(await desk(ctx, http), PATH)
    li = await people.worker(ctx)
    first = await bookings.book(ctx, places.slot("1055"), by=li)
    await bookings.cancel(ctx, first.id, by=li)
    await bookings.book(ctx, places.slot("1020"), by=li)
    clock.put(places.at("10:10"))
    code = codes.show_station(ctx, "station_park", PHONE).code
    await check_ins.scan_station(ctx, code, by=li)
    made, cancelled, _, used, entered = await line.hear(
        "booking_made",
        "booking_cancelled",
        "booking_made",
        "booking_used",
        "checked_in",
    )
    assert (made["ref"], made["state"]) == (first.id, "booked")
    assert (cancelled["ref"], cancelled["state"]) == (first.id, "cancelled_by_worker")
    assert used["state"] == "in_use"
    assert entered["ref"].startswith("checkin_")
    for each in (made, cancelled, used, entered):
        assert "worker_li" not in str(each)


async def test_what_happens_elsewhere_is_not_heard(ctx, http, park):
    at_lake = await listen(await desk(ctx, http, "fan", ("lake",)), PATH)
    li = await people.worker(ctx)
    await bookings.book(ctx, places.slot(), by=li)
    await call(ctx)
    fence = await call(ctx, "station_lake")
    (heard,) = await at_lake.hear("first_aid_called")
    assert heard["ref"] == fence.id


async def test_who_is_called_from_elsewhere_hears_that_alarm_only(ctx, http):
    await people.crew(ctx)
    gao = await people.clerk(ctx, "gao", (), (Role.ON_CALL,))
    line = await listen(http.as_(await people.token(ctx, gao)), PATH)
    await call(ctx)  # lu and song are on duty there
    fence = await call(ctx, "station_far")  # nobody is: gao is called
    (heard,) = await line.hear("first_aid_called")
    assert heard["ref"] == fence.id


async def test_who_is_no_clerk_hears_alarms_only(ctx, http, park):
    line = await listen(await desk(ctx, http, roles=(RESPONDER,)), PATH)
    await bookings.book(ctx, places.slot(), by=await people.worker(ctx))
    await call(ctx)
    await line.hear("first_aid_called")


async def test_a_role_taken_away_ends_what_it_let_hear(ctx, http, park):
    line = await listen(await desk(ctx, http), PATH)
    li = await people.worker(ctx)
    await people.clerk(ctx, "lu", ("park",), (RESPONDER,))
    await bookings.book(ctx, places.slot(), by=li)
    alert = await call(ctx)
    heard = await line.next()
    if heard == {"type": "gap"}:
        heard = await line.next()
    else:
        assert await line.next() == {"type": "gap"}
    assert heard["change"]["ref"] == alert.id


async def test_in_a_rush_nothing_is_heard_that_committed_after_the_role_was_gone(
    ctx, http, park
):
    line = await listen(await desk(ctx, http), PATH)
    workers = [await people.worker(ctx, f"n{number}") for number in range(12)]
    wanted = [places.slot(hour) for hour in ("1055", "1130", "1205") * 4]
    seen = [{"$match": {"ns.coll": {"$in": ["staff", "events"]}}}]
    async with await ctx.db.watch(seen) as stream:
        asked = zip(wanted, workers, strict=True)
        booked = [bookings.book(ctx, slot, by=by) for slot, by in asked]
        demoted = people.clerk(ctx, "lu", ("park",), (RESPONDER,))
        await together(*booked[:6], demoted, *booked[6:])
        fence = await call(ctx)
        committed = [await stream.next() for _ in range(len(booked) + 2)]
    order = [each["documentKey"]["_id"] for each in committed]
    heard, words = [], await line.next()
    while words["type"] == "gap" or words["change"]["ref"] != fence.id:
        heard += [words["change"]["id"]] if words["type"] == "change" else []
        words = await line.next()
    assert set(heard) <= set(order[: order.index("staff_lu")])


async def test_a_station_taken_away_is_heard_no_more_and_a_new_one_is(ctx, http, park):
    line = await listen(await desk(ctx, http), PATH)
    await people.clerk(ctx, "lu", ("lake",), (CLERK, RESPONDER))
    assert await line.next() == {"type": "gap"}
    await call(ctx)
    fence = await call(ctx, "station_lake")
    (heard,) = await line.hear("first_aid_called")
    assert heard["ref"] == fence.id


async def test_who_left_the_union_is_told_so_and_hears_nothing_after(ctx, http, park):
    line = await listen(await desk(ctx, http), PATH)
    await put_staff(
        ctx,
        id_="staff_lu",
        name="陆示例",
        openid="o-staff-lu",
        unit_id="unit_zone",
        station_ids=["station_park"],
        roles=(CLERK, RESPONDER),
        active=False,
    )
    await call(ctx)
    assert await line.next() == Closed(4403, "not_staff")


async def test_a_service_that_ends_by_the_calendar_ends_the_line(
    ctx, http, clock, park
):
    client = await desk(ctx, http)
    await put_staff(
        ctx,
        id_="staff_lu",
        name="陆示例",
        openid="o-staff-lu",
        unit_id="unit_zone",
        station_ids=["station_park"],
        roles=(CLERK, RESPONDER),
        valid_to=places.at("00:00", 24).date(),
    )
    clock.put(places.at("23:59"))
    client = http.as_(await people.token(ctx, await people.Staff.get(ctx, "staff_lu")))
    line = await listen(client, PATH)
    clock.put(places.at("00:00", 24))
    await call(ctx)
    assert await line.next() == Closed(4403, "not_staff")


async def test_a_session_that_is_revoked_ends_its_line(ctx, http, park):
    lu = await people.clerk(ctx)
    mine = await sessions.start(ctx, owner_id=lu.id, port=Port.STATION)
    line = await listen(http.as_(mine.access_token), PATH)
    other = await listen(http.as_(await people.token(ctx, lu)), PATH)
    await sessions.sign_out(ctx, by=actor_of(ctx, mine))
    alert = await call(ctx)
    assert await line.next() == Closed(4410, "session_revoked")
    (heard,) = await other.hear("first_aid_called")
    assert heard["ref"] == alert.id


async def test_a_token_that_ran_out_ends_the_line(ctx, http, clock, park):
    line = await listen(await desk(ctx, http), PATH)
    clock.forward(timedelta(minutes=15))
    await call(ctx)
    assert await line.next() == Closed(4401, "token_expired")


async def test_a_new_token_in_time_goes_on(ctx, http, clock, park):
    lu = await people.clerk(ctx)
    line = await listen(http.as_(await people.token(ctx, lu)), PATH)
    clock.forward(timedelta(minutes=14))
    await line.say({"token": await people.token(ctx, lu)})
    renewed = await line.next()
    assert renewed == {"type": "welcome", "until": "2026-11-23T02:29:00Z"}
    clock.forward(timedelta(minutes=14))
    await call(ctx)
    await line.hear("first_aid_called")


async def test_somebody_elses_token_does_not_go_on(ctx, http, park):
    line = await listen(await desk(ctx, http), PATH)
    song = await people.clerk(ctx, "song")
    await line.say({"token": await people.token(ctx, song)})
    assert await line.next() == Closed(4403, "another_person")


async def test_a_workers_token_does_not_open_a_desk(ctx, http, park):
    li = await people.worker(ctx)
    with pytest.raises(HTTPClientError) as refused:
        await connect(http.as_(await people.token(ctx, li)), PATH)
    assert refused.value.code == 403


async def test_who_was_away_misses_nothing(ctx, http, park):
    client = await desk(ctx, http)
    start = (await client.get(f"{PATH}/changes")).body
    assert start["items"] == []
    li = await people.worker(ctx)
    made = await bookings.book(ctx, places.slot(), by=li)
    alert = await call(ctx)
    back = (await client.get(f"{PATH}/changes?after={start['after']}")).body
    assert {each["ref"] for each in back["items"]} == {made.id, alert.id}
    assert not back["more"]


async def test_what_was_missed_elsewhere_is_not_fetched_either(ctx, http, park):
    client = await desk(ctx, http, "fan", ("lake",), (RESPONDER,))
    start = (await client.get(f"{PATH}/changes")).body
    await bookings.book(ctx, places.slot(slug="lake"), by=await people.worker(ctx))
    await call(ctx)
    fence = await call(ctx, "station_lake")
    back = (await client.get(f"{PATH}/changes?after={start['after']}")).body
    assert [each["ref"] for each in back["items"]] == [fence.id]


@pytest.mark.parametrize("after", ["x", "WzFd", "W251bGwsIiIsbnVsbF0"])
async def test_a_cursor_that_is_not_ours_is_refused(ctx, http, park, after):
    client = await desk(ctx, http)
    answer = await client.get(f"{PATH}/changes?after={after}")
    assert (answer.status, answer.code) == (422, "bad_cursor")


async def test_who_was_away_for_too_long_begins_anew(ctx, http, clock, park):
    client = await desk(ctx, http)
    start = (await client.get(f"{PATH}/changes")).body
    clock.forward(timedelta(days=31))
    client = await desk(ctx, http)
    answer = await client.get(f"{PATH}/changes?after={start['after']}")
    assert (answer.status, answer.code) == (410, "too_long_away")

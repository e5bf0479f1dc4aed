"""Helping at the desk over HTTP: a code from the phone, one deed, a trace of it."""

from datetime import timedelta

import pytest

from tests.models.stations import people, places
from tests.models.stations.places import slot
from tests.models.trainings import courses

CODES = "/worker/v1/me/assistance-codes"
DONE = "/worker/v1/me/done-for-me"
BOOKINGS = "/station/v1/assisted/bookings"
SIGN_UPS = "/station/v1/assisted/sign-ups"
DECLARATIONS = "/station/v1/assisted/identity-declarations"


@pytest.fixture
def me(run, http, ctx):
    run(places.put(ctx, places.station(), places.station("lake")))
    return run(http.sign_in("w-1"))


@pytest.fixture
def desk(run, ctx, http):
    async def sign_in():
        return http.as_(await people.token(ctx, await people.clerk(ctx)))

    return run(sign_in())


async def code_for(me, what):
    answer = await me.post(CODES, {"for": what})
    assert answer.status == 201, answer.body
    assert answer.body["for"] == what
    return answer.body["code"]


async def test_a_booking_with_a_code_is_shown_to_both_and_undone_by_its_owner(me, desk):
    code = await code_for(me, "booking")
    body = {"station_id": "station_park", "code": code, "slot_id": slot("1055")}
    answer = await desk.post(BOOKINGS, body, key="once")
    assert answer.status == 201, answer.body
    booking = answer.body["booking"]
    again = await desk.post(BOOKINGS, body, key="once")
    assert (again.body, again.headers["Idempotency-Replayed"]) == (answer.body, "true")
    assert (await me.get(DONE)).body == {
        "items": [
            {
                "id": answer.body["id"],
                "what": "booking",
                "title": "预约充电口",
                "station_id": "station_park",
                "station_name": "示例·park驿站",
                "staff_name": "陆*例",
                "at": answer.body["at"],
                "ref": booking["id"],
            }
        ],
        "next": None,
    }
    undone = await me.post(f"/worker/v1/bookings/{booking['id']}/cancellation")
    assert (undone.status, undone.body["state"]) == (200, "cancelled_by_worker")
    log = (await me.get("/worker/v1/me/access-log")).body["items"]
    assert [each["deed"] for each in log] == ["凭您的办理码为您预约了充电口"]


async def test_without_a_good_code_nothing_is_done(me, desk):
    body = {"station_id": "station_park", "slot_id": slot("1055")}
    assert (await desk.post(BOOKINGS, body)).status == 422
    answer = await desk.post(BOOKINGS, {**body, "code": "zzzzzzzz"})
    assert (answer.status, answer.code) == (403, "code_not_valid")
    code = await code_for(me, "sign_up")
    answer = await desk.post(BOOKINGS, {**body, "code": code})
    assert (answer.status, answer.code) == (403, "code_not_valid")
    elsewhere = {**body, "station_id": "station_lake", "code": code}
    answer = await desk.post(BOOKINGS, elsewhere)
    assert (answer.status, answer.code) == (404, "no_such_station")
    for _ in range(6):
        await desk.post(BOOKINGS, {**body, "code": "zzzzzzzz"})
    answer = await desk.post(BOOKINGS, {**body, "code": "zzzzzzzz"})
    assert (answer.status, answer.code) == (429, "too_many_guesses")
    assert int(answer.headers["Retry-After"]) > 0
    assert (await me.get(DONE)).body["items"] == []
    assert (await me.post(BOOKINGS, {**body, "code": code})).code == "port_mismatch"


async def test_a_sign_up_and_a_declaration_with_a_code(ctx, clock, me, desk):
    await courses.course(ctx)
    code = await code_for(me, "sign_up")
    here = {"station_id": "station_park"}
    answer = await desk.post(
        SIGN_UPS, {**here, "code": code, "session_id": "session_one"}
    )
    assert (answer.status, answer.body["state"]) == (201, "enrolled")
    mine = (await me.get("/worker/v1/me/enrolments")).body["items"]
    assert [each["id"] for each in mine] == [answer.body["enrolment_id"]]
    clock.forward(timedelta(seconds=1))
    code = await code_for(me, "identity_declaration")
    answer = await desk.post(
        DECLARATIONS, {**here, "code": code, "classes": ["migrant_worker"]}
    )
    assert (answer.status, answer.body["classes"]) == (201, ["migrant_worker"])
    held = (await me.get("/worker/v1/me/identities")).body["items"]
    assert [each["class"] for each in held] == ["migrant_worker"]
    page = (await me.get(f"{DONE}?limit=1")).body
    assert [each["what"] for each in page["items"]] == ["identity_declaration"]
    assert (await me.get(f"{DONE}?cursor=!")).code == "bad_cursor"

"""Coming in through the worker's door: each refusal has its word and status."""

from datetime import timedelta

import pytest

from models.stations import bookings, codes
from models.stations.booked import BookingMoved
from models.workers.workers import State, Worker
from tests.client import together
from tests.models.stations import people, places
from tests.models.stations.places import PHONE, VEHICLE, at, slot


@pytest.fixture
def li(ctx, run):
    """A worker at a station."""

    async def furnish():
        await places.put(ctx, places.station(), places.station("lake"))
        return await people.worker(ctx)

    return run(furnish())


@pytest.fixture
def phone(ctx, http, li):
    """The worker's phone, its token always fresh."""

    class Phone:
        async def get(self, path):
            return await http.as_(await people.token(ctx, li)).get(path)

        async def post(self, path, body):
            return await http.as_(await people.token(ctx, li)).post(path, body)

    return Phone()


def screen(ctx, service=None, slug="park"):
    return {"code": codes.show_station(ctx, f"station_{slug}", service).code}


async def test_a_visit_is_201_and_then_already_in(ctx, clock, phone):
    answer = await phone.post("/worker/v1/check-ins", screen(ctx))
    assert answer.status == 201
    assert answer.body == {
        "id": answer.body["id"],
        "station_id": "station_park",
        "what": "visit",
        "booking_id": None,
        "service": None,
        "server_time": "2026-11-23T02:00:00Z",
    }
    clock.forward(timedelta(minutes=1))
    again = await phone.post("/worker/v1/check-ins", screen(ctx))
    assert (again.status, again.code) == (409, "already_in")


async def test_20_replays_at_once_are_one_201(ctx, phone):
    code = screen(ctx)
    answers = await together(
        *(phone.post("/worker/v1/check-ins", code) for _ in range(20))
    )
    assert sorted(answer.status for answer in answers) == [201] + [409] * 19
    assert {a.code for a in answers if a.status == 409} == {"already_used"}


async def test_a_booking_is_checked_in_through_its_code(ctx, clock, li, phone):
    booking = await bookings.book(ctx, slot("1055"), by=li)
    clock.put(at("10:50"))
    shown = await phone.get(f"/worker/v1/bookings/{booking.id}/code")
    assert shown.status == 200
    assert codes.read_worker(ctx, shown.body["code"]).booking_id == booking.id
    assert shown.body["refresh_at"] == "2026-11-23T02:51:00Z"
    answer = await phone.post("/worker/v1/check-ins", screen(ctx, PHONE))
    assert (answer.status, answer.body["booking_id"]) == (201, booking.id)


async def test_refusals_have_their_own_word(ctx, clock, li, phone):
    booking = await bookings.book(ctx, slot("1055"), by=li)
    code = (await codes.of_booking(ctx, booking.id, by=li)).code

    async def refused(status, word, body):
        answer = await phone.post("/worker/v1/check-ins", body)
        assert (answer.status, answer.code) == (status, word)
        assert answer.body["message"].endswith("。")

    await refused(422, "bad_code", {"code": "🙂" * 100})
    await refused(409, "wrong_direction", {"code": code})
    await refused(409, "not_booked", screen(ctx, VEHICLE))
    await refused(409, "too_early", screen(ctx, PHONE))
    await refused(404, "no_such_station", screen(ctx, slug="none"))
    old = screen(ctx, PHONE)
    clock.put(at("10:50"))
    await refused(410, "expired", old)
    await refused(409, "wrong_station", screen(ctx, PHONE, "lake"))
    clock.put(at("11:05"))
    await refused(409, "too_late", screen(ctx, PHONE))
    await Worker.change(ctx, {"_id": li.id}, {"$set": {"state": State.FROZEN}})
    await refused(403, "suspended", screen(ctx))


async def test_a_booking_that_moved_meanwhile_is_409(
    ctx, clock, li, phone, monkeypatch
):
    await bookings.book(ctx, slot("1055"), by=li)
    clock.put(at("10:50"))

    async def moved(ctx, booking_id, *, by):
        raise BookingMoved({"state": "cancelled_by_worker"})

    monkeypatch.setattr(bookings, "check_in", moved)
    answer = await phone.post("/worker/v1/check-ins", screen(ctx, PHONE))
    assert (answer.status, answer.code) == (409, "booking_moved")


async def test_codes_are_for_the_bookings_own_worker(ctx, http, li, phone):
    booking = await bookings.book(ctx, slot("1055"), by=li)
    path = f"/worker/v1/bookings/{booking.id}/code"
    qian = http.as_(await people.token(ctx, await people.worker(ctx, "qian")))
    answer = await qian.get(path)
    assert (answer.status, answer.code) == (404, "no_such_booking")
    await bookings.cancel(ctx, booking.id, by=li)
    answer = await phone.get(path)
    assert (answer.status, answer.code) == (409, "booking_moved")
    assert (await http.get(path)).status == 401
    answer = await http.post("/worker/v1/check-ins", {"code": "x"})
    assert answer.status == 401

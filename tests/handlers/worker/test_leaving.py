"""Leaving over HTTP: whole answers, every refusal."""

import pytest

from tests.models.stations import places


@pytest.fixture
def me(run, http):
    return run(http.sign_in("w-1"))


async def test_asked_shown_and_called_off(me):
    asked = await me.post("/worker/v1/me/erasure")
    assert asked.status == 201
    assert asked.body == {
        "id": asked.body["id"],
        "state": "asked",
        "asked_at": "2026-11-23T02:00:00Z",
        "due_at": "2026-11-30T02:00:00Z",
    }
    assert (await me.get("/worker/v1/me/erasure")).body == asked.body
    again = await me.post("/worker/v1/me/erasure")
    assert (again.status, again.code) == (409, "already_leaving")
    assert (await me.delete("/worker/v1/me/erasure")).status == 204
    shown = await me.get("/worker/v1/me/erasure")
    assert (shown.status, shown.code) == (404, "not_leaving")
    gone = await me.delete("/worker/v1/me/erasure")
    assert (gone.status, gone.code) == (404, "not_leaving")


async def test_the_same_call_again_is_the_same_asking(me):
    first = await me.post("/worker/v1/me/erasure", key="tap-1")
    again = await me.post("/worker/v1/me/erasure", key="tap-1")
    assert first.body == again.body
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_what_is_open_is_listed_with_how_to_end_it(ctx, me):
    await places.put(ctx)
    booked = await me.post("/worker/v1/bookings", {"slot_id": places.slot()})
    refused = await me.post("/worker/v1/me/erasure")
    assert (refused.status, refused.code) == (409, "obligations_open")
    (open_,) = refused.body["details"]["obligations"]
    assert (open_["kind"], open_["id"]) == ("booking", booked.body["id"])
    assert open_["how"].endswith("。")


async def test_who_is_leaving_books_nothing(ctx, me):
    await places.put(ctx)
    await me.post("/worker/v1/me/erasure")
    refused = await me.post("/worker/v1/bookings", {"slot_id": places.slot()})
    assert (refused.status, refused.code) == (409, "account_leaving")


async def test_signing_in_calls_it_off(http, me):
    await me.post("/worker/v1/me/erasure")
    back = await http.sign_in("w-1-back")
    assert (await back.get("/worker/v1/me/erasure")).code == "not_leaving"


async def test_a_stranger_may_not(http):
    assert (await http.post("/worker/v1/me/erasure")).status == 401

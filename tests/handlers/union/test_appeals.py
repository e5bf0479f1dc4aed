"""An appeal's way over HTTP: said by the worker, decided in the back office."""

import pytest

from models.stations import bookings, lapses
from models.unions.permissions import Permission
from tests.models.stations import people, places
from tests.models.stations.places import at, slot
from tests.models.unions import people as union


@pytest.fixture
def li(ctx, http, run, clock):
    """Li, signed in, who missed 10:55."""

    async def furnish():
        await places.put(ctx, places.station(org_path="/unit_city/unit_east/"))
        li = await people.worker(ctx)
        await bookings.book(ctx, slot("1055"), by=li)
        clock.put(at("11:05"))
        await lapses.lapse_no_shows(ctx)
        return http.as_(await people.token(ctx, li))

    return run(furnish())


async def official(ctx, http, name, unit="unit_east", grants=(Permission.STATIONS,)):
    found = await union.official(ctx, name, unit=unit, permissions=grants)
    return http.as_(await union.token(ctx, found))


async def test_a_worker_appeals_and_is_answered(ctx, http, li):
    mine = (await li.get("/worker/v1/me/strikes")).body
    [strike] = mine["items"]
    assert strike == {
        "id": strike["id"],
        "booking_id": strike["booking_id"],
        "weight": 1.0,
        "at": "2026-11-23T03:05:00Z",
        "wears_off_at": "2026-12-23T03:05:00Z",
        "lifted_at": None,
        "appeal": None,
    }
    assert (mine["next"], mine["suspended_until"]) == (None, None)
    path = f"/worker/v1/strikes/{strike['id']}/appeal"
    made = await li.post(path, {"text": "门口封路"})
    assert made.status == 201
    assert (await li.post(path, {"text": "门口封路"})).code == "appeal_open"
    assert (await li.post(path, {"text": ""})).status == 422
    wang = await official(ctx, http, "wang")
    [listed] = (await wang.get("/union/v1/appeals")).body["items"]
    assert listed["name"] == "李*例"
    assert listed["is_marked_by_hand"] is False
    assert "text" not in listed
    about = f"/union/v1/appeals/{made.body['id']}"
    read = await wang.get(about)
    assert (read.body["text"], read.body["appeal"]) == ("门口封路", listed)
    assert (await wang.post(f"{about}/refusal", {"reason": ""})).status == 422
    accepted = await wang.post(f"{about}/acceptance", {"reason": "属实"})
    assert (accepted.status, accepted.body["state"]) == (200, "accepted")
    late = await wang.post(f"{about}/refusal", {"reason": "不属实"})
    assert (late.status, late.code) == (409, "appeal_moved")
    assert (await wang.get("/union/v1/appeals")).body["items"] == []
    done = await wang.get("/union/v1/appeals?state=accepted")
    assert len(done.body["items"]) == 1
    [after] = (await li.get("/worker/v1/me/strikes")).body["items"]
    assert after["lifted_at"] == "2026-11-23T03:05:00Z"
    assert after["appeal"]["state"] == "accepted"


async def test_nobody_else_sees_it(ctx, http, li):
    [strike] = (await li.get("/worker/v1/me/strikes")).body["items"]
    path = f"/worker/v1/strikes/{strike['id']}/appeal"
    qian = http.as_(await people.token(ctx, await people.worker(ctx, "qian")))
    hidden = await qian.post(path, {"text": "门口封路"})
    assert (hidden.status, hidden.code) == (404, "no_such_strike")
    made = await li.post(path, {"text": "门口封路"})
    about = f"/union/v1/appeals/{made.body['id']}"
    west = await official(ctx, http, "xi", "unit_west")
    assert (await west.get("/union/v1/appeals")).body["items"] == []
    for answer in (
        await west.get(about),
        await west.post(f"{about}/acceptance", {}),
        await west.post(f"{about}/refusal", {"reason": "不属实"}),
    ):
        assert (answer.status, answer.code) == (404, "no_such_appeal")
    plain = await official(ctx, http, "pu", grants=(Permission.UNITS,))
    refused = await plain.get("/union/v1/appeals")
    assert (refused.status, refused.code) == (403, "permission_missing")
    assert (await li.get("/union/v1/appeals")).code == "port_mismatch"

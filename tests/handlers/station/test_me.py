"""Who somebody is at the station's port, over HTTP."""

import pytest

from tests.models.stations import people, places


@pytest.fixture
def park(run, ctx):
    return run(places.put(ctx, places.station(), places.station("lake")))


async def test_a_clerk_sees_their_roles_and_only_their_own_stations(http, ctx, park):
    lu = await people.clerk(ctx)
    answer = await http.as_(await people.token(ctx, lu)).get("/station/v1/me")
    assert answer.status == 200
    assert answer.body == {
        "id": "staff_lu",
        "name": "陆*例",
        "roles": ["station_clerk"],
        "stations": [{"id": "station_park", "name": "示例·park驿站"}],
    }


async def test_whoever_serves_no_more_is_turned_away(http, ctx, park):
    lu = await people.clerk(ctx)
    clerk = http.as_(await people.token(ctx, lu))
    await people.Staff.change(ctx, {"_id": lu.id}, {"$set": {"active": False}})
    answer = await clerk.get("/station/v1/me")
    assert answer.status == 403
    assert answer.code == "not_staff"

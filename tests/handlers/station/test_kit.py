"""The kit over HTTP, at the desk and in the back office."""

import pytest

from models.stations.hours import parse
from models.unions.permissions import Permission
from tests.models.stations import people, places
from tests.models.stations.places import DAILY
from tests.models.unions import people as union

KIT = "/station/v1/stations/station_park/kit"
GAUZE = {
    "item": "纱布",
    "batch": "B1",
    "expires_on": "2027-11-01",
    "quantity": 2,
}


@pytest.fixture
def lu(ctx, http, run):
    """A clerk of the park, which is staffed all day, signed in."""

    async def furnish():
        hours = parse(DAILY | {"attended": DAILY["weekly"]})
        here = places.station(hours=hours, org_path="/unit_city/unit_east/")
        await places.put(ctx, here)
        return http.as_(await people.token(ctx, await people.clerk(ctx)))

    return run(furnish())


async def test_a_batch_comes_in_goes_out_and_the_books_are_right(lu):
    received = await lu.post(KIT, GAUZE)
    assert received.status == 201
    batch = received.body
    assert batch == {
        "id": batch["id"],
        "item": "纱布",
        "batch": "B1",
        "quantity": 2,
        "expires_on": "2027-11-01",
        "state": "good",
    }
    issued = await lu.post(f"{KIT}/issues", {"item": "纱布", "quantity": 1}, key="k")
    again = await lu.post(f"{KIT}/issues", {"item": "纱布", "quantity": 1}, key="k")
    assert (issued.status, again.body) == (201, issued.body)
    assert issued.body["items"][0]["pieces"] == -1
    short = await lu.post(f"{KIT}/issues", {"item": "纱布", "quantity": 3})
    assert (short.status, short.code) == (409, "not_enough")
    about = {"batch_id": batch["id"], "reason": "受潮"}
    thrown = await lu.post(f"{KIT}/write-offs", about | {"quantity": 1})
    assert (thrown.status, thrown.body["left"]) == (201, 0)
    counted = await lu.post(f"{KIT}/counts", about | {"counted": 4})
    assert (counted.status, counted.body["pieces"]) == (201, 4)
    listed = await lu.get(KIT)
    assert listed.body == {"items": [batch | {"quantity": 4}], "next": None}
    moved = await lu.get(f"{KIT}/movements")
    assert sorted(each["kind"] for each in moved.body["items"]) == [
        "counted",
        "issued",
        "received",
        "written_off",
    ]
    recount = await lu.get(f"{KIT}/recount")
    assert recount.body == {"equal": True, "batches": 1, "differences": []}


async def test_a_level_is_set_and_its_fall_is_told(lu):
    level = await lu.put(f"{KIT}/levels", {"item": "纱布", "least": 3})
    assert level.body == {"item": "纱布", "least": 3, "is_low": True}
    assert (await lu.get(f"{KIT}/levels")).body["items"] == [level.body]
    [notice] = (await lu.get(f"{KIT}/notices")).body["items"]
    assert (notice["why"], notice["item"], notice["left"]) == ("low", "纱布", 0)


async def test_what_has_no_shape_is_refused(lu):
    for wrong in ({"quantity": 0}, {"expires_on": "soon"}, {"item": ""}, {"x": 1}):
        answer = await lu.post(KIT, GAUZE | wrong)
        assert (answer.status, answer.code) == (422, "invalid")
    no_reason = {"batch_id": "batch_1", "quantity": 1}
    assert (await lu.post(f"{KIT}/write-offs", no_reason)).status == 422


async def test_the_back_office_reads_below_it_and_no_further(ctx, http, lu):
    await lu.post(KIT, GAUZE)
    path = "/union/v1/stations/station_park/kit"
    east = await union.official(ctx, "wang", permissions=(Permission.STATIONS,))
    west = await union.official(
        ctx, "xi", unit="unit_west", permissions=(Permission.STATIONS,)
    )
    mine, other = [http.as_(await union.token(ctx, each)) for each in (east, west)]
    for part in ("", "/movements", "/notices", "/recount"):
        assert (await mine.get(f"{path}{part}")).status == 200
        hidden = await other.get(f"{path}{part}")
        assert (hidden.status, hidden.code) == (404, "no_such_station")
        assert (await lu.get(f"{path}{part}")).code == "port_mismatch"
    plain = await union.official(ctx, "pu", permissions=(Permission.UNITS,))
    refused = await http.as_(await union.token(ctx, plain)).get(path)
    assert (refused.status, refused.code) == (403, "permission_missing")

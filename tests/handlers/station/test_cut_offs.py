"""The desk sees what is to be cut, and says that it is done, over HTTP."""

from models.stations import lapses, walk_ins
from tests.models.stations import people, places
from tests.models.stations.places import VEHICLE, at, somebody

URL = "/station/v1/stations/station_park/cut-offs"


async def test_what_is_due_is_listed_until_it_is_cut(ctx, http, clock):
    await places.put(ctx)
    clock.put(at("10:30"))
    session = await walk_ins.walk_in(ctx, "station_park", VEHICLE, 2, by=somebody())
    clock.put(session.end + lapses.OVERSTAY)
    lu = http.as_(await people.token(ctx, await people.clerk(ctx)))
    [item] = (await lu.get(URL)).body["items"]
    assert (item["port"], item["booking_id"]) == (2, session.id)
    done = await lu.post(f"{URL}/{item['id']}/confirmation")
    again = await lu.post(f"{URL}/{item['id']}/confirmation")
    assert (done.status, again.status, again.code) == (200, 409, "already_cut")
    assert (await lu.get(URL)).body["items"] == []
    none = await lu.post(f"{URL}/cutoff_none/confirmation")
    assert (none.status, none.code) == (404, "no_such_cut_off")

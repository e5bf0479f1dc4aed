"""A clerk finds regions by name, and only those there are today."""

from models.base import regions
from tests.models.stations import people, places

URL = "/station/v1/regions"


async def test_a_clerk_is_told_every_region_that_stands_and_what_it_lies_in(http, ctx):
    await places.put(ctx, places.station())
    lu = await people.clerk(ctx)
    told = await http.as_(await people.token(ctx, lu)).get(URL)
    assert told.status == 200
    named = {each["code"]: each for each in told.body["regions"]}
    assert len(named) == len(told.body["regions"])
    assert named["410102"] == {
        "code": "410102",
        "name": "中原区",
        "kind": "district",
        "parent": "410100",
    }
    standing = {row.code for row in regions.REGIONS.rows if row.stood(None)}
    assert set(named) == standing


async def test_a_worker_reads_the_same_names_without_signing_in(http, ctx):
    await places.put(ctx, places.station())
    lu = await people.clerk(ctx)
    told = await http.as_(await people.token(ctx, lu)).get(URL)
    assert (await http.get("/worker/v1/regions")).body == told.body


async def test_whoever_is_not_signed_in_is_asked_to(http, ctx):
    assert (await http.get(URL)).status == 401

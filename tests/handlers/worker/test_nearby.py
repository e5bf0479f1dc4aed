"""The 3 km circle: who is in it, how far, and that nobody remembers who asked."""

import pytest

from models.base.places import Point, from_gcj02, to_gcj02
from tests.models.stations import places

HERE = (113.5548, 34.8126)
WGS = from_gcj02(*HERE)


def north(metres):
    """Return a place so far north of here, as a map shows it."""
    return to_gcj02(Point(WGS.lng, WGS.lat + metres / 111_319.5))


async def around(http, query=""):
    lng, lat = HERE
    return await http.get(f"/worker/v1/nearby?lng={lng}&lat={lat}{query}")


async def test_what_is_within_three_kilometres(ctx, http):
    await places.put(
        ctx,
        places.station("inside", gcj02=north(2_990)),
        places.station("outside", gcj02=north(3_010)),
        places.station("close", gcj02=north(100)),
    )
    answer = await around(http, "&radius_m=3000")
    assert answer.status == 200
    found = answer.body["items"]
    assert [item["id"] for item in found] == ["station_close", "station_inside"]
    for item, real in zip(found, (100, 2_990), strict=True):
        assert abs(item["distance_m"] - real) <= real / 100
    assert found[0] == {
        "kind": "station",
        "id": "station_close",
        "title": "示例·close驿站",
        "place": "示例地址",
        "gcj02": {"lng": round(north(100)[0], 6), "lat": round(north(100)[1], 6)},
        "distance_m": found[0]["distance_m"],
        "state": "unattended",
        "starts_at": None,
    }
    assert len((await around(http, "&radius_m=3100")).body["items"]) == 3


async def test_exactly_at_the_radius_is_in_and_ties_go_by_id(ctx, http):
    edge = [places.station(slug, gcj02=north(1_000)) for slug in ("b", "a")]
    await places.put(ctx, *edge)
    [first, second] = (await around(http)).body["items"]
    assert (first["id"], second["id"]) == ("station_a", "station_b")
    exact = first["distance_m"]
    assert len((await around(http, f"&radius_m={exact}")).body["items"]) == 2
    assert (await around(http, f"&radius_m={exact - 1}")).body["items"] == []


async def test_only_the_kinds_asked_for(ctx, http):
    await places.put(ctx)
    assert len((await around(http, "&kinds=station")).body["items"]) == 1
    assert (await around(http, "&kinds=training")).body["items"] == []
    assert len((await around(http, "&kinds=station,training")).body["items"]) == 1


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("lng=113.5&lat=34.8&radius_m=20001", "invalid"),
        ("lng=113.5&lat=34.8&radius_m=0", "invalid"),
        ("lng=113.5&lat=34.8&kinds=casino", "invalid"),
        ("lng=113.5", "invalid"),
        ("lng=34.8&lat=113.5", "bad_point"),
        ("lng=nan&lat=34.8", "bad_point"),
        ("lng=inf&lat=34.8", "bad_point"),
    ],
)
async def test_a_circle_without_sense_is_refused(http, query, code):
    answer = await http.get(f"/worker/v1/nearby?{query}")
    assert (answer.status, answer.code) == (422, code)


async def test_nobodys_place_is_kept_or_logged(ctx, http, capsys):
    await places.put(ctx)
    await around(http)
    kept = [
        row
        for name in await ctx.db.list_collection_names()
        if name != "stations"
        async for row in ctx.db[name].find()
    ]
    told = capsys.readouterr()
    assert "113.55" not in str(kept) + told.out + told.err

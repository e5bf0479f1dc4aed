"""Figures over HTTP: within reach, within a year, with small groups hidden."""

import pytest

from models.stations import visits
from models.stations.visits import Kind, Visitor
from models.unions.permissions import Permission
from tests.models.stations import people, places
from tests.models.unions import people as union

STATION = "/union/v1/stations/station_park/statistics"
NOTHING = {
    "no_shows": {"missed": 0, "kept": 0, "rate": None},
    "first_aid": {"calls": 0, "unanswered": 0, "median_s": None, "p90_s": None},
}


@pytest.fixture
def wang(ctx, http, run):
    """A leader of the east, signed in; twelve came to the park."""

    async def furnish():
        here = places.station(org_path="/unit_city/unit_east/")
        await places.put(ctx, here)
        lu = await people.clerk(ctx)
        said = Visitor(kind=Kind.COUNT_ONLY, people=12)
        await visits.register(ctx, "station_park", said, by=lu)
        return await leader(ctx, http, "wang", "unit_east")

    return run(furnish())


async def leader(ctx, http, name, unit, grants=(Permission.STATISTICS,)):
    found = await union.official(ctx, name, unit=unit, permissions=grants)
    return http.as_(await union.token(ctx, found))


async def test_a_station_and_the_overview_say_the_same(wang):
    figures = {
        "visits": 12,
        "persons": 0,
        "services": {"other": 12},
        "offline_share": 0,
        **NOTHING,
    }
    day = "from=2026-11-23&to=2026-11-23"
    station = await wang.get(f"{STATION}?{day}")
    assert station.status == 200
    assert station.body["station"] == {
        "station_id": "station_park",
        "station_name": "示例·park驿站",
        "from": "2026-11-23",
        "to": "2026-11-23",
        "figures": figures,
    }
    assert set(station.body["by_class"].values()) == {None}
    every = await wang.get(f"/union/v1/stats/stations?{day}")
    assert every.body == {"items": [station.body["station"]], "next": None}
    overview = await wang.get("/union/v1/stats/overview")
    assert overview.body == {
        "from": "2025-11-23",
        "to": "2026-11-23",
        "stations": 1,
        "persons": 0,
        "visits": 12,
        "figures": figures,
    }


async def test_spans_without_sense_are_refused(wang):
    for path in (STATION, "/union/v1/stats/stations", "/union/v1/stats/overview"):
        for query, code in (
            ("from=2026-11-24&to=2026-11-23", "span_backwards"),
            ("from=2025-11-22&to=2026-11-23", "span_too_long"),
            ("from=soon", "invalid"),
        ):
            answer = await wang.get(f"{path}?{query}")
            assert (answer.status, answer.code) == (422, code)


async def test_others_see_nothing(ctx, http, wang):
    west = await leader(ctx, http, "xi", "unit_west")
    hidden = await west.get(STATION)
    assert (hidden.status, hidden.code) == (404, "no_such_station")
    assert (await west.get("/union/v1/stats/stations")).body["items"] == []
    overview = (await west.get("/union/v1/stats/overview")).body
    assert (overview["stations"], overview["visits"]) == (0, 0)
    plain = await leader(ctx, http, "pu", "unit_east", (Permission.STATIONS,))
    for path in (STATION, "/union/v1/stats/stations", "/union/v1/stats/overview"):
        refused = await plain.get(path)
        assert (refused.status, refused.code) == (403, "permission_missing")
        assert (await http.get(path)).status == 401

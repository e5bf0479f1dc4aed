"""Scene codes through the door: where to go, gone, and guessing."""

import asyncio
from collections import Counter
from urllib.parse import quote

from models.base.ids import new_code
from models.stations import scenes
from models.stations.scenes import Kind, NoSuchScene, Target
from tests.models.stations import people

DOOR = Target(kind=Kind.STATION, station_id="station_park")


async def test_a_code_says_where_to_go_raw_or_encoded(ctx, http):
    code = await scenes.ensure(ctx, DOOR)
    for text in (code, quote(code, safe="")):
        answer = await http.get(f"/worker/v1/scenes/{text}")
        assert answer.status == 200
        assert answer.body == {
            "kind": "station",
            "page": "pages/stations/station",
            "station_id": "station_park",
            "service": None,
            "port": None,
            "training_id": None,
        }


async def test_an_unknown_a_revoked_and_an_ended_code_are_told_apart(ctx, http, clock):
    unknown = await http.get(f"/worker/v1/scenes/{'k' * 24}")
    assert (unknown.status, unknown.code) == (404, "no_such_scene")
    code = await scenes.ensure(ctx, DOOR)
    await scenes.revoke(ctx, code, reason="海报丢失", by=await people.clerk(ctx))
    revoked = await http.get(f"/worker/v1/scenes/{code}")
    assert (revoked.status, revoked.code) == (410, "scene_revoked")
    ended = await scenes.ensure(ctx, DOOR, expires_at=clock.now())
    answer = await http.get(f"/worker/v1/scenes/{ended}")
    assert (answer.status, answer.code) == (410, "scene_expired")


async def test_10_000_guesses_find_nothing(ctx):
    await asyncio.gather(
        *(
            scenes.ensure(ctx, Target(kind=Kind.STATION, station_id=f"station_{n}"))
            for n in range(200)
        )
    )
    for _ in range(10):
        guesses = (scenes.resolve(ctx, new_code(24)) for _ in range(1_000))
        found = await asyncio.gather(*guesses, return_exceptions=True)
        assert {type(each) for each in found} == {NoSuchScene}


async def test_who_guesses_is_slowed(ctx, http):
    seen = Counter()
    while seen.total() < 3_000 and not seen[429]:
        guesses = (http.get(f"/worker/v1/scenes/{new_code(24)}") for _ in range(100))
        seen.update(each.status for each in await asyncio.gather(*guesses))
    assert set(seen) == {404, 429}

"""Scene codes: random, typed, one a place, taken back, ended; never an id."""

import asyncio
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from miniprogram_api.qrcodes import SCENE
from models.base.audit import Entry
from models.stations import scenes
from models.stations.port_services import ServiceKind
from models.stations.scenes import (
    Kind,
    NoSuchScene,
    Scene,
    SceneExpired,
    SceneRevoked,
    Target,
)
from tests.models.stations import people

DOOR = Target(kind=Kind.STATION, station_id="station_park")
PORT = Target(
    kind=Kind.PORT,
    station_id="station_park",
    service=ServiceKind.PHONE_CHARGING,
    port=3,
)


async def test_a_code_leads_to_its_target_and_is_the_same_each_time(ctx):
    code = await scenes.ensure(ctx, PORT)
    assert await scenes.resolve(ctx, code) == PORT
    assert await scenes.ensure(ctx, PORT) == code
    assert await scenes.ensure(ctx, DOOR) != code


async def test_a_code_is_what_wechat_takes_and_says_nothing(ctx):
    code = await scenes.ensure(ctx, PORT)
    assert SCENE.fullmatch(code)
    assert quote(code, safe="") == code
    assert not re.search("park|station|port|phone", code)


async def test_a_percent_encoded_code_is_the_same_code(ctx):
    code = await scenes.ensure(ctx, DOOR)
    encoded = "".join(f"%{ord(letter):02X}" for letter in code)
    assert await scenes.resolve(ctx, encoded) == DOOR


async def test_many_who_ensure_at_once_get_one_code(ctx):
    codes = await asyncio.gather(*(scenes.ensure(ctx, DOOR) for _ in range(20)))
    assert len(set(codes)) == 1
    assert await Scene.shelf(ctx).count_documents({}) == 1


async def test_a_revoked_code_is_gone_and_its_place_gets_another(ctx):
    staff = await people.clerk(ctx)
    code = await scenes.ensure(ctx, DOOR)
    await scenes.revoke(ctx, code, reason="海报丢失", by=staff)
    await scenes.revoke(ctx, code, reason="海报丢失", by=staff)
    with pytest.raises(SceneRevoked):
        await scenes.resolve(ctx, code)
    assert await scenes.where(ctx, code) == DOOR
    assert await scenes.resolve(ctx, await scenes.ensure(ctx, DOOR)) == DOOR
    assert await Entry.shelf(ctx).count_documents({"what": "scenes.revoke"}) == 1


async def test_another_stations_staff_cannot_revoke_a_code(ctx):
    other = await people.clerk(ctx, stations=("lake",))
    code = await scenes.ensure(ctx, DOOR)
    with pytest.raises(NoSuchScene):
        await scenes.revoke(ctx, code, reason="", by=other)
    assert await scenes.resolve(ctx, code) == DOOR


async def test_an_ended_code_is_gone_at_its_moment_and_replaced(ctx, clock):
    ends = clock.now() + timedelta(hours=1)
    code = await scenes.ensure(ctx, DOOR, expires_at=ends)
    clock.put(ends - timedelta(milliseconds=1))
    assert await scenes.resolve(ctx, code) == DOOR
    clock.put(ends)
    with pytest.raises(SceneExpired):
        await scenes.resolve(ctx, code)
    assert await scenes.ensure(ctx, DOOR) != code


@pytest.mark.parametrize(
    "text", ["", "%", "%ZZ", "a=1&b=2", "k" * 24, "{$gt: 1}", "场景"]
)
async def test_what_was_never_printed_is_not_found(ctx, text):
    with pytest.raises(NoSuchScene):
        await scenes.resolve(ctx, text)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(st.text(), st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=24))
)
def test_arbitrary_text_is_only_ever_not_found(ctx, run, text):
    with pytest.raises(NoSuchScene):
        run(scenes.resolve(ctx, text))

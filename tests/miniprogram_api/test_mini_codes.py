"""Mini-program codes: checked, drawn, told apart from errors by the first byte."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miniprogram_api.errors import Advice, Refused, Unavailable, Unsendable, Why
from miniprogram_api.qrcodes import SCENE, Version
from scripts.wechat_simulator.faults import Do, Fault

DRAW = "/wxa/getwxacodeunlimit"
CHARACTERS = "0123456789abcXYZ!#$&'()*+,/:;=?@-._~"


async def test_a_code_says_its_scene_and_page(gateway, world):
    image = await gateway.mini_code("st-7f3a", "pages/station/index")
    assert image.startswith(b"\x89PNG")
    code = world.mini_codes.read(image)
    assert (code.scene, code.page, code.version) == (
        "st-7f3a",
        "pages/station/index",
        "release",
    )


async def test_the_whole_alphabet_of_scenes_passes(gateway, world):
    for start in (0, len(CHARACTERS) - 32):
        scene = CHARACTERS[start : start + 32]
        image = await gateway.mini_code(scene, "pages/a", version=Version.TRIAL)
        assert world.mini_codes.read(image).scene == scene


@pytest.mark.parametrize("scene", ["", "x" * 33, "a b", "a%20b", "站点", "a\n"])
async def test_a_bad_scene_is_not_even_sent(gateway, world, scene):
    with pytest.raises(Unsendable, match="scene"):
        await gateway.mini_code(scene, "pages/a")
    assert not world.calls


@settings(deadline=None)
@given(st.text(max_size=40))
def test_a_scene_is_sendable_exactly_when_the_platform_takes_it(scene):
    taken = 0 < len(scene) <= 32 and all(c in _ALLOWED for c in scene)
    assert (SCENE.fullmatch(scene) is not None) == taken


_ALLOWED = set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") | set(
    "!#$&'()*+,/:;=?@-._~"
)


@pytest.mark.parametrize("page", ["", "/pages/a", "pages/a?x=1"])
async def test_a_bad_page_is_not_even_sent(gateway, page):
    with pytest.raises(Unsendable, match="page"):
        await gateway.mini_code("s", page)


@pytest.mark.parametrize("width_px", [279, 1281])
async def test_a_bad_width_is_not_even_sent(gateway, width_px):
    with pytest.raises(Unsendable, match="width"):
        await gateway.mini_code("s", "pages/a", width_px=width_px)


async def test_an_unreleased_page_needs_an_unchecked_path(gateway, world):
    world.mini_codes.pages = ["pages/released"]
    with pytest.raises(Refused) as refused:
        await gateway.mini_code("s", "pages/new")
    assert refused.value.advice is Advice.ALERT_AND_STOP
    assert await gateway.mini_code("s", "pages/new", check_page=False)


async def test_here_45009_is_the_limit_of_a_minute(gateway, world):
    world.faults.ordered = [Fault(path=DRAW, do=Do.ERRCODE, errcode=45009)]
    with pytest.raises(Refused) as refused:
        await gateway.mini_code("s", "pages/a")
    assert (refused.value.advice, refused.value.wait_s) == (Advice.BACK_OFF, 60)


async def test_an_answer_that_is_no_image_is_no_answer(gateway, world, monkeypatch):
    monkeypatch.setattr(world.mini_codes, "draw", lambda asked: {"errcode": 0})
    with pytest.raises(Unavailable) as unavailable:
        await gateway.mini_code("s", "pages/a")
    assert unavailable.value.why is Why.NOT_UNDERSTOOD

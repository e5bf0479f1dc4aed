"""Content checks: only `suggest` decides, and what is not checked is not passed."""

from datetime import timedelta

import pytest

from miniprogram_api.errors import Advice, Refused, Unavailable, Unsendable, Why
from miniprogram_api.events import MediaChecked
from miniprogram_api.pushes import event_of
from miniprogram_api.safety import Media, Scene, Suggest

CHECK = "/wxa/msg_sec_check"


@pytest.fixture(autouse=True)
def visited(world, clock):
    world.users.of("o-17").visited_at = clock.now()


def check(gateway, content, scene=Scene.FORUM, **more):
    return gateway.check_text(content, openid="o-17", scene=scene, **more)


@pytest.mark.parametrize(
    ("content", "suggest", "label", "keywords"),
    [
        ("今天站点的热水真好", Suggest.PASS, 100, ()),
        ("来玩赌博吧", Suggest.RISKY, 20006, ("赌博",)),
        ("这里有可疑词", Suggest.REVIEW, 21000, ("可疑词",)),
    ],
)
async def test_a_text_gets_its_verdict(gateway, content, suggest, label, keywords):
    verdict = await check(gateway, content)
    assert (verdict.suggest, verdict.label, verdict.keywords) == (
        suggest,
        label,
        keywords,
    )
    assert verdict.trace_id


async def test_title_and_nickname_are_checked_too(gateway):
    assert (await check(gateway, "好", title="赌博")).suggest is Suggest.RISKY
    assert (await check(gateway, "好", nickname="赌博")).suggest is Suggest.RISKY
    verdict = await check(gateway, "好", scene=Scene.PROFILE, signature="赌博")
    assert verdict.suggest is Suggest.RISKY


async def test_a_signature_belongs_to_a_profile(gateway):
    with pytest.raises(Unsendable, match="signature"):
        await check(gateway, "好", signature="好")


@pytest.mark.parametrize("content", ["", "好" * 2501])
async def test_a_text_of_a_wrong_length_is_not_sent(gateway, world, content):
    with pytest.raises(Unsendable):
        await check(gateway, content)
    assert not world.calls
    assert (await check(gateway, "好" * 2500)).suggest is Suggest.PASS


async def test_chinese_goes_out_unescaped(gateway):
    # The platform misses escaped Chinese, the simulator refuses it with 40033.
    assert (await check(gateway, "赌博\u0001\\u8d4c😀")).suggest is Suggest.RISKY


async def test_a_broken_character_is_replaced_not_raised(gateway):
    assert (await check(gateway, "好\ud800")).suggest is Suggest.PASS


async def test_a_person_who_has_not_been_here_is_held(gateway, clock):
    clock.forward(timedelta(hours=2, seconds=1))
    with pytest.raises(Refused) as refused:
        await check(gateway, "好")
    assert (refused.value.errcode, refused.value.advice) == (61010, Advice.HOLD)


async def test_a_suggestion_we_do_not_know_is_reviewed(gateway, world, monkeypatch):
    monkeypatch.setattr(
        world.safety, "check_text", lambda asked: {"result": {"suggest": "new"}}
    )
    assert (await check(gateway, "好")).suggest is Suggest.REVIEW


async def test_the_old_kind_of_ok_is_no_pass(gateway, world, monkeypatch):
    monkeypatch.setattr(world.safety, "check_text", lambda asked: {})
    with pytest.raises(Unavailable) as unavailable:
        await check(gateway, "好")
    assert unavailable.value.why is Why.NOT_UNDERSTOOD


async def test_a_detail_that_failed_does_not_count(gateway, world, monkeypatch):
    told = {
        "result": {"suggest": "pass", "label": "100"},
        "detail": [{"errcode": -1, "keyword": "x"}, {"errcode": 0, "keyword": "y"}],
    }
    monkeypatch.setattr(world.safety, "check_text", lambda asked: told)
    verdict = await check(gateway, "好")
    assert (verdict.label, verdict.keywords) == (100, ("y",))


async def test_a_file_is_accepted_and_judged_later(gateway, world):
    world.media_delay_s = None
    for word, suggest in (("fine", "pass"), ("risky", "risky"), ("review", "review")):
        trace_id = await gateway.check_media(
            f"https://inn.example/{word}.png",
            Media.PICTURE,
            openid="o-17",
            scene=Scene.FORUM,
        )
        url = world.media[trace_id]
        told = world.pushes.event(
            "wxa_media_check", "o-17", **world.safety.verdict(url, trace_id)
        )
        event = event_of(told)
        assert isinstance(event, MediaChecked)
        assert (event.trace_id, event.suggest) == (trace_id, suggest)

"""WeChat's pushes arrive, are WeChat's, and count once."""

import msgspec
import pytest

from models.base import events
from models.messages import credits
from models.messages.kinds import Kind
from models.messages.pushes import Pushed
from models.moderation.pieces import Piece
from models.reactions import REACTIONS
from scripts.wechat_simulator.envelopes import Format, Target
from tests.models.moderation.texts import hand_in

TOKEN = "simulated-token"
AES_KEY = "k" * 43
KIND = Kind.BOOKING_REMINDER
TEMPLATES = {KIND: "template-1"}

WAYS = [
    Target(token=TOKEN, format=Format.JSON),
    Target(token=TOKEN, format=Format.XML),
    Target(token=TOKEN, format=Format.JSON, aes_key=AES_KEY),
    Target(token=TOKEN, format=Format.XML, aes_key=AES_KEY),
]


@pytest.fixture(params=WAYS, ids=["json", "xml", "safe json", "safe xml"])
def way(request):
    return request.param


@pytest.fixture
def settings(settings, way):
    return msgspec.structs.replace(
        settings,
        wechat_push_token=TOKEN,
        wechat_push_aes_key=way.aes_key,
        wechat_templates=TEMPLATES,
    )


@pytest.fixture
def target(http, way):
    return msgspec.structs.replace(way, url=http.url + "/wechat/push")


@pytest.fixture
def my_id(run, http):
    me = run(http.sign_in("w-1"))
    return run(me.get("/worker/v1/me")).body["id"]


def answered(simulator, accepted):
    return simulator.world.pushes.event(
        "subscribe_msg_popup_event",
        "o-1",
        List={
            "TemplateId": "template-1",
            "SubscribeStatusString": "accept" if accepted else "reject",
            "PopupScene": "0",
        },
    )


async def deliver_events(ctx):
    while await events.deliver_one(ctx, REACTIONS):
        pass


async def left(ctx, my_id):
    return (await credits.left(ctx, my_id))[KIND]


async def test_wechat_may_check_our_address(simulator, target):
    attempt = await simulator.world.pushes.check_url(target)
    assert (attempt.status, attempt.body) == (200, "ok")


async def test_an_accept_counts_once_however_often_it_is_pushed(
    ctx, simulator, target, my_id
):
    push = answered(simulator, accepted=True)
    for _ in range(3):
        attempts = await simulator.world.pushes.deliver(push, target)
        assert (attempts[-1].status, attempts[-1].body) == (200, "success")
    await deliver_events(ctx)
    assert await left(ctx, my_id) == 1
    assert await Pushed.shelf(ctx).count_documents({}) == 1


async def test_a_refusal_counts_nothing(ctx, simulator, target, my_id):
    await simulator.world.pushes.deliver(answered(simulator, accepted=False), target)
    await deliver_events(ctx)
    assert await left(ctx, my_id) == 0


async def test_switching_off_in_wechat_voids_what_was_left(
    ctx, simulator, target, my_id
):
    await simulator.world.pushes.deliver(answered(simulator, accepted=True), target)
    change = simulator.world.pushes.event(
        "subscribe_msg_change_event",
        "o-1",
        List={"TemplateId": "template-1", "SubscribeStatusString": "reject"},
    )
    await simulator.world.pushes.deliver(change, target)
    await deliver_events(ctx)
    assert await left(ctx, my_id) == 0


@pytest.mark.parametrize("kind", ["user_info_modified", "something_new"])
async def test_other_pushes_are_answered_and_known_again(ctx, simulator, target, kind):
    push = simulator.world.pushes.event(kind, "o-1")
    attempts = await simulator.world.pushes.deliver(push, target)
    assert (attempts[-1].status, attempts[-1].body) == (200, "success")
    assert await Pushed.shelf(ctx).count_documents({"kind": kind}) == 1


async def test_a_stranger_is_refused(ctx, simulator, target, http):
    stranger = msgspec.structs.replace(target, token="another-token")
    attempts = await simulator.world.pushes.deliver(
        answered(simulator, accepted=True), stranger
    )
    assert attempts[-1].status == 403
    answer = await http.post("/wechat/push?signature=x", b"{}")
    assert (answer.status, answer.code) == (403, "not_from_wechat")
    answer = await http.get("/wechat/push?echostr=hello")
    assert (answer.status, answer.code) == (403, "not_from_wechat")
    assert await Pushed.shelf(ctx).count_documents({}) == 0


async def test_a_judged_picture_is_settled_once_however_often_it_is_pushed(
    ctx, simulator, target, my_id
):
    name, url = my_id.removeprefix("worker_"), "https://example.org/fine.png"
    piece = await hand_in(ctx, "（图片）", name=name, media_url=url)
    await deliver_events(ctx)
    trace_id = (await Piece.find(ctx, _id=piece.id)).trace_id
    for suggest in ("pass", "pass", "risky"):
        result = {"suggest": suggest, "label": 100}
        push = simulator.world.pushes.event(
            "wxa_media_check", "o-1", trace_id=trace_id, errcode=0, result=result
        )
        for _ in range(2):
            await simulator.world.pushes.deliver(push, target)
        await deliver_events(ctx)
    assert (await Piece.find(ctx, _id=piece.id)).state == "visible"

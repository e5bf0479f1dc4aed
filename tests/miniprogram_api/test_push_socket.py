"""The simulated platform pushes to real doors, as WeChat would."""

import pytest
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from miniprogram_api.callbacks import SUCCESS
from miniprogram_api.errors import PushRefused
from miniprogram_api.safety import Media, Scene, Suggest
from scripts.wechat_simulator.envelopes import Format, Target
from tests.miniprogram_api.pushing import AES_KEY, answer
from tests.miniprogram_api.waiting import until


class Door(RequestHandler):
    """What a callback handler does: check, keep once, say success."""

    def initialize(self, callbacks, kept, trouble):
        self.callbacks, self.kept, self.trouble = callbacks, kept, trouble

    def _query(self):
        names = self.request.query_arguments
        return {name: self.get_query_argument(name) for name in names}

    def get(self):
        self.finish(self.callbacks.check_url(self._query()))

    async def post(self):
        if self.trouble:
            self.send_error(self.trouble.pop())
            return
        try:
            push = self.callbacks.open(self._query(), self.request.body)
        except PushRefused:
            self.send_error(403)
            return
        self.kept.setdefault(push.key, push.event)
        self.finish(SUCCESS)


@pytest.fixture
def inn(run, make_gateway):
    """Doors that take plain and safe pushes, and what they have kept."""
    kept, trouble = {}, []
    gateways = {"plain": make_gateway(), "safe": make_gateway(push_aes_key=AES_KEY)}
    routes = [
        (f"/{name}", Door, {"callbacks": g.callbacks, "kept": kept, "trouble": trouble})
        for name, g in gateways.items()
    ]
    socket, port = bind_unused_port()
    server = HTTPServer(Application(routes, log_function=lambda handler: None))
    server.add_sockets([socket])
    yield f"http://127.0.0.1:{port}", kept, trouble
    server.stop()
    run(server.close_all_connections())


@pytest.mark.parametrize("written", [*Format])
@pytest.mark.parametrize("name", ["plain", "safe"])
async def test_the_platform_pushes_to_a_real_socket(inn, world, name, written):
    url, kept, _ = inn
    key = AES_KEY if name == "safe" else ""
    target = Target(url=f"{url}/{name}", aes_key=key, format=written)
    assert (await world.pushes.check_url(target)).body == "ok"
    told = world.pushes.event("subscribe_msg_popup_event", "o-17")
    told |= {"List": answer("T1", "accept")}
    [attempt] = await world.pushes.deliver(told, target)
    assert (attempt.status, attempt.body) == (200, "success")
    [event] = kept.values()
    assert event.answers[0].accepted


async def test_a_push_that_is_repeated_is_kept_once(inn, world):
    url, kept, trouble = inn
    trouble += [500, 503]
    target = Target(url=f"{url}/safe", aes_key=AES_KEY)
    told = world.pushes.event("wxa_media_check", "p", trace_id="t-1")
    attempts = await world.pushes.deliver(told, target)
    assert [attempt.status for attempt in attempts] == [503, 500, 200]
    await world.pushes.deliver(told, target)
    assert len(kept) == 1


async def test_a_push_with_a_wrong_token_is_refused(inn, world):
    url, kept, _ = inn
    target = Target(url=f"{url}/safe", aes_key=AES_KEY, token="wrong")
    attempts = await world.pushes.deliver(world.pushes.event("x", "o-17"), target)
    assert [attempt.status for attempt in attempts] == [403] * 3
    assert not kept


async def test_a_verdict_comes_a_moment_after_the_file(inn, world, gateway):
    url, kept, _ = inn
    world.pushes.target = Target(url=f"{url}/safe", aes_key=AES_KEY)
    world.media_delay_s = 0
    await gateway.sign_in("w-17")
    trace_id = await gateway.check_media(
        "https://x/risky.png", Media.PICTURE, openid="o-17", scene=Scene.FORUM
    )
    await until(lambda: kept)
    [event] = kept.values()
    assert (event.trace_id, event.suggest) == (trace_id, Suggest.RISKY)


async def test_a_person_with_curl_can_push(inn, curl):
    url, kept, _ = inn
    target = {"url": f"{url}/safe", "aes_key": AES_KEY, "format": "xml"}
    await curl("/_simulator/push/target", target, "PUT")
    assert (await curl("/_simulator/push/check", {}))["body"] == "ok"

    tapped = {"openid": "o-17", "template_ids": ["T"]}
    await curl("/_simulator/credits", tapped)
    await until(lambda: kept)
    asked = {"event": "user_info_modified", "fields": {"OpenID": "o-17"}}
    [attempt] = await curl("/_simulator/push", asked)
    assert attempt == {"status": 200, "body": "success"}
    listed = await curl("/_simulator/push")
    assert [row["message"]["Event"] for row in listed] == [
        "subscribe_msg_popup_event",
        "user_info_modified",
    ]
    assert [event.kind for event in kept.values()] == [
        "subscribe_msg_popup_event",
        "user_info_modified",
    ]


async def test_a_verdict_can_be_pushed_by_hand(inn, curl, gateway):
    url, kept, _ = inn
    await curl("/_simulator/push/target", {"url": f"{url}/plain"}, "PUT")
    await curl("/_simulator/settings", {"media_delay_s": None}, "PUT")
    await gateway.sign_in("w-17")
    trace_id = await gateway.check_media(
        "https://x/missing.png", Media.PICTURE, openid="o-17", scene=Scene.FORUM
    )
    await curl(f"/_simulator/media/{trace_id}/push", {})
    [event] = kept.values()
    assert (event.suggest, event.errcode) == (None, -1008)
    await curl("/_simulator/media/unknown/push", {})
    assert curl.status == 404


async def test_nobody_there_is_told(curl, world):
    target = Target(url="http://127.0.0.1:1/")
    attempts = await world.pushes.deliver(world.pushes.event("x", "o-17"), target)
    assert [attempt.status for attempt in attempts] == [599] * 3

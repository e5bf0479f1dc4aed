"""What lies ready is handed out at the door, and looks as if a handler had sent it."""

import asyncio
import socket

import msgspec
import pytest
from prometheus_client import REGISTRY

from app.application import Front
from handlers.base.access import public, worker, worker_if_any
from handlers.base.answers import Ready
from handlers.base.at_once import LONGEST_QUERY
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import SEARCH
from handlers.base.ready import make_ready
from tests.client import Client

OWN = {"Date", "X-Request-Id"}
"""Headers in which two answers differ."""


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    word: str = "nothing"
    number: int = 0


def look(ctx, settings, *, query, thing_id):
    if settings["lies_ready"]:
        return make_ready([thing_id, query.word])
    return None


def look_for_anybody(ctx, settings):
    return make_ready("anybody") if settings["lies_ready"] else None


class Thing(Handler):
    @endpoint(access=public, at_once=look)
    async def get(self, thing_id: str, *, query: Asked) -> Ready[list[str]]:
        """Make what does not lie ready."""
        self.settings["by_handler"].append(thing_id)
        return make_ready([thing_id, query.word])


class Somebody(Handler):
    @endpoint(access=worker_if_any, at_once=look_for_anybody)
    async def get(self) -> Ready[str]:
        """Look who is asking."""
        self.settings["by_handler"].append("somebody")
        return make_ready("anybody")


@pytest.fixture
def door(run, house):
    front = Front(house)
    front.doors._tree._add("/thing/{thing_id}", Thing)
    front.doors._tree._add("/somebody", Somebody)
    front.doors.settings |= {"lies_ready": False, "by_handler": []}
    client = Client(f"http://127.0.0.1:{run(_open(front))}", front)
    yield client
    run(client.close())


async def _open(front):
    return front.open(port=0)


def settings_of(door):
    return door.front.doors.settings


async def test_it_looks_as_if_a_handler_had_sent_it(door):
    made = await door.get("/thing/a?word=b")
    settings_of(door)["lies_ready"] = True
    ready = await door.get("/thing/a?word=b")
    assert settings_of(door)["by_handler"] == ["a"]
    assert ready.body == made.body == ["a", "b"]
    assert ready.headers.keys() == made.headers.keys()
    assert {k: v for k, v in ready.headers.items() if k not in OWN} == {
        k: v for k, v in made.headers.items() if k not in OWN
    }
    assert ready.headers["X-Request-Id"] != made.headers["X-Request-Id"]


async def test_who_has_it_is_told_so_in_the_same_words(door):
    tag = (await door.get("/thing/a")).headers["Etag"]
    known = {"If-None-Match": tag}
    made = await door.get("/thing/a", headers=known)
    settings_of(door)["lies_ready"] = True
    ready = await door.get("/thing/a", headers=known)
    assert settings_of(door)["by_handler"] == ["a", "a"]
    assert (ready.status, ready.body) == (made.status, made.body) == (304, b"")
    assert ready.headers.keys() == made.headers.keys()


async def test_it_is_counted_as_any_request(door):
    def counted():
        labels = {"route": "/thing/{thing_id}", "method": "GET", "status": "200"}
        return REGISTRY.get_sample_value("inn_request_seconds_count", labels) or 0

    before = counted()
    await door.get("/thing/a")
    settings_of(door)["lies_ready"] = True
    await door.get("/thing/a")
    assert counted() == before + 2


async def test_several_come_over_one_connection(door):
    settings_of(door)["lies_ready"] = True
    host, port = door.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, port)
    ask = b"GET /thing/%b HTTP/1.1\r\nHost: inn.example\r\n\r\n"
    writer.write(ask % b"a" + ask % b"b")
    for name in (b"a", b"b"):
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert await reader.readexactly(15) == b'["%b","nothing"]' % name
    writer.close()
    await writer.wait_closed()
    assert settings_of(door)["by_handler"] == []


CLOSES, STAYS = b"Connection: close\r\n", b"Connection: keep-alive\r\n"


@pytest.mark.parametrize("lies_ready", [True, False])
@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (b"HTTP/1.1\r\n", None),
        (b"HTTP/1.1\r\n" + STAYS, None),
        (b"HTTP/1.1\r\n" + CLOSES, b"close"),
        (b"HTTP/1.0\r\n", None),
        (b"HTTP/1.0\r\n" + STAYS, b"Keep-Alive"),
    ],
)
async def test_the_connection_stays_or_ends_as_asked(door, ask, said, lies_ready):
    settings_of(door)["lies_ready"] = lies_ready
    host, port = door.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"GET /thing/a %bHost: a\r\n\r\n" % ask)
    fields = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
    told = [each for each in fields if each.startswith(b"Connection: ")]
    assert told == ([] if said is None else [b"Connection: " + said])
    await reader.readexactly(15)
    if said == b"close" or (said is None and b"1.0" in ask):
        assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("path", ["/thing/a?number=x", "/thing/a?other=1"])
async def test_a_query_that_cannot_be_read_is_refused_as_ever(door, path):
    settings_of(door)["lies_ready"] = True
    answer = await door.get(path)
    assert (answer.status, answer.code) == (422, "invalid")


async def test_what_is_not_plain_goes_the_usual_way(door):
    settings_of(door)["lies_ready"] = True
    answers = [
        await door.call("HEAD", "/thing/head"),
        await door.get(f"/thing/long?word={'x' * LONGEST_QUERY}"),
        await door.get("/thing/host", headers={"Host": "[::1]"}),
        await door.get("/thing/body", headers={"Content-Length": "0"}),
    ]
    assert [each.status for each in answers] == [200] * 4
    assert settings_of(door)["by_handler"] == ["head", "long", "host", "body"]


async def test_who_shows_a_token_is_looked_at(door):
    settings_of(door)["lies_ready"] = True
    assert (await door.get("/somebody")).body == "anybody"
    assert (await door.as_("none").get("/somebody")).status == 401
    known = await door.sign_in("w-1")
    assert (await known.get("/somebody")).status == 200
    assert settings_of(door)["by_handler"] == ["somebody"]


async def test_a_request_without_a_host_is_none(door):
    settings_of(door)["lies_ready"] = True
    host, port = door.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"GET /thing/a HTTP/1.1\r\n\r\n")
    assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
    writer.close()
    await writer.wait_closed()


async def test_a_full_house_hands_out_what_is_ready(door):
    crowd = settings_of(door)["crowd"]
    crowd.under_way += 1_000_000
    assert (await door.get("/thing/a")).status == 503
    settings_of(door)["lies_ready"] = True
    assert (await door.get("/thing/a")).status == 200
    crowd.under_way -= 1_000_000


async def test_doors_that_close_hand_out_nothing(door):
    settings_of(door)["lies_ready"] = True
    settings_of(door)["closing"].set()
    answer = await door.get("/thing/a")
    assert (answer.status, answer.code) == (503, "closing")
    assert answer.headers["Connection"] == "close"
    settings_of(door)["closing"].clear()


async def test_a_client_that_goes_in_the_middle_does_no_harm(door):
    settings_of(door)["lies_ready"] = True
    host, port = door.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as gone:
        gone.sendall(b"GET /thing/a HTTP/1.1\r\nHost: inn.example\r\nX")
    assert (await door.get("/thing/a")).status == 200


@pytest.mark.parametrize(
    "promise", [{"access": worker}, {"access": public, "limit": SEARCH}]
)
def test_what_asks_who_is_calling_cannot_be_declared_so(promise):
    with pytest.raises(TypeError, match="at the door"):

        @endpoint(at_once=look_for_anybody, **promise)
        async def get(self) -> None:
            """Be declared."""

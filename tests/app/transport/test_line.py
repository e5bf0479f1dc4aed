"""A connection of ours: order, bounds, time, endings, and what is handed over."""

import asyncio

import pytest
from tornado.httputil import HTTPServerConnectionDelegate
from tornado.web import Application, RequestHandler, stream_request_body

from app.application import LARGEST_HEADERS
from app.transport.line import MOST_WAITING
from app.transport.server import HttptoolsServer
from tests.app.transport.wires import Served, serve_anything

HEAD = b"GET /%b HTTP/1.1\r\nHost: inn\r\n%b\r\n"


class Slow(RequestHandler):
    """Answers when it is let, and notes what became of its client."""

    def initialize(self, told):
        self.told = told

    async def get(self, name):
        self.told["came"].append(name)
        self.told["begun"].set()
        await self.told["go"].wait()
        self.finish(name)

    def on_connection_close(self):
        self.told["lost"].set()

    def on_finish(self):
        self.told["finished"].set()


@stream_request_body
class Streaming(RequestHandler):
    """Takes a body piece by piece, each when it is let."""

    def initialize(self, told):
        self.told = told

    async def data_received(self, piece):
        self.told["came"].append(len(piece))
        self.told["begun"].set()
        await self.told["go"].wait()

    def post(self):
        self.finish("whole")


@pytest.fixture
def told():
    events = ("go", "begun", "lost", "finished")
    return {"came": []} | {name: asyncio.Event() for name in events}


@pytest.fixture
def served(run, told):
    doors = Application(
        [("/stream", Streaming, {"told": told}), ("/(.*)", Slow, {"told": told})],
        log_function=lambda handler: None,
    )
    served = run(serve_doors(doors))
    yield served
    run(served.close())


async def serve_doors(doors, **limits):
    served = await serve_anything(HttptoolsServer, **limits)
    served.server.request_callback = doors
    return served


async def call(served: Served, raw: bytes):
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    writer.write(raw)
    return reader, writer


async def test_answers_go_out_in_the_order_of_the_requests(served, told):
    raw = HEAD % (b"one", b"") + HEAD % (b"two", b"Connection: close\r\n")
    reader, writer = await call(served, raw)
    await told["begun"].wait()
    assert told["came"] == ["one"]
    told["go"].set()
    answer = await reader.read()
    assert told["came"] == ["one", "two"]
    assert answer.index(b"one") < answer.index(b"two")
    writer.close()


async def test_who_sends_on_while_waiting_is_not_read_without_end(served, told):
    _, writer = await call(served, HEAD % (b"one", b""))
    await told["begun"].wait()
    (line,) = served.server._connections
    writer.write(HEAD % (b"more", b"") * 200_000)
    while line.transport.is_reading():  # noqa: ASYNC110
        await asyncio.sleep(0)
    assert len(line._waiting) < 20 * MOST_WAITING
    told["go"].set()
    writer.transport.abort()


async def test_who_takes_no_answers_is_answered_no_more_until_they_do(run, told):
    class Large(RequestHandler):
        def get(self):
            told["came"].append("large")
            self.finish(b"x" * 2**20)

    doors = Application([("/large", Large)], log_function=lambda handler: None)
    served = await serve_doors(doors)
    reader, writer = await call(served, HEAD % (b"large", b"") * 200)
    while not served.server._connections:  # noqa: ASYNC110
        await asyncio.sleep(0)
    (line,) = served.server._connections
    while line.room.done():  # noqa: ASYNC110
        await asyncio.sleep(0)
    for _ in range(500):
        await asyncio.sleep(0)
    assert len(told["came"]) < 50
    for _ in range(200):
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(2**20)
    assert len(told["came"]) == 200
    writer.close()
    await served.close()


async def test_a_handler_runs_to_its_end_although_its_client_has_gone(served, told):
    _, writer = await call(served, HEAD % (b"one", b""))
    await told["begun"].wait()
    writer.transport.abort()
    await told["lost"].wait()
    told["go"].set()
    await told["finished"].wait()


async def test_a_body_waits_for_the_handler_that_takes_it(served, told):
    head = b"POST /stream HTTP/1.1\r\nHost: inn\r\nContent-Length: 200000\r\n"
    reader, writer = await call(
        served, head + b"Connection: close\r\n\r\n" + b"x" * 200_000
    )
    await told["begun"].wait()
    assert len(told["came"]) == 1
    told["go"].set()
    assert (await reader.read()).endswith(b"whole")
    assert sum(told["came"]) == 200_000
    assert max(told["came"]) <= 64 * 1024
    writer.close()


async def test_a_head_too_large_is_answered_and_hung_up_on(served):
    raw = HEAD % (b"x", b"X: " + b"y" * LARGEST_HEADERS + b"\r\n")
    assert (await served.send(raw)).startswith(b"HTTP/1.1 431 ")


async def test_who_says_nothing_is_hung_up_on(run):
    served = await serve_anything(HttptoolsServer, idle_connection_timeout=0.05)
    assert await served.send(b"") == b""
    assert await served.send(b"GET / HT") == b""
    await served.close()


async def test_a_body_that_does_not_come_is_not_waited_for():
    served = await serve_anything(HttptoolsServer, body_timeout=0.05)
    assert await served.send(HEAD % (b"", b"Content-Length: 5\r\n")) == b""
    assert served.seen == []
    await served.close()


@pytest.mark.parametrize("name", ["ssl_options", "decompress_request"])
def test_what_this_layer_does_not_do_stops_the_start(name):
    with pytest.raises(ValueError, match=name):
        HttptoolsServer(HTTPServerConnectionDelegate(), **{name: True})

"""Tornado's own layer on streams of ours: what goes out, what is waited for."""

import asyncio
import socket

import pytest
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler

from app.streams import DoorStream, TornadoServer
from tests.faults.waiting import until

ASK = b"GET / HTTP/1.1\r\nHost: inn\r\n\r\n"

UPGRADE = (
    b"GET /live HTTP/1.1\r\nHost: inn\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
PIECE, PIECES = b"." * 1_000_000, 64

HELLO = b"\x81\x82\0\0\0\0hi"
"""A text frame of a client's, its mask of nothing."""


class Waits(RequestHandler):
    """Answers when it may."""

    async def get(self):
        self.settings["came"].set()
        await self.settings["go"].wait()
        self.write(b"answered")


class Gives(RequestHandler):
    """Answers more than any buffer on the way takes, bit by bit."""

    async def get(self):
        try:
            for _ in range(PIECES):
                self.write(PIECE)
                await self.flush()
        except StreamClosedError:
            self.settings["hung_up"].set()


class Echoes(WebSocketHandler):
    """Says what it hears."""

    def on_message(self, message):
        self.write_message(message)


@pytest.fixture
def served(run):
    server = run(_serve())
    yield server
    run(_close(server))


async def _serve(idle_seconds=0.1):
    doors = Application(
        [("/", Waits), ("/much", Gives), ("/live", Echoes)],
        log_function=lambda handler: None,
        came=asyncio.Event(),
        go=asyncio.Event(),
        hung_up=asyncio.Event(),
    )
    server = TornadoServer(doors, idle_connection_timeout=idle_seconds)
    (listening,) = bind_sockets(0, "127.0.0.1")
    server.add_sockets([listening])
    server.port = listening.getsockname()[1]
    return server


async def _close(server):
    server.stop()
    await server.close_all_connections()


def settings_of(server):
    return server.request_callback.settings


async def come(server):
    return await asyncio.open_connection("127.0.0.1", server.port)


async def test_answers_go_out_at_once(served):
    _, writer = await come(served)
    writer.write(ASK)
    await settings_of(served)["came"].wait()
    (connection,) = served._connections
    assert isinstance(connection.stream, DoorStream)
    assert connection.stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    writer.close()
    settings_of(served)["go"].set()


async def test_who_is_being_served_is_not_hung_up_on_however_long_it_takes(served):
    reader, writer = await come(served)
    writer.write(ASK)
    await settings_of(served)["came"].wait()
    silent, other = await come(served)
    assert await silent.read() == b""
    other.close()
    settings_of(served)["go"].set()
    assert (await reader.readuntil(b"answered")).endswith(b"answered")
    assert await reader.read() == b""
    writer.close()


async def test_who_says_a_head_letter_by_letter_is_hung_up_on(served):
    settings_of(served)["go"].set()
    slow, saying = await come(served)
    reader, writer = await come(served)
    saying.write(b"GET / HTTP/1.1\r\nX: ")
    while not slow.at_eof():
        saying.write(b"x")
        writer.write(ASK)
        await reader.readuntil(b"answered")
    saying.close()
    writer.close()


async def test_who_never_takes_an_answer_is_hung_up_on(served):
    _, writer = await come(served)
    writer.write(ASK.replace(b"/", b"/much", 1))
    await settings_of(served)["hung_up"].wait()
    writer.close()


async def test_who_takes_an_answer_slowly_is_not_stuck():
    served, now = await _serve(idle_seconds=60), asyncio.get_running_loop().time
    reader, writer = await come(served)
    writer.write(ASK.replace(b"/", b"/much", 1))
    await reader.readuntil(b"\r\n\r\n")
    (connection,) = served._connections
    stream = connection.stream
    await until(lambda: stream.is_stuck(now()), what="taking nothing")
    taken = stream._total_write_done_index
    while stream._total_write_done_index == taken:
        await reader.read(len(PIECE))
    assert not stream.is_stuck(now())
    writer.close()
    await settings_of(served)["hung_up"].wait()
    await _close(served)


async def test_an_open_socket_may_be_silent(served):
    reader, writer = await come(served)
    writer.write(UPGRADE)
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
    silent, other = await come(served)
    assert await silent.read() == b""
    other.close()
    writer.write(HELLO)
    assert await reader.readexactly(4) == b"\x81\x02hi"
    writer.close()


async def test_who_comes_after_all_have_left_is_looked_at_too(served):
    served._look()
    assert served._looks is None
    silent, other = await come(served)
    assert await silent.read() == b""
    other.close()


async def test_what_comes_meanwhile_is_answered_in_turn(served):
    reader, writer = await come(served)
    writer.write(ASK)
    await settings_of(served)["came"].wait()
    writer.write(ASK + ASK)
    await writer.drain()
    settings_of(served)["go"].set()
    for _ in range(3):
        assert (await reader.readuntil(b"answered")).startswith(b"HTTP/1.1 200 ")
    writer.close()


async def test_a_client_that_left_harms_nobody(served):
    _, writer = await come(served)
    writer.write(ASK)
    await settings_of(served)["came"].wait()
    writer.close()
    settings_of(served)["go"].set()
    reader, other = await come(served)
    other.write(ASK)
    assert (await reader.readuntil(b"answered")).endswith(b"answered")
    other.close()


def test_tls_stops_the_start():
    with pytest.raises(ValueError, match="ssl_options"):
        TornadoServer(Application(), ssl_options={"certfile": "x"})

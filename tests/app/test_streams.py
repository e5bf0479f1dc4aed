"""Tornado's own layer on streams of ours: what goes out, what is waited for."""

import asyncio
import socket

import pytest
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from app.streams import DoorStream, TornadoServer

ASK = b"GET / HTTP/1.1\r\nHost: inn\r\n\r\n"


class Waits(RequestHandler):
    """Answers when it may."""

    async def get(self):
        self.settings["came"].set()
        await self.settings["go"].wait()
        self.write(b"answered")


@pytest.fixture
def served(run):
    server = run(_serve())
    yield server
    run(_close(server))


async def _serve():
    doors = Application(
        [("/", Waits)],
        log_function=lambda handler: None,
        came=asyncio.Event(),
        go=asyncio.Event(),
    )
    server = TornadoServer(doors, idle_connection_timeout=0.1)
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

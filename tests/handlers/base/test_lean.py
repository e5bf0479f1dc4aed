"""An answer goes out as it says of itself: nobody waits for what will not come."""

import asyncio

import pytest
from tornado.netutil import bind_sockets

from app.application import SERVERS
from handlers.base.lean import LeanHandler
from handlers.base.routing import Doors

ASK = b"GET /%b HTTP/1.1\r\nHost: inn\r\n\r\n"
LAST = b"GET /%b HTTP/1.1\r\nHost: inn\r\nConnection: close\r\n\r\n"


class Says(LeanHandler):
    """Answers well, or not quite."""

    is_waited_for = False

    def initialize(self, pattern: str) -> None:
        """Need nothing."""

    async def get(self, kind: str) -> None:
        """Answer as the path says."""
        self.write(b"answered")
        if kind in FIELDS:
            self.put_header(*FIELDS[kind])

    def write_error(self, status_code, **kwargs):
        self.write(b"told")

    def log_exception(self, *problem):
        self.settings["surprises"].append(problem[0].__name__)


FIELDS = {
    "short": ("Content-Length", "9"),
    "long": ("Content-Length", "7"),
    "split": ("X-Name", "a\r\nX-Other: b"),
    "foreign": ("X-Name", "名"),
}


@pytest.fixture
def served(run, http_layer):
    server = run(_serve(http_layer))
    yield server
    run(_close(server))


async def _serve(http_layer):
    doors = Doors(
        [("/{kind}", Says)],
        running=set(),
        surprises=[],
        log_function=lambda handler: None,
    )
    server = SERVERS[http_layer](doors)
    server.hold_at_most(8)
    (listening,) = bind_sockets(0, "127.0.0.1")
    server.add_sockets([listening])
    server.port = listening.getsockname()[1]
    return server


async def _close(server):
    server.stop()
    await server.close_all_connections()


async def said_to(server, *asked):
    """Return all that is answered, until the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"".join(asked))
    said = await reader.read()
    writer.close()
    return said


async def test_what_is_whole_lets_the_connection_go_on(served):
    said = await said_to(served, ASK % b"whole", LAST % b"whole")
    assert said.count(b"HTTP/1.1 200 OK\r\n") == said.count(b"answered") == 2


@pytest.mark.parametrize("kind", [b"short", b"long"])
async def test_an_answer_of_another_length_than_it_says_is_the_last(served, kind):
    said = await said_to(served, ASK % kind, LAST % b"whole")
    assert said.count(b"HTTP/1.1 ") <= 1
    assert served.request_callback.settings["surprises"] == ["HTTPOutputError"]


@pytest.mark.parametrize("kind", [b"split", b"foreign"])
async def test_a_field_that_cannot_be_written_is_told_as_a_surprise(served, kind):
    said = await said_to(served, ASK % kind, LAST % kind)
    first, last, nothing = said.split(b"told")
    for told in (first, last):
        assert told.startswith(b"HTTP/1.1 500 ")
        assert b"X-Other" not in told
    assert nothing == b""
    assert len(served.request_callback.settings["surprises"]) == 2

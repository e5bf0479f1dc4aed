"""Bad requests, sent to Tornado's own server and to ours.

Ours may refuse what Tornado lets in, for the reasons argued below; it never lets in
what Tornado refuses, and what both let in they see alike: method, target, headers,
body, and where the next request begins. FUZZ_EXAMPLES=100000 runs it longer.
"""

import asyncio
import logging
import os
import re

import pytest
import uvloop
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from tornado.httpserver import HTTPServer

from app.transport.server import HttptoolsServer
from tests.app.transport.malformed import LAST, streams
from tests.app.transport.wires import serve_anything

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "300"))

CUT_SECONDS = 0.05
"""After so long a server hangs up on who has sent no whole request: both do."""

CALM_SECONDS = 2.0
"""The same where the two differ at first: then the machine may only have been busy."""

STRICTER = {
    "a bare LF": rb"(?<!\r)\n",
    "a version that is neither 1.0 nor 1.1": rb"HTTP/1\.[2-9]",
    "a length said more than once": rb"(?is)content-length.*content-length",
    "a bare CR": rb"\r(?!\n)",
    "a list that says close among others": rb"(?i)connection:[^\r]*close[ \t]*,",
    "more behind a request that ends the connection": (
        rb"HTTP/1\.0|(?i:connection:[ \t]*close)"
    ),
    "a list of lengths": rb"(?i)content-length[^\n]*,",
}
"""Why ours refuses what Tornado lets in, as it is found in what was sent."""


@pytest.fixture(autouse=True)
def hushed():
    """Thousands of refusals are not worth a line each."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_ours_sees_what_tornado_sees_or_refuses():
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        hasty, calm = (runner.run(pair(s)) for s in (CUT_SECONDS, CALM_SECONDS))

        @bounded(
            max_examples=EXAMPLES,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(streams())
        def agree(raw):
            if not runner.run(agrees(hasty, raw)):
                assert runner.run(agrees(calm, raw)), raw

        agree()
        runner.run(close(*hasty, *calm))


async def pair(seconds):
    """Open Tornado's server and ours."""
    limits = {"idle_connection_timeout": seconds, "body_timeout": seconds}
    return [
        await serve_anything(kind, **limits) for kind in (HTTPServer, HttptoolsServer)
    ]


async def agrees(servers, raw):
    """Say whether ours let in what Tornado did, or less for a reason."""
    await asyncio.gather(*(server.send(raw) for server in servers))
    theirs, ours = (server.seen for server in servers)
    if ours != theirs[: len(ours)]:
        return False
    sent = raw.removesuffix(LAST)
    is_stricter = any(re.search(shape, sent) for shape in STRICTER.values())
    return len(ours) == len(theirs) or is_stricter


async def close(*servers):
    for server in servers:
        await server.close()

"""Tornado's own tests of its HTTP server, run against both of ours; each difference is
argued.

They come from the installed package, so a new Tornado brings its new ones along.
"""

import asyncio
import logging
import unittest

import pytest
import uvloop
from tornado.http1connection import _GzipMessageDelegate
from tornado.httpserver import HTTPServer
from tornado.test import (
    http1connection_test,
    httpserver_test,
    security_corpus_test,
    web_test,
    websocket_test,
)

from app.streams import TornadoServer
from app.transport.server import HttptoolsServer

MODULES = (
    http1connection_test,
    httpserver_test,
    security_corpus_test,
    web_test,
    websocket_test,
)

BARE_LF = "sends heads whose lines end with LF alone; RFC 9112 lets us refuse, as we do"
TLS = "TLS ends at nginx; asking for it here stops the start"
NO_STREAM = (
    "closes the connection's IOStream, which there is none of before a WebSocket"
)

CHUNKS = "HTTPServerRawTest.test_chunked_request_body_"

ON_BOTH = {
    "SSLTest.test_error_logging": TLS,
    "SSLTest.test_large_post": TLS,
    "SSLTest.test_non_ssl_request": TLS,
    "SSLTest.test_ssl": TLS,
    "SSLXHeaderTest.test_request_without_xprotocol": TLS,
    "BadSSLOptionsTest.test_missing_arguments": TLS,
    "BadSSLOptionsTest.test_missing_key": TLS,
}

ON_HTTPTOOLS = {
    "HTTPConnectionTest.test_newlines": BARE_LF,
    CHUNKS + "duplicate_header": BARE_LF,
    CHUNKS + "transfer_encoding_and_content_length": BARE_LF,
    CHUNKS + "unsupported_transfer_encoding": BARE_LF,
    "ClientCloseTest.test_client_close": NO_STREAM,
}


class Inflating(HttptoolsServer):
    """Ours with Tornado's own unpacking before the doors; the inn takes no packed body,
    but what these tests ask of chunks holds all the same."""

    def initialize(self, request_callback, *, decompress_request=False, **options):
        super().initialize(request_callback, **options)
        self.inflates = decompress_request

    def start_request(self, line, exchange):
        delegate = super().start_request(line, exchange)
        if not self.inflates:
            return delegate
        return _GzipMessageDelegate(
            delegate, self.params.chunk_size, self.params.max_body_size
        )


def cases():
    for module in MODULES:
        for name, kind in vars(module).items():
            is_test = isinstance(kind, type) and issubclass(kind, unittest.TestCase)
            if is_test and kind.__module__ == module.__name__:
                yield pytest.param(kind, id=f"{module.__name__.split('.')[-1]}:{name}")


UNWATCHED = "a client that leaves may be noticed only when it is answered"

ON_TORNADO = {"ConnectionCloseTest.test_connection_close": UNWATCHED}

LAYERS = {
    "tornado": (TornadoServer, ON_BOTH | ON_TORNADO),
    "httptools": (Inflating, ON_BOTH | ON_HTTPTOOLS),
}


@pytest.fixture(params=LAYERS)
def differences(request):
    """Put a server of ours in the place of Tornado's, on the loop we serve on."""
    server, argued = LAYERS[request.param]
    access = logging.getLogger("tornado.access")
    level, policy = access.level, asyncio.get_event_loop_policy()
    access.setLevel(logging.CRITICAL)
    HTTPServer.configure(server)
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    asyncio.set_event_loop(None)
    yield argued
    asyncio.set_event_loop_policy(policy)
    HTTPServer.configure(None)
    access.setLevel(level)


@pytest.mark.filterwarnings("ignore")  # theirs, not ours to mend
@pytest.mark.parametrize("kind", tuple(cases()))
def test_tornados_tests_hold_but_for_what_is_argued(differences, kind):
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(kind).run(result)
    wrong = {name_of(test): said for test, said in result.failures + result.errors}
    argued = {name for name in differences if name.startswith(f"{kind.__name__}.")}
    assert set(wrong) == argued, "\n".join(
        said for name, said in wrong.items() if name not in argued
    )


def test_every_difference_names_a_test():
    known = {
        f"{case.values[0].__name__}.{test}"
        for case in cases()
        for test in unittest.defaultTestLoader.getTestCaseNames(case.values[0])
    }
    assert (ON_BOTH | ON_TORNADO | ON_HTTPTOOLS).keys() <= known


def name_of(test):
    """Name a test; what fails within one (a subtest) counts as that one."""
    case = getattr(test, "test_case", test)
    return f"{type(case).__name__}.{case._testMethodName}"

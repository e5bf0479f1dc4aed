"""Who calls is whom a proxy names, where one stands in front, as Tornado reads it."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tornado.httpserver import _HTTPRequestContext
from tornado.httputil import HTTPHeaders

from handlers.base.callers import address_of

PEER = "127.0.0.1"

ADDRESSES = some.sampled_from(
    ["203.0.113.9", "2001:db8::1", "::ffff:203.0.113.9", "10.0.0.7", PEER]
)
TOLD = some.one_of(
    ADDRESSES,
    some.lists(ADDRESSES, min_size=2, max_size=4).map(", ".join),
    some.sampled_from(
        ["", " ", "unknown", "203.0.113.9 ", "203.0.113.256", "a, b", "203.0.113.9:80"]
    ),
)


def by_tornado(headers):
    stream = SimpleNamespace(socket=None)
    context = _HTTPRequestContext(stream, (PEER, 1), None)
    context.remote_ip = PEER
    context._apply_xheaders(headers)
    return context.remote_ip


@given(real=some.lists(TOLD, max_size=2), forwarded=some.lists(TOLD, max_size=3))
def test_a_proxy_is_read_as_tornado_reads_it(real, forwarded):
    headers = HTTPHeaders()
    for told in real:
        headers.parse_line(f"X-Real-Ip: {told}")
    for told in forwarded:
        headers.parse_line(f"X-Forwarded-For: {told}")
    assert address_of(headers, PEER, behind_proxy=True) == by_tornado(headers)


@pytest.mark.parametrize("name", ["X-Real-Ip", "X-Forwarded-For"])
def test_with_no_proxy_in_front_nobody_is_believed(name):
    headers = HTTPHeaders({name: "203.0.113.9"})
    assert address_of(headers, PEER, behind_proxy=False) == PEER


@pytest.mark.parametrize("told", ["localhost", "203.0.113.9%eth0", "1" * 1_000])
def test_what_is_no_address_is_none(told):
    headers = HTTPHeaders({"X-Real-Ip": told})
    assert address_of(headers, PEER, behind_proxy=True) == PEER

"""Two readings of one request: what a proxy might read otherwise is not answered.

Behind each shape stands a second request. Whoever answers both lets a stranger put
words before the next person's; so the house answers the first at most, and hangs up.
Source: RFC 9112, 6.1 and 11.2; "HTTP Desync Attacks" (Kettle, 2019).
"""

import pytest

from app.settings import HttpLayer
from tests.security.raw import exchange, statuses

SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: inn\r\nConnection: close\r\n\r\n"

POST = b"POST /worker/v1/auth/sign-in HTTP/1.1\r\nHost: inn\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(SMUGGLED)
NOTHING = b"0\r\n\r\n"

SHAPES = {
    "length and chunks": POST + LENGTH + CHUNKED + b"\r\n" + NOTHING,
    "chunks and length": POST + CHUNKED + b"Content-Length: 5\r\n\r\n" + NOTHING,
    "two lengths": POST + b"Content-Length: 0\r\n" + LENGTH + b"\r\n",
    "a list of lengths": POST + b"Content-Length: 0, 5\r\n\r\n",
    "a length with a sign": POST + b"Content-Length: +0\r\n\r\n",
    "a length in hex": POST + b"Content-Length: 0x0\r\n\r\n",
    "a length with a gap": POST + b"Content-Length : 0\r\n\r\n",
    "a length in other digits": POST + "Content-Length: ٠\r\n\r\n".encode(),
    "chunks in other words": POST + b"Transfer-Encoding: xchunked\r\n\r\n" + NOTHING,
    "chunks twice": POST + CHUNKED + b"Transfer-Encoding: identity\r\n\r\n" + NOTHING,
    "chunks and gzip": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + NOTHING,
    "chunks with a tab": POST + b"Transfer-Encoding:\x0bchunked\r\n\r\n" + NOTHING,
    "chunks with a gap": POST + b"Transfer-Encoding : chunked\r\n\r\n" + NOTHING,
    "a chunk of a sign": POST + CHUNKED + b"\r\n" + b"+0\r\n\r\n",
    "a chunk in hex": POST + CHUNKED + b"\r\n" + b"0x0\r\n\r\n",
    "a chunk of minus one": POST + CHUNKED + b"\r\n" + b"-1\r\n\r\n",
    "a chunk with underlines": POST + CHUNKED + b"\r\n" + b"0_0\r\n\r\n",
    "a chunk longer than said": POST + CHUNKED + b"\r\n" + b"1\r\nab\r\n" + NOTHING,
    "a folded header": POST + b"X-A: a\r\n Content-Length: 0\r\n\r\n",
    "a header without a name": POST + b": a\r\n\r\n",
    "a nul in a header": POST + b"X-A: a\x00b\r\nContent-Length: 0\r\n\r\n",
    "a bare return": POST + b"X-A: a\rContent-Length: 0\r\n\r\n",
    "a line before": b"\x00" + POST + b"Content-Length: 0\r\n\r\n",
    "a version nobody has": POST.replace(b"1.1", b"1.9") + CHUNKED + b"\r\n" + NOTHING,
    "two hosts": POST + b"Host: other\r\nContent-Length: 0\r\n\r\n",
    "an address with a gap": POST.replace(b"sign-in", b"sign in") + b"\r\n",
}


@pytest.fixture(params=HttpLayer)
def http_layer(request: pytest.FixtureRequest) -> HttpLayer:
    """Each shape is sent to either reader of HTTP."""
    return HttpLayer(request.param)


@pytest.mark.parametrize("name", SHAPES)
async def test_what_follows_a_crooked_request_is_not_answered(http, name):
    told = await exchange(http.url, SHAPES[name] + SMUGGLED)
    found = statuses(told)
    assert 404 not in found, told
    assert set(found) <= {400, 405, 413, 415, 422, 501, 505}, told


async def test_what_follows_a_straight_request_is_answered(http):
    """Or the walk above would find nothing because nothing is ever answered."""
    straight = POST + b"Content-Length: 2\r\n\r\n{}"
    assert statuses(await exchange(http.url, straight + SMUGGLED)) == [422, 404]


async def test_a_body_is_never_taken_for_a_request(http):
    head = POST + b"Content-Type: application/json\r\n" + LENGTH + b"\r\n"
    assert statuses(await exchange(http.url, head + SMUGGLED)) == [422]
    chunk = b"%x\r\n%s\r\n" % (len(SMUGGLED), SMUGGLED)
    told = await exchange(http.url, POST + CHUNKED + b"\r\n" + chunk + NOTHING)
    assert statuses(told) == [422]

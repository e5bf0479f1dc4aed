"""What is sent to break the house is refused, and the house goes on serving."""

import gzip

import pytest

from app.settings import HttpLayer
from miniprogram_api.errors import PushRefused
from models.base import pages
from tests.miniprogram_api.pushing import TOKEN, callbacks
from tests.security.doors import DOORS, PATIENT, everybody, knock
from tests.security.raw import exchange, statuses

MEGABYTE = 1024 * 1024

HEAD = b"POST /worker/v1/auth/sign-in HTTP/1.1\r\nHost: inn\r\n"
JSON = b"Content-Type: application/json\r\n"

BODIES = {
    "nested lists": b"[" * 100_000,
    "nested objects": b'{"a":' * 40_000,
    "an endless number": b'{"code":' + b"9" * 200_000 + b"}",
    "infinity": b'{"code":1e999}',
    "not a number": b'{"code":NaN}',
    "a small number": b'{"code":1e-999999999}',
    "the same key often": b"{" + b'"code":"w-1",' * 9_000 + b'"x":1}',
    "half a character": b'{"code":"\\ud800"}',
    "half a character, raw": b'{"code":"\xed\xa0\x80"}',
    "nothing of a character": b'{"code":"\x00"}',
    "a nul": b'{"code":"\\u0000"}',
    "no utf-8": b'{"code":"\xff\xfe"}',
    "utf-16": '{"code":"w-1"}'.encode("utf-16"),
    "a mark before it": b"\xef\xbb\xbf" + b'{"code":"w-1"}',
    "two of them": b'{"code":"w-1"}{"code":"w-1"}',
    "packed": gzip.compress(b" " * 50 * MEGABYTE),
    "nothing": b"",
    "null": b"null",
}


@pytest.fixture(params=HttpLayer)
def http_layer(request: pytest.FixtureRequest) -> HttpLayer:
    """Each bomb is thrown at either reader of HTTP."""
    return HttpLayer(request.param)


async def still_serves(http):
    answer = await http.get("/healthz")
    assert answer.status == 200


@PATIENT
async def test_a_body_that_is_a_bomb_is_refused_at_every_door(ctx, http):
    people = await everybody(ctx, http)
    bombs, taken = list(BODIES.items()), []
    doors = [door for door in DOORS if door.has_json]
    for place, door in enumerate(doors):
        name, body = bombs[place % len(bombs)]
        answer = await knock(ctx, people.at(door), door, body=body)
        if not (400 <= answer.status < 500 or door.promise.forgiving):
            taken.append(f"{door} {name}: {answer.status}")
    assert len(doors) > 5 * len(bombs)
    assert taken == []
    await still_serves(http)


@pytest.mark.parametrize("name", BODIES)
async def test_each_bomb_is_refused_where_anybody_may_send_it(http, name):
    door = "/worker/v1/auth/sign-in"
    answer = await http.post(door, BODIES[name])
    assert answer.status == 422
    answer = await http.post(door, BODIES[name], headers={"Content-Encoding": "gzip"})
    assert 400 <= answer.status < 500
    await still_serves(http)


HEADERS = {
    "one long header": b"X-A: " + b"a" * MEGABYTE + b"\r\n",
    "many headers": b"X-A: a\r\n" * 100_000,
    "a long address": b"",
    "no end": b"X-A: a\r\n" * 3_000,
}


@pytest.mark.parametrize("name", HEADERS)
async def test_a_head_that_is_a_bomb_is_hung_up_on(http, name):
    if name == "a long address":
        head = b"GET /" + b"a" * MEGABYTE + b" HTTP/1.1\r\nHost: inn\r\n\r\n"
    else:
        head = b"GET /healthz HTTP/1.1\r\nHost: inn\r\n" + HEADERS[name] + b"\r\n"
    told = statuses(await exchange(http.url, head))
    assert 200 not in told
    assert len(told) <= 1
    await still_serves(http)


@pytest.mark.parametrize(
    "length", [b"300000", b"99999999999999999999", b"9" * 5_000, b"-1", b"1e3", b"0x10"]
)
async def test_a_body_that_is_too_long_is_not_waited_for(http, length):
    head = HEAD + JSON + b"Content-Length: " + length + b"\r\n\r\n"
    told = statuses(await exchange(http.url, head, b"{"))
    assert set(told) <= {400, 413}
    await still_serves(http)


async def test_a_body_without_an_end_is_cut_off(http):
    head = HEAD + JSON + b"Transfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    told = statuses(await exchange(http.url, head, *[chunk] * 8))
    assert set(told) <= {400, 413}
    await still_serves(http)


LAUGHS = b"".join(
    b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10)
)

MANY = range(20_000)

XML = {
    "a billion laughs": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">'
    + LAUGHS
    + b"]><xml><Encrypt>&l9;</Encrypt></xml>",
    "a quadratic one": b'<!DOCTYPE x [<!ENTITY a "'
    + b"a" * 50_000
    + b'">]><xml><Encrypt>'
    + b"&a;" * 50_000
    + b"</Encrypt></xml>",
    "a file of ours": b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    b"<xml><Encrypt>&f;</Encrypt></xml>",
    "somebody's address": b'<!DOCTYPE x [<!ENTITY % f SYSTEM "http://127.0.0.1:1/">'
    b" %f;]><xml><Encrypt>a</Encrypt></xml>",
    "deeply nested": b"<xml>" + b"<a>" * 60_000,
    "many attributes": b"<xml "
    + b"".join(b'a%d="" ' % n for n in range(20_000))
    + b"/>",
    "many keys": b"<xml>" + b"".join(map(b"<a%d/>".__mod__, MANY)) + b"</xml>",
    "deep JSON": b'{"Encrypt":' * 20_000,
    "infinity": b'{"Encrypt":1e999,"CreateTime":1e999}',
    "an endless number": b'{"Encrypt":' + b"9" * 100_000 + b"}",
}


@pytest.mark.parametrize("name", XML)
async def test_a_bomb_at_wechats_door_is_refused(http, name):
    """Its body is parsed before the signature inside it can be checked."""
    answer = await http.post("/wechat/push?timestamp=1&nonce=1", XML[name])
    assert (answer.status, answer.code) == (403, "not_from_wechat")
    await still_serves(http)


def test_no_entity_is_ever_expanded_for_who_holds_the_token():
    reader = callbacks(token=TOKEN)
    for body in XML.values():
        with pytest.raises(PushRefused):
            reader.open({"timestamp": "1"}, body)


@pytest.mark.parametrize("told", ["A" * 10_000_000, "W1tbW1tb" * 60, "A" * 511])
def test_a_cursor_that_is_a_bomb_is_refused(told):
    with pytest.raises(pages.BadCursor):
        pages.decode(told, str)

"""What every answer says and what none does; where nobody is sent; who may read it."""

from itertools import product

from tests.house.branches import ids_at
from tests.security.doors import DOORS, PATIENT, everybody, knock
from tests.security.raw import exchange

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": None,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": None,
    "X-Request-Id": None,
}
"""On every answer, and what it says if it is always the same."""

NEVER = {
    "Server",
    "X-Powered-By",
    "Set-Cookie",
    "Location",
    "Refresh",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
}
"""Nothing is told of us, kept at the client, sent elsewhere, or open to other sites."""


def wrong_with(answer):
    lacks = [
        name
        for name, value in ALWAYS.items()
        if name not in answer.headers or value not in {None, answer.headers[name]}
    ]
    return lacks + sorted(NEVER & answer.headers.keys())


@PATIENT
async def test_every_answer_says_what_it_must_and_no_more(ctx, http):
    people = await everybody(ctx, http)
    wrong = []
    foreign = {"Origin": "https://evil.example", "Host": "evil.example"}
    for door in DOORS:
        answer = await knock(ctx, people.at(door), door, headers=foreign)
        if wrong_with(answer) or 300 <= answer.status < 400:
            wrong.append(f"{door}: {answer.status} {wrong_with(answer)}")
        is_private = "no-store" in answer.headers["Cache-Control"]
        if door.promise.access.scheme and not door.promise.access.optional:
            assert is_private, door
    assert wrong == []


async def test_pages_and_wrong_addresses_say_it_too(http):
    for path in ("/nowhere", "/docs", "/docs/start.js", "/openapi.json", "/metrics"):
        assert wrong_with(await http.get(path)) == []
    assert wrong_with(await http.call("TRACE", "/healthz")) == []


async def test_no_other_site_is_let_read(http):
    asked = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    for path in ("/worker/v1/me", "/union/v1/auth/sign-in", "/wechat/push"):
        answer = await http.call("OPTIONS", path, headers=asked)
        assert answer.status == 405
        assert not [name for name in answer.headers if name.startswith("Access-")]


async def test_nobody_is_sent_elsewhere(http):
    for path in ("//evil.example", "/\\evil.example", "/docs//evil.example", "/%2f"):
        told = await exchange(
            http.url, f"GET {path} HTTP/1.1\r\nHost: inn\r\n\r\n".encode()
        )
        assert b" 404 " in told.splitlines()[0]
        assert b"evil" not in told


async def test_only_the_methods_a_door_has_are_answered(http):
    for method in ("TRACE", "CONNECT", "OPTIONS", "PROPFIND", "DEBUG"):
        answer = await http.call(method, "/worker/v1/me")
        assert answer.status == 405, method
        assert answer.body == b"" or answer.code == "method_not_allowed"


ODD = ["9" * 1_000, "-1", ",,;;=", '"', "ÿþ\u0080é", "*/*;q=\u00b9", "\t", "a" * 1_000]
"""What no field of a request is meant to hold."""

READ = [
    "Accept-Encoding",
    "Expect",
    "Idempotency-Key",
    "If-None-Match",
    "If-Range",
    "Origin",
    "Range",
    "Follow-Up-Token",
    "X-Forwarded-For",
    "X-Real-Ip",
    "X-Request-Id",
]
"""The fields that somebody here reads, less what says who asks and what is sent."""


@PATIENT
async def test_no_door_comes_to_grief_over_an_odd_field(ctx, http):
    people, ids = await everybody(ctx, http), ids_at("city")
    fell = []
    for door, odd in product(DOORS, ODD):
        path, body = door.path(ids) + door.query(ids), door.body(ids)
        for sent in (dict.fromkeys(READ, odd), {"Authorization": odd}):
            client = http if "Authorization" in sent else people.at(door)
            answer = await knock(ctx, client, door, path=path, body=body, headers=sent)
            if answer.status >= 500:
                fell.append(f"{door} {odd[:9]!r}: {answer.status} {answer.body}")
    assert fell == []

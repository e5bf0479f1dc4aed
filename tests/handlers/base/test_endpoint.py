"""The door: what is refused before a verb runs, and how a refusal looks."""

import asyncio

import msgspec
import pytest
from pymongo.errors import AutoReconnect

from app.application import Front
from handlers.base import limits
from handlers.base.access import public
from handlers.base.endpoint import Handler, endpoint
from models.base.errors import Conflict
from tests.client import Client, together


class Thing(msgspec.Struct, forbid_unknown_fields=True):
    number: int
    words: list[str] = []


class Query(msgspec.Struct, forbid_unknown_fields=True):
    limit: int = 20
    kinds: list[str] = []


class Full(Conflict):
    code = "full"
    message = "已满，请稍后再来。"


class Spy:
    """Counts what the verb really did, and holds number 7 until told."""

    runs = 0
    begun: asyncio.Event
    wait: asyncio.Event


class ThingsHandler(Handler):
    @endpoint(access=public, status=201, refusals=(Full,), repeats=True)
    async def post(self, *, body: Thing) -> Thing:
        """Make a thing."""
        Spy.runs += 1
        if body.number == 409:
            raise Full({"left": 0})
        if body.number == 503:
            raise AutoReconnect("gone")
        if body.number == 500:
            raise KeyError("secret inside")
        if body.number == 7:
            Spy.begun.set()
            await Spy.wait.wait()
        return body

    @endpoint(access=public, limit=limits.per_minute("test", 3))
    async def get(self, *, query: Query) -> Query:
        """List things."""
        return query


@pytest.fixture
def door(run, house):
    Spy.runs = 0
    front = Front(house)
    front.doors._tree._add("/things", ThingsHandler)
    client = Client(f"http://127.0.0.1:{run(_open(front))}", front)
    yield client
    run(client.close())


async def _open(front):
    Spy.begun, Spy.wait = asyncio.Event(), asyncio.Event()
    return front.open(port=0)


async def test_a_good_body_is_answered(door):
    answer = await door.post("/things", {"number": 1})
    assert (answer.status, answer.body) == (201, {"number": 1, "words": []})
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["X-Request-Id"]
    assert "Server" not in answer.headers


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        ({"number": "1"}, "invalid", "$.number"),
        ({"number": 1, "other": 2}, "invalid", "$"),
        ({}, "invalid", "$"),
        ({"number": 1, "words": ["a", 2]}, "invalid", "$.words[1]"),
        (b"{", "malformed", None),
        (b"", "malformed", None),
        (b'{"number": 1, "words": ["\xff"]}', "malformed", None),
    ],
)
async def test_a_bad_body_is_named(door, body, code, path):
    answer = await door.post("/things", body)
    assert (answer.status, answer.code) == (422, code)
    assert answer.body["details"].get("path") == path
    assert Spy.runs == 0


async def test_a_body_nested_too_deeply_is_refused(http):
    bomb = b'{"facts": {"a": ' + b"[" * 100_000
    answer = await http.post("/worker/v1/policy-matches", bomb)
    assert (answer.status, answer.code) == (422, "malformed")


async def test_a_body_that_is_not_json_is_refused(door):
    answer = await door.post(
        "/things", b"number=1", headers={"Content-Type": "text/plain"}
    )
    assert (answer.status, answer.code) == (415, "not_json")


async def test_a_refusal_has_a_word_a_sentence_details_and_a_trace(door):
    answer = await door.post("/things", {"number": 409})
    assert answer.status == 409
    assert answer.body == {
        "code": "full",
        "message": "已满，请稍后再来。",
        "details": {"left": 0},
        "trace": answer.headers["X-Request-Id"],
    }


async def test_a_database_that_is_away_is_503_and_comes_with_a_time(door):
    answer = await door.post("/things", {"number": 503})
    assert (answer.status, answer.code) == (503, "store_unavailable")
    assert answer.headers["Retry-After"] == "2"


async def test_a_surprise_shows_nothing_of_its_inside(door):
    answer = await door.post("/things", {"number": 500})
    assert (answer.status, answer.code) == (500, "internal")
    assert "secret" not in str(answer.body)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "no_such_route"),
        ("DELETE", "/nowhere", 404, "no_such_route"),
        ("PUT", "/things", 405, "method_not_allowed"),
    ],
)
async def test_wrong_addresses_answer_in_json(door, method, path, status, code):
    answer = await door.call(method, path)
    assert (answer.status, answer.code) == (status, code)


async def test_a_query_is_read_with_its_lists(door):
    answer = await door.get("/things?limit=5&kinds=a,b&kinds=c")
    assert answer.body == {"limit": 5, "kinds": ["a", "b", "c"]}


@pytest.mark.parametrize(
    "query", ["limit=x", "limit=1&limit=2", "other=1", "limit=%ff", "limit[$gt]=1"]
)
async def test_a_bad_query_is_refused(door, query):
    answer = await door.get(f"/things?{query}")
    assert answer.status == 422


async def test_one_too_many_waits(door):
    statuses = [(await door.get("/things")).status for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    refused = await door.get("/things")
    assert refused.code == "too_many_requests"
    assert int(refused.headers["Retry-After"]) > 0


async def test_the_same_key_gives_the_same_answer(door):
    first = await door.post("/things", {"number": 1}, key="k1")
    again = await door.post("/things", {"number": 1}, key="k1")
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert Spy.runs == 1


async def test_a_key_survives_a_redis_flush_and_another_process(door, ctx):
    await door.post("/things", {"number": 1}, key="k1")
    await ctx.redis.flushall()
    assert (await door.post("/things", {"number": 1}, key="k1")).status == 201
    assert Spy.runs == 1


async def test_a_refusal_is_repeated_too(door):
    for _ in range(2):
        answer = await door.post("/things", {"number": 409}, key="k1")
        assert (answer.status, answer.code) == (409, "full")
    assert Spy.runs == 1


async def test_a_key_with_another_body_is_refused(door):
    await door.post("/things", {"number": 1}, key="k1")
    answer = await door.post("/things", {"number": 2}, key="k1")
    assert (answer.status, answer.code) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("key", ["", "x" * 129])
async def test_a_bad_key_is_refused(door, key):
    answer = await door.post("/things", {"number": 1}, key=key)
    assert (answer.status, answer.code) == (422, "bad_idempotency_key")


async def test_a_call_that_is_still_running_is_not_run_twice(door):
    first = asyncio.ensure_future(door.post("/things", {"number": 7}, key="k1"))
    await Spy.begun.wait()
    second = await door.post("/things", {"number": 7}, key="k1")
    assert (second.status, second.code) == (409, "in_progress")
    Spy.wait.set()
    assert (await first).status == 201
    assert Spy.runs == 1


async def test_a_passing_fault_lets_the_key_try_again(door):
    assert (await door.post("/things", {"number": 503}, key="k1")).status == 503
    assert (await door.post("/things", {"number": 503}, key="k1")).status == 503
    assert Spy.runs == 2


async def test_ten_times_the_same_key_at_once_runs_once(door):
    answers = await together(
        *(door.post("/things", {"number": 1}, key="k1") for _ in range(10))
    )
    assert Spy.runs == 1
    assert {answer.status for answer in answers} <= {201, 409}
    assert all(a.status == 201 or a.code == "in_progress" for a in answers)


async def test_a_stopping_process_finishes_what_runs_and_takes_nothing_new(door):
    running = asyncio.ensure_future(door.post("/things", {"number": 7}))
    await Spy.begun.wait()
    closing = asyncio.ensure_future(door.front.close())
    refused = await door.post("/things", {"number": 1})
    assert (refused.status, refused.code) == (503, "closing")
    Spy.wait.set()
    assert (await running).status == 201
    await closing

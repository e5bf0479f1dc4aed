"""A socket's manners: who may knock, how it is closed, and what it costs others."""

import asyncio

import msgspec
import pytest
from tornado.httpclient import HTTPClientError

from handlers.base import listening, open_sockets, outgoing, sockets
from handlers.base.outgoing import framed
from models.base.feed import Feed, News
from models.stations import first_aid
from models.stations.first_aid import Call
from tests.client import serve
from tests.listening import Closed, connect, listen
from tests.models.stations import people, places
from tests.models.workers.people import another_house

PATH = "/worker/v1/live"
DESK = "/station/v1/live"


@pytest.fixture
def worker(ctx, run):
    return run(people.worker(ctx))


@pytest.fixture
def phone(ctx, http, run, worker):
    """The client of a worker."""
    return http.as_(run(people.token(ctx, worker)))


def news(ctx, number=0):
    return News(id=f"event_{number}", kind="x", at=ctx.clock.now(), ref="r" * 200)


async def refused(http, path=PATH, **headers):
    with pytest.raises(HTTPClientError) as problem:
        await connect(http, path, **headers)
    return problem.value.code, msgspec.json.decode(problem.value.response.body)["code"]


async def test_a_page_of_another_site_is_refused(phone):
    assert await refused(phone, Origin="https://evil.example") == (
        403,
        "foreign_origin",
    )
    assert await refused(phone, Origin="null") == (403, "foreign_origin")


async def test_our_own_page_an_allowed_one_and_no_browser_are_let_in(ctx, phone):
    phone.front.doors.settings["live_origins"] = {"https://desk.example"}
    own = phone.url
    for headers in ({"Origin": own}, {"Origin": "https://desk.example"}, {}):
        line = await connect(phone, PATH, **headers)
        assert (await line.next())["type"] == "welcome"


async def test_what_is_no_socket_is_told_so(phone):
    for method in ("GET", "HEAD"):
        answer = await phone.call(method, PATH)
        assert answer.status == 422
    assert (await phone.get(PATH)).code == "not_a_socket"
    assert (await phone.post(PATH, {})).status == 405


async def test_a_bad_token_in_the_header_is_401_before_the_handshake(http):
    assert await refused(http.as_("x")) == (401, "token_invalid")


async def test_a_token_may_be_the_first_message(ctx, http, phone):
    line = await connect(http, PATH)
    await line.say({"token": phone.token})
    assert (await line.next())["type"] == "welcome"


async def test_a_bad_token_in_the_first_message_is_told_apart(ctx, http, worker):
    line = await connect(http, PATH)
    await line.say({"token": "x"})
    assert await line.next() == Closed(4401, "token_invalid")
    await places.put(ctx)
    line = await connect(http, DESK)
    await line.say({"token": await people.token(ctx, worker)})
    assert await line.next() == Closed(4403, "port_mismatch")


async def test_who_says_nothing_is_let_go(http, monkeypatch):
    monkeypatch.setattr(sockets, "TOKEN_SECONDS", 0)
    line = await connect(http, PATH)
    assert await line.next() == Closed(4408, "no_token")


@pytest.mark.parametrize(
    "words",
    [b'{"token": "x"}', {"token": 1}, {"tokens": "x"}, [], {"token": "x", "a": 1}],
)
async def test_what_a_client_may_not_say_ends_it(http, words):
    line = await connect(http, PATH)
    await line.say(words)
    assert await line.next() == Closed(4400, "bad_message")


async def test_a_message_that_is_too_long_ends_it(phone):
    line = await listen(phone, PATH)
    await line.say({"token": "x" * 1_024})
    assert (await line.next()).code in {1009, None}


async def test_who_says_too_much_is_let_go(phone, monkeypatch):
    monkeypatch.setattr(sockets, "MOST_SAID", 1)
    line = await listen(phone, PATH)
    await line.say({"token": phone.token})
    assert (await line.next())["type"] == "welcome"
    await line.say({"token": phone.token})
    assert await line.next() == Closed(4429, "said_too_much")


async def test_pings_are_answered_and_counted(phone, monkeypatch):
    monkeypatch.setattr(sockets, "MOST_SAID", 3)
    line = await listen(phone, PATH)
    for _ in range(4):
        line.socket.ping(b"?")
    assert await line.next() == Closed(4429, "said_too_much")


async def test_a_person_has_five_and_another_when_one_is_closed(phone):
    lines = [await listen(phone, PATH) for _ in range(5)]
    assert await (await connect(phone, PATH)).next() == Closed(4409, "too_many_sockets")
    lines[0].close()
    assert await lines[0].next() == Closed(None, None)
    await listen(phone, PATH)


async def test_a_full_process_sends_on(phone, monkeypatch):
    await listen(phone, PATH)
    monkeypatch.setattr(open_sockets, "MOST", 1)
    assert await (await connect(phone, PATH)).next() == Closed(1013, "full")


async def test_who_connects_again_and_again_has_to_wait(phone, monkeypatch):
    monkeypatch.setattr(sockets, "KNOWN", sockets.per_minute("few", 2))
    for _ in range(2):
        (await listen(phone, PATH)).close()
    assert await refused(phone) == (429, "too_many_requests")


async def test_a_stopping_process_sends_its_sockets_on(ctx, phone):
    line = await listen(phone, PATH)
    closing = asyncio.ensure_future(phone.front.close())
    words = await line.next()
    assert words["type"] == "reconnect"
    assert 0 <= words["in_seconds"] <= open_sockets.SPREAD_SECONDS
    assert await line.next() == Closed(1012, "restarting")
    await closing
    phone.front = None


async def test_a_slow_one_is_let_go_while_others_go_on(ctx, http, phone, worker):
    quick = await listen(phone, PATH)
    reader, writer = await asyncio.open_connection(
        *http.url.removeprefix("http://").split(":"), limit=1024
    )
    writer.write(
        f"GET {PATH} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        f"Authorization: Bearer {phone.token}\r\n\r\n".encode()
    )
    assert b"welcome" in await reader.readuntil(b"}")
    slow = sockets.closed.labels("too_slow")._value.get
    before, sent = slow(), 0
    feed = ctx.the(Feed)
    while slow() == before and sent < 100_000:
        feed.tell(news(ctx, sent), [f"worker/{worker.id}"])
        heard = await quick.next()
        assert heard["change"]["id"] == f"event_{sent}"
        sent += 1
    assert slow() == before + 1
    feed.tell(news(ctx, sent), [f"worker/{worker.id}"])
    assert (await quick.next())["change"]["id"] == f"event_{sent}"
    writer.close()


async def test_what_waits_is_bounded_by_count_and_by_bytes(ctx, phone, monkeypatch):
    assert outgoing.MOST_MESSAGES * len(framed(b"x" * 250)) <= 2 * outgoing.MOST_BYTES


@pytest.mark.parametrize("length", [0, 125, 126, 65_535])
def test_a_message_is_framed_as_rfc_6455_says(length):
    frame = framed(b"x" * length)
    head = 2 if length <= 125 else 4
    assert frame[0] == 0x81
    assert len(frame) == head + length
    told = frame[1] if length <= 125 else int.from_bytes(frame[2:4], "big")
    assert told == length


async def test_a_gap_in_the_stream_is_told(ctx, phone):
    line = await listen(phone, PATH)
    await ctx.db.drop_collection("grants")
    assert await line.next() == {"type": "gap"}


async def test_two_hundred_desks_hear_one_alarm(ctx, http):
    await places.put(ctx)
    desks = []
    for number in range(40):
        who = await people.clerk(ctx, f"n{number}")
        token = await people.token(ctx, who)
        desks += [http.as_(token)] * 5
    lines = await asyncio.gather(*(listen(desk, DESK) for desk in desks))
    called = await first_aid.call(ctx, "station_park", Call(), by=None)
    heard = await asyncio.gather(*(line.next() for line in lines))
    assert {each["change"]["ref"] for each in heard} == {called.alert.id}


async def test_without_redis_everything_is_heard(ctx, settings, clock, worker):
    gone = msgspec.structs.replace(settings, redis_url="redis://127.0.0.1:1/0")
    async with another_house(gone, clock) as house:
        there = await serve(house)
        await places.put(ctx)
        line = await listen(there.as_(await people.token(ctx, worker)), PATH)
        alert = (await first_aid.call(ctx, "station_park", Call(), by=worker)).alert
        (heard,) = await line.hear("first_aid_called")
        assert heard["ref"] == alert.id
        await there.close()


async def test_figures_are_kept(ctx, http, phone, worker):
    opened = open_sockets.sockets_open._value.get()
    told = listening.told._value.get()
    await places.put(ctx)
    line = await listen(phone, PATH)
    figures = (await http.get("/metrics")).body
    assert f"inn_sockets_open {opened + 1}".encode() in figures
    await first_aid.call(ctx, "station_park", Call(), by=worker)
    await line.hear("first_aid_called")
    assert listening.told._value.get() == told + 1

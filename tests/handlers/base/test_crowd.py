"""A full house: who is turned away, how, and who is let in all the same."""

import asyncio
import socket

import msgspec
import pytest

from app.application import Front
from handlers.base.access import public
from handlers.base.crowd import LATEST_SECONDS, SOONEST_SECONDS, Yields
from handlers.base.endpoint import Handler, endpoint
from handlers.base.openapi import promises_of
from handlers.routes import ROUTES
from tests.client import Client
from tests.models.stations import people, places

ROOM = 2
CONNECTIONS = 6

A_BURST = 300
"""More than Tornado's 128; less than any system's own limit of today (4,096)."""

TRIED_AGAIN_SECONDS = 0.9
"""What overflows is tried again by the kernel after a second."""


class Held:
    """Requests that wait until they are told to go."""

    begun: asyncio.Semaphore
    go: asyncio.Event


class Waits(Handler):
    @endpoint(access=public)
    async def post(self) -> None:
        """Wait."""
        Held.begun.release()
        await Held.go.wait()

    @endpoint(access=public)
    async def get(self) -> None:
        """Wait, as a public read."""
        Held.begun.release()
        await Held.go.wait()


@pytest.fixture
def settings(settings):
    return msgspec.structs.replace(
        settings, requests_at_once=ROOM, connections_at_once=CONNECTIONS
    )


@pytest.fixture
def door(run, house):
    front = Front(house)
    front.doors._tree._add("/waits", Waits)
    client = Client(f"http://127.0.0.1:{run(_open(front))}", front)
    yield client
    Held.go.set()
    run(client.close())


async def _open(front):
    Held.begun, Held.go = asyncio.Semaphore(0), asyncio.Event()
    return front.open(port=0)


async def fill(door, count, method="POST"):
    """Begin requests that stay under way."""
    waiting = [asyncio.ensure_future(door.call(method, "/waits")) for _ in range(count)]
    for _ in waiting:
        await Held.begun.acquire()
    return waiting


async def test_one_too_many_is_told_to_come_back_and_costs_nothing(door):
    await fill(door, ROOM)
    refused = await door.post("/waits")
    assert (refused.status, refused.code) == (503, "crowded")
    assert refused.body["message"] == "现在人太多，请过几秒再试。"
    wait = int(refused.headers["Retry-After"])
    assert SOONEST_SECONDS <= wait <= LATEST_SECONDS


async def test_a_full_house_looks_neither_at_tokens_nor_at_bodies(door):
    await fill(door, ROOM)
    answer = await door.as_("rubbish").post("/worker/v1/bookings", b"{")
    assert (answer.status, answer.code) == (503, "crowded")


async def test_room_given_back_is_room(door):
    waiting = await fill(door, ROOM)
    assert (await door.post("/waits")).status == 503
    Held.go.set()
    assert {answer.status for answer in await asyncio.gather(*waiting)} == {204}
    assert (await door.post("/waits")).status == 204


async def test_public_reads_have_as_much_room_again(door):
    await fill(door, ROOM)
    await fill(door, ROOM, "GET")
    assert (await door.get("/waits")).code == "crowded"


async def test_first_aid_probes_and_signing_out_go_through_a_full_house(door, ctx):
    await places.put(ctx)
    worker = await door.sign_in("w-17")
    clerk = door.as_(await people.token(ctx, await people.clerk(ctx)))
    await fill(door, ROOM)
    called = await door.post("/worker/v1/stations/station_park/first-aid")
    assert called.status == 201
    alarm = f"/station/v1/first-aid/{called.body['alert']['id']}"
    assert (await clerk.post(f"{alarm}/acknowledgement")).status == 200
    assert (await door.get("/healthz")).status == 200
    assert (await door.get("/readyz")).status == 200
    assert (await door.get("/metrics")).status == 200
    assert (await worker.post("/worker/v1/auth/sign-out")).status == 204


async def test_a_full_house_is_seen_in_the_figures(door):
    await fill(door, ROOM)
    before = await figure(door, 'inn_turned_away_total{yields="first"}')
    await door.post("/waits")
    assert await figure(door, 'inn_turned_away_total{yields="first"}') == before + 1


async def figure(door, name):
    told = (await door.get("/metrics")).body.decode()
    for line in told.splitlines():
        if line.startswith(f"{name} "):
            return float(line.split()[-1])
    return 0.0


async def test_a_connection_too_many_is_hung_up_on_and_the_others_stay(door):
    await fill(door, ROOM)
    port = int(door.url.rsplit(":", 1)[1])
    lines = [await asyncio.open_connection("127.0.0.1", port) for _ in range(9)]
    ends = [asyncio.ensure_future(reader.read()) for reader, _ in lines]
    hung_up = 0
    while hung_up < len(lines) - (CONNECTIONS - ROOM):
        await asyncio.wait(
            [end for end in ends if not end.done()],
            return_when=asyncio.FIRST_COMPLETED,
        )
        hung_up = sum(end.done() for end in ends)
    assert (await asyncio.gather(*(end for end in ends if end.done())))[0] == b""
    for _, writer in lines:
        writer.close()


async def test_a_burst_of_phones_waits_in_the_backlog_while_the_loop_is_busy(door):
    address = ("127.0.0.1", int(door.url.rsplit(":", 1)[1]))
    phones = [
        socket.create_connection(address, timeout=TRIED_AGAIN_SECONDS)
        for _ in range(A_BURST)
    ]
    for phone in phones:
        phone.close()


def test_what_never_yields_is_written_down_and_no_more():
    never = {
        pattern
        for pattern, _, promise in promises_of(ROUTES)
        if promise.yields is Yields.NEVER
    }
    assert all(
        "first-aid" in pattern
        or pattern.endswith("/sign-out")
        or pattern in {"/healthz", "/readyz", "/wechat/push"}
        for pattern in never
    )
    first_aid = {
        pattern for pattern, _, _ in promises_of(ROUTES) if "first-aid" in pattern
    }
    assert first_aid <= never

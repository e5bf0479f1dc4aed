"""A key's call goes through, or not, while MongoDB hears nothing: it is one call."""

import asyncio

import msgspec
import pytest

from app.application import Front
from app.wiring import open_house
from handlers.base.access import public
from handlers.base.endpoint import Handler, endpoint
from handlers.base.key_records import KeyRecords
from models.base import store
from scripts.stack import scratch
from scripts.stack.mongod import ReplicaSet
from tests.client import Client
from tests.faults.waiting import until
from tests.faults.wires import APP, Wires

PATIENCE = 900

ANSWER_SECONDS = store.ANSWER_SECONDS
"""The inn's own bound, read before the tests are given more patience: two questions in
a row go unheard here, and whoever asks must be answered before they hang up."""


class Made(msgspec.Struct):
    run: int


class DeafHandler(Handler):
    """Makes something, and then MongoDB hears no more."""

    runs = 0
    wires: Wires
    asks_more = False

    @endpoint(access=public, status=201, repeats=True)
    async def post(self) -> Made:
        """Make it."""
        cls = type(self)
        cls.runs += 1
        for link in self.wires.links_of(APP) if cls.runs == 1 else ():
            link.open.clear()
        if cls.asks_more:
            await self.ctx.db["things"].find_one({})
        return Made(cls.runs)


@pytest.fixture
def wired(run):
    """One member behind a wire."""
    home, wires = scratch.folder("mongod"), Wires(1)
    run(wires.open())
    mongo = ReplicaSet(home, wires.ports, known_as=wires.hosts, scratch=home)

    async def start():
        await asyncio.to_thread(mongo.start)

    run(start())
    yield wires, mongo
    for link in wires.links_of(APP):
        link.open.set()
    run(wires.close())
    mongo.close()


@pytest.fixture
def door(run, wired, settings, clock, monkeypatch):
    wires, mongo = wired
    monkeypatch.setattr(store, "ANSWER_SECONDS", ANSWER_SECONDS)
    of_one = msgspec.structs.replace(settings, mongodb_uri=mongo.uri)
    house = run(open_house(of_one, clock=clock, live=[KeyRecords]))
    front = Front(house)
    front.doors._tree._add("/deaf", DeafHandler)
    DeafHandler.runs, DeafHandler.wires = 0, wires
    client = Client(f"http://127.0.0.1:{front.open(port=0)}", front)
    yield client
    for link in wires.links_of(APP):
        link.open.set()
    run(client.close())
    run(house.close())


async def hear_again(door):
    """Let MongoDB be heard, and wait till what was left running has told it."""
    for link in DeafHandler.wires.links_of(APP):
        link.open.set()
    running = door.front.doors.settings["running"]
    await until(lambda: not running, what="what was left running")


@pytest.mark.gen_test(timeout=PATIENCE)
async def test_what_was_done_is_answered_and_its_answer_kept_later(door):
    DeafHandler.asks_more = False
    first = await door.post("/deaf", key="k1")
    assert (first.status, first.body) == (201, {"run": 1})
    await hear_again(door)
    again = await door.post("/deaf", key="k1")
    assert (again.status, again.body) == (201, {"run": 1})
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.gen_test(timeout=PATIENCE)
async def test_what_came_to_nothing_frees_its_key_as_soon_as_it_can(door):
    DeafHandler.asks_more = True
    first = await door.post("/deaf", key="k1")
    assert (first.status, first.code) == (503, "store_unavailable")
    assert first.headers["Retry-After"]
    await hear_again(door)
    again = await door.post("/deaf", key="k1")
    assert (again.status, again.body) == (201, {"run": 2})

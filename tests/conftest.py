"""The house under test: real servers, a clock that stands still, an empty inn.

Servers come from ``scripts/test`` by TEST_MONGODB_URI and TEST_REDIS_URL; a
test run by hand without them starts its own. Each test finds every shelf empty
and every index in place.
"""

import asyncio
import inspect
import os
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime
from typing import Any

import hypothesis
import pytest
from tornado.ioloop import IOLoop

from app.lines import lines
from app.settings import Settings, read_settings
from app.wiring import House, open_house, open_redis
from models.base import store
from models.base.clock import SetClock
from models.base.context import Context
from models.base.store import open_client
from scripts.stack.servers import start_mongod, start_redis
from scripts.wechat_simulator import Running, start
from tests.client import Client, serve
from tests.queries import Ear

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Where the clock stands unless a test moves it: Monday, 10:00 in Shanghai."""

hypothesis.settings.register_profile(
    "inn", parent=hypothesis.settings.default, deadline=None
)
hypothesis.settings.load_profile("inn")
"""No example fails for being slow: a busy machine is nobody's fault."""

TEST_SECONDS = 120
"""What ends a test that hangs; it proves nothing, so a slow machine may take it."""

PATIENT_REDIS_SECONDS = "30"
"""So that a machine which stalls for a moment fails no test: where Redis is gone, it
refuses at once, and the tests of overload start processes with the default."""

PATIENT_MONGODB_MS = 60_000
"""The same for a primary that is looked for in this process, and for one of its few
connections: a verb that hundreds call at once has no door before it here."""


def pytest_sessionstart() -> None:
    """Let a stalled machine find MongoDB, and make no loop in passing.

    asyncio would make one for the first who asks which is the present one, and nobody
    closes that; its sockets would fail some later test.
    """
    store.SELECT_SERVER_MS = PATIENT_MONGODB_MS
    store.WAIT_FOR_CONNECTION_MS = PATIENT_MONGODB_MS
    asyncio.set_event_loop(None)


def pytest_collection_finish() -> None:
    """Let MongoDB answer as late as a stalled machine makes it; not before all are
    collected, since some measure what they start by the inn's own bound."""
    store.ANSWER_SECONDS = PATIENT_MONGODB_MS / 1000


def pytest_sessionfinish() -> None:
    """Write the request lines that wait, so that pytest's own closing line is last."""
    lines.write()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run every coroutine test on pytest-tornado's loop."""
    for item in items:
        function = getattr(item, "function", None)
        if inspect.iscoroutinefunction(inspect.unwrap(function or len)):
            item.add_marker(pytest.mark.gen_test(timeout=TEST_SECONDS))


@pytest.fixture(scope="session")
def mongodb_uri() -> Iterator[str]:
    """A real mongod, member of a replica set."""
    given = os.environ.get("TEST_MONGODB_URI")
    if given:
        yield given
        return
    with start_mongod() as server:
        yield server.uri


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real Redis."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield given
        return
    with start_redis() as server:
        yield server.uri


@pytest.fixture
def run(io_loop: IOLoop) -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine on the test's loop, for fixtures that must wait."""
    return lambda work: io_loop.run_sync(lambda: work, timeout=TEST_SECONDS)


@pytest.fixture
def clock() -> SetClock:
    """The house's clock; it stands at NOW."""
    return SetClock(NOW)


@pytest.fixture
def simulator(run: Any, clock: SetClock) -> Iterator[Running]:
    """WeChat, played by our simulator on its own port."""
    simulator = run(start(now=clock.now))
    yield simulator
    run(simulator.close())


@pytest.fixture
def http_layer() -> str:
    """What reads requests; HTTP_LAYER=httptools runs the whole suite on that one."""
    return os.environ.get("HTTP_LAYER", "tornado")


@pytest.fixture
def settings(
    mongodb_uri: str, redis_url: str, simulator: Running, http_layer: str
) -> Settings:
    """The settings of a house under test."""
    return read_settings(
        {
            "APP_ENV": "test",
            "PORT": "1",
            "HTTP_LAYER": http_layer,
            "MONGODB_URI": mongodb_uri,
            "MONGODB_DATABASE": f"test_{os.getpid()}",
            "REDIS_URL": redis_url,
            "REDIS_SECONDS": PATIENT_REDIS_SECONDS,
            "WECHAT_BASE_URL": simulator.url,
        }
    )


@pytest.fixture
def ear() -> Ear:
    """What hears all that the house asks of MongoDB."""
    return Ear()


@pytest.fixture
def house(run: Any, settings: Settings, clock: SetClock, ear: Ear) -> Iterator[House]:
    """One process's tools on empty shelves."""
    house = run(open_empty(settings, clock, ear))
    yield house
    run(house.close())


@pytest.fixture
def ctx(house: House) -> Context:
    """What a verb is handed."""
    return house.ctx


@pytest.fixture
def http(run: Any, house: House) -> Iterator[Client]:
    """A JSON client of the house, served on a real socket."""
    client = run(serve(house))
    yield client
    run(client.close())


async def open_empty(settings: Settings, clock: SetClock, ear: Ear) -> House:
    """Empty every shelf that holds something and Redis, then open the house."""
    async with open_client(settings.mongodb_uri) as client, open_redis(settings) as red:
        db = client[settings.mongodb_database]
        for name in await db.list_collection_names():
            if await db[name].estimated_document_count():
                await db[name].delete_many({})
        await red.flushall()
    return await open_house(settings, clock=clock, heard_by=[ear])

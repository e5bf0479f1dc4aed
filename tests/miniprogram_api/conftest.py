"""A Redis of one's own number and gateways that differ in something."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from redis.asyncio import Redis

from miniprogram_api.gateway import Gateway
from models.base.clock import SetClock
from scripts.wechat_simulator import APPID, SECRET, Running, World
from tests.miniprogram_api.curl import Curl

PUSH_TOKEN = "simulated-token"


class Ticker:
    """A monotonic clock that moves when it is told to."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


class Naps:
    """A sleep that takes no time and remembers how long it should have been."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@pytest.fixture
def world(simulator: Running) -> World:
    """What the simulated platform knows."""
    return simulator.world


@pytest.fixture
def redis(run: Any, redis_url: str) -> Iterator[Redis]:
    """A real Redis, empty."""
    client = Redis.from_url(f"redis://{urlsplit(redis_url).netloc}/7")
    run(client.flushdb())
    yield client
    run(client.aclose())


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def ticker() -> Ticker:
    return Ticker()


MakeGateway = Callable[..., Gateway]


@pytest.fixture
def make_gateway(
    run: Any, simulator: Running, clock: SetClock, ticker: Ticker, naps: Naps
) -> Iterator[MakeGateway]:
    """Make gateways that differ in something; all are closed at the end."""
    made: list[Gateway] = []

    def make(**other: Any) -> Gateway:
        options: dict[str, Any] = {
            "base_url": simulator.url,
            "now": clock.now,
            "monotonic": ticker,
            "sleep": naps,
            "push_token": PUSH_TOKEN,
            "timeout_s": 2.0,
        }
        made.append(Gateway(APPID, other.pop("secret", SECRET), **options | other))
        return made[-1]

    yield make
    for gateway in made:
        run(gateway.close())


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Gateway:
    """A gateway without Redis."""
    return make_gateway()


@pytest.fixture
def curl(simulator: Running) -> Iterator[Curl]:
    """The simulator's doors and endpoints, without the gateway."""
    curl = Curl(simulator.url)
    yield curl
    curl.http.close()

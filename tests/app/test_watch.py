"""Each process shows its own figures at its own port, and says when all is not well."""

import asyncio
import re
from datetime import timedelta

import pytest
from msgspec import structs
from prometheus_client import generate_latest
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from app.figures import counter
from app.watch import Watch
from app.wiring import open_house
from models.base import events
from models.workers.workers import WorkerJoined
from scripts.stack.ports import free_port
from scripts.stack.servers import start_redis


@pytest.fixture
def ask(house, run):
    """Return what asks the watch port of a process."""
    house.settings = structs.replace(house.settings, watch_port=free_port())
    watch = Watch(house, counter(house, set()))
    port = watch.open()
    http = SimpleAsyncHTTPClient(force_instance=True)

    async def ask(path="/metrics"):
        answer = await http.fetch(f"http://127.0.0.1:{port}{path}")
        return answer.body.decode()

    yield ask
    http.close()
    run(watch.close())


def figure(text, name):
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, name
    return float(found[1])


async def test_without_a_port_nobody_listens(house):
    assert Watch(house, counter(house, set())).open() is None


async def test_it_says_that_it_lives(ask):
    assert await ask("/healthz") == '{"status":"ok"}'


async def test_it_says_what_it_leans_on_and_how_well(ask):
    text = await ask()
    assert figure(text, 'inn_leans_on{server="mongodb"}') == 1
    assert figure(text, 'inn_leans_on{server="redis"}') == 1
    assert figure(text, "inn_changes_silent_seconds") < 1
    assert 0 < figure(text, "inn_mongodb_disk_used_ratio") < 1
    assert figure(text, "inn_mongodb_members_away") == 0
    assert figure(text, "inn_mongodb_lag_seconds") == 0
    assert figure(text, "process_resident_memory_bytes") > 0


async def test_an_event_that_nobody_takes_is_lag(ask, ctx, clock):
    await events.record(ctx, WorkerJoined(worker_id="worker_li"))
    clock.forward(timedelta(minutes=3))
    text = await ask()
    assert figure(text, "inn_events_waiting") == 1
    assert figure(text, "inn_events_lag_seconds") == 180


async def test_a_clock_that_runs_ahead_is_seen(ask, clock):
    ahead = figure(await ask(), "inn_clock_offset_seconds")
    clock.forward(timedelta(minutes=5))
    assert figure(await ask(), "inn_clock_offset_seconds") - ahead == pytest.approx(
        300, abs=30
    )


async def test_a_redis_that_is_gone_is_seen_and_the_rest_is_told(settings, clock):
    redis = await asyncio.to_thread(start_redis)
    there = structs.replace(settings, redis_url=redis.uri)
    house = await open_house(there, clock=clock, live=())
    await asyncio.to_thread(redis.close)
    await counter(house, set())(house.ctx)
    text = generate_latest().decode()
    await house.close()
    assert figure(text, 'inn_leans_on{server="redis"}') == 0
    assert figure(text, 'inn_leans_on{server="mongodb"}') == 1
    assert figure(text, "inn_events_waiting") == 0

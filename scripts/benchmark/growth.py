"""What growth changes: ten times the data, deep pages, long histories, memory, start.

Two inns stand side by side on one MongoDB, a small and a large one, each keeping no
answers ready, so that every list is worked out for every request; the rounds visit
both in turn. A third keeps answers as it would in earnest and bears mixed traffic.
"""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median
from typing import Any

from pymongo import MongoClient

from scripts.benchmark import (
    filling,
    growth_report,
    histories,
    machine,
    memory,
    needs,
    questions,
    results,
)
from scripts.benchmark.asking import Decks
from scripts.benchmark.demand import days_wanted, demand_of
from scripts.benchmark.figures import Shape
from scripts.benchmark.filling import Size
from scripts.benchmark.growth_report import Cost, Grown, Growth, Start
from scripts.benchmark.loading import Pace, write_deck
from scripts.benchmark.loading import run as load
from scripts.benchmark.questions import Question
from scripts.benchmark.rounds import Bench
from scripts.benchmark.servers import INN, Command, Server
from scripts.benchmark.works import BY_NAME
from scripts.stack.servers import start_mongod, start_redis
from scripts.stack.trouble import Trouble

SMALL, LARGE = "bench_small", "bench_large"

ROUNDS = 9
"""Many and short: what a single one finds is off by more than what is looked for."""

SECONDS = 1
CONNECTIONS = 16
"""Of each question: those that take long must still be answered in time."""

CROWD = 64
"""Connections of the mixed traffic."""

Costs = dict[tuple[str, str], list[Cost]]


def run(*, minutes: float, size: Size, factor: int, keep: bool) -> Growth:
    """Measure all of it.

    Units: minutes of mixed traffic; factor: how much larger the large inn is.
    """
    began, wrk = time.monotonic(), needs.find("wrk")
    needs.HOME.mkdir(parents=True, exist_ok=True)
    told = Growth(
        began=results.now(),
        seconds=0,
        machine=machine.machine(),
        load_before=machine.load_average(),
        small=size._asdict(),
        large=size.times(factor)._asdict(),
        grown=[],
        starts={},
        memory=[],
    )
    with start_mongod(cache_gb=filling.CACHE_GB) as mongo, start_redis() as redis:
        environs = {
            name: filling.environment(mongo.uri, name, redis.uri)
            for name in (SMALL, LARGE)
        }
        sizes = {SMALL: size, LARGE: size.times(factor)}
        for name, environ in environs.items():
            results.say(f"• filling {name}: {sizes[name]}")
            filling.fill(environ, sizes[name])
            histories.fill(environ)
        mongod = mongo.members[0].process.pid or 0
        bench = _bench(wrk, mongo.uri, mongod, environs[SMALL], size)
        with _open(environs, told) as servers:
            told.grown = _compare(bench, servers, environs)
        if minutes:
            told.memory = _traffic(bench, environs[SMALL], minutes)
    told.seconds = time.monotonic() - began
    _keep(told, keep=keep)
    return told


@contextmanager
def _open(
    environs: Mapping[str, Mapping[str, str]], told: Growth
) -> Iterator[dict[str, Server]]:
    """Start the inns one after the other, so that each start is timed alone."""
    servers: dict[str, Server] = {}
    try:
        for name, environ in environs.items():
            server = servers[name] = inn({**environ, "READY_MEGABYTES": "0"})
            began = time.monotonic()
            server.start()
            server.wait("/readyz")
            start = Start(time.monotonic() - began, server.cpu_seconds())
            told.starts[name] = start
            results.say(f"• {name} is ready after {start}")
        yield servers
    finally:
        for server in servers.values():
            server.stop()


def inn(environ: Mapping[str, str]) -> Server:
    """Make an inn of one process."""
    command = Command(
        [sys.executable, "-m", "app", "serve"], {**environ, "SHARE_PORT": "0"}
    )
    return Server(INN, (), [command])


def _compare(
    bench: Bench,
    servers: Mapping[str, Server],
    environs: Mapping[str, Mapping[str, str]],
) -> list[Grown]:
    asked = {
        name: questions.all_of(server, environs[name])
        for name, server in servers.items()
    }
    costs: Costs = {}
    in_turn = list(servers.items())
    for number in range(ROUNDS + 1):
        in_turn.reverse()
        for at, question in enumerate(asked[SMALL]):
            for name, server in in_turn:
                spent = _cost_or_say(bench, server, asked[name][at])
                if number and spent:  # the first round is for warming up
                    costs.setdefault((question.title, name), []).append(spent)
    return [
        Grown(
            title=question.title,
            small=_median(costs.get((question.title, SMALL))),
            large=_median(costs.get((question.title, LARGE))),
        )
        for question in asked[SMALL]
    ]


def _median(found: Sequence[Cost] | None) -> Cost | None:
    return Cost(*map(median, zip(*found, strict=True))) if found else None


def _cost_or_say(bench: Bench, server: Server, question: Question) -> Cost | None:
    """Return what a request costs; None, and why, where that cannot be said."""
    try:
        return _cost(bench, server, question)
    except Trouble as trouble:
        results.say(f"✗ {trouble}")
        return None


def _cost(bench: Bench, server: Server, question: Question) -> Cost:
    """Return the processor time of one request."""
    place = needs.HOME / "decks" / f"growth-{server.port}"
    deck = write_deck(place, question.lines)
    before = bench.spent(server)
    told = load(
        bench.wrk,
        server.port,
        Pace(connections=CONNECTIONS, seconds=SECONDS),
        reads=deck,
        writes=None,
    )
    bench.settle(server)
    after = bench.spent(server)
    server.forget_words()
    questions.must_be_good(question, told)
    inn, mongodb = (
        1_000_000 * (late - early) / max(1, told.requests)
        for early, late in zip(before, after, strict=True)
    )
    results.say(f"· {server.port} {question.title}: {inn:.0f} · {mongodb:.0f} µs")
    return Cost(inn, mongodb)


def _bench(
    wrk: str, uri: str, mongod: int, environ: Mapping[str, str], size: Size
) -> Bench:
    days = days_wanted(datetime.now(UTC))
    client: MongoClient[dict[str, Any]]
    with MongoClient(uri, tz_aware=True) as client:
        demand = demand_of(client[SMALL], days, size.workers)
    return Bench(wrk, Decks(demand, environ), mongod, SMALL, size.policies, results.say)


def _traffic(
    bench: Bench, environ: Mapping[str, str], minutes: float
) -> list[memory.Moment]:
    server = inn(environ)
    try:
        server.start()
        server.wait("/readyz")
        for _ in bench.decks.walk(server):
            pass
        shape = Shape(CROWD, 1)
        return memory.watch(bench, server, BY_NAME["mixed"], shape, minutes)
    finally:
        server.stop()


def _keep(told: Growth, *, keep: bool) -> None:
    text = growth_report.render(told)
    results.keep(told, text, sort="growth-")
    if keep:
        results.write_between(results.PAGE, "growth", text)

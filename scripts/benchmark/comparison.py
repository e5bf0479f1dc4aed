"""One comparison from beginning to end: fill, start, compare, time, recount, write."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pymongo import MongoClient
from redis import Redis

from scripts.benchmark import (
    ceiling,
    filling,
    machine,
    needs,
    peer_filling,
    recount,
    report,
    results,
    rounds,
    sameness,
)
from scripts.benchmark.asking import Decks
from scripts.benchmark.demand import Demand, days_wanted, demand_of
from scripts.benchmark.figures import Sample, Shape
from scripts.benchmark.filling import Size
from scripts.benchmark.goals import MAIN
from scripts.benchmark.recount import Recount
from scripts.benchmark.report import Report
from scripts.benchmark.rounds import Bench
from scripts.benchmark.servers import (
    PEER_NAMES,
    Column,
    Kitchen,
    Server,
    columns_of,
    database_of,
    make,
)
from scripts.benchmark.works import BARE, BY_NAME, WORKS, Work
from scripts.stack.servers import start_mongod, start_redis
from scripts.stack.trouble import Trouble

INN = "bench_inn"
"""The inn's own database."""

SIDES = (Shape(512, 1), Shape(64, 2), Shape(512, 2))
SIDE_WORKS = ("policy", "list_page", "me", "book", "mixed")
"""What is also asked in other shapes: a cached read, a query, a session, a write."""

SIDE_ROUNDS = 2

READY = {True: "/readyz", False: "/worker/v1/home"}
"""What the inn, and a peer, answers once it can work."""


class Wanted(NamedTuple):
    """What a run is asked for."""

    rounds: int
    seconds: int
    works: Sequence[str]
    columns: Sequence[str]
    quick: bool
    also: Mapping[str, str]
    """More settings of the inn."""
    keep: bool
    """Whether the figures go into docs/performance.md."""


def compare(wanted: Wanted, size: Size) -> Report:
    """Make one comparison.

    Refuses: Trouble, with what a person can mend.
    """
    began, tools = time.monotonic(), needs.make_ready()
    works = _works(wanted.works)
    columns = columns_of(wanted.columns)
    told = Report(
        began=results.now(),
        seconds=0,
        machine=machine.machine(),
        load_before=machine.load_average(),
        settings=_settings(wanted, size),
        versions=machine.versions(tools),
        compared=0,
        left_out=[],
        samples=[],
        ceilings=[],
        recounts={},
    )
    with start_mongod(cache_gb=filling.CACHE_GB) as mongo, start_redis() as redis:
        inn = filling.environment(mongo.uri, INN, redis.uri) | dict(wanted.also)
        peers_redis = redis.uri.removesuffix("/0") + "/1"
        kitchen = Kitchen(tools, mongo.uri, peers_redis, inn)
        peers = [column.name for column in columns if column.name in PEER_NAMES]
        client: MongoClient[dict[str, Any]]
        with MongoClient(mongo.uri, tz_aware=True) as client:
            demand = _fill(client, kitchen, peers, size)
            bench = Bench(
                wrk=tools.wrk,
                decks=Decks(demand, inn),
                mongod=mongo.members[0].process.pid or 0,
                inn_database=INN,
                policies=size.policies,
                say=results.say,
            )
            told.ceilings = ceiling.measure(mongo.uri, bench.mongod, size.policies)
            client.drop_database(peer_filling.MASTER)  # its copies need the cache
            _time_all(bench, kitchen, columns, works, wanted=wanted, told=told)
            told.recounts = _recount(client, columns, told.samples)
    told.seconds = time.monotonic() - began
    _keep(told, wanted)
    return told


def _works(names: Sequence[str]) -> list[Work]:
    unknown = [name for name in names if name not in BY_NAME]
    if unknown:
        raise Trouble(f"No work is called {unknown[0]}: try {', '.join(BY_NAME)}.")
    return [work for work in WORKS if not names or work.name in names]


def _settings(wanted: Wanted, size: Size) -> dict[str, str]:
    return {
        "policies": f"{size.policies:,}",
        "workers": f"{size.workers:,}",
        "stations": str(size.stations),
        "rounds": str(wanted.rounds),
        "seconds a timing": str(wanted.seconds),
        **wanted.also,
    }


def _fill(
    client: MongoClient[dict[str, Any]],
    kitchen: Kitchen,
    peers: Sequence[str],
    size: Size,
) -> Demand:
    results.say("• filling the inn")
    filling.fill(kitchen.inn, size)
    days = days_wanted(datetime.now(UTC))
    results.say("• filling the peers")
    with Redis.from_url(kitchen.redis_url) as redis:
        peer_filling.fill(client, redis, INN, days)
    for peer in peers:
        peer_filling.copy(client, database_of(peer))
    return demand_of(client[INN], days, size.workers)


def _time_all(
    bench: Bench,
    kitchen: Kitchen,
    columns: Sequence[Column],
    works: Sequence[Work],
    *,
    wanted: Wanted,
    told: Report,
) -> None:
    side = [work for work in works if work.name in SIDE_WORKS]
    stages = [(1, works)] if wanted.quick or not side else [(1, works), (2, side)]
    for stage, (processes, asked) in enumerate(stages):
        with _open(bench, kitchen, columns, processes, asked) as opened:
            agreed = sameness.check(bench, opened, stage)
            servers = [each for each in opened if each in agreed.servers]
            told.compared += agreed.compared
            told.left_out += agreed.left_out
            rounds.warm(bench, servers, asked)
            shapes = [MAIN, *SIDES] if not wanted.quick else [MAIN]
            for shape in (each for each in shapes if each.processes == processes):
                is_main = shape == MAIN
                told.samples += rounds.measure(
                    bench,
                    servers,
                    [BARE, *(works if is_main else side)],
                    shape=shape,
                    rounds=wanted.rounds if is_main else SIDE_ROUNDS,
                    seconds=wanted.seconds,
                )


@contextmanager
def _open(
    bench: Bench,
    kitchen: Kitchen,
    columns: Sequence[Column],
    processes: int,
    works: Sequence[Work],
) -> Iterator[list[Server]]:
    """Start every server, those of the inn first; end them all afterwards."""
    bench.say(f"• starting {len(columns)} servers, {processes} process(es) each")
    made = [make(kitchen, column, processes, works) for column in columns]
    servers = [server for some in made for server in some]
    with ExitStack() as stack:
        for server in servers:
            stack.callback(server.stop)
            server.start()
        for server in servers:
            server.wait(READY[server.column.is_inn])
        yield servers


def _recount(
    client: MongoClient[dict[str, Any]],
    columns: Sequence[Column],
    samples: Sequence[Sample],
) -> dict[str, Recount]:
    made = {
        column.name: sum(s.made for s in samples if s.column == column.name)
        for column in columns
    }
    found: dict[str, Recount] = {}
    mine = [column for column in columns if column.is_inn]
    if mine:
        acked = sum(made[column.name] for column in mine)
        found[mine[0].title] = recount.of_inn(client, INN, acked)
    for column in columns:
        if column.name in PEER_NAMES:
            base = database_of(column.name)
            found[column.title] = recount.of_peer(client, base, made[column.name])
    return found


def _keep(told: Report, wanted: Wanted) -> None:
    text = report.render(told)
    results.keep(told, text).with_suffix(".md").write_text(f"{text}\n")
    if wanted.keep:
        results.write_between(results.PAGE, "bench", text)

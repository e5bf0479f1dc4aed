"""Interleaved rounds: each round puts every work to every server, one at a time."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from scripts.benchmark import loading, quiet, spending
from scripts.benchmark.asking import Decks
from scripts.benchmark.figures import ENOUGH, Sample, Shape
from scripts.benchmark.goals import MAIN
from scripts.benchmark.loading import Load, Pace
from scripts.benchmark.servers import Server, database_of
from scripts.benchmark.works import Work
from scripts.stack.trouble import Trouble

WARM_SECONDS = 2

WRITES_LAST = 2
"""A write takes longer than a read and is under way in greater numbers, so it is
timed for so many times as long."""

Spent = tuple[float, float]
"""Processor seconds of a server and of MongoDB."""


class Bench(NamedTuple):
    """What every timing needs."""

    wrk: str
    decks: Decks
    mongod: int
    """Process id of MongoDB."""
    inn_database: str
    policies: int
    say: Callable[[str], None]

    def database(self, server: Server) -> str:
        """Return where a server keeps its bookings."""
        name = server.column.name
        return self.inn_database if server.column.is_inn else database_of(name)

    def spent(self, server: Server) -> Spent:
        """Return what a server, and MongoDB, have spent so far."""
        return server.cpu_seconds(), spending.cpu_seconds(self.mongod)

    def settle(self, server: Server) -> None:
        """Wait until a server and MongoDB are done with what was asked."""
        if not quiet.wait(lambda: sum(self.spent(server))):
            self.say(f"✗ {server.column.title} still works without being asked.")


def measure(
    bench: Bench,
    servers: Sequence[Server],
    works: Sequence[Work],
    *,
    shape: Shape,
    rounds: int,
    seconds: float,
) -> Iterator[Sample]:
    """Time every work on every server that does it, round by round."""
    for number in range(1, rounds + 1):
        for work in works:
            told = []
            for server in servers:
                if work in server.works:
                    sample = _time_or_say(
                        bench, server, work, shape, number=number, seconds=seconds
                    )
                    told.append(_said(server, sample))
                    yield sample
            if told:
                head = f"{shape.connections}×{shape.processes} {number}/{rounds}"
                bench.say(f"· {head} {work.name}: {', '.join(told)}")


def _time_or_say(
    bench: Bench,
    server: Server,
    work: Work,
    shape: Shape,
    *,
    number: int,
    seconds: float,
) -> Sample:
    """Time one work; one that could not be is a bad figure, and the run goes on."""
    try:
        return time_one(bench, server, work, shape, number=number, seconds=seconds)
    except Trouble as trouble:
        bench.say(f"✗ {server.column.title}, {work.name}: {trouble}")
        return Sample(
            column=server.column.name,
            work=work.name,
            connections=shape.connections,
            processes=shape.processes,
            round=number,
            requests=0,
            per_second=0,
            p50_ms=0,
            p99_ms=0,
            cpu_us=0,
            mongod_us=0,
            bad=1,
            made=0,
            seconds=seconds,
        )


def warm(bench: Bench, servers: Sequence[Server], works: Sequence[Work]) -> None:
    """Let every server run warm, unmeasured: its caches, its compiler, its pools."""
    for server in servers:
        chosen = [w for w in server.works if w in works and not w.rush] or server.works
        work = next((each for each in chosen if each.name == "mixed"), chosen[0])
        _load(bench, server, work, MAIN, WARM_SECONDS)
        bench.settle(server)
        server.forget_words()


def time_one(
    bench: Bench,
    server: Server,
    work: Work,
    shape: Shape,
    *,
    number: int,
    seconds: float,
) -> Sample:
    """Time one work on one server.

    Rules: what it does after its last answer is part of what it costs.
    """
    before = bench.spent(server)
    load = _load(bench, server, work, shape, seconds)
    bench.settle(server)
    after = bench.spent(server)
    server.forget_words()
    spent = [1_000_000 * (b - a) for a, b in zip(before, after, strict=True)]
    return Sample(
        column=server.column.name,
        work=work.name,
        connections=shape.connections,
        processes=shape.processes,
        round=number,
        requests=load.requests,
        per_second=load.per_second,
        p50_ms=load.p50_us / 1000,
        p99_ms=load.p99_us / 1000,
        cpu_us=spent[0] / max(1, load.requests),
        mongod_us=spent[1] / max(1, load.requests),
        bad=bad_of(work, load),
        made=load.made,
        seconds=load.microseconds / 1_000_000,
    )


def bad_of(work: Work, load: Load) -> int:
    """Count the answers that should not have come.

    Rules: in a rush somebody goes without, anywhere else everybody is served.
    """
    if work.rush:
        return load.broken + load.unanswered
    return max(load.bad, load.broken + load.refused) + load.unanswered


def _load(
    bench: Bench, server: Server, work: Work, shape: Shape, seconds: float
) -> Load:
    database = bench.database(server)
    pace = pace_of(work, shape, seconds)
    load = loading.run(
        bench.wrk,
        server.port,
        pace,
        reads=bench.decks.reads(server, work, bench.policies),
        writes=bench.decks.writes(server, work, database, pace),
    )
    bench.decks.count_written(work, database, load.written)
    return load


def pace_of(work: Work, shape: Shape, seconds: float) -> Pace:
    """Say how a work is asked for: long enough for every connection's answers."""
    connections = work.connections or shape.connections
    return Pace(
        connections=connections,
        seconds=seconds * (WRITES_LAST if work.every else 1),
        every=work.every,
        pause_ms=work.pause_ms,
        least=ENOUGH * connections,
    )


def _said(server: Server, sample: Sample) -> str:
    bad = f" ({sample.bad} BAD)" if sample.bad else ""
    return f"{server.column.name} {sample.cpu_us:.0f} µs {sample.per_second:.0f}/s{bad}"

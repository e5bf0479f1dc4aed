"""How many processes, workers, shards: python -m scripts.capacity [--write] [RUN]

Computes from what ``scripts/bench`` measured on this machine (processor time a request,
of the server and of MongoDB) and from the assumptions below, which are a planner's and
not measurements: change them here and run it again. ``--write`` puts the tables into
docs/scale.md.
"""

import argparse
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import msgspec

from scripts.benchmark.results import RESULTS, write_between
from scripts.stack.bootstrap import ROOT
from scripts.stack.trouble import Trouble, give_up

PAGE = ROOT / "docs" / "scale.md"

MARKER = "capacity"

INN = "inn"
"""The column of scripts/bench that is ours, on Tornado's own HTTP layer."""

CONNECTIONS, PROCESSES = 64, 1
"""The shape whose figures are taken: the one every work was asked in."""

MEMBERS = (5_000_000, 50_000_000)

ACTIVE = 0.10
"""Assumed: members who open the mini-program on a day."""

A_DAY: Mapping[str, float] = {
    "home": 1.5,
    "list": 1.0,
    "policy": 2.0,
    "search": 0.5,
    "me": 1.0,
    "book": 0.2,
}
"""Assumed: requests of one active member on a day, by the bench's works."""

BUSY_SECONDS = 14 * 3_600
"""Assumed: nearly all of a day falls between 7:00 and 21:00."""

PEAK = 6.0
"""Assumed: the busiest second (a subsidy is published) by the mean of a busy hour."""

FULL = 0.5
"""How much of a processor is planned to be used at the peak; the rest is for losing a
machine and for what the assumptions do not know."""

EVENTS_A_BOOKING = 3
"""Booked, checked in, ended; each is delivered once."""

SHARD_PROCESSORS = 16
"""Processors of a machine that holds a shard's primary."""


class Sample(msgspec.Struct, kw_only=True, frozen=True):
    """What we need of one timing of the bench."""

    column: str
    work: str
    connections: int
    processes: int
    cpu_us: float
    mongod_us: float
    bad: int


class Run(msgspec.Struct, kw_only=True, frozen=True):
    """What we need of a run."""

    began: str
    machine: str
    samples: tuple[Sample, ...]


class Cost(NamedTuple):
    """Processor time of one request, in microseconds."""

    server_us: float
    mongod_us: float


class Need(NamedTuple):
    """What a number of members needs at the peak."""

    members: int
    requests: float
    """A second."""
    bookings: float
    """A second."""
    processes: int
    workers: int
    mongod_processors: float
    shards: int


def newest() -> Path:
    """Return the newest run of the bench. Refuses: Trouble, when there is none."""
    kept = sorted(RESULTS.glob("[0-9]*.json"))
    if not kept:
        raise Trouble(f"{RESULTS} holds no run: scripts/bench makes one (12 minutes).")
    return kept[-1]


def costs(run: Run) -> dict[str, Cost]:
    """Return the medians of every work that we plan with.

    Refuses: Trouble, when one was not measured, or not a single time without fault.
    """
    found: defaultdict[str, list[Sample]] = defaultdict(list)
    for one in run.samples:
        shape = one.connections, one.processes
        if one.column == INN and shape == (CONNECTIONS, PROCESSES) and not one.bad:
            found[one.work].append(one)
    missing = sorted(set(A_DAY) - set(found))
    if missing:
        raise Trouble(f"The run measured no {', '.join(missing)}: run scripts/bench.")
    return {
        work: Cost(
            median(one.cpu_us for one in found[work]),
            median(one.mongod_us for one in found[work]),
        )
        for work in A_DAY
    }


def need(members: int, cost: Mapping[str, Cost]) -> Need:
    """Work out what a number of members needs at the peak."""
    rates = {
        work: members * ACTIVE * times / BUSY_SECONDS * PEAK
        for work, times in A_DAY.items()
    }
    serving = _processors(rates[work] * cost[work].server_us for work in rates)
    mongod = _processors(rates[work] * cost[work].mongod_us for work in rates)
    # no reaction to one event costs more than the booking that it tells of
    delivering = rates["book"] * EVENTS_A_BOOKING * cost["book"].server_us / 1e6
    return Need(
        members=members,
        requests=sum(rates.values()),
        bookings=rates["book"],
        processes=max(2, math.ceil(serving / FULL)),
        workers=max(2, math.ceil(delivering / FULL)),
        mongod_processors=mongod,
        shards=max(1, math.ceil(mongod / FULL / SHARD_PROCESSORS)),
    )


def _processors(microseconds: Iterable[float]) -> float:
    return sum(microseconds) / 1e6


def table(run: Run) -> str:
    """Return the whole arithmetic as a page reads it."""
    cost = costs(run)
    lines = [
        f"From the run of {run.began} on {run.machine}.",
        "",
        "| work | server µs | MongoDB µs | a day and active member |",
        "|---|---:|---:|---:|",
    ]
    for work, (server, mongod) in cost.items():
        lines.append(f"| {work} | {server:.0f} | {mongod:.0f} | {A_DAY[work]} |")
    lines += [
        "",
        "| members | requests/s | bookings/s | serve | work | mongod processors "
        "| shards |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for members in MEMBERS:
        at = need(members, cost)
        lines.append(
            f"| {at.members:,} | {at.requests:,.0f} | {at.bookings:,.0f} "
            f"| {at.processes} | {at.workers} | {at.mongod_processors:.1f} "
            f"| {at.shards} |"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> None:
    """Print the arithmetic of a run."""
    parser = argparse.ArgumentParser(prog="scripts.capacity", description=__doc__)
    parser.add_argument("run", nargs="?", type=Path, help="default: the newest")
    parser.add_argument("--write", action="store_true", help="into docs/scale.md")
    told = parser.parse_args(arguments)
    place = told.run or newest()
    try:
        run = msgspec.json.decode(place.read_bytes(), type=Run)
    except (OSError, msgspec.MsgspecError) as problem:
        raise Trouble(f"{place} cannot be read as a run of scripts/bench.") from problem
    text = table(run)
    print(text)
    if told.write:
        write_between(PAGE, MARKER, text)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Trouble as trouble:
        give_up(trouble)

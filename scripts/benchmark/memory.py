"""Memory over minutes of mixed traffic: whether a process keeps growing."""

import time
from typing import NamedTuple

from scripts.benchmark import rounds
from scripts.benchmark.figures import Shape
from scripts.benchmark.rounds import Bench
from scripts.benchmark.servers import Server
from scripts.benchmark.works import Work

STRETCH = 5
"""Seconds of traffic between two looks, for what only reads; with writes in it, some
more, see rounds."""


class Moment(NamedTuple):
    """One look."""

    seconds: float
    """Since the traffic began."""
    resident_mib: float
    requests: int
    """Answered since the look before."""
    bad: int


def watch(
    bench: Bench, server: Server, work: Work, shape: Shape, minutes: float
) -> list[Moment]:
    """Look at a server's memory while it works.

    Rules: goes on no longer than the wishes to book last.
    Units: minutes.
    """
    began = time.monotonic()
    seen = [Moment(0, server.resident_mib(), 0, 0)]
    while time.monotonic() - began < 60 * minutes:
        sample = rounds.time_one(
            bench, server, work, shape, number=len(seen), seconds=STRETCH
        )
        passed = time.monotonic() - began
        seen.append(Moment(passed, server.resident_mib(), sample.requests, sample.bad))
        bench.say(f"· {passed:.0f} s: {seen[-1].resident_mib:.0f} MiB")
    return seen

"""Figures of a run: one sample a timing, and medians over the rounds."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

import msgspec

ENOUGH = 2
"""Of each connection in a round; below it, what is under way weighs too much."""


class Shape(NamedTuple):
    """How many ask, and how many answer."""

    connections: int
    processes: int


class Sample(msgspec.Struct, kw_only=True, frozen=True):
    """One timing of one work on one server."""

    column: str
    work: str
    connections: int
    processes: int
    round: int
    requests: int
    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    """Of the server's processes, a request."""
    mongod_us: float
    """Of MongoDB, a request."""
    bad: int
    """Answers that should not have come; such a figure does not count."""
    made: int
    """Bookings acknowledged."""
    seconds: float

    @property
    def key(self) -> "Key":
        """What medians are taken over."""
        return Key(self.work, self.column, Shape(self.connections, self.processes))


class Key(NamedTuple):
    """A cell of the tables."""

    work: str
    column: str
    shape: Shape


class Cell(msgspec.Struct, kw_only=True, frozen=True):
    """Medians over the rounds."""

    rounds: int
    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    mongod_us: float
    made_per_second: float
    bad: int
    fewest: float
    """Requests of the shortest round, for each that may be under way at once."""

    @property
    def is_valid(self) -> bool:
        """Whether every answer was as it should be, and there were enough of them."""
        return self.bad == 0 and self.fewest >= ENOUGH


def cells(samples: Sequence[Sample]) -> dict[Key, Cell]:
    """Take the medians over all rounds of each cell."""
    gathered: defaultdict[Key, list[Sample]] = defaultdict(list)
    for sample in samples:
        gathered[sample.key].append(sample)
    return {key: _cell(some) for key, some in gathered.items()}


def ratio(cell: Cell | None, other: Cell | None) -> float | None:
    """Say how many times as much a processor does here; None where one is missing.

    Rules: capacity, so by processor time a request; an invalid figure is none.
    """
    if cell is None or other is None or not (cell.is_valid and other.is_valid):
        return None
    return other.cpu_us / cell.cpu_us if cell.cpu_us else None


def _cell(samples: Sequence[Sample]) -> Cell:
    return Cell(
        rounds=len(samples),
        per_second=median(s.per_second for s in samples),
        p50_ms=median(s.p50_ms for s in samples),
        p99_ms=median(s.p99_ms for s in samples),
        cpu_us=median(s.cpu_us for s in samples),
        mongod_us=median(s.mongod_us for s in samples),
        made_per_second=median(s.made / s.seconds for s in samples),
        bad=sum(s.bad for s in samples),
        fewest=min(s.requests / s.connections for s in samples),
    )

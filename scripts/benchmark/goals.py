"""The goals of the inn, and whether a run met them; worked out, never written down.

Ratios are of capacity: processor time a request, another's by the inn's.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scripts.benchmark.figures import Cell, Key, Shape, ratio

MAIN = Shape(64, 1)
"""Goals are for one process with 64 connections."""

BARE_THERE_US = 141
"""Processor µs of a request of the bare handler on the machine that the goals were set
on. A ratio holds on any machine; what is asked for in a second or a millisecond was
asked of that one."""


class Goal(NamedTuple):
    """One thing that is to be so."""

    column: str
    """Of the inn: on Tornado's own HTTP layer, or on httptools."""
    work: str
    measure: str
    """A column to be compared with, or a figure of the work's own."""
    least: float
    """At least; for p99_ms, in milliseconds, below."""


class Verdict(NamedTuple):
    """What became of a goal."""

    goal: Goal
    found: float | None
    """None: not measured in this run, or not validly."""

    @property
    def is_met(self) -> bool | None:
        """Whether it is; None if nobody can say."""
        if self.found is None:
            return None
        if self.goal.measure == "p99_ms":
            return self.found < self.goal.least
        return self.found >= self.goal.least


def _goals(
    column: str, works: Sequence[str], least: Mapping[str, float]
) -> tuple[Goal, ...]:
    return tuple(
        Goal(column, work, measure, number)
        for work in works
        for measure, number in least.items()
    )


CACHED = ("policy", "home", "list")
INN, FAST = "inn", "inn_httptools"

MUST = (
    *_goals(INN, CACHED, {"bare": 0.9, "beanie": 2.8, "fastify": 1.4}),
    *_goals(INN, ["policy_uncached"], {"bare": 0.8, "beanie": 2.5, "fastify": 1.3}),
    *_goals(INN, ["list_page"], {"bare": 0.33, "beanie": 1.4, "fastify": 1}),
    *_goals(INN, ["search"], {"bare": 0.5}),
    *_goals(INN, ["search_calm"], {"p99_ms": 5}),
    *_goals(INN, ["me"], {"bare": 0.85, "beanie": 3, "fastify": 1.1}),
    *_goals(INN, ["book"], {"beanie": 2}),
    *_goals(INN, ["rush"], {"made_per_second": 1_000}),
)
AIM = (
    *_goals(FAST, CACHED, {"bare": 2.5, "beanie": 7, "fastify": 4}),
    *_goals(FAST, ["policy_uncached"], {"bare": 1.8}),
    *_goals(FAST, ["list_page"], {"bare": 0.5}),
    *_goals(FAST, ["search"], {"bare": 1}),
    *_goals(FAST, ["me"], {"bare": 2}),
    *_goals(FAST, ["book"], {"beanie": 3}),
)


def judge(goals: Sequence[Goal], cells: Mapping[Key, Cell]) -> list[Verdict]:
    """Say of each goal what was found."""
    return [Verdict(goal, _found(goal, cells)) for goal in goals]


def _found(goal: Goal, cells: Mapping[Key, Cell]) -> float | None:
    mine = cells.get(Key(goal.work, goal.column, MAIN))
    if goal.measure in {"p99_ms", "made_per_second"}:
        usable = mine is not None and mine.is_valid
        return getattr(mine, goal.measure) if usable else None
    return ratio(mine, cells.get(other_of(goal.work, goal.measure, MAIN)))


def other_of(work: str, column: str, shape: Shape) -> Key:
    """Return which cell a work is compared with; the bare handler has but one."""
    return Key("bare" if column == "bare" else work, column, shape)

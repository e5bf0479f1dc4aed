"""Which values of a fact a condition accepts; every comparison comes down to four.

::

    Range    numbers and days      holds between two ends, both in
    OneOf    yes/no, a choice      holds if it is one of them
    AnyOf    a set of choices      holds if it has one of them
    Within   a region              holds if all of it is inside; somebody who only
                                   says 郑州市 may or may not be in 高新区: unknown

Since a condition is a set of values, "can it still change", "do these two
contradict" and "does it say anything at all" are questions about sets, answered by
trying one value of each sort (`cells`).
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import msgspec

from models.base import regions
from models.eligibility.kleene import Three
from models.eligibility.vocabulary import EARLIEST, LATEST, Fact, Kind

Cell = tuple[bool, ...]
"""What each of some conditions makes of one value."""


class Range(msgspec.Struct, frozen=True):
    """Numbers or days between two ends, both in."""

    low: Any
    high: Any

    def holds(self, value: Any) -> Three:
        """Whether a value is in it."""
        return bool(self.low <= value <= self.high)


class OneOf(msgspec.Struct, frozen=True):
    """Some of the choices."""

    values: frozenset[Any]

    def holds(self, value: Any) -> Three:
        """Whether a value is one of them."""
        return value in self.values


class AnyOf(msgspec.Struct, frozen=True):
    """Sets that have at least one of these."""

    values: frozenset[str]

    def holds(self, value: Any) -> Three:
        """Whether a set has one of them."""
        return not self.values.isdisjoint(value)


class Within(msgspec.Struct, frozen=True):
    """Regions inside of some regions."""

    inside: frozenset[str]
    partly: frozenset[str]
    """Regions of which only a part is inside: who says no more is not placed yet."""

    def holds(self, value: Any) -> Three:
        """Whether a region is inside; None if it is too wide to tell."""
        return None if value in self.partly else value in self.inside


Accepts = Range | OneOf | AnyOf | Within


@lru_cache(maxsize=512)
def within(codes: frozenset[str], on: date | None) -> Within:
    """Return which regions are inside of some others on a day; None is now."""
    core = frozenset().union(*(regions.finest(code, on=on) for code in codes))
    inside, partly = set(), set()
    for code in {row.code for row in regions.REGIONS.rows}:
        parts = regions.finest(code, on=on)
        if parts and parts <= core:
            inside.add(code)
        elif parts & core:
            partly.add(code)
    return Within(frozenset(inside), frozenset(partly))


def cells(
    fact: Fact, accepted: Sequence[Accepts], *, told: str | None = None
) -> frozenset[Cell]:
    """Return every way a value of a fact can answer some conditions at once.

    Rules: `told` is a region already given but too wide; only its parts are tried.
    """
    if fact.kind is Kind.SET:
        return _set_cells(fact, accepted)
    tried = _samples(fact, accepted, told)
    return frozenset(tuple(bool(a.holds(value)) for a in accepted) for value in tried)


def fixed(fact: Fact, accept: Accepts) -> Three:
    """Return what a condition is whatever the value; None if it depends on it."""
    found = cells(fact, (accept,))
    return next(iter(found))[0] if len(found) == 1 else None


def _samples(
    fact: Fact, accepted: Iterable[Accepts], told: str | None
) -> Iterable[Any]:
    match fact.kind:
        case Kind.BOOL:
            return (False, True)
        case Kind.ENUM:
            return fact.choices
        case Kind.REGION:
            return _places(told)
        case Kind.INT:
            return _starts(accepted, 0, fact.most, 1)
        case _:
            return _starts(accepted, EARLIEST, LATEST, timedelta(days=1))


@lru_cache(maxsize=128)
def _places(told: str | None) -> frozenset[str]:
    if told is not None:
        return regions.finest(told)
    known = {row.code for row in regions.REGIONS.rows}
    return frozenset().union(*(regions.finest(code) for code in known))


def _starts(accepted: Iterable[Accepts], low: Any, high: Any, step: Any) -> set[Any]:
    """Return a value from each stretch on which no condition changes its answer."""
    ranges = [accept for accept in accepted if isinstance(accept, Range)]
    starts = {low, *(each.low for each in ranges)}
    starts |= {each.high + step for each in ranges if each.high < high}
    return {start for start in starts if low <= start <= high}


def _set_cells(fact: Fact, accepted: Sequence[Accepts]) -> frozenset[Cell]:
    """Return the answers of all sets: those of single choices, joined in any way."""
    none: Cell = (False,) * len(accepted)
    reached = {none}
    for choice in fact.choices:
        one = tuple(bool(a.holds(frozenset({choice}))) for a in accepted)
        reached |= {tuple(map(max, each, one)) for each in reached}
    return frozenset(reached)

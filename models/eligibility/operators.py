"""The comparisons (比较) a condition can make, what each fits and what each accepts.

::

    eq, in               yes/no, a choice, a set (has it, has one of them), a number
    between              a number, or choices that rise
    age_between          full years on a day
    months_since         whole months back from a day, days_since the same in days;
                         without min, what is still to come does not count
    on_or_after, on_or_before    a day
    region_within        a region, as the map stood on a day
    has_document         a paper

All ranges are inclusive; ``spans`` says what that means for months.

Source: rules 1.5, 1.7, 1.8.
"""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from models.eligibility import accepts, spans
from models.eligibility.accepts import Accepts, AnyOf, OneOf, Range
from models.eligibility.vocabulary import DOCUMENTS, Fact, Kind


class Op(StrEnum):
    """The comparisons by name."""

    EQ = "eq"
    IN = "in"
    BETWEEN = "between"
    AGE_BETWEEN = "age_between"
    MONTHS_SINCE = "months_since"
    DAYS_SINCE = "days_since"
    ON_OR_AFTER = "on_or_after"
    ON_OR_BEFORE = "on_or_before"
    REGION_WITHIN = "region_within"
    HAS_DOCUMENT = "has_document"


FITS: dict[Op, Callable[[Fact], bool]] = {
    Op.EQ: lambda fact: fact.kind in (Kind.BOOL, Kind.ENUM, Kind.SET, Kind.INT),
    Op.IN: lambda fact: fact.kind in (Kind.ENUM, Kind.SET),
    Op.BETWEEN: lambda fact: fact.kind is Kind.INT or fact.ordered,
    Op.AGE_BETWEEN: lambda fact: fact.kind is Kind.DATE,
    Op.MONTHS_SINCE: lambda fact: fact.kind is Kind.DATE,
    Op.DAYS_SINCE: lambda fact: fact.kind is Kind.DATE,
    Op.ON_OR_AFTER: lambda fact: fact.kind is Kind.DATE,
    Op.ON_OR_BEFORE: lambda fact: fact.kind is Kind.DATE,
    Op.REGION_WITHIN: lambda fact: fact.kind is Kind.REGION,
    Op.HAS_DOCUMENT: lambda fact: fact.name == DOCUMENTS,
}
"""Which facts a comparison makes sense of."""

DATED = frozenset({Op.AGE_BETWEEN, Op.MONTHS_SINCE, Op.DAYS_SINCE, Op.REGION_WITHIN})
"""Depend on the day they are looked at."""


class Terms(msgspec.Struct, frozen=True):
    """The value or range of a condition, read as what it is."""

    values: frozenset[Any] = frozenset()
    least: Any = None
    most: Any = None


Accepted = Callable[[Fact, Terms, date | None], Accepts]
Window = Callable[[int, int | None, date], spans.Window]


def accepted(op: Op, fact: Fact, terms: Terms, on: date | None) -> Accepts:
    """Return which values a condition accepts, looked at on a day."""
    return _ACCEPTED[op](fact, terms, on)


def _equal(fact: Fact, terms: Terms, _: date | None) -> Accepts:
    if fact.kind is Kind.INT:
        return Range(min(terms.values), max(terms.values))
    return (AnyOf if fact.kind is Kind.SET else OneOf)(terms.values)


def _between(fact: Fact, terms: Terms, _: date | None) -> Accepts:
    if fact.kind is Kind.INT:
        most = fact.most if terms.most is None else terms.most
        return Range(terms.least or 0, most)
    steps = list(fact.choices)
    first = 0 if terms.least is None else steps.index(terms.least)
    last = len(steps) if terms.most is None else steps.index(terms.most) + 1
    return OneOf(frozenset(steps[first:last]))


def _span(window: Window) -> Accepted:
    def accept(_: Fact, terms: Terms, on: date | None) -> Accepts:
        if on is None:
            raise ValueError("a span needs the day it is looked at")
        return Range(*window(terms.least or 0, terms.most, on))

    return accept


def _from(_: Fact, terms: Terms, __: date | None) -> Accepts:
    return Range(min(terms.values), date.max)


def _until(_: Fact, terms: Terms, __: date | None) -> Accepts:
    return Range(date.min, min(terms.values))


def _inside(_: Fact, terms: Terms, on: date | None) -> Accepts:
    return accepts.within(terms.values, on)


_ACCEPTED: dict[Op, Accepted] = {
    Op.EQ: _equal,
    Op.IN: _equal,
    Op.BETWEEN: _between,
    Op.AGE_BETWEEN: _span(spans.ages),
    Op.MONTHS_SINCE: _span(spans.months_ago),
    Op.DAYS_SINCE: _span(spans.days_ago),
    Op.ON_OR_AFTER: _from,
    Op.ON_OR_BEFORE: _until,
    Op.REGION_WITHIN: _inside,
    Op.HAS_DOCUMENT: _equal,
}

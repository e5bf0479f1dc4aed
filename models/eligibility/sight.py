"""What each condition and joint of a rule makes of a person, before any verdict."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from models.eligibility.compiled import Rule, Test, accepted
from models.eligibility.facts import Facts, Value
from models.eligibility.kleene import JOIN, Three
from models.eligibility.vocabulary import MOMENTS

Dates = Mapping[str, date]
"""The dates a caller names, as ``{"application_date": …}``."""


class Sight(msgspec.Struct, frozen=True):
    """A rule seen against a person; each field runs along the rule's numbers."""

    truths: tuple[Three, ...]
    """Of conditions, then of joints; the last is the answer."""
    days: tuple[date | None, ...]
    """The day each condition was looked at, if one matters and is known."""
    lacks: tuple[tuple[str, ...], ...]
    """The facts and dates each condition waits for; none if it is not open."""
    told: tuple[str | None, ...]
    """The region we were told for an open condition, too wide to close it."""


def see(rule: Rule, facts: Facts, at: Dates) -> Sight:
    """Look at every condition on its own date, then join them."""
    truths: list[Three] = []
    days, lacks, told = [], [], []
    for test in rule.tests:
        value = facts.values.get(test.fact.name)
        on = None if test.at is None else _day(test.at, facts, at)
        truth, waits = _ask(test, value, on)
        truths.append(truth)
        days.append(on)
        lacks.append(waits)
        told.append(value if waits and isinstance(value, str) else None)
    for joint, below in rule.joints:
        truths.append(JOIN[joint]([truths[each] for each in below]))
    return Sight(tuple(truths), tuple(days), tuple(lacks), tuple(told))


def _ask(
    test: Test, value: Value | None, on: date | None
) -> tuple[Three, tuple[str, ...]]:
    """Return what a condition is, and if it is open what it waits for."""
    if test.at is not None and on is None:
        return None, test.reads if value is None else (test.at,)
    accept, fixed = accepted(test, on)
    truth = fixed if value is None else accept.holds(value)
    return truth, test.reads[:1] if truth is None else ()


def in_play(rule: Rule, truths: Sequence[Three]) -> list[bool]:
    """Return which conditions and joints the answer rests on.

    Rules: a decided joint rests on the parts that decided it, an open one on all.
    """
    rests = [False] * len(truths)
    rests[-1] = True
    for number in range(len(truths) - 1, len(rule.tests) - 1, -1):
        if not rests[number]:
            continue
        _, below = rule.joints[number - len(rule.tests)]
        truth = truths[number]
        for each in below:
            if truth is None or len(below) == 1 or truths[each] is truth:
                rests[each] = True
    return rests


def _day(name: str, facts: Facts, at: Dates) -> date | None:
    day = at.get(name) if name in MOMENTS else facts.values.get(name)
    return day if isinstance(day, date) else None

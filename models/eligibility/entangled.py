"""Open conditions that share a fact: one answer settles several of them at once.

Exact as long as only facts are missing. A condition that also waits for the date it
is looked at counts as a thing of its own, so we may then ask for a fact that turns
out not to matter; an answer found here never turns out wrong.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from models.eligibility import diagrams
from models.eligibility.accepts import Cell, cells
from models.eligibility.compiled import Rule, Test, accepted
from models.eligibility.diagrams import Diagram, Variable
from models.eligibility.kleene import Three
from models.eligibility.sight import Sight

Settles = dict[str, tuple[bool, ...]]
"""What matters, and for each sort of answer to it, whether that alone decides."""


def unravel(rule: Rule, sight: Sight, open_: Sequence[int]) -> tuple[Three, Settles]:
    """Return the answer if nothing can change it any more, else what can.

    Refuses: TooTangledError.
    """
    groups = _groups(rule, sight, open_)
    variables = [_variable(rule, sight, numbers) for numbers in groups]
    diagram = Diagram(variables, diagrams.residue_of(rule.joints, sight.truths))
    settles: Settles = {}
    for place in sorted(diagram.matter()):
        names = sight.lacks[groups[place][0]]
        alone = diagram.settled_by(place) if len(names) == 1 else ()
        for name in names:
            settles[name] = max(alone, settles.get(name, ()), key=sum)
    return diagram.answer, settles


def _groups(rule: Rule, sight: Sight, open_: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the open conditions, those that wait for the same one fact together."""
    together: dict[object, list[int]] = {}
    for number in open_:
        reads, lacks = rule.tests[number].reads, sight.lacks[number]
        key = reads[0] if lacks == reads[:1] else number
        together.setdefault(key, []).append(number)
    return [tuple(each) for each in together.values()]


def _variable(rule: Rule, sight: Sight, numbers: tuple[int, ...]) -> Variable:
    first = numbers[0]
    if sight.lacks[first] != rule.tests[first].reads[:1]:
        return Variable(numbers, ((False,), (True,)))
    tests = tuple(rule.tests[each] for each in numbers)
    days = tuple(sight.days[each] for each in numbers)
    return Variable(numbers, _cells(tests, days, sight.told[first]))


@lru_cache(maxsize=2048)
def _cells(
    tests: tuple[Test, ...], days: tuple[date | None, ...], told: str | None
) -> tuple[Cell, ...]:
    shown = [accepted(test, on)[0] for test, on in zip(tests, days, strict=True)]
    return tuple(sorted(cells(tests[0].fact, shown, told=told)))

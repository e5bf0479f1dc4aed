"""A rule as a decision diagram: what exactly can still change its answer.

Kleene's tables look at one joint at a time, so they call "works, or does not work"
unknown. Where a fact stands in several open conditions we therefore try every sort
of answer to it, one fact after the other, and merge what comes out the same. Facts
are taken in one fixed order, so two ways of asking the same thing become one node,
and a fact matters if and only if a node asks for it.

Source: R. E. Bryant, Graph-Based Algorithms for Boolean Function Manipulation
(IEEE Trans. Computers, 1986), with facts of several values in place of bits.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import msgspec

from models.eligibility.compiled import Joined
from models.eligibility.kleene import Joint, Three

MAX_NODES = 2_000
"""Past this a rule is too tangled to be followed to the end."""

NO, YES = 0, 1
"""The two nodes at which every path ends."""

Residue: TypeAlias = "bool | int | tuple[Joint, tuple[Residue, ...]]"
"""What is left of a rule: decided, one open condition, or a joint of such."""


class TooTangledError(Exception):
    """The diagram would not stay small."""


class Variable(msgspec.Struct, frozen=True):
    """Something one does not know yet, and what its answers settle."""

    tests: tuple[int, ...]
    """The open conditions that hang on it."""
    cells: tuple[tuple[bool, ...], ...]
    """Each way an answer can settle them at once."""


class Diagram:
    """Everything that can still become of a rule."""

    def __init__(self, variables: Sequence[Variable], residue: Residue) -> None:
        self._answers = [
            [dict(zip(each.tests, cell, strict=True)) for cell in each.cells]
            for each in variables
        ]
        self._hangs_on = {
            test: place for place, each in enumerate(variables) for test in each.tests
        }
        self._nodes: list[tuple[int, tuple[int, ...]]] = []
        self._numbers: dict[tuple[int, tuple[int, ...]], int] = {}
        self._seen: dict[Residue, int] = {}
        self._root = self._make(residue)

    @property
    def answer(self) -> Three:
        """What the rule is whatever one is told; None if that still depends."""
        return None if self._root not in (NO, YES) else self._root == YES

    def matter(self) -> frozenset[int]:
        """Return the places of the variables that can change the answer."""
        return frozenset(place for place, _ in self._nodes)

    def settled_by(self, place: int) -> tuple[bool, ...]:
        """Return, for each answer to one variable, whether it alone decides."""
        answers = range(len(self._answers[place]))
        return tuple(len(self._ends(place, answer)) == 1 for answer in answers)

    def _make(self, residue: Residue) -> int:
        if isinstance(residue, bool):
            return YES if residue else NO
        if residue not in self._seen:
            place = min(self._hangs_on[test] for test in _tests_in(residue))
            below = (self._make(fix(residue, each)) for each in self._answers[place])
            self._seen[residue] = self._node(place, tuple(below))
        return self._seen[residue]

    def _node(self, place: int, below: tuple[int, ...]) -> int:
        if len(set(below)) == 1:
            return below[0]
        node = (place, below)
        if node not in self._numbers:
            if len(self._nodes) >= MAX_NODES:
                raise TooTangledError
            self._nodes.append(node)
            self._numbers[node] = len(self._nodes) + YES
        return self._numbers[node]

    def _ends(self, place: int, answer: int) -> set[int]:
        """Return where paths can end once one variable has one answer."""
        ends: set[int] = set()
        ahead, seen = [self._root], {self._root}
        while ahead:
            number = ahead.pop()
            if number in (NO, YES):
                ends.add(number)
                continue
            asks, below = self._nodes[number - YES - 1]
            for each in (below[answer],) if asks == place else below:
                if each not in seen:
                    seen.add(each)
                    ahead.append(each)
        return ends


def residue_of(joints: Sequence[Joined], truths: Sequence[Three]) -> Residue:
    """Return what is left of a rule whose conditions and joints have these values."""
    tests = len(truths) - len(joints)
    left: list[Residue] = [
        place if truth is None else truth for place, truth in enumerate(truths[:tests])
    ]
    for joint, below in joints:
        left.append(_join(joint, [left[each] for each in below]))
    return left[-1]


def fix(residue: Residue, known: Mapping[int, bool]) -> Residue:
    """Return what is left once some conditions are known."""
    if isinstance(residue, int):
        return known.get(residue, residue)
    joint, below = residue
    return _join(joint, [fix(each, known) for each in below])


def _join(joint: Joint, below: list[Residue]) -> Residue:
    if joint is Joint.NOT:
        return not below[0] if isinstance(below[0], bool) else (joint, tuple(below))
    decides = joint is Joint.ANY
    if any(each is decides for each in below):
        return decides
    open_ = tuple(each for each in below if not isinstance(each, bool))
    if len(open_) > 1:
        return joint, open_
    return open_[0] if open_ else not decides


def _tests_in(residue: Residue) -> Iterator[int]:
    if isinstance(residue, int):
        yield residue
    else:
        for each in residue[1]:
            yield from _tests_in(each)

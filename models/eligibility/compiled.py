"""A rule ready to be asked: its sound tree understood once, then laid flat."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

import msgspec

from models.eligibility import accepts, operators, tree
from models.eligibility.accepts import Accepts
from models.eligibility.kleene import Joint, Three
from models.eligibility.operators import DATED, Op, Terms
from models.eligibility.terms import read_terms
from models.eligibility.tree import Leaf, Node
from models.eligibility.vocabulary import FACTS, Fact

USUAL_DATE = "application_date"
"""The date a condition is looked at when it names none."""


class Test(msgspec.Struct, frozen=True, eq=False):
    """One condition, understood."""

    __test__ = False

    leaf: Leaf
    fact: Fact
    op: Op
    terms: Terms
    at: str | None
    """The date it is looked at; None if no date matters."""
    must_be: bool
    """False below an odd number of nots: the rule wants it not to hold."""
    reads: tuple[str, ...]
    """Its fact, and the date it is looked at if it is."""


Joined = tuple[Joint, tuple[int, ...]]
"""A joint, and the numbers of what it joins."""


class Rule(msgspec.Struct, frozen=True, eq=False):
    """A sound rule: its conditions, and the joints above them, lower ones first.

    Conditions and joints are numbered together in that order; the last is the root.
    """

    root: Node
    tests: tuple[Test, ...]
    joints: tuple[Joined, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """Names of the facts it reads, each once, in reading order."""
        return tuple(dict.fromkeys(test.fact.name for test in self.tests))


def understand(leaf: Leaf, *, must_be: bool = True) -> Test:
    """Read what a condition means.

    Refuses: KeyError, ValueError, IllTermsError, for a condition that is not sound.
    """
    op, fact = Op(leaf.op), FACTS[leaf.fact]
    at = (leaf.at or USUAL_DATE) if op in DATED else None
    return Test(
        leaf=leaf,
        fact=fact,
        op=op,
        terms=read_terms(op, fact, leaf),
        at=at,
        must_be=must_be,
        reads=(fact.name,) if at is None else (fact.name, at),
    )


def lay_flat(root: Node) -> Rule:
    """Number the conditions and joints of a sound tree."""
    tests = tuple(
        understand(leaf, must_be=must_be) for leaf, must_be in _leaves(root, True)
    )
    joints: list[Joined] = []
    _number(root, iter(range(len(tests))), len(tests), joints)
    return Rule(root, tests, tuple(joints))


def _leaves(node: Node, must_be: bool) -> Iterator[tuple[Leaf, bool]]:
    if isinstance(node, Leaf):
        yield node, must_be
        return
    joint, below = tree.parts(node)
    for part in below:
        yield from _leaves(part, must_be is not (joint is Joint.NOT))


def _number(node: Node, leaves: Iterator[int], first: int, joints: list[Joined]) -> int:
    if isinstance(node, Leaf):
        return next(leaves)
    joint, below = tree.parts(node)
    numbers = tuple(_number(part, leaves, first, joints) for part in below)
    joints.append((joint, numbers))
    return first + len(joints) - 1


@lru_cache(maxsize=16_384)
def accepted(test: Test, on: date | None) -> tuple[Accepts, Three]:
    """Return what a condition accepts on a day, and its value if that is fixed."""
    accept = operators.accepted(test.op, test.fact, test.terms, on)
    return accept, accepts.fixed(test.fact, accept)

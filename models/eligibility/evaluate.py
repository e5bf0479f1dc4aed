"""The verdict (结论): does this person fit this rule, why, and what is missing.

It is advice: whoever keeps it notes the edition, the facts used and the time
(rules 1.10), and a payout asks again with ``facts.only_verified()``.
"""

from enum import StrEnum

import msgspec

from models.eligibility import outlook, reasons
from models.eligibility.compiled import Rule
from models.eligibility.facts import Facts
from models.eligibility.outlook import Outlook, Want
from models.eligibility.sight import Dates, Sight, in_play, see
from models.eligibility.vocabulary import DOCUMENTS


class Status(StrEnum):
    """What we can say about a person and a rule."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    UNKNOWN = "unknown"
    NEEDS_DOCUMENT = "needs_document"
    """Only papers are missing (待补材料)."""


class Truth(StrEnum):
    """What we can say about one condition."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


TRUTH = {True: Truth.TRUE, False: Truth.FALSE, None: Truth.UNKNOWN}


class Condition(msgspec.Struct, kw_only=True, frozen=True):
    """One condition of the rule, and what became of it."""

    id: str
    says: str
    cites: str
    verdict: Truth
    must_be: bool = True
    """False if the rule wants this condition not to hold (below a not)."""
    decides: bool
    """Whether the answer rests on it."""
    because: str | None = None
    """If it speaks against the person: the value that made it so."""

    @property
    def against(self) -> bool:
        """Whether it speaks against the person."""
        return self.verdict == (Truth.FALSE if self.must_be else Truth.TRUE)


class Verdict(msgspec.Struct, kw_only=True, frozen=True):
    """What came of asking a rule about a person."""

    status: Status
    conditions: tuple[Condition, ...]
    wants: tuple[Want, ...] = ()
    """What can still change the answer, the best to ask first."""
    used: tuple[str, ...] = ()
    """The known facts the answer rests on, in the rule's order."""
    declared: tuple[str, ...] = ()
    """Those of them that nobody has verified."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of what can still change the answer."""
        return tuple(want.name for want in self.wants)

    @property
    def failed(self) -> tuple[Condition, ...]:
        """The conditions that made it a no."""
        if self.status is not Status.NOT_ELIGIBLE:
            return ()
        return tuple(each for each in self.conditions if each.decides and each.against)


def evaluate(rule: Rule, facts: Facts, at: Dates) -> Verdict:
    """Ask a rule about a person, on the dates it names (判定).

    Rules: unknown only if something missing can still change the answer; a date
    that is neither given nor known is missing like a fact.
    """
    sight = see(rule, facts, at)
    ahead = outlook.look(rule, sight)
    rests = in_play(rule, sight.truths)
    used = _used(rule, rests, facts)
    return Verdict(
        status=_status(ahead),
        conditions=_conditions(rule, sight, rests, facts),
        wants=ahead.wants,
        used=used,
        declared=tuple(name for name in used if not facts.is_verified(name)),
    )


def _status(ahead: Outlook) -> Status:
    if ahead.answer is not None:
        return Status.ELIGIBLE if ahead.answer else Status.NOT_ELIGIBLE
    if all(want.name == DOCUMENTS for want in ahead.wants):
        return Status.NEEDS_DOCUMENT
    return Status.UNKNOWN


def _conditions(
    rule: Rule, sight: Sight, rests: list[bool], facts: Facts
) -> tuple[Condition, ...]:
    found = []
    for number, test in enumerate(rule.tests):
        truth, leaf = sight.truths[number], test.leaf
        against = truth is (not test.must_be)
        found.append(
            Condition(
                id=leaf.id,
                says=leaf.says,
                cites=leaf.cites,
                verdict=TRUTH[truth],
                must_be=test.must_be,
                decides=rests[number],
                because=_because(rule, sight, number, facts) if against else None,
            )
        )
    return tuple(found)


def _because(rule: Rule, sight: Sight, number: int, facts: Facts) -> str | None:
    test = rule.tests[number]
    if test.fact.name not in facts.values:
        return None
    return reasons.because(test, facts, sight.days[number])


def _used(rule: Rule, rests: list[bool], facts: Facts) -> tuple[str, ...]:
    found = {
        name: None
        for test, counts in zip(rule.tests, rests, strict=False)
        if counts
        for name in test.reads
        if name in facts.values
    }
    return tuple(found)

"""The next best question (下一问), across all the rules a person is looked at under.

Source: rules 1.6.
"""

from collections.abc import Iterable, Mapping

import msgspec

from models.eligibility.evaluate import Verdict
from models.eligibility.outlook import Power, Want
from models.eligibility.vocabulary import MOMENTS, ORDER, Kind, asked


class Question(msgspec.Struct, kw_only=True, frozen=True):
    """One thing to ask, and what it would be good for."""

    name: str
    """The fact or date the answer is sent under."""
    part: str
    """Where it is sent: ``facts``, or ``at`` for a date of the matter itself."""
    label: str
    question: str
    kind: Kind
    choices: Mapping[str, str]
    unit: str
    most: int
    """For int: the largest answer."""
    sensitive: bool
    finer: bool
    """They have told us already, but a region too wide to decide."""
    decides: int
    """Rules it settles alone, whatever the answer."""
    may_decide: int
    """Rules it settles alone, given the right answer; the above included."""
    rules: int
    """Rules whose answer it can change."""


def next_questions(verdicts: Iterable[Verdict]) -> list[Question]:
    """Return what is worth asking, the best first.

    Rules: a sensitive fact comes after every ordinary one; then what settles more
    rules, may settle more, touches more; then the order of the vocabulary.
    """
    wanted: dict[str, list[Want]] = {}
    for verdict in verdicts:
        for want in verdict.wants:
            wanted.setdefault(want.name, []).append(want)
    return sorted((_question(name, wanted[name]) for name in wanted), key=_worth)


def _question(name: str, wants: list[Want]) -> Question:
    fact = asked(name)
    return Question(
        name=name,
        part="at" if name in MOMENTS else "facts",
        label=fact.label,
        question=fact.question,
        kind=fact.kind,
        choices=fact.choices,
        unit=fact.unit,
        most=fact.most,
        sensitive=fact.sensitive,
        finer=any(want.finer for want in wants),
        decides=sum(want.power is Power.DECIDES for want in wants),
        may_decide=sum(want.power is not Power.NARROWS for want in wants),
        rules=len(wants),
    )


def _worth(question: Question) -> tuple[bool, int, int, int, int]:
    return (
        question.sensitive,
        -question.decides,
        -question.may_decide,
        -question.rules,
        ORDER[question.name],
    )

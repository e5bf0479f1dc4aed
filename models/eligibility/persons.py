"""Test persons (测试人员): people an editor makes up to try a rule on.

A rule may be submitted only if each of them comes out as expected, and there is at
least one who fits, one who does not, and one of whom we cannot say.

Source: rules 1.5.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from models.eligibility import facts
from models.eligibility.evaluate import Status, Verdict, evaluate
from models.eligibility.rules import Rule
from models.eligibility.vocabulary import asked

OPEN = frozenset({Status.UNKNOWN, Status.NEEDS_DOCUMENT})
"""Both are "we cannot say yet"."""

NEEDED = {
    Status.ELIGIBLE: "请至少写一个符合条件的测试人员。",
    Status.NOT_ELIGIBLE: "请至少写一个不符合条件的测试人员。",
    Status.UNKNOWN: "请至少写一个情况不全、还不能判断的测试人员。",
}

SAID = {
    Status.ELIGIBLE: "符合",
    Status.NOT_ELIGIBLE: "不符合",
    Status.UNKNOWN: "还不能判断",
    Status.NEEDS_DOCUMENT: "待补材料",
}


Word = Annotated[str, Meta(pattern="^[a-z][a-z_]*$", max_length=40)]

SaidPerson = dict[Word, Any]
"""A test person as somebody wrote it; no operator of a database is a word of it."""


class Person(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One made-up person and what should come out."""

    name: str
    facts: dict[str, Any]
    at: dict[str, Any] = {}
    expects: Status
    """``unknown`` is also met by somebody who only lacks papers."""


class Failure(msgspec.Struct, kw_only=True, frozen=True):
    """A test person that came out otherwise, or one that is lacking."""

    path: str
    name: str = ""
    message: str
    """One Chinese sentence for the editor."""
    expected: Status | None = None
    got: Status | None = None


class Outcome(msgspec.Struct, kw_only=True, frozen=True):
    """What came of one test person, and why."""

    path: str
    name: str
    expects: Status
    got: Status
    met: bool
    against: tuple[str, ...]
    """The conditions that made it a no, each with the value that did."""
    asks: tuple[str, ...]
    """What would still have to be asked."""


def outcomes(rule: Rule, persons: Sequence[object]) -> list[Outcome]:
    """Tell what comes of each test person that can be read (逐人试算)."""
    found: list[Outcome] = []
    for place, raw in enumerate(persons):
        try:
            person = _read(raw)
            known, at = facts.decode(person.facts), facts.decode_dates(person.at)
        except (msgspec.ValidationError, facts.BadFacts):
            continue
        found.append(_outcome(f"$[{place}]", person, evaluate(rule, known, at)))
    return found


def _outcome(path: str, person: Person, verdict: Verdict) -> Outcome:
    said = (" ".join(filter(None, (e.says, e.because))) for e in verdict.failed)
    return Outcome(
        path=path,
        name=person.name,
        expects=person.expects,
        got=verdict.status,
        met=_met(person.expects, verdict.status),
        against=tuple(said),
        asks=tuple(asked(name).label for name in verdict.missing),
    )


def run_test_persons(rule: Rule, persons: object) -> list[Failure]:
    """Try a rule on its test persons; none failing means it may be submitted."""
    if not isinstance(persons, list | tuple):
        return [Failure(path="$", message="测试人员要写成一个列表。")]
    failures: list[Failure] = []
    for place, raw in enumerate(persons):
        failures.extend(_try(rule, raw, f"$[{place}]"))
    return [*failures, *_lacking(persons)]


def _try(rule: Rule, raw: object, path: str) -> Iterator[Failure]:
    try:
        person = _read(raw)
        known = facts.decode(person.facts, root=f"{path}.facts")
        at = facts.decode_dates(person.at, root=f"{path}.at")
    except msgspec.ValidationError:
        message = "请写明 name、facts、at 和 expects，不要写别的。"
        yield Failure(path=path, message=message)
    except facts.BadFacts as bad:
        for problem in bad.details["problems"]:
            yield Failure(path=problem["path"], message=problem["message"])
    else:
        verdict = evaluate(rule, known, at)
        if not _met(person.expects, verdict.status):
            yield _other(path, person, verdict)


def _read(raw: object) -> Person:
    return raw if isinstance(raw, Person) else msgspec.convert(raw, Person)


def _met(expected: Status, got: Status) -> bool:
    return expected is got or (expected is Status.UNKNOWN and got in OPEN)


def _other(path: str, person: Person, verdict: Verdict) -> Failure:
    got = verdict.status
    deciding = [each.id for each in verdict.failed] or list(verdict.missing)
    because = f"（{'、'.join(deciding)}）" if deciding else ""
    return Failure(
        path=path,
        name=person.name,
        message=f"应为“{SAID[person.expects]}”，实际是“{SAID[got]}”{because}。",
        expected=person.expects,
        got=got,
    )


def _lacking(persons: Sequence[object]) -> Iterator[Failure]:
    expected = set()
    for raw in persons:
        try:
            expected.add(_read(raw).expects)
        except msgspec.ValidationError:
            continue
    for status, message in NEEDED.items():
        if not any(_met(status, each) for each in expected):
            yield Failure(path="$", message=message, expected=status)

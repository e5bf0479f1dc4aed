"""Conditions that cannot hold together, and rules that say nothing.

Spans move with the day they are looked at and months are not of one length, so we
look on several days and blame a rule only for what is so on all of them.

Source: rules 1.5.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from models.eligibility import accepts, diagrams
from models.eligibility.compiled import Rule, Test, accepted
from models.eligibility.diagrams import Diagram, TooTangledError, Variable
from models.eligibility.kleene import Joint, Three
from models.eligibility.problems import Flaw, Problem

SAMPLE_DAYS = (
    date(2024, 2, 29),
    date(2026, 1, 1),
    date(2026, 3, 1),
    date(2026, 7, 31),
    date(2027, 2, 28),
)
"""Days after short and long months, in common and leap years."""


def find(rule: Rule, paths: Sequence[str]) -> Iterator[Problem]:
    """Find what is wrong with conditions that are sound one by one."""
    found = [*_empty(rule, paths), *_contradicting(rule, paths)]
    yield from found
    if not found:
        yield from _says_nothing(rule)


def _empty(rule: Rule, paths: Sequence[str]) -> Iterator[Problem]:
    for path, test in zip(paths, rule.tests, strict=True):
        always = {accepted(test, _on(test, day))[1] for day in SAMPLE_DAYS}
        if always in ({True}, {False}):
            who = "所有人都符合" if True in always else "没有人能符合"
            message = f"这个条件{who}，请检查取值。"
            yield Problem(path, Flaw.SAYS_NOTHING, message)


def _contradicting(rule: Rule, paths: Sequence[str]) -> Iterator[Problem]:
    for together in _all_ofs(rule):
        for one, other in combinations(together, 2):
            if _clash(rule.tests[one[0]], one[1], rule.tests[other[0]], other[1]):
                first = rule.tests[one[0]].leaf.id
                message = f"这个条件与 {first} 不可能同时成立，请改正其中一个。"
                yield Problem(paths[other[0]], Flaw.CONTRADICTION, message)


def _all_ofs(rule: Rule) -> Iterator[list[tuple[int, bool]]]:
    """Return the conditions every all-of asks for, and whether they must hold."""
    first = len(rule.tests)
    inner = {
        each
        for joint, below in rule.joints
        if joint is Joint.ALL
        for each in below
        if each >= first and rule.joints[each - first][0] is Joint.ALL
    }
    for place, (joint, _) in enumerate(rule.joints):
        if joint is Joint.ALL and first + place not in inner:
            yield list(_asked_for(rule, first + place, True))


def _asked_for(rule: Rule, number: int, holds: bool) -> Iterator[tuple[int, bool]]:
    first = len(rule.tests)
    if number < first:
        yield number, holds
        return
    joint, below = rule.joints[number - first]
    same = Joint.ALL if holds else Joint.ANY
    if joint is Joint.NOT:
        yield from _asked_for(rule, below[0], not holds)
    elif joint is same:
        for each in below:
            yield from _asked_for(rule, each, holds)


def _clash(one: Test, one_holds: bool, other: Test, other_holds: bool) -> bool:
    if (one.fact.name, one.at) != (other.fact.name, other.at):
        return False
    wanted = (one_holds, other_holds)
    return all(
        wanted
        not in accepts.cells(
            one.fact,
            [accepted(test, _on(test, day))[0] for test in (one, other)],
        )
        for day in SAMPLE_DAYS
    )


def _on(test: Test, day: date) -> date | None:
    return None if test.at is None else day


def _says_nothing(rule: Rule) -> Iterator[Problem]:
    try:
        answers = {_answer(rule, day) for day in SAMPLE_DAYS}
    except TooTangledError:
        message = "同一项情况在规则里交叉得太多，请拆成几条规则。"
        yield Problem("$", Flaw.TOO_LARGE, message)
        return
    if answers in ({True}, {False}):
        who = "所有人都符合" if True in answers else "没有人能符合"
        yield Problem("$", Flaw.SAYS_NOTHING, f"这条规则{who}，请检查条件。")


def _answer(rule: Rule, day: date) -> Three:
    """Return what a rule is whoever asks; spans from other dates are kept apart."""
    groups: dict[tuple[str, str | None], list[int]] = {}
    for number, test in enumerate(rule.tests):
        groups.setdefault((test.fact.name, test.at), []).append(number)
    variables = []
    for numbers in groups.values():
        tests = [rule.tests[each] for each in numbers]
        shown = [accepted(test, _on(test, day))[0] for test in tests]
        found = accepts.cells(tests[0].fact, shown)
        variables.append(Variable(tuple(numbers), tuple(sorted(found))))
    open_: list[Three] = [None] * (len(rule.tests) + len(rule.joints))
    return Diagram(variables, diagrams.residue_of(rule.joints, open_)).answer

"""May this rule be kept? Every mistake of an editor, with its place and a sentence.

Source: rules 1.5 (no unknown fact, impossible range or contradicting leaves).
"""

import re
from collections.abc import Iterator

from models.eligibility import contradictions, terms, tree
from models.eligibility.compiled import Rule, lay_flat
from models.eligibility.operators import DATED, FITS, Op
from models.eligibility.problems import Flaw, Problem
from models.eligibility.terms import IllTermsError
from models.eligibility.tree import Leaf, Parsed
from models.eligibility.vocabulary import FACTS, MOMENTS, Fact, Kind

ID = re.compile(r"[a-z0-9_]{1,40}")
"""What the id of a condition looks like."""


def check_rule(raw: object) -> list[Problem]:
    """Find what is wrong with a rule, in reading order; none means it may be kept."""
    return compile_rule(raw)[1]


def compile_rule(raw: object) -> tuple[Rule | None, list[Problem]]:
    """Read a rule as far as it can be read, and find what is wrong with it."""
    parsed = tree.parse(raw)
    rule, problems = _read(parsed)
    if rule is None:
        return None, problems
    paths = [path for path, _ in parsed.leaves]
    return rule, list(contradictions.find(rule, paths))


def read_rule(raw: object) -> tuple[Rule | None, list[Problem]]:
    """Read a rule and look at its conditions one by one, not at what they say together.

    Rules: enough for what was checked whole before it was kept, and much faster.
    """
    return _read(tree.parse(raw))


def _read(parsed: Parsed) -> tuple[Rule | None, list[Problem]]:
    problems = [*parsed.problems, *_twins(parsed)]
    for path, leaf in parsed.leaves:
        problems.extend(_leaf_problems(path, leaf))
    if problems or parsed.root is None:
        return None, problems
    return lay_flat(parsed.root), []


def _twins(parsed: Parsed) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, leaf in parsed.leaves:
        if leaf.id in seen:
            message = f"编号 {leaf.id} 已经用过，请换一个。"
            yield Problem(f"{path}.id", Flaw.DUPLICATE_ID, message)
        seen.add(leaf.id)


def _leaf_problems(path: str, leaf: Leaf) -> Iterator[Problem]:
    if not ID.fullmatch(leaf.id):
        message = "编号只能用小写字母、数字和下划线，不超过40个字符。"
        yield Problem(f"{path}.id", Flaw.BAD_ID, message)
    fact, op = FACTS.get(leaf.fact), _op(leaf.op)
    if fact is None:
        message = f"没有“{leaf.fact:.40}”这一项情况，请从列表中选择。"
        yield Problem(f"{path}.fact", Flaw.UNKNOWN_FACT, message)
    if op is None:
        message = f"没有“{leaf.op:.40}”这种比较，请从列表中选择。"
        yield Problem(f"{path}.op", Flaw.UNKNOWN_OP, message)
    if fact is None or op is None:
        return
    yield from _date_problems(path, leaf, op)
    if FITS[op](fact):
        yield from _terms_problems(path, leaf, op, fact)
    else:
        yield Problem(f"{path}.op", Flaw.OP_MISFIT, _misfit(op, fact))


def _op(name: str) -> Op | None:
    return next((op for op in Op if op == name), None)


def _date_problems(path: str, leaf: Leaf, op: Op) -> Iterator[Problem]:
    if leaf.at is None:
        return
    at = MOMENTS.get(leaf.at) or FACTS.get(leaf.at)
    if op not in DATED:
        message = f"{op} 不看日期，请去掉 at。"
        yield Problem(f"{path}.at", Flaw.UNKNOWN_DATE, message)
    elif at is None or at.kind is not Kind.DATE:
        message = (
            f"“{leaf.at:.40}”不是一个日期，请填 {'、'.join(MOMENTS)} 或一项日期情况。"
        )
        yield Problem(f"{path}.at", Flaw.UNKNOWN_DATE, message)
    elif leaf.at == leaf.fact:
        message = "at 不能是条件本身的日期，请换一个。"
        yield Problem(f"{path}.at", Flaw.UNKNOWN_DATE, message)


def _terms_problems(path: str, leaf: Leaf, op: Op, fact: Fact) -> Iterator[Problem]:
    try:
        terms.read_terms(op, fact, leaf)
    except IllTermsError as ill:
        flaw = Flaw.IMPOSSIBLE_RANGE if ill.impossible else Flaw.BAD_VALUE
        yield Problem(f"{path}.{ill.field}", flaw, ill.message)


def _misfit(op: Op, fact: Fact) -> str:
    instead = "、".join(each for each in Op if FITS[each](fact))
    return f"“{fact.label}”不能用 {op} 比较，可以用：{instead}。"

"""Rules (规则): from the JSON an editor wrote to what `evaluate` asks, and back.

A policy's edition or a training programme keeps the raw tree and decodes it when it
is loaded; a `Rule` is never changed and may be shared by all requests.

Source: rules 1.5.
"""

from typing import Any

import msgspec

from models.eligibility.checks import compile_rule, read_rule
from models.eligibility.compiled import Rule
from models.eligibility.problems import BadRule

__all__ = ["BadRule", "Rule", "decode", "encode", "read"]


def decode(raw: object) -> Rule:
    """Read a rule.

    Refuses: BadRule, with everything ``checks.check_rule`` finds.
    """
    rule, problems = compile_rule(raw)
    if rule is None or problems:
        raise BadRule(problems)
    return rule


def read(raw: object) -> Rule:
    """Read a rule that was found good before it was kept.

    Rules: conditions that contradict each other are not looked for again.
    Refuses: BadRule, where a condition cannot be read.
    """
    rule, problems = read_rule(raw)
    if rule is None:
        raise BadRule(problems)
    return rule


def encode(rule: Rule) -> dict[str, Any]:
    """Return a rule as the JSON it was read from."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(rule.root))
    return plain

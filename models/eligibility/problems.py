"""What is wrong with a rule, said so that an editor can mend it."""

from enum import StrEnum

import msgspec

from models.base.errors import Invalid


class Flaw(StrEnum):
    """What sort of mistake it is."""

    BAD_SHAPE = "bad_shape"
    TOO_DEEP = "too_deep"
    TOO_LARGE = "too_large"
    BAD_ID = "bad_id"
    DUPLICATE_ID = "duplicate_id"
    MISSING_SAYS = "missing_says"
    MISSING_CITES = "missing_cites"
    UNKNOWN_FACT = "unknown_fact"
    UNKNOWN_OP = "unknown_op"
    UNKNOWN_DATE = "unknown_date"
    OP_MISFIT = "op_misfit"
    """The comparison does not fit what the fact is."""
    BAD_VALUE = "bad_value"
    IMPOSSIBLE_RANGE = "impossible_range"
    SAYS_NOTHING = "says_nothing"
    """The condition holds for everybody, or for nobody."""
    CONTRADICTION = "contradiction"


class Problem(msgspec.Struct, frozen=True):
    """One mistake in a rule."""

    path: str
    """Where it stands, as ``$.all[0].min``."""
    flaw: Flaw
    message: str
    """One Chinese sentence for the editor, saying what to do."""


class BadRule(Invalid):
    """A rule that cannot be kept; ``details.problems`` lists why."""

    code = "bad_rule"
    message = "资格条件有误，请按提示逐条修改后再保存。"

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__({"problems": msgspec.to_builtins(problems)})
        self.problems = problems

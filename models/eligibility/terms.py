"""What a condition compares with (取值): read from JSON, and refused if senseless."""

from collections.abc import Iterator
from typing import Any

from models.eligibility.facts import IllValueError, read
from models.eligibility.operators import Op, Terms
from models.eligibility.tree import Leaf
from models.eligibility.vocabulary import Fact, Kind

MAX_VALUES = 100
"""Values in one condition."""

RANGED = frozenset({Op.BETWEEN, Op.AGE_BETWEEN, Op.MONTHS_SINCE, Op.DAYS_SINCE})
"""Take min and max; the others take a value."""

REACH = {
    Op.AGE_BETWEEN: (0, 150),
    Op.MONTHS_SINCE: (-1800, 1800),
    Op.DAYS_SINCE: (-54_750, 54_750),
}
"""Least and most a span may ask for: 150 years either way, in its own unit."""


class IllTermsError(ValueError):
    """A value or range that makes no sense; which field, and why in Chinese."""

    def __init__(self, field: str, message: str, *, impossible: bool = False) -> None:
        super().__init__(message)
        self.field = field
        self.message = message
        self.impossible = impossible


def read_terms(op: Op, fact: Fact, leaf: Leaf) -> Terms:
    """Read what a condition compares with.

    Refuses: IllTermsError.
    """
    for field in ("value",) if op in RANGED else ("min", "max"):
        if getattr(leaf, field) is not None:
            raise IllTermsError(field, f"{op} 不用 {field}，请去掉。")
    if op not in RANGED:
        return Terms(frozenset(_values(op, fact, leaf.value)))
    ends = Terms(
        least=_end(op, fact, leaf.min, "min"), most=_end(op, fact, leaf.max, "max")
    )
    _check_order(op, fact, ends)
    return ends


def _values(op: Op, fact: Fact, raw: object) -> Iterator[Any]:
    each = [raw]
    if op is Op.IN or (op is Op.REGION_WITHIN and isinstance(raw, list | tuple)):
        if not isinstance(raw, list | tuple) or not 0 < len(raw) <= MAX_VALUES:
            raise IllTermsError("value", f"value 要列出 1 到 {MAX_VALUES} 个值。")
        each = list(raw)
    for one in each:
        if fact.kind is Kind.SET:
            yield from _read(fact, [one], "value")
        else:
            yield _read(fact, one, "value")


def _end(op: Op, fact: Fact, raw: object, field: str) -> Any:
    if raw is None or op not in REACH:
        return None if raw is None else _read(fact, raw, field)
    low, high = REACH[op]
    if isinstance(raw, bool) or not isinstance(raw, int) or not low <= raw <= high:
        raise IllTermsError(field, f"这里要填 {low} 到 {high} 之间的整数。")
    return raw


def _read(fact: Fact, raw: object, field: str) -> Any:
    try:
        return read(fact, raw)
    except IllValueError as ill:
        raise IllTermsError(field, str(ill)) from ill


def _check_order(op: Op, fact: Fact, ends: Terms) -> None:
    least, most = ends.least, ends.most
    if least is None and most is None:
        raise IllTermsError("min", "min 和 max 至少要写一个。")
    if most is None:
        return
    steps = list(fact.choices)
    if fact.kind is Kind.ENUM:
        least, most = steps.index(least or steps[0]), steps.index(most)
    if (least or 0) > most:
        message = "min 不能大于 max，请改正；不写 min 时按 0 算。"
        raise IllTermsError("min", message, impossible=True)
    if op is Op.MONTHS_SINCE and (least or 0) == most:
        message = "起止月数相同时只有对应日当天符合，请把 max 写大一些。"
        raise IllTermsError("max", message, impossible=True)

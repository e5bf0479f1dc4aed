"""What is known of a person (事实): each fact declared by them, or verified by us.

A fact that is absent, or null, is not known; nothing is ever assumed. A set that
is given is complete: a paper not in ``documents`` is one the person has not got.

Source: rules 1.10 (declared and verified are marked apart).
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Self

import msgspec

from models.base import regions
from models.base.errors import Invalid
from models.eligibility.vocabulary import (
    EARLIEST,
    FACTS,
    LATEST,
    MOMENTS,
    SENSITIVE,
    Fact,
    Kind,
)

Value = bool | int | str | date | frozenset[str]
Values = Mapping[str, Value]


class BadFacts(Invalid):
    """Facts we cannot read; ``details.problems`` names each path and what it wants."""

    code = "bad_fact"
    message = "填写的情况有误，请按提示修改后再试。"


class IllValueError(ValueError):
    """A value that is not of its fact's kind; the text is a Chinese sentence."""


class Facts(msgspec.Struct, frozen=True):
    """What is known of one person."""

    values: Values = {}
    verified: Values = {}
    """The part of `values` that the union has seen proof of."""

    def is_verified(self, name: str) -> bool:
        """Whether all that is known of a fact is verified."""
        proven = self.verified.get(name)
        return proven is not None and proven == self.values.get(name)

    def any_sensitive(self) -> bool:
        """Whether keeping these needs a consent of its own (PIPL art. 29)."""
        return any(SENSITIVE[name] for name in self.values)

    def only_verified(self) -> Self:
        """Return what a payout may rest on."""
        return type(self)(self.verified, self.verified)


def decode(declared: object, *, verified: object = None, root: str = "$") -> Facts:
    """Read facts from JSON; what is verified goes first, sets are joined.

    Refuses: BadFacts, with the path of every fact it cannot read.
    """
    said = _read_all(declared, FACTS, root)
    proven = _read_all({} if verified is None else verified, FACTS, "$.verified")
    both = {name: _join(said.get(name), proven[name]) for name in proven}
    return Facts({**said, **both}, proven)


def decode_dates(raw: object, *, root: str = "$.at") -> dict[str, date]:
    """Read the dates a rule is to be looked at, from JSON.

    Refuses: BadFacts.
    """
    return {
        name: day
        for name, day in _read_all(raw, MOMENTS, root).items()
        if isinstance(day, date)
    }


def encode(values: Values) -> dict[str, Any]:
    """Return facts as the JSON they are read from."""
    return {
        name: sorted(each) if isinstance(each, frozenset) else msgspec.to_builtins(each)
        for name, each in values.items()
    }


def _join(theirs: Value | None, ours: Value) -> Value:
    if isinstance(ours, frozenset) and isinstance(theirs, frozenset):
        return ours | theirs
    return ours


def _read_all(raw: object, table: Mapping[str, Fact], root: str) -> dict[str, Value]:
    if not isinstance(raw, Mapping):
        raise BadFacts({"problems": [{"path": root, "message": "这里要填一组情况。"}]})
    values: dict[str, Value] = {}
    problems = []
    for name, value in raw.items():
        try:
            if name not in table:
                raise IllValueError("没有这一项，请检查名称。")
            if value is not None:
                values[name] = read(table[name], value)
        except IllValueError as ill:
            problems.append({"path": f"{root}.{name!s:.60}", "message": str(ill)})
    if problems:
        raise BadFacts({"problems": problems})
    return values


def read(fact: Fact, raw: object) -> Value:
    """Read one value of a fact.

    Refuses: IllValueError.
    """
    return _READ[fact.kind](fact, raw)


def _read_bool(_: Fact, raw: object) -> bool:
    if not isinstance(raw, bool):
        raise IllValueError("请选择“是”或“否”。")
    return raw


def _read_int(fact: Fact, raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= fact.most:
        raise IllValueError(f"这里要填 0 到 {fact.most} 之间的整数。")
    return raw


def _read_choice(fact: Fact, raw: object) -> str:
    if not isinstance(raw, str) or raw not in fact.choices:
        raise IllValueError("请从给出的选项里选。")
    return raw


def _read_set(fact: Fact, raw: object) -> frozenset[str]:
    if not isinstance(raw, list | tuple | set | frozenset):
        raise IllValueError("请从给出的选项里选，可以选多项。")
    return frozenset(_read_choice(fact, each) for each in raw)


def _read_date(_: Fact, raw: object) -> date:
    raw = _iso(raw) if isinstance(raw, str) else raw
    if not isinstance(raw, date) or isinstance(raw, datetime):
        raise IllValueError("日期请写成 2026-03-01 这样。")
    if not EARLIEST <= raw <= LATEST:
        raise IllValueError(f"日期应在 {EARLIEST} 到 {LATEST} 之间。")
    return raw


def _iso(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _read_region(_: Fact, raw: object) -> str:
    if not isinstance(raw, str) or raw not in regions.REGIONS:
        raise IllValueError("没有找到这个地区，请重新选择。")
    return raw


_READ: Mapping[Kind, Callable[[Fact, object], Value]] = {
    Kind.BOOL: _read_bool,
    Kind.INT: _read_int,
    Kind.ENUM: _read_choice,
    Kind.SET: _read_set,
    Kind.DATE: _read_date,
    Kind.REGION: _read_region,
}

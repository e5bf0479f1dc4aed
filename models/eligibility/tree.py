"""The tree of a rule (规则): conditions joined by all, any and not, read from JSON.

::

    {"all": [node, …]} · {"any": [node, …]} · {"not": node} · condition

The tree stands exactly as an editor wrote it, so that it can be written back; what
its conditions mean is in ``operators``.

Source: rules 1.5.
"""

import typing
from collections.abc import Iterator, Mapping

import msgspec

from models.eligibility.kleene import Joint
from models.eligibility.problems import Flaw, Problem

MAX_DEPTH = 8
"""Joints above a condition; nobody can follow more on a telephone."""
MAX_NODES = 100
"""Conditions and joints in a rule."""
MAX_TEXT = 300
"""Letters in a plain sentence or a citation."""


class Leaf(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One condition (条件)."""

    id: str
    """Letters, figures and ``_``; its own in the rule."""
    fact: str
    op: str
    at: str | None = None
    """The date it is looked at: one the caller names, or a fact; None is the usual."""
    value: typing.Any = None
    min: typing.Any = None
    max: typing.Any = None
    says: str
    """The condition in one plain Chinese sentence."""
    cites: str
    """The clause it comes from."""


class All(msgspec.Struct, frozen=True):
    """Holds if every part holds."""

    all: tuple["Node", ...]


class Any(msgspec.Struct, frozen=True):
    """Holds if one part holds."""

    any: tuple["Node", ...]


class Not(msgspec.Struct, frozen=True):
    """Holds if its part does not."""

    part: "Node" = msgspec.field(name="not")


Node = All | Any | Not | Leaf


class Parsed(msgspec.Struct):
    """What could be read of a rule, and what could not."""

    root: Node | None = None
    leaves: list[tuple[str, Leaf]] = []
    """Every condition with its path, in reading order."""
    problems: list[Problem] = []
    size: int = 0
    """Conditions and joints met; reading stops past the most there may be."""


def parse(raw: object) -> Parsed:
    """Read a tree of any JSON; what cannot be read becomes problems."""
    parsed = Parsed()
    parsed.root = _node(raw, "$", 0, parsed)
    if parsed.size > MAX_NODES:
        message = f"条件和层次加起来不能超过 {MAX_NODES} 个，请拆成几条规则。"
        _blame(parsed, "$", Flaw.TOO_LARGE, message)
    return parsed


def parts(node: All | Any | Not) -> tuple[Joint, tuple[Node, ...]]:
    """Return how a node joins which nodes."""
    match node:
        case All(all=below):
            return Joint.ALL, below
        case Any(any=below):
            return Joint.ANY, below
        case Not(part=part):
            return Joint.NOT, (part,)


def _blame(parsed: Parsed, path: str, flaw: Flaw, message: str) -> None:
    parsed.problems.append(Problem(path, flaw, message))


def _node(raw: object, path: str, depth: int, parsed: Parsed) -> Node | None:
    parsed.size += 1
    if not isinstance(raw, Mapping):
        _blame(parsed, path, Flaw.BAD_SHAPE, "这里要填一个条件，或 all、any、not。")
        return None
    joint = next((each for each in Joint if each in raw), None)
    if joint is None:
        return _leaf(raw, path, parsed)
    if len(raw) > 1:
        message = f"{joint} 旁边不能再写别的，请移到里面或另起一层。"
        _blame(parsed, path, Flaw.BAD_SHAPE, message)
        return None
    if depth >= MAX_DEPTH:
        _blame(parsed, path, Flaw.TOO_DEEP, f"嵌套不能超过 {MAX_DEPTH} 层，请简化。")
        return None
    return _joined(joint, raw[joint], f"{path}.{joint}", depth + 1, parsed)


def _joined(
    joint: Joint, raw: object, path: str, depth: int, parsed: Parsed
) -> Node | None:
    if joint is Joint.NOT:
        part = _node(raw, path, depth, parsed)
        return None if part is None else Not(part)
    if not isinstance(raw, list | tuple) or not raw:
        _blame(parsed, path, Flaw.BAD_SHAPE, f"{joint} 里要列出至少一个条件。")
        return None
    below = tuple(_each(raw, path, depth, parsed))
    return All(below) if joint is Joint.ALL else Any(below)


def _each(
    raw: list[object] | tuple[object, ...], path: str, depth: int, parsed: Parsed
) -> Iterator[Node]:
    for place, each in enumerate(raw):
        if parsed.size > MAX_NODES:
            return
        node = _node(each, f"{path}[{place}]", depth, parsed)
        if node is not None:
            yield node


def _leaf(
    raw: Mapping[typing.Any, typing.Any], path: str, parsed: Parsed
) -> Leaf | None:
    known = Leaf.__struct_fields__
    found = len(parsed.problems)
    for name in raw:
        if name not in known:
            message = "条件里没有这一项，请检查名称。"
            _blame(parsed, f"{path}.{name!s:.60}", Flaw.BAD_SHAPE, message)
    for name, flaw in _TEXTS.items():
        text = raw.get(name, "")
        if not isinstance(text, str) or not text.strip() or len(text) > MAX_TEXT:
            _blame(parsed, f"{path}.{name}", flaw, _WANTED[name])
    if not isinstance(raw.get("at", None), str | None):
        _blame(parsed, f"{path}.at", Flaw.UNKNOWN_DATE, "at 要填一个日期的名称。")
    if len(parsed.problems) > found:
        return None
    leaf = Leaf(**raw)
    parsed.leaves.append((path, leaf))
    return leaf


_TEXTS = {
    "id": Flaw.BAD_ID,
    "fact": Flaw.UNKNOWN_FACT,
    "op": Flaw.UNKNOWN_OP,
    "says": Flaw.MISSING_SAYS,
    "cites": Flaw.MISSING_CITES,
}
_WANTED = {
    "id": "请给条件起一个编号（小写字母、数字、下划线）。",
    "fact": "请写明这个条件看的是哪一项情况。",
    "op": "请写明用哪一种比较。",
    "says": "请用一句话写明这个条件，让工友看得懂。",
    "cites": "请写明依据哪一条。",
}

"""What can be kept and reckoned with (取值范围): whole numbers of eight bytes, and
moments one can count on from, both ways.

JSON bounds neither. MongoDB keeps no larger number, and near either end of the
calendar a moment has no name in UTC, or none an hour on; whoever reads what a client
sent looks here once, so that no verb comes to grief over it half-way. Days have no
bounds: 9999-12-31 is how many say "for ever", and `clock` knows where it ends.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, Optional

import msgspec
from msgspec import inspect, structs

MOST = 2**63 - 1
"""The largest whole number that MongoDB keeps; the least is as far below 0."""

MOST_DIGITS = len(str(MOST)) - 1
"""A number of so many is within, whichever they are; Python reads none of thousands."""

FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Of moments: nothing here was before or is planned for later."""

PLAIN = frozenset({str, bool, float, type(None)})
HOLDING = (list, tuple, set, frozenset, dict, msgspec.Struct)

HARMLESS = (
    inspect.StrType,
    inspect.BoolType,
    inspect.NoneType,
    inspect.FloatType,
    inspect.BytesType,
    inspect.DateType,
    inspect.EnumType,
    inspect.LiteralType,
)
NAMES = (inspect.StrType, inspect.EnumType, inspect.AnyType)
"""What the names in a dict may be; in JSON they are texts."""

BOUNDLESS = (inspect.DateTimeType, inspect.AnyType)


class _Place(NamedTuple):
    """Something with others inside, and where it stands."""

    value: Any
    outer: Optional["_Place"] = None
    number: int = 0
    """Which of the outer one's it is."""


def beyond(value: Any) -> str | None:
    """Return the path of a value that is out of bounds, or None.

    Rules: a stranger says how deep and how wide it is, so this goes no deeper itself,
    and what holds no others costs next to nothing.
    """
    open_ = [_Place((value,))]
    while open_:
        place = open_.pop()
        for number, inner in enumerate(_within(place.value)):
            kind = type(inner)
            if kind in PLAIN or (kind is int and -MOST <= inner <= MOST):
                continue
            if kind is int or (kind is datetime and not _is_near(inner)):
                return _path(_Place(inner, place, number))
            if isinstance(inner, HOLDING):
                open_.append(_Place(inner, place, number))
    return None


def may_be_beyond(shape: Any) -> bool:
    """Say whether a value of a shape has to be looked at; most have not.

    Raises TypeError for a shape that `beyond` does not look into.
    """
    return _may_be(inspect.type_info(shape), set())


def _is_near(moment: datetime) -> bool:
    return FIRST_YEAR <= moment.year <= LAST_YEAR


def _within(value: Any) -> Iterable[Any]:
    """Return what something holds, in its order."""
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, msgspec.Struct):
        return structs.astuple(value)
    inner: Iterable[Any] = value
    return inner


def _path(place: _Place) -> str:
    """Return the way from the outermost to a place."""
    names: list[str] = []
    while place.outer is not None:
        names.append(_name(place.outer.value, place.number))
        place = place.outer
    return "$" + "".join(reversed(names[:-1]))


def _name(outer: Any, number: int) -> str:
    """Say which of several one is; not in a dict, whose names a stranger chose."""
    if isinstance(outer, dict):
        return "[...]"
    if isinstance(outer, msgspec.Struct):
        return f".{structs.fields(outer)[number].encode_name}"
    return f"[{number}]"


def _may_be(info: inspect.Type, seen: set[type]) -> bool:
    if isinstance(info, inspect.IntType):
        below = info.ge if info.ge is not None else info.gt
        above = info.le if info.le is not None else info.lt
        return below is None or above is None
    if isinstance(info, (*HARMLESS, *BOUNDLESS)):
        return isinstance(info, BOUNDLESS)
    return True in {_may_be(each, seen) for each in _parts(info, seen)}


def _parts(info: inspect.Type, seen: set[type]) -> Iterable[inspect.Type]:
    """Return what a value of a type is made of; of a struct once."""
    parts: Iterable[inspect.Type]
    match info:
        case inspect.StructType():
            parts = [field.type for field in info.fields if info.cls not in seen]
            seen.add(info.cls)
        case inspect.NamedTupleType():
            parts = [field.type for field in info.fields]
        case inspect.UnionType():
            parts = info.types
        case inspect.TupleType():
            parts = info.item_types
        case inspect.DictType() if isinstance(info.key_type, NAMES):
            parts = (info.value_type,)
        case inspect.Metadata():
            parts = (info.type,)
        case (
            inspect.ListType()
            | inspect.VarTupleType()
            | inspect.SetType()
            | inspect.FrozenSetType()
        ):
            parts = (info.item_type,)
        case _:
            raise TypeError(f"nobody looks into {info}")
    return parts

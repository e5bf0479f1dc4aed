"""What can be kept and reckoned with (取值范围): whole numbers of eight bytes, and days
one can count on from, both ways.

JSON bounds neither. MongoDB keeps no larger number, and a day at either end of the
calendar has none before or behind it; whoever reads what a client sent looks here
once, so that no verb comes to grief over it half-way.
"""

from collections.abc import Iterable, Set
from datetime import date
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect, structs

MOST = 2**63 - 1
"""The largest whole number that MongoDB keeps; the least is as far below 0."""

FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Nobody here is older, and nothing is planned for longer."""

UNBOUNDED = (inspect.DateType, inspect.DateTimeType, inspect.AnyType)


def beyond(value: Any, path: str = "$") -> str | None:
    """Return the path of the first value that is out of bounds, or None."""
    match value:
        case int():
            return path if abs(value) > MOST else None
        case date():
            return None if FIRST_YEAR <= value.year <= LAST_YEAR else path
        case dict():
            return _first((each, f"{path}[...]") for each in value.values())
        case list() | tuple() | Set():
            return _first((each, f"{path}[{n}]") for n, each in enumerate(value))
        case msgspec.Struct():
            return _first(
                (getattr(value, name), f"{path}.{said}")
                for name, said in _names(type(value))
            )
    return None


@cache
def may_be_beyond(shape: Any) -> bool:
    """Say whether a value of a shape has to be looked at; most have not."""
    return _is_unbounded(inspect.type_info(shape), set())


def _first(values: Iterable[tuple[Any, str]]) -> str | None:
    return next((found for value in values if (found := beyond(*value))), None)


@cache
def _names(shape: type[msgspec.Struct]) -> list[tuple[str, str]]:
    """Return how its fields are called here and in JSON."""
    return [(field.name, field.encode_name) for field in structs.fields(shape)]


def _is_unbounded(info: inspect.Type, seen: set[type]) -> bool:
    if isinstance(info, inspect.IntType):
        return info.le is None and info.lt is None
    return isinstance(info, UNBOUNDED) or any(
        _is_unbounded(each, seen) for each in _parts(info, seen)
    )


def _parts(info: inspect.Type, seen: set[type]) -> Iterable[inspect.Type]:
    """Return what a value of a type is made of; of a struct once."""
    parts: Iterable[inspect.Type] = ()
    match info:
        case inspect.StructType() if info.cls not in seen:
            seen.add(info.cls)
            parts = [field.type for field in info.fields]
        case inspect.UnionType():
            parts = info.types
        case inspect.TupleType():
            parts = info.item_types
        case inspect.DictType():
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
    return parts

"""The least that a struct takes: made from its own shape, for walks over all doors."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from msgspec import inspect

from handlers.base.promises import Promise

SAMPLES = (
    "示例文字",
    "wang.wu",
    "123456",
    "sample_1",
    "0371-12345678",
    "12:00",
    "08:00-20:00",
    "a" * 64,
    "2026-12-01",
    "123456789012345678",
    "13800001234",
    "ABCD2345",
)
"""What texts with a pattern may look like; a new pattern may need a new line."""

KNOWN = {
    "lng": 113.5505,
    "lat": 34.8172,
    "weekly": {"mon": ["08:00-20:00"]},
    "remark": "示例原因",
    "reason": "示例原因",
    "title": "示例标题",
}
"""What fields of these names hold, so that a verb finds sense in them."""

MOMENT = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


def minimal(shape: Any, ids: Mapping[str, str], *, optional: bool = False) -> Any:
    """Return plain data that a type takes.

    ids: what fields that name a thing are filled with, by the field's name.
    optional: fill optional fields that name a thing, too.
    """
    return _value(inspect.type_info(shape), "", ids, optional)


def body_of(promise: Promise, ids: Mapping[str, str]) -> bytes | None:
    """Return the least body that a door takes, as it is sent; None if it takes none."""
    if promise.body is None:
        return None
    if promise.body is bytes:
        return b"x"
    return msgspec.json.encode(minimal(promise.body, ids, optional=True))


def names_things(shape: Any) -> bool:
    """Say whether a type has, anywhere, a field that names a thing."""
    return "_named_" in str(minimal(shape, _Marking(), optional=True))


class _Marking(dict[str, str]):
    """Answers the name of every field that names a thing with a mark."""

    def __contains__(self, name: object) -> bool:
        return str(name).endswith("_id")

    def __getitem__(self, name: str) -> str:
        return "x_named_"


def _value(info: Any, name: str, ids: Mapping[str, str], optional: bool) -> Any:
    if name in KNOWN:
        return KNOWN[name]
    made = _scalar(info, name, ids)
    if made is not None:
        return made
    match info:
        case inspect.StructType():
            return _struct(info, ids, optional)
        case inspect.UnionType():
            return _union(info, name, ids, optional)
        case inspect.ListType() | inspect.SetType() | inspect.FrozenSetType():
            count = max(info.min_length or 0, 1 if _names(name, ids) else 0)
            return [_value(info.item_type, _one(name), ids, optional)] * count
        case inspect.VarTupleType():
            count = max(info.min_length or 0, 1 if _names(name, ids) else 0)
            return [_value(info.item_type, _one(name), ids, optional)] * count
        case inspect.TupleType():
            return [_value(each, name, ids, optional) for each in info.item_types]
        case inspect.DictType():
            return {}
        case inspect.EnumType():
            return next(iter(info.cls)).value
        case inspect.LiteralType():
            return info.values[0]
        case inspect.Metadata():
            return _value(info.type, name, ids, optional)
    raise NotImplementedError(info)


def _scalar(info: Any, name: str, ids: Mapping[str, str]) -> Any:
    match info:
        case inspect.StrType():
            return ids[name] if name in ids else _text(info)
        case inspect.BoolType():
            return True
        case inspect.IntType() | inspect.FloatType():
            least = info.ge if info.ge is not None else info.gt
            return (least or 0) + (1 if info.gt is not None else 0)
        case inspect.DateTimeType():
            return MOMENT.isoformat()
        case inspect.DateType():
            return date(2026, 12, 1).isoformat()
        case inspect.AnyType():
            return {}
        case inspect.BytesType():
            return ""
    return None


def _struct(info: Any, ids: Mapping[str, str], optional: bool) -> dict[str, Any]:
    made = {}
    for field in info.fields:
        name = field.encode_name
        named = optional and (_names(name, ids) or name in KNOWN)
        if field.required or named:
            made[field.encode_name] = _value(
                field.type, field.encode_name, ids, optional
            )
    if info.tag is not None:
        made[info.tag_field] = info.tag
    return made


def _union(info: Any, name: str, ids: Mapping[str, str], optional: bool) -> Any:
    plain = [each for each in info.types if not isinstance(each, inspect.NoneType)]
    if info.includes_none and not (optional and _names(name, ids)):
        return None
    return _value(plain[0], name, ids, optional)


def _names(name: str, ids: Mapping[str, str]) -> bool:
    """Say whether a field names things we know, one or several."""
    return _one(name) in ids


def _one(name: str) -> str:
    return name.removesuffix("s") if name.endswith("_ids") else name


def _text(info: Any) -> str:
    for sample in (*SAMPLES, "字" * max(info.min_length or 1, 1)):
        fits = (info.min_length or 0) <= len(sample) <= (info.max_length or 10_000)
        if fits and (info.pattern is None or re.search(info.pattern, sample)):
            return sample
    raise NotImplementedError(f"no sample for {info.pattern}: add one to SAMPLES")


def document(cls: Any, **given: Any) -> dict[str, Any]:
    """Return a row that a document class reads, the least of it but what is given."""
    row: dict[str, Any] = minimal(cls, {})
    row |= given
    return msgspec.to_builtins(
        msgspec.convert(row, cls), builtin_types=(datetime, bytes)
    )

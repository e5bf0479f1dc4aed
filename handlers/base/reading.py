"""What a door reads: a JSON body, a query string, each into the struct it asks for."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import structs

from handlers.base.answers import Malformed
from models.base.bounds import FIRST_YEAR, LAST_YEAR, beyond, may_be_beyond
from models.base.errors import Invalid, Unsupported

if TYPE_CHECKING:
    from handlers.base.endpoint import Handler


LOST = "\N{REPLACEMENT CHARACTER}"


class NotJson(Unsupported):
    """The body is not declared as JSON."""

    code = "not_json"
    message = "请以 JSON 格式提交。"


class OutOfBounds(Invalid):
    """A number or a moment that nobody can keep or count on from."""

    message = f"数字过大，或时间不在{FIRST_YEAR}年至{LAST_YEAR}年之间，请改正后再提交。"


def reader_of(shape: type, *, forgiving: bool) -> "Callable[[Handler], Any]":
    """Return what reads a body of a shape; bytes are taken as they come."""
    if shape is bytes:
        return lambda handler: handler.request.body
    return BodyReader(shape, forgiving=forgiving)


class BodyReader:
    """Reads a JSON body into a struct."""

    def __init__(self, shape: type, *, forgiving: bool) -> None:
        self._shape = shape
        self._decode: Callable[[bytes], Any] = msgspec.json.Decoder(shape).decode
        self._within = _within if may_be_beyond(shape) else _as_it_is
        self._forgiving = forgiving

    def __call__(self, handler: "Handler") -> Any:
        """Read the body of one request.

        Refuses: Malformed, NotJson; a wrong shape is Invalid.
        """
        if self._forgiving:
            return self._what_can_be_read(handler.request.body)
        _check_content_type(handler)
        try:
            told = self._decode(handler.request.body)
        except msgspec.ValidationError as problem:
            raise Invalid(_where(str(problem))) from problem
        except (msgspec.DecodeError, UnicodeDecodeError) as problem:
            raise Malformed from problem
        except RecursionError as problem:
            raise Malformed({"problem": "nested too deeply"}) from problem
        return self._within(told)

    def _what_can_be_read(self, body: bytes) -> Any:
        told = _in_some_encoding(body)
        said: dict[str, Any] = {}
        for field in structs.fields(self._shape):
            if isinstance(told, dict) and field.encode_name in told:
                with suppress(msgspec.ValidationError, Invalid):
                    value = told[field.encode_name]
                    said[field.name] = _within(msgspec.convert(value, field.type))
        return self._shape(**said)


class QueryReader:
    """Reads a query string into a struct: one value each, or several in a list."""

    def __init__(self, shape: type) -> None:
        self._shape = shape
        self._within = _within if may_be_beyond(shape) else _as_it_is
        self._lists = {
            name
            for name, hint in get_type_hints(shape, include_extras=True).items()
            if _is_list(hint)
        }

    def __call__(self, arguments: Mapping[str, list[bytes]]) -> Any:
        """Read the arguments of one request."""
        flat: dict[str, Any] = {}
        for name, values in arguments.items():
            try:
                texts = [value.decode() for value in values]
            except UnicodeDecodeError as problem:
                raise Malformed({"path": f"$.{name}"}) from problem
            if name in self._lists:
                flat[name] = [part for text in texts for part in text.split(",")]
            elif len(texts) == 1:
                flat[name] = texts[0]
            else:
                raise Malformed({"path": f"$.{name}", "problem": "given twice"})
        try:
            asked: Any = msgspec.convert(flat, self._shape, strict=False)
        except msgspec.ValidationError as problem:
            raise Invalid(_where(str(problem))) from problem
        return self._within(asked)


def _check_content_type(handler: "Handler") -> None:
    """A body is JSON; a missing header is taken as that."""
    kind = handler.request.headers.get("Content-Type", "application/json")
    if kind.split(";", 1)[0].strip().lower() != "application/json":
        raise NotJson


def _within(told: Any) -> Any:
    """Return what was read, if it can be kept.

    Refuses: Invalid.
    """
    path = beyond(told)
    if path is not None:
        raise OutOfBounds({"path": path, "problem": "out of bounds"})
    return told


def _as_it_is(told: Any) -> Any:
    """Return what was read, of a shape that has no value out of bounds."""
    return told


def _in_some_encoding(body: bytes) -> Any:
    """Read JSON as it may have been written; None if it is none in any encoding."""
    for text in _likeliest_first(body):
        with suppress(msgspec.MsgspecError, RecursionError):
            return msgspec.json.decode(text)
    return None


def _likeliest_first(body: bytes) -> Iterator[str]:
    """Give the words that bytes may stand for: UTF-8, some of it lost, or else GBK."""
    lenient = body.decode("utf-8-sig", "replace")
    lost = lenient.count(LOST)
    kept = len(lenient) - len(lenient.encode("ascii", "ignore")) - lost
    is_utf8 = lost <= kept
    if is_utf8:
        yield lenient
    with suppress(UnicodeDecodeError):
        yield body.decode("gb18030")
    if not is_utf8:
        yield lenient


def _is_list(hint: Any) -> bool:
    if get_origin(hint) in {list, tuple, set, frozenset}:
        return True
    return any(_is_list(part) for part in get_args(hint))


def _where(text: str) -> dict[str, Any]:
    found = re.search(r" - at `(?P<path>[^`]*)`$", text)
    if found is None:
        return {"path": "$", "problem": text}
    return {"path": found["path"], "problem": text[: found.start()]}

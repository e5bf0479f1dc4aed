"""How an answer and a refusal look on the wire.

A refusal is ``{"code", "message", "details", "trace"}``: a stable word for the
client, one Chinese sentence for the person, plain values, and the id to look
the request up by.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec
from pymongo.errors import PyMongoError
from tornado.web import HTTPError

from handlers.base.heads import Head, begin_head
from models.base import errors
from models.base.store import StoreUnavailable, is_passing

if TYPE_CHECKING:
    from handlers.base.endpoint import Handler

T = TypeVar("T")

STATUS_OF: dict[type[errors.Refusal], int] = {
    errors.Invalid: 422,
    errors.NotSignedIn: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.TooLarge: 413,
    errors.Unsupported: 415,
    errors.OutOfRange: 416,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}

OF_STATUS = {
    404: ("no_such_route", "没有这个地址，请检查链接。"),
    405: ("method_not_allowed", "不支持这种操作方式。"),
}


class Malformed(errors.Invalid):
    """What was sent cannot be read; ``path`` and ``problem`` say where and why."""

    code = "malformed"
    message = "提交的内容格式有误，请检查后再试。"


class Problem(msgspec.Struct, kw_only=True, frozen=True):
    """A refusal as the client sees it."""

    code: str
    message: str
    details: dict[str, Any]
    trace: str


@dataclass(frozen=True)
class Ready(Generic[T]):
    """An answer kept as bytes, with its tag: sent as it is, or not at all (304)."""

    body: bytes
    etag: str
    """Quoted, as on the wire."""
    cache_control: str = "public, no-cache"
    """Caches may keep it but ask every time: withdrawal holds at once."""

    def send(self, handler: "Handler") -> None:
        """Answer 304 when the client has it already."""
        handler.put_header("ETag", self.etag)
        handler.put_header("Cache-Control", self.cache_control)
        if self.is_known(handler.request.headers):
            handler.set_status(304)
            handler.clear_header("Content-Type")
        else:
            handler.answer_bytes(200, self.body)

    def begin_head(self) -> Head:
        """Begin its head: all but the length of what follows."""
        head = begin_head()
        head["ETag"] = self.etag
        head["Cache-Control"] = self.cache_control
        return head

    @cached_property
    def fields(self) -> bytes:
        """What its head says each time it goes out whole, line by line."""
        head = self.begin_head()
        del head["Date"]
        head["Content-Length"] = str(len(self.body))
        return head.as_bytes()

    def is_known(self, headers: Mapping[str, str]) -> bool:
        """Say whether whoever sent these headers has it already."""
        known = headers.get("If-None-Match")
        return known is not None and matches(known, self.etag)


@dataclass(frozen=True)
class Encoded(Generic[T]):
    """An answer that is bytes already and goes out as it is, without a tag."""

    body: bytes


def matches(known: str, etag: str) -> bool:
    """Say whether one of the tags a client knows is this one."""
    return known.strip() == "*" or any(
        tag.strip().removeprefix("W/") == etag for tag in known.split(",")
    )


def refuse(handler: "Handler", status: int, cause: BaseException | None) -> None:
    """Send a refusal; a surprise becomes one sentence without its inside."""
    refusal = _as_refusal(cause)
    if refusal is not None:
        status = status_of(type(refusal))
        code, message, details = refusal.code, refusal.message, refusal.details
        if refusal.retry_after is not None:
            handler.set_header("Retry-After", str(refusal.retry_after))
        if isinstance(refusal, errors.OutOfRange):
            handler.set_header("Content-Range", f"bytes */{details['size']}")
    else:
        code, message = OF_STATUS.get(status, ("internal", "系统出错了，请稍后再试。"))
        details = {}
    problem = Problem(code=code, message=message, details=details, trace=handler.trace)
    handler.refused = code
    handler.set_header("X-Request-Id", handler.trace)
    handler.answer_bytes(status, msgspec.json.encode(problem))


def status_of(refusal: type[errors.Refusal]) -> int:
    """Return the HTTP status of a refusal's family."""
    return next(STATUS_OF[family] for family in refusal.__mro__ if family in STATUS_OF)


def _as_refusal(cause: BaseException | None) -> errors.Refusal | None:
    if isinstance(cause, errors.Refusal):
        return cause
    if isinstance(cause, PyMongoError) and is_passing(cause):
        return StoreUnavailable()
    if isinstance(cause, HTTPError) and cause.status_code == HTTPStatus.BAD_REQUEST:
        return Malformed()
    return None

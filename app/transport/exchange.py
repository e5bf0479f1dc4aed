"""One request and its answer, as Tornado's handlers know a connection.

What `tornado.http1connection.HTTP1Connection` promises to a handler holds here too:
framing by length or chunks, no more and no less than `Content-Length` said, futures
that wait for a client who takes nothing. Head and body go out in one write.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from tornado.escape import native_str
from tornado.http1connection import parse_int
from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPOutputError,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.iostream import IOStream, StreamClosedError

from app.transport.heads import Head

SWITCHING = 101
"""Its head goes out with the stream that is handed over, or not at all."""

BODYLESS = {204, 304}


class Wire(Protocol):
    """The connection, as far as one exchange is concerned."""

    context: Any
    """Who is connected: Tornado's own account of it."""
    is_over: bool
    """Nothing can be written any more."""

    def write(self, data: bytes) -> "asyncio.Future[None]":
        """Send; the future is done when there is room for more."""

    def answered(self, exchange: "Exchange") -> None:
        """Go on, this one is done."""

    def hand_over(self, first: bytes) -> IOStream:
        """Give the stream away; ``first`` goes out on it."""

    def abandon(self) -> None:
        """Hang up without more ado."""


class Exchange(HTTPConnection):
    """What a handler answers on."""

    is_read = False
    """The whole request has come."""
    is_answered = False
    """The whole answer is on its way."""
    has_begun = False
    """Some of it is."""

    def __init__(
        self, wire: Wire, head: Head, *, largest: int, body_seconds: float | None
    ) -> None:
        self.context = wire.context
        self.keeps_alive = head.keeps_alive
        self.largest = largest
        self.body_seconds = body_seconds
        self._wire = wire
        self._head = head
        self._left: int | None = None
        """Bytes of the body not yet written; None when nothing was said."""
        self._is_chunked = False
        self._switching = b""
        self._on_close: Callable[[], None] | None = None

    def set_close_callback(self, callback: Callable[[], None] | None) -> None:
        """Call this when the client goes before its answer is out."""
        self._on_close = callback

    def set_max_body_size(self, max_body_size: int) -> None:
        """Take so many bytes of this request's body."""
        self.largest = max_body_size

    def set_body_timeout(self, timeout: float) -> None:
        """Wait so many seconds for this request's body."""
        self.body_seconds = timeout

    def write_headers(  # type: ignore[override]
        self,
        start_line: ResponseStartLine,
        headers: HTTPHeaders,
        chunk: bytes | None = None,
    ) -> "asyncio.Future[None]":
        """Write the head, and what there is of the body."""
        code, asked = start_line.code, self._head.start_line
        has_length = "Content-Length" in headers
        self._is_chunked = not has_length and _may_chunk(asked, code)
        self._mark_connection(asked, headers)
        if self._is_chunked:
            headers["Transfer-Encoding"] = "chunked"
        if asked.method == "HEAD" or code == 304:  # noqa: PLR2004 - Not Modified
            self._left = 0
        elif has_length:
            self._left = parse_int(headers["Content-Length"])
        data = _written(code, start_line.reason, headers)
        if chunk:
            data += self._framed(chunk)
        if code == SWITCHING:
            self._switching = data
            data = b""
        return self._send(data)

    def write(self, chunk: bytes) -> "asyncio.Future[None]":
        """Write some more of the body."""
        return self._send(self._framed(chunk))

    def finish(self) -> None:
        """Say that this was all."""
        if self._left and not self._wire.is_over:
            self.close()
            raise HTTPOutputError(
                f"Tried to write {self._left} bytes less than Content-Length"
            )
        if self._is_chunked:
            self._send(b"0\r\n\r\n")
        self.is_answered = True
        self._on_close = None
        if self._switching:
            asyncio.get_running_loop().call_soon(self._stay_switched)
        else:
            self._wire.answered(self)

    def detach(self) -> IOStream:
        """Give the stream away for another protocol, its 101 ahead."""
        first, self._switching = self._switching, b""
        self._on_close = None
        return self._wire.hand_over(first)

    def close(self) -> None:
        """Hang up."""
        self._wire.abandon()

    def lose(self) -> None:
        """Tell the handler that its client has gone."""
        callback, self._on_close = self._on_close, None
        if callback is not None:
            callback()

    def _stay_switched(self) -> None:
        """Hang up on who was promised another protocol that nobody then spoke."""
        if self._switching:
            self.close()

    def _mark_connection(self, asked: RequestStartLine, headers: HTTPHeaders) -> None:
        if headers.get("Connection", "").lower() == "close":
            self.keeps_alive = False
        said = self._connection_field(asked)
        if said is not None:
            headers["Connection"] = said

    def _connection_field(self, asked: RequestStartLine) -> str | None:
        """Return what has to be said of the connection; None where it goes without."""
        if asked.version == "HTTP/1.1":
            return None if self.keeps_alive else "close"
        return "Keep-Alive" if self.keeps_alive else None

    def _framed(self, chunk: bytes) -> bytes:
        if self._left is not None:
            self._left -= len(chunk)
            if self._left < 0:
                self.close()
                raise HTTPOutputError("Tried to write more data than Content-Length")
        if self._is_chunked and chunk:
            return b"%x\r\n%b\r\n" % (len(chunk), chunk)
        return chunk

    def _send(self, data: bytes) -> "asyncio.Future[None]":
        if self._wire.is_over:
            gone: asyncio.Future[None] = asyncio.Future()
            gone.set_exception(StreamClosedError())
            gone.exception()
            return gone
        self.has_begun = True
        return self._wire.write(data)


def _may_chunk(asked: RequestStartLine, code: int) -> bool:
    is_final = code >= 200  # noqa: PLR2004 - below are 1xx, which have no body
    has_body = is_final and code not in BODYLESS and asked.method != "HEAD"
    return has_body and asked.version == "HTTP/1.1"


def _written(code: int, reason: str, headers: HTTPHeaders) -> bytes:
    """Encode a head; a line end within a field would begin another one."""
    lines = [f"HTTP/1.1 {code} {reason}"]
    lines += [f"{native_str(n)}: {native_str(v)}" for n, v in headers.get_all()]
    text = "\r\n".join(lines)
    ends = len(lines) - 1
    if text.count("\r") != ends or text.count("\n") != ends:
        raise ValueError("Illegal characters (CR or LF) in header")
    return text.encode("latin1") + b"\r\n\r\n"

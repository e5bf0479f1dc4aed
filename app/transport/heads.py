"""The head of a request: our grammar says what one is, llhttp splits its fields.

The grammar is what RFC 9112 lets a client send and Tornado 6.6 lets in, less what
only old or odd clients sent. It alone decides where lines end and what a name is,
so that nothing llhttp may be lenient about (a bare LF behind a request line of
HTTP/0.9, folded lines) reaches a handler. What llhttp knows to be dangerous it
refuses, and it must count as many fields as the grammar did.

Source: RFC 9112, 2 to 6; nodejs/llhttp issue 877.
"""

import re
import sys
from typing import NamedTuple

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from tornado.http1connection import is_transfer_encoding_chunked
from tornado.httputil import (
    HTTPHeaders,
    HTTPInputError,
    RequestStartLine,
    parse_request_start_line,
)

from app.transport.bodies import body_of
from app.transport.fields import Fields

TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"

HEAD = re.compile(
    rb"(" + TOKEN + rb") ([\x21-\x7E\x80-\xFF]++) (HTTP/1\.[01])\r\n"
    rb"((?:" + TOKEN + rb":[\t\x20-\x7E\x80-\xFF]*+\r\n)*+\r\n)"
)
"""A whole head. Every part is possessive: it never looks back, so no head is slow."""

LINES = {b"HTTP/1.0": b"GET / HTTP/1.0\r\n", b"HTTP/1.1": b"GET / HTTP/1.1\r\n"}
"""What llhttp is shown in place of a request line, which says nothing about fields."""

CRLF = b"\r\n"

HEAD_END = b"\n\r\n"
"""Found where Tornado finds it; whether CRLF stands everywhere, the grammar says."""


class HeadTooLarge(HTTPInputError):
    """A head beyond the bound; 431."""


class Head(NamedTuple):
    """What a request says before its body."""

    start_line: RequestStartLine
    headers: HTTPHeaders
    keeps_alive: bool
    """Whether the client may send another one after it."""


class HeadReader:
    """Reads one whole head after the other, whosever they are."""

    def __init__(self) -> None:
        self._parser = HttpRequestParser(self)
        self._headers: HTTPHeaders = Fields()
        self._fields = 0
        self._keeps_alive = False
        self._is_complete = False

    def read(self, raw: bytes) -> Head:
        """Read a head from its first byte to its empty line; raises HTTPInputError."""
        found = HEAD.fullmatch(raw)
        if found is None:
            raise _refusal(raw, "not as RFC 9112 has it")
        method, target, version, fields = found.groups()
        line = RequestStartLine(
            method.decode(), target.decode("latin1"), version.decode()
        )
        try:
            headers = self._split(LINES[version] + fields)
        except HttpParserError as problem:
            raise _refusal(raw, f"llhttp: {problem}") from problem
        if self._fields != fields.count(b"\n") - 1:
            raise HTTPInputError("llhttp counts other fields than we do")
        keeps_alive = self._keeps_alive and _asks_for_more(line, headers)
        return Head(line, headers, keeps_alive)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a field; llhttp calls this."""
        self._fields += 1
        field, said = name.decode(), value.decode("latin1").strip("\t ")
        if field in self._headers:
            self._headers.add(field, said)
        else:
            self._headers[field] = said

    def on_headers_complete(self) -> None:
        """Note what llhttp makes of `Connection`; afterwards it has forgotten."""
        self._keeps_alive = self._parser.should_keep_alive()

    def on_message_complete(self) -> None:
        """Note that there is no body, so that the parser can go on."""
        self._is_complete = True

    def _split(self, shown: bytes) -> HTTPHeaders:
        self._headers = headers = Fields()
        self._fields = 0
        self._is_complete = self._keeps_alive = can_go_on = False
        try:
            self._parser.feed_data(shown)
            can_go_on = self._is_complete and self._keeps_alive
        except HttpParserUpgrade:
            self._keeps_alive = True
        finally:
            if not can_go_on:
                self._parser = HttpRequestParser(self)
        return headers


def cut(came: bytes, largest: int) -> tuple[bytes, bytes] | None:
    """Cut a head off what has come; None until it is whole. Raises HTTPInputError.

    One empty line before it is forgiven.
    """
    start = len(CRLF) if came.startswith(CRLF) else 0
    end = came.find(HEAD_END, start)
    if (len(came) if end < 0 else end) > largest:
        raise HeadTooLarge("head too large")
    if end < 0:
        if b"\n\n" in came:
            raise HTTPInputError("Malformed HTTP head: lines end with CRLF")
        return None
    end += len(HEAD_END)
    return came[start:end], came[end:]


def _asks_for_more(line: RequestStartLine, headers: HTTPHeaders) -> bool:
    """Say what Tornado makes of `Connection`: the whole value, or nothing."""
    asked = headers.get("Connection", "").lower()
    if line.version == "HTTP/1.1":
        return asked != "close"
    has_end = line.method in {"GET", "HEAD"} or "Content-Length" in headers
    return asked == "keep-alive" and (has_end or is_transfer_encoding_chunked(headers))


def _refusal(raw: bytes, why: str) -> HTTPInputError:
    """Say what is wrong, in Tornado's words where it would refuse as well."""
    line, _, fields = raw.decode("latin1").partition("\r\n")
    try:
        parse_request_start_line(line)
        body_of(HTTPHeaders.parse(fields), largest=sys.maxsize, piece=1)
    except HTTPInputError as problem:
        return problem
    return HTTPInputError(f"Malformed HTTP head: {why}")

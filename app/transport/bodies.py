"""The body of a request, by its length or by chunks, as strictly as Tornado has it.

No chunk extensions, no trailers, no other coding than ``chunked``, no two lengths:
what nobody we serve sends is what two readers of one stream disagree about.

Source: RFC 9112, 6 and 7; tornado.http1connection.
"""

import re
from typing import Protocol

from tornado.http1connection import (
    is_transfer_encoding_chunked,
    parse_hex_int,
    parse_int,
)
from tornado.httputil import HTTPHeaders, HTTPInputError

LONGEST_SIZE = 64
"""Bytes of the line that says how long a chunk is, as Tornado has it."""

MOST_CHUNKS = 256
"""Taken at once; a body of tiny ones lets others have their turn in between."""

CRLF = b"\r\n"

LIST = re.compile(r",[ \t]*")


class Body(Protocol):
    """What is still to come of a body."""

    is_whole: bool

    def take(self, came: bytes, largest: int) -> tuple[bytes, bytes]:
        """Return the next piece and what of ``came`` is not used; may raise.

        largest: bytes the whole body may have by now.
        """


class MeasuredBody:
    """A body whose length is said before."""

    def __init__(self, length: int, piece: int) -> None:
        self._left = length
        self._piece = piece
        self.is_whole = length == 0

    def take(self, came: bytes, largest: int) -> tuple[bytes, bytes]:
        """Take a piece; its length was looked at when it was said."""
        size = min(self._left, self._piece, len(came))
        self._left -= size
        self.is_whole = self._left == 0
        return came[:size], came[size:]


class ChunkedBody:
    """A body of chunks; what comes between them is no part of it."""

    def __init__(self, piece: int) -> None:
        self._piece = piece
        self._total = 0
        self._left = 0
        """Of the chunk that has begun, with the two bytes that end it; 0: none has."""
        self.is_whole = False

    def take(self, came: bytes, largest: int) -> tuple[bytes, bytes]:
        """Take the chunks that have come, as one piece; raises HTTPInputError."""
        pieces: list[bytes] = []
        room, at = self._piece, 0
        for _ in range(MOST_CHUNKS):
            begun = at
            if self._left == 0:
                at = self._begin(came, at, largest)
            elif self._left > len(CRLF):
                size = min(self._left - len(CRLF), room, len(came) - at)
                pieces.append(came[at : at + size])
                self._left -= size
                room -= size
                at += size
            if self._left and self._left <= len(CRLF):
                at = self._end(came, at)
            if self.is_whole or at == begun:
                break
        return b"".join(pieces), came[at:]

    def _begin(self, came: bytes, at: int, largest: int) -> int:
        """Read how long the next chunk is, once that line is here; 0 is the last."""
        end = came.find(CRLF, at, at + LONGEST_SIZE)
        if end < 0:
            if len(came) - at >= LONGEST_SIZE:
                raise HTTPInputError("chunk size too long")
            return at
        size = _size(came[at:end])
        if size == 0:
            return self._close(came, at, end + len(CRLF))
        self._total += size
        if self._total > largest:
            raise HTTPInputError("chunked body too large")
        self._left = size + len(CRLF)
        return end + len(CRLF)

    def _end(self, came: bytes, at: int) -> int:
        """Read the two bytes behind a chunk, once they are here."""
        end = came[at : at + len(CRLF)]
        if not CRLF.startswith(end):
            raise HTTPInputError("improperly terminated chunk")
        if end != CRLF:
            return at
        self._left = 0
        return at + len(CRLF)

    def _close(self, came: bytes, at: int, behind: int) -> int:
        """Read the two bytes behind the last chunk, once they are here."""
        end = came[behind : behind + len(CRLF)]
        if not CRLF.startswith(end):
            raise HTTPInputError("improperly terminated chunked request")
        if end != CRLF:
            return at
        self.is_whole = True
        return behind + len(CRLF)


def body_of(headers: HTTPHeaders, *, largest: int, piece: int) -> Body | None:
    """Return the body that a head announces; None for none. Raises HTTPInputError.

    piece: bytes handed on at once.
    """
    if is_transfer_encoding_chunked(headers):
        return ChunkedBody(piece)
    if "Content-Length" not in headers:
        return None
    said = headers["Content-Length"]
    if len(set(LIST.split(said))) > 1:
        raise HTTPInputError("Multiple unequal Content-Lengths")
    try:
        length = parse_int(said)
    except ValueError as problem:
        raise HTTPInputError("Only integer Content-Length is allowed") from problem
    if length > largest:
        raise HTTPInputError("Content-Length too long")
    return MeasuredBody(length, piece)


def _size(said: bytes) -> int:
    try:
        return parse_hex_int(said.decode("latin1"))
    except ValueError as problem:
        raise HTTPInputError("invalid chunk size") from problem

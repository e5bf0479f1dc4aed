"""Feeds of what stands at the door: heads, bodies, queries, calls for first aid."""

from types import SimpleNamespace
from typing import Any, NamedTuple

import msgspec
from tornado.escape import parse_qs_bytes
from tornado.httputil import HTTPHeaders, HTTPInputError, parse_request_start_line

from app.transport.bodies import ChunkedBody
from app.transport.heads import HeadReader, cut
from handlers.base.reading import BodyReader, QueryReader
from handlers.worker.first_aid import CallRequest
from handlers.worker.policy_lists import PolicyQuery
from models.base.errors import Refusal

MOST_BYTES = 64 * 1024


def heads(content: bytes) -> bool:
    """A head that we let in Tornado lets in, and reads alike."""
    try:
        raw = cut(content, MOST_BYTES)
        head = None if raw is None else READER.read(raw[0])
    except HTTPInputError:
        return False
    if raw is None or head is None:
        return False
    line, _, fields = raw[0].decode("latin1").lstrip("\r\n").partition("\n")
    theirs = parse_request_start_line(line.rstrip("\r"))
    assert tuple(head.start_line) == tuple(theirs)
    seen = sorted(HTTPHeaders.parse(fields).get_all())
    assert sorted(head.headers.get_all()) == seen
    return True


READER = HeadReader()


def chunks(content: bytes) -> bool:
    """A chunked body is the same however it comes apart."""
    at, stream = sum(content[:1]), content[1:]
    apart = [stream[n : n + 1] for n in range(len(stream))]
    taken = _taken([stream])
    assert taken == _taken([stream[:at], stream[at:]]) == _taken(apart)
    return taken is not None and taken.is_whole


class Taken(NamedTuple):
    """What came of a body."""

    content: bytes
    is_whole: bool


def _taken(pieces: list[bytes]) -> Taken | None:
    """Return what is taken of a body in pieces; None where it is refused."""
    body, taken, waiting = ChunkedBody(MOST_BYTES), b"", b""
    try:
        for piece in pieces:
            waiting += piece
            before = -1
            while not body.is_whole and len(waiting) != before:
                before = len(waiting)
                came, waiting = body.take(waiting, MOST_BYTES)
                taken += came
    except HTTPInputError:
        return None
    return Taken(taken, body.is_whole)


def queries(content: bytes) -> bool:
    """A query string is read or refused."""
    try:
        arguments = parse_qs_bytes(content, keep_blank_values=True)
    except ValueError:
        return False  # Tornado answers 400
    try:
        READ_QUERY(arguments)
    except Refusal:
        return False
    return True


READ_QUERY = QueryReader(PolicyQuery)


def calls_for_help(content: bytes) -> bool:
    """A call for first aid is understood as far as it can be, never refused."""
    read = READ_CALL(SimpleNamespace(request=SimpleNamespace(body=content)))
    msgspec.json.encode(read)
    return bool(read != CallRequest())


READ_CALL: Any = BodyReader(CallRequest, forgiving=True)

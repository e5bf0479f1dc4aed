"""What lies ready is handed out at the door: no handler is made, nothing is awaited.

::

    head ─▶ plain? ─▶ lies ready? ──yes──▶ out
               no          no
               └───────────┴──▶ the usual way: admitted, counted, found, refused

A kept answer costs less than the handler that would hand it out. So a verb that is
open to everybody may name a plain function that looks whether its answer lies ready.
What that function may hand out, everybody may have at any time: a limit is counted
when an answer is made, and a full house turns nobody away from what is ready.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from tornado.escape import parse_qs_bytes
from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    RequestStartLine,
    ResponseStartLine,
)

from handlers.base.answers import Ready
from handlers.base.heads import Head, asks_plainly, http_date, send_whole
from handlers.base.requests import host_name
from models.base.errors import Invalid

if TYPE_CHECKING:
    from handlers.base.promises import Promise
    from handlers.base.reading import QueryReader

Look = Callable[..., Ready[Any] | None]
"""Given ctx, the application's settings, what the path names and ``query``."""

LONGEST_QUERY = 200
"""Characters of a query that is remembered once it was read."""

QUERIES = 1_024
"""So many are remembered, of each verb."""

NOT_PLAIN = frozenset({"Content-Length", "Transfer-Encoding", "Upgrade", "Expect"})
"""Something follows, or something else is wanted."""

OK = ResponseStartLine("", 200, "OK")
KNOWN = ResponseStartLine("", 304, "Not Modified")


class AtOnce:
    """How the answer of one verb is looked for at the door."""

    def __init__(
        self, look: Look, promise: "Promise", read_query: "QueryReader | None"
    ) -> None:
        if promise.limit is not None or not promise.access.is_public:
            raise TypeError("what asks who is calling cannot be handed out at the door")
        self._look = look
        self._takes_token = promise.access.optional
        self._query_of = (
            None
            if read_query is None
            else lru_cache(maxsize=QUERIES)(partial(_read, read_query))
        )

    def find(
        self,
        settings: Mapping[str, Any],
        headers: HTTPHeaders,
        query: str,
        names: Mapping[str, str],
    ) -> Ready[Any] | None:
        """Return the answer, if it lies ready and the request is a plain one."""
        if settings["closing"].is_set() or not self._is_plain(headers):
            return None
        given: dict[str, Any] = dict(names)
        if self._query_of is not None:
            asked = self._query_of(query) if len(query) <= LONGEST_QUERY else None
            if asked is None:
                return None
            given["query"] = asked
        return self._look(settings["ctx"], settings, **given)

    def _is_plain(self, headers: HTTPHeaders) -> bool:
        if not NOT_PLAIN.isdisjoint(headers):
            return False
        if self._takes_token and "Authorization" in headers:
            return False
        return bool(host_name(headers.get("Host", "")))


def _read(read_query: "QueryReader", query: str) -> Any:
    """Read a query; None when it cannot be, which is said on the usual way."""
    try:
        return read_query(parse_qs_bytes(query, keep_blank_values=True))
    except (Invalid, ValueError):
        return None


def hand_out(
    connection: HTTPConnection,
    line: RequestStartLine,
    headers: HTTPHeaders,
    ready: Ready[Any],
    trace: str,
) -> int:
    """Send an answer, or word that the client has it; return the status.

    headers: the request's.
    """
    if ready.is_known(headers):
        head = ready.begin_head()
        del head["Content-Type"]
        _send(connection, KNOWN, head, trace, b"")
        return KNOWN.code
    if asks_plainly(line.method, line.version, headers):
        own = f"Date: {http_date()}\r\nX-Request-Id: {trace}\r\n".encode()
        send_whole(connection, OK.code, own + ready.fields, ready.body)
    else:
        head = ready.begin_head()
        head["Content-Length"] = str(len(ready.body))
        _send(connection, OK, head, trace, ready.body)
    return OK.code


def _send(
    connection: HTTPConnection,
    line: ResponseStartLine,
    head: Head,
    trace: str,
    body: bytes,
) -> None:
    head["X-Request-Id"] = trace
    connection.write_headers(line, head, body)  # type: ignore[arg-type]
    connection.finish()

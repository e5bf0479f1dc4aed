"""A request as handlers know it, made without what a plain one has nothing of.

Tornado reads a query, copies what it found and judges the host for every request;
most have no query, and say a host that is one beyond doubt. Any other is Tornado's.
"""

import re
from functools import lru_cache

from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPServerRequest,
    RequestStartLine,
)

from handlers.base.heads import wall

PLAIN_HOST = re.compile(r"([A-Za-z0-9.-]{1,253})(?::[0-9]{1,5})?")


class PlainRequest(HTTPServerRequest):
    """A request without a query, to a plain host."""

    def __init__(
        self,
        line: RequestStartLine,
        headers: HTTPHeaders,
        host: str,
        connection: HTTPConnection,
        server: object,
    ) -> None:
        self.method, self.uri, self.version = line
        self.path, self.query = line.path, ""
        self.headers, self.body = headers, b""
        context = getattr(connection, "context", None)
        self.remote_ip = getattr(context, "remote_ip", None)
        self.protocol = getattr(context, "protocol", "http")
        self.host, self.host_name = host, host_name(host)
        self.connection, self.server_connection = connection, server
        self.files, self.arguments = {}, {}
        self.query_arguments, self.body_arguments = {}, {}
        self._began = wall.monotonic()

    def request_time(self) -> float:
        """Return how long it has been here.

        Units: seconds.
        """
        return wall.monotonic() - self._began


def make_request(
    line: RequestStartLine,
    headers: HTTPHeaders,
    connection: HTTPConnection,
    server: object,
) -> HTTPServerRequest:
    """Make a request of its head; raises HTTPInputError."""
    host = headers.get("Host", "")
    if "?" in line.path or not host_name(host):
        return HTTPServerRequest(
            connection=connection,
            server_connection=server,
            start_line=line,
            headers=headers,
        )
    return PlainRequest(line, headers, host, connection, server)


@lru_cache(maxsize=64)
def host_name(host: str) -> str:
    """Return the name in a plain ``Host``, without its port; nothing in any other."""
    found = PLAIN_HOST.fullmatch(host)
    return found[1].lower() if found else ""

"""How many connections a process holds: one more than that is hung up on at once.

The event loop serves every connection once a turn, so the number of connections
bounds how long first aid waits for its turn, whatever all the others ask.
"""

import resource
from typing import Any

from prometheus_client import Counter, Gauge
from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream
from tornado.util import Configurable

from handlers.base.open_sockets import MOST as MOST_SOCKETS

SPARE_FILES = 512
"""Files beside connections: MongoDB's and Redis's pools, WeChat, logs, libraries."""

open_connections = Gauge("inn_connections_open", "Connections open in this process.")
hung_up = Counter(
    "inn_connections_refused", "Connections refused because too many were open."
)


class BoundedServer(HTTPServer):
    """A server, Tornado's or one in its place, with a bound on its connections.

    A WebSocket leaves this count when it is one, and is bounded by `OpenSockets`.
    """

    @classmethod
    def configurable_base(cls) -> type[Configurable]:
        """Be what is made; Tornado would choose among its own."""
        return cls

    @classmethod
    def configurable_default(cls) -> type[Configurable]:
        """Be what is made."""
        return cls

    def hold_at_most(self, connections: int) -> None:
        """Say how many are enough, before the first one comes."""
        self._most = connections
        open_connections.set_function(lambda: len(self._connections))

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> Any:
        """Begin with a connection, or hang up."""
        if len(self._connections) >= self._most:
            hung_up.inc()
            stream.close()
            return None
        return super().handle_stream(stream, address)


def allow_files(connections: int) -> int:
    """Raise the process's limit of open files to what it may need; return it.

    Without it the soft limit, 1,024 on most systems, would be met first, and a
    process that cannot accept turns in circles.
    """
    needed = connections + MOST_SOCKETS + SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < needed and soft != resource.RLIM_INFINITY:
        most = hard if hard != resource.RLIM_INFINITY else needed
        soft = min(needed, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft

"""Tornado's HTTP server with its reader replaced: sockets, limits and doors stay.

Source: decision 0010.
"""

import asyncio
import socket
from typing import Any, cast

from tornado.httpserver import HTTPServer, _HTTPRequestContext
from tornado.iostream import IOStream

from app.transport.heads import HeadReader
from app.transport.line import Line

LARGEST_BODY = 100 * 1024 * 1024
"""Where nothing is said, as Tornado has it."""


class HttptoolsServer(HTTPServer):
    """Serves an application's doors on llhttp and asyncio's own transports."""

    def initialize(self, request_callback: Any, **options: Any) -> None:  # type: ignore[override]
        """Take Tornado's options; not TLS, which nginx ends, nor packed bodies."""
        for name in ("ssl_options", "decompress_request"):
            if options.get(name):
                raise ValueError(f"{name}: not on this layer")
        super().initialize(request_callback, **options)
        self.params = self.conn_params
        if self.params.max_body_size is None:
            self.params.max_body_size = self.max_buffer_size or LARGEST_BODY
        self.heads = HeadReader()

    def handle_stream(self, stream: IOStream, address: Any) -> Any:
        """Take a connection over from the listener."""
        context = _HTTPRequestContext(
            stream, address, self.protocol, self.trusted_downstream
        )
        line = Line(self, context)
        self._connections.add(cast(Any, line))
        return self._begin(line, stream.socket)

    async def _begin(self, line: Line, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.connect_accepted_socket(lambda: line, connection)
        except OSError:
            self.on_close(cast(Any, line))

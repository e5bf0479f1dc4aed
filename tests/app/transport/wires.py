"""Bytes sent to a server, and what of them reached a handler."""

import asyncio
from dataclasses import dataclass
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from app.application import LARGEST_BODY, LARGEST_HEADERS


class Anything(RequestHandler):
    """Takes every method of every path, and writes down what it was given."""

    SUPPORTED_METHODS = ()

    def initialize(self, seen: list[Any]) -> None:
        self.seen = seen

    async def _execute(self, transforms: Any, *args: Any, **kwargs: Any) -> None:
        request = self.request
        headers = sorted(request.headers.get_all())
        self.seen.append((request.method, request.uri, headers, request.body))
        self._transforms = []
        await self.finish(b"seen")


@dataclass
class Served:
    """A server, and what it let in."""

    server: HTTPServer
    port: int
    seen: list[Any]

    async def send(self, raw: bytes) -> bytes:
        """Send bytes and return what came back until the server hung up."""
        self.seen.clear()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(raw)
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""
        finally:
            writer.close()

    async def close(self) -> None:
        """Hang up on everybody."""
        self.server.stop()
        await self.server.close_all_connections()


async def serve_anything(kind: type[HTTPServer], **limits: Any) -> Served:
    """Open a server that lets every sound request in."""
    seen: list[Any] = []
    doors = Application(
        [(".*", Anything, {"seen": seen})], log_function=lambda handler: None
    )
    bounds = {"max_body_size": LARGEST_BODY, "max_header_size": LARGEST_HEADERS}
    server = kind(doors, **bounds | limits)
    sockets = bind_sockets(0, "127.0.0.1")
    server.add_sockets(sockets)
    return Served(server, sockets[0].getsockname()[1], seen)

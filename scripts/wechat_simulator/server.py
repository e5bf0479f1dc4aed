"""Putting the simulated platform on a socket, in a test's process or in its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from scripts.wechat_simulator import api, doors
from scripts.wechat_simulator.world import World

LOOPBACK = "127.0.0.1"
BACKLOG = 512


def _quiet(handler: RequestHandler) -> None:
    """Log no requests: their URLs carry secrets and codes."""


def make_application(world: World) -> Application:
    """Join the server API and the control doors."""
    routes = [*api.ROUTES, *doors.ROUTES]
    return Application(
        [(path, handler, {"world": world}) for path, handler in routes],
        log_function=_quiet,
    )


@dataclass
class Running:
    """A simulator that is listening."""

    url: str
    world: World
    server: HTTPServer

    async def close(self) -> None:
        """Stop listening, break what is open, push nothing more."""
        self.server.stop()
        await self.world.pushes.close()
        await self.server.close_all_connections()


async def start(
    world: World | None = None,
    *,
    port: int = 0,
    now: Callable[[], datetime] | None = None,
) -> Running:
    """Listen on 127.0.0.1, on a free port unless one is given."""
    world = world or World(now=now)
    sockets = bind_sockets(port, LOOPBACK, backlog=BACKLOG)
    server = HTTPServer(make_application(world))
    server.add_sockets(sockets)
    taken = sockets[0].getsockname()[1]
    return Running(f"http://{LOOPBACK}:{taken}", world, server)

"""The front of the house: doors put together, opened, and closed gently."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache

import msgspec
from tornado.netutil import bind_sockets

from app import doors, figures, telemetry
from app.connections import BoundedServer, allow_files
from app.loop_lag import LoopLag
from app.settings import Env, HttpLayer
from app.streams import TornadoServer
from app.transport.server import HttptoolsServer
from app.wiring import House
from handlers.base.crowd import Crowd
from handlers.base.limits import Limiter
from handlers.base.open_sockets import OpenSockets
from handlers.base.openapi import describe
from handlers.base.ready import ReadyShelf
from handlers.base.routing import Doors, Route
from handlers.base.uploads import Uploads
from handlers.routes import ROUTES
from handlers.worker.first_pages import MOST_FOUND_BYTES
from handlers.worker.station_views import StationPieces
from models.base.chorus import Chorus

VERSION = "0.1.0"

MEGABYTE = 1024 * 1024

LARGEST_BODY = 256 * 1024
"""Bytes; nothing a worker sends as JSON is near it."""

LARGEST_HEADERS = 16 * 1024

BACKLOG = 2_048
"""Connections that may wait for one turn of the event loop. With Tornado's 128 a
burst overflows, and the kernel lets the phone, first aid's too, try again after 1, 3,
7 and 15 s. The system's own limit (net.core.somaxconn) is usually 4,096."""

IDLE_SECONDS = 75
"""A kept connection without a request is closed, a little after nginx's 60."""

HANG_UP_SECONDS = 1.0

STOP_SECONDS = 7.0
"""What is running gets this long; the whole stop stays under 10 s."""


class BoundedTornado(BoundedServer, TornadoServer):
    """Tornado's own layer, with a bound on its connections."""


class BoundedHttptools(BoundedServer, HttptoolsServer):
    """The other layer, with the same bound."""


SERVERS: dict[HttpLayer, type[BoundedServer]] = {
    HttpLayer.TORNADO: BoundedTornado,
    HttpLayer.HTTPTOOLS: BoundedHttptools,
}
"""Decision 0010."""


class Front:
    """One serving process."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._closing = asyncio.Event()
        self.doors = make_doors(house, self._closing)
        self._lag = LoopLag(house.ctx.clock)
        self._server = SERVERS[house.settings.http_layer](
            self.doors,
            max_body_size=LARGEST_BODY,
            max_buffer_size=2 * LARGEST_BODY,
            max_header_size=LARGEST_HEADERS,
            idle_connection_timeout=IDLE_SECONDS,
            body_timeout=30,
        )
        self._server.hold_at_most(house.settings.connections_at_once)

    def open(self, *, port: int | None = None) -> int:
        """Listen; returns the port. Raises OSError when it is taken.

        port: other than the settings' own; 0 takes a free one.
        """
        settings = self._house.settings
        allow_files(settings.connections_at_once)
        sockets = bind_sockets(
            settings.port if port is None else port,
            settings.host,
            backlog=BACKLOG,
            reuse_port=settings.share_port,
        )
        self._server.add_sockets(sockets)
        self._lag.begin()
        return int(sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Refuse new work with 503, finish what is running, then hang up."""
        self._closing.set()
        self._lag.end()
        sockets: OpenSockets = self.doors.settings["sockets"]
        await asyncio.gather(sockets.close(), self._finish())
        self._server.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(HANG_UP_SECONDS):
                await self._server.close_all_connections()

    async def _finish(self) -> None:
        running: set[asyncio.Task[None]] = self.doors.settings["running"]
        if running:
            await asyncio.wait(set(running), timeout=STOP_SECONDS)


def make_doors(house: House, closing: asyncio.Event) -> Doors:
    """Make Tornado's application for one process."""
    running: set[asyncio.Task[None]] = set()
    return Doors(
        routes_for(house.settings.env),
        ctx=house.ctx,
        urgent=house.urgent,
        closing=closing,
        running=running,
        crowd=Crowd(house.settings.requests_at_once),
        limiter=Limiter(house.ctx.redis, house.ctx.clock),
        sockets=OpenSockets(),
        live_origins=house.settings.live_origins,
        behind_proxy=house.settings.behind_proxy,
        ready=ReadyShelf(house.settings.ready_megabytes * MEGABYTE),
        found=ReadyShelf(MOST_FOUND_BYTES),
        chorus=Chorus(),
        pieces=StationPieces(),
        uploads=Uploads(),
        openapi=description,
        new_trace=lambda: f"{random.getrandbits(64):016x}",
        note=telemetry.note_request,
        log_surprise=telemetry.log_surprise,
        count_house=figures.counter(house, running),
        hears_changes=house.follower.is_fresh,
    )


@lru_cache
def description() -> bytes:
    """Return openapi.json, which most processes are never asked for."""
    return msgspec.json.encode(describe(ROUTES, version=VERSION))


def routes_for(env: Env) -> Sequence[Route]:
    """Return every route; the test doors exist under test only."""
    return [*ROUTES, *doors.ROUTES] if env is Env.TEST else ROUTES

"""The watch port: figures and life of this very process, for machines that watch.

Several processes share the doors' port, so whoever asks there meets any of them; a
worker has no doors at all. So each process may have a port of its own for watchers
(WATCH_PORT). It belongs inside the network: nothing here asks who you are.
"""

import asyncio

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from app import telemetry
from app.application import IDLE_SECONDS, LARGEST_HEADERS
from app.figures import Count
from app.wiring import House
from handlers.base.crowd import Crowd
from handlers.base.health import HealthHandler, WatchedFiguresHandler
from handlers.base.routing import Doors

LARGEST_BODY = 1_024
"""Bytes; nobody has anything to tell us here."""

MOST_AT_ONCE = 16
"""Watchers come one by one."""


class Watch:
    """What one process shows to watchers."""

    def __init__(self, house: House, count: Count) -> None:
        self._house = house
        doors = Doors(
            [("/healthz", HealthHandler), ("/metrics", WatchedFiguresHandler)],
            ctx=house.ctx,
            urgent=house.urgent,
            closing=asyncio.Event(),
            running=set(),
            crowd=Crowd(MOST_AT_ONCE),
            count_house=count,
            new_trace=lambda: "",
            log_surprise=telemetry.log_surprise,
            note=lambda *_, **__: None,
        )
        self._server = HTTPServer(
            doors,
            max_body_size=LARGEST_BODY,
            max_header_size=LARGEST_HEADERS,
            idle_connection_timeout=IDLE_SECONDS,
        )

    def open(self) -> int | None:
        """Listen, if a port is given; returns it. Raises OSError when it is taken."""
        settings = self._house.settings
        if settings.watch_port == 0:
            return None
        sockets = bind_sockets(settings.watch_port, settings.watch_host)
        self._server.add_sockets(sockets)
        return int(sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Hang up."""
        self._server.stop()
        await self._server.close_all_connections()

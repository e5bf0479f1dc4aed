"""One client's connection as asyncio has it: room to write, reading on, hanging up."""

import asyncio
from typing import Any

from tornado.http1connection import HTTP1ConnectionParameters
from tornado.iostream import StreamClosedError

from app.transport.patience import Patience


class Outlet(asyncio.Protocol):
    """A connection, whatever is said on it."""

    is_over = False
    """Nothing is read or written any more."""

    is_lost = False
    """The client has gone, or we have hung up."""

    transport: Any = None
    """None while the connection is only coming in."""

    _reads = True

    def __init__(self, params: HTTP1ConnectionParameters, context: Any) -> None:
        self.context = context
        self.params = params
        self.loop = asyncio.get_running_loop()
        self.patience = Patience(self.run_out)
        self.room: asyncio.Future[None] = self.loop.create_future()
        """Done while there is room to write."""
        self.room.set_result(None)
        self._gone: asyncio.Future[None] = self.loop.create_future()

    async def close(self) -> None:
        """Hang up once what is written is out, and wait for it."""
        self.hang_up()
        await self._gone

    def connection_made(self, transport: Any) -> None:
        """Wait for the first request."""
        self.transport = transport
        if self.is_over:
            transport.abort()
        self.patience.wait(self.params.header_timeout)

    def connection_lost(self, problem: Exception | None) -> None:
        """Let go of whoever waits for room."""
        self.is_over = self.is_lost = True
        self.patience.end()
        if not self.room.done():
            self.room.set_exception(StreamClosedError())
            self.room.exception()
        self._gone.set_result(None)

    def pause_writing(self) -> None:
        """Let writers wait: the client takes less than it is given."""
        self.room = self.loop.create_future()

    def resume_writing(self) -> None:
        """Let writers go on."""
        if not self.room.done():
            self.room.set_result(None)

    def write(self, data: bytes) -> "asyncio.Future[None]":
        """Send; the future is done when there is room for more."""
        if data:
            self.transport.write(data)
        return self.room

    def read_on(self, wanted: bool) -> None:
        """Read on, or not for now."""
        if self.is_over or wanted == self._reads:
            return
        self._reads = wanted
        if wanted:
            self.transport.resume_reading()
        else:
            self.transport.pause_reading()

    def hang_up(self) -> None:
        """Close once what is written is out; who does not take it is not waited for."""
        self.is_over = True
        if not self.is_lost and self.transport is not None:
            self.transport.close()
            self.patience.wait(self.params.header_timeout)

    def abandon(self) -> None:
        """Hang up without more ado."""
        self.is_over = True
        self.transport.abort()

    def run_out(self) -> None:
        """Waiting is over."""
        self.abandon()

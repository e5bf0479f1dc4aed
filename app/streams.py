"""Tornado's own HTTP server, on connections that say less to the kernel.

Tornado turns Nagle's algorithm off and on again for every answer, begins and ends to
watch a connection for every request whose answer has to be waited for, and sets a
timer for every head; together a sixth of a small request. Here answers go out at once,
always, a client that leaves while it is being served is noticed when its answer is
written at the latest, and one look at all connections finds those that were silent
for too long, or took nothing of what is written to them.

Source: tornado.iostream, tornado.http1connection; decision 0013.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream

LOOKS = 5
"""Who says or takes nothing for a while is hung up on at the next of so many looks
in it, or at the one after."""


class DoorStream(IOStream):
    """The stream of one client."""

    _waits_since = 0.0
    """By the loop's time, as is the other."""

    _taken, _taken_at = 0, 0.0
    """Bytes the client had taken when last looked at, and when that was found."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = asyncio.get_running_loop().time
        super().set_nodelay(True)

    def set_nodelay(self, value: bool) -> None:
        """Leave it: whatever is written goes out at once."""

    def read_until_regex(
        self, regex: bytes, max_bytes: int | None = None
    ) -> Awaitable[bytes]:
        """Read a head, and note since when it is waited for."""
        self._waits_since = self._now()
        return super().read_until_regex(regex, max_bytes)

    def is_silent(self, since: float) -> bool:
        """Say whether a head is waited for since then, or longer.

        since: by the loop's time.
        """
        is_waited_for = self.reading() and self._read_regex is not None
        return is_waited_for and self._waits_since <= since

    def is_stuck(self, since: float) -> bool:
        """Say whether something is written to a client who took nothing since then.

        since: by the loop's time; what is taken is noted at each of these looks.
        """
        taken = self._total_write_done_index
        if not self.writing() or taken != self._taken:
            self._taken, self._taken_at = taken, self._now()
            return False
        return self._taken_at <= since

    def _maybe_add_error_listener(self) -> None:
        """Do not begin to watch a connection whose request is being served.

        Its next read watches again, as does a write that has to wait.
        """


class TornadoServer(HTTPServer):
    """Tornado's own server on streams of ours."""

    _looks: asyncio.TimerHandle | None = None

    def initialize(self, request_callback: Any, **options: Any) -> None:  # type: ignore[override]
        """Take Tornado's options; not TLS, which nginx ends."""
        if options.get("ssl_options"):
            raise ValueError("ssl_options: not on this layer")
        super().initialize(request_callback, **options)
        self._idle_seconds: float = self.conn_params.header_timeout or 0
        self.conn_params.header_timeout = None

    def handle_stream(self, stream: IOStream, address: Any) -> Any:
        """Begin with a connection that was just accepted."""
        ours = DoorStream(
            stream.socket,
            max_buffer_size=stream.max_buffer_size,
            read_chunk_size=stream.read_chunk_size,
        )
        if self._looks is None:
            self._look_later()
        return super().handle_stream(ours, address)

    def _look_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._looks = loop.call_later(self._idle_seconds / LOOKS, self._look)

    def _look(self) -> None:
        """Hang up on who has said, or taken, nothing for too long."""
        self._looks = None
        long_ago = asyncio.get_running_loop().time() - self._idle_seconds
        for connection in list(self._connections):
            stream = connection.stream
            if not isinstance(stream, DoorStream):
                continue
            if stream.is_silent(long_ago) or stream.is_stuck(long_ago):
                stream.close()
        if self._connections:
            self._look_later()

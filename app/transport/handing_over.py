"""A connection given to another protocol: its socket, and what has come on it.

Tornado's WebSockets want an `IOStream`. The socket is duplicated, so that asyncio
may close its own and the connection stays.
"""

import os
import socket
from typing import Any

from tornado.iostream import IOStream

LARGEST = 1024 * 1024
"""Bytes such a stream may hold; a WebSocket's messages are bounded far below."""


class HandedOver(IOStream):
    """A stream some of which had been read before."""

    def __init__(self, connection: socket.socket, came: bytes, *, chunk: int) -> None:
        self._came = came
        super().__init__(connection, max_buffer_size=LARGEST, read_chunk_size=chunk)

    def read_from_fd(self, buf: bytearray | memoryview) -> int | None:
        """Read what had come, then what comes."""
        if not self._came:
            return super().read_from_fd(buf)
        size = min(len(buf), len(self._came))
        buf[:size] = self._came[:size]
        self._came = self._came[size:]
        return size


def take_over(transport: Any, came: bytes, *, chunk: int, is_lost: bool) -> IOStream:
    """Make a stream of a transport's connection; a closed one when it is lost."""
    if is_lost:
        stream = HandedOver(socket.socket(), b"", chunk=chunk)
        stream.close()
        return stream
    transport.pause_reading()
    own = transport.get_extra_info("socket")
    return HandedOver(socket.socket(fileno=os.dup(own.fileno())), came, chunk=chunk)

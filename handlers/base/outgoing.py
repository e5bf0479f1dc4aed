"""What goes out to one socket: at once if it can, else kept, within bounds.

Nobody waits for a peer. What the kernel does not take at once is kept here, so many
messages and bytes; beyond that the peer is too slow and is let go. A message is
encoded once for all who hear it, and so is framed here rather than by Tornado,
whose way costs a task a message.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Callable

from tornado.iostream import IOStream, StreamClosedError

MOST_MESSAGES = 256
MOST_BYTES = 64 * 1024
"""Some 300 messages; who is further behind is quicker by asking for the changes."""

KERNEL_BYTES = 32 * 1024
"""What the kernel keeps for a peer; its own choice grows to megabytes."""

TEXT = 0x81
"""The first byte of a text message in one frame."""

LONGEST_SHORT = 125
"""Bytes of a frame whose length stands in one byte."""


class Outgoing:
    """The messages of one socket on their way out."""

    def __init__(self, stream: IOStream, *, too_slow: Callable[[], None]) -> None:
        self._stream = stream
        self._too_slow = too_slow
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._is_busy = False
        stream.set_nodelay(True)
        stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)

    def send(self, message: bytes) -> None:
        """Send a message after those that wait; returns at once."""
        frame = framed(message)
        if not self._is_busy:
            self._write(frame)
            return
        self._waiting.append(frame)
        self._bytes += len(frame)
        if len(self._waiting) > MOST_MESSAGES or self._bytes > MOST_BYTES:
            self._too_slow()

    def stop(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
        self._bytes = 0

    def _write(self, frames: bytes) -> None:
        try:
            written = self._stream.write(frames)
        except StreamClosedError:
            return
        if not written.done():
            self._is_busy = True
            written.add_done_callback(self._written)

    def _written(self, written: "asyncio.Future[None]") -> None:
        self._is_busy = False
        if self._waiting and not written.cancelled() and written.exception() is None:
            frames = b"".join(self._waiting)
            self.stop()
            self._write(frames)


def framed(message: bytes) -> bytes:
    """Put a text message into a frame, as servers send it: not masked (RFC 6455)."""
    if len(message) <= LONGEST_SHORT:
        return bytes((TEXT, len(message))) + message
    return bytes((TEXT, LONGEST_SHORT + 1)) + len(message).to_bytes(2, "big") + message

"""A flood: requests that come at their own pace, whether or not any was answered.

Clients that wait for their answers slow down with the server and never show what it
does with too many. Here requests come at so many a second; each takes a connection
that is free, or opens one, like phones of people who do not know of each other.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"
BROKEN = 599
"""A connection that was refused or broke before the answer, as Tornado has it."""

TICK_SECONDS = 0.01
"""What is due goes out so often."""


@dataclass
class Came:
    """What came of a flood."""

    statuses: Counter[int] = field(default_factory=Counter)
    waits: dict[int, list[float]] = field(default_factory=dict)
    """Seconds till the answer, by status."""
    without_time: int = 0
    """Answers 503 and 429 that do not say when to come back."""

    def note(self, status: int, seconds: float, head: bytes) -> None:
        """Take an answer."""
        self.statuses[status] += 1
        self.waits.setdefault(status, []).append(seconds)
        if status in {429, 503} and b"retry-after:" not in head.lower():
            self.without_time += 1

    @property
    def total(self) -> int:
        """How many have ended."""
        return self.statuses.total()

    def sum_of(self, *statuses: int) -> int:
        """How many ended in one of these."""
        return sum(self.statuses[status] for status in statuses)


class Line(asyncio.Protocol):
    """One kept connection with at most one request on it."""

    def __init__(self, flood: "Flood") -> None:
        self._flood = flood
        self._seen = bytearray()
        self._began = 0.0
        self._asking = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be open."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def ask(self, request: bytes, began: float) -> None:
        """Send a request."""
        assert self._transport is not None
        self._began, self._asking = began, True
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Read on till the answer is whole."""
        self._seen += data
        end = self._seen.find(HEAD_END)
        if end < 0:
            return
        head = bytes(self._seen[:end])
        if len(self._seen) < end + len(HEAD_END) + _length(head):
            return
        self._asking = False
        self._seen.clear()
        self._flood.answered(self, int(head[9:12]), self._began, head)

    def connection_lost(self, _: Exception | None) -> None:
        """Be gone, perhaps without an answer."""
        self._transport = None
        self._flood.lost(self, self._began if self._asking else None)
        self._asking = False

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


class Flood:
    """Requests to one door."""

    def __init__(self, url: str, requests: Iterator[bytes]) -> None:
        place = urlsplit(url)
        self._host, self._port = place.hostname or "", place.port or 0
        self._requests = requests
        self._free: list[Line] = []
        self._opening: set[asyncio.Task[None]] = set()
        self._ended = asyncio.Event()
        self._awaited = 0
        self._at_once: int | None = None
        self.came = Came()

    async def keep_busy(self, count: int, *, at_once: int) -> float:
        """Send so many, so many at once; return how many a second were answered."""
        loop = asyncio.get_running_loop()
        began, left = loop.time(), count - at_once
        self._begin(count)
        self._at_once = left
        for _ in range(at_once):
            self._send()
        await self._ended.wait()
        self._at_once = None
        return count / (loop.time() - began)

    async def pour(self, count: int, *, a_second: float) -> float:
        """Send so many at a pace of their own; return the pace that was held."""
        loop = asyncio.get_running_loop()
        began, sent = loop.time(), 0
        self._begin(count)
        while sent < count:
            due = min(count, int((loop.time() - began) * a_second) + 1)
            for _ in range(due - sent):
                self._send()
            sent = due
            await asyncio.sleep(TICK_SECONDS)
        pace = count / (loop.time() - began)
        await self._ended.wait()
        return pace

    def answered(self, line: Line, status: int, began: float, head: bytes) -> None:
        """Take an answer, and the line back."""
        self._free.append(line)
        self._note(status, began, head)

    def lost(self, line: Line, began: float | None) -> None:
        """Take note that a line is gone."""
        if line in self._free:
            self._free.remove(line)
        if began is not None:
            self._note(BROKEN, began, b"")

    async def close(self) -> None:
        """Hang up everywhere."""
        await asyncio.gather(*self._opening)
        for line in list(self._free):
            line.close()

    def _begin(self, count: int) -> None:
        self.came, self._awaited = Came(), count
        self._ended.clear()

    def _send(self) -> None:
        began = asyncio.get_running_loop().time()
        if self._free:
            self._free.pop().ask(next(self._requests), began)
            return
        opening = asyncio.create_task(self._open(next(self._requests), began))
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)

    async def _open(self, request: bytes, began: float) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, line = await loop.create_connection(
                lambda: Line(self), self._host, self._port
            )
        except OSError:
            self._note(BROKEN, began, b"")
            return
        line.ask(request, began)

    def _note(self, status: int, began: float, head: bytes) -> None:
        self.came.note(status, asyncio.get_running_loop().time() - began, head)
        if self._at_once:
            self._at_once -= 1
            self._send()
        if self.came.total == self._awaited:
            self._ended.set()


def _length(head: bytes) -> int:
    for line in head.lower().splitlines():
        if line.startswith(LENGTH):
            return int(line[len(LENGTH) :])
    return 0

"""A client of the live lines on a real socket, as a desk or a phone would be."""

import asyncio
from dataclasses import dataclass
from typing import Any

import msgspec
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.client import Client

PATIENCE = 100.0
"""Seconds; it ends a wait for words that never come, and proves nothing."""


@dataclass
class Closed:
    """How the other side closed."""

    code: int | None
    why: str | None


@dataclass
class Listening:
    """One open socket."""

    socket: WebSocketClientConnection
    words: "asyncio.Queue[Any]"
    """What was said to us, and None for the close."""

    async def next(self, patience: float = PATIENCE) -> Any:
        """Wait for the next words, or for the close."""
        async with asyncio.timeout(patience):
            words = await self.words.get()
        if words is None:
            return Closed(self.socket.close_code, self.socket.close_reason)
        return msgspec.json.decode(words)

    async def hear(self, *kinds: str) -> list[dict[str, Any]]:
        """Wait for exactly these changes, in this order."""
        heard = [await self.next() for _ in kinds]
        assert [each["change"]["kind"] for each in heard] == list(kinds), heard
        return [each["change"] for each in heard]

    async def say(self, words: Any) -> None:
        """Say something; bytes go as they are, in a binary message."""
        if isinstance(words, bytes):
            await self.socket.write_message(words, binary=True)
        else:
            await self.socket.write_message(msgspec.json.encode(words).decode())

    def close(self) -> None:
        """Hang up."""
        self.socket.close()


async def connect(http: Client, path: str, **headers: str) -> Listening:
    """Open a socket; ``http``'s token goes into the header."""
    if http.token is not None:
        headers["Authorization"] = f"Bearer {http.token}"
    request = HTTPRequest(http.url.replace("http:", "ws:") + path, headers=headers)
    words: asyncio.Queue[Any] = asyncio.Queue()
    socket = await websocket_connect(request, on_message_callback=words.put_nowait)
    line = Listening(socket, words)
    http.lines.append(line)
    return line


async def listen(http: Client, path: str) -> Listening:
    """Open a socket and wait to be welcome."""
    line = await connect(http, path)
    assert (await line.next())["type"] == "welcome"
    return line

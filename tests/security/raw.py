"""A bare socket: for what no HTTP library would send."""

import asyncio
import re
from contextlib import suppress
from urllib.parse import urlsplit

SILENCE_SECONDS = 1.0
"""After so long without a word from the house we hang up our side."""

PATIENCE_SECONDS = 100.0
"""For all of it; longer than anything here takes, so only a hang is cut off."""


async def exchange(url, *pieces):
    """Send bytes as they are and return all that comes until the house hangs up."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        with suppress(ConnectionError):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await _heard(reader, writer)
    finally:
        writer.close()


async def _heard(reader, writer):
    heard = []
    with suppress(ConnectionError):
        try:
            async with asyncio.timeout(SILENCE_SECONDS):
                while piece := await reader.read(65_536):
                    heard.append(piece)
                return b"".join(heard)
        except TimeoutError:
            writer.write_eof()
        while piece := await reader.read(65_536):
            heard.append(piece)
    return b"".join(heard)


def statuses(told):
    """Return the statuses of the answers in what came."""
    return [int(found) for found in re.findall(rb"HTTP/1\.[01] (\d{3})", told)]

"""Files on their way out: named, tagged, whole or in part, piece by piece.

The tag is the SHA-256 of the content, so what a client has is known for certain.
A file always goes out as an attachment and in a sandbox: a browser shows nothing
that strangers made as if it were ours.

Source: RFC 9110, 8.8 (ETag), 13 (conditions) and 14 (ranges); RFC 6266 and 8187
(names).
"""

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from tornado.http1connection import HTTP1Connection
from tornado.iostream import StreamClosedError

from handlers.base.answers import matches
from models.base import files
from models.base.bounds import MOST_DIGITS
from models.base.errors import OutOfRange
from models.base.files import KeptFile

if TYPE_CHECKING:
    from handlers.base.endpoint import Handler

DIGITS = rf"[0-9]{{0,{MOST_DIGITS}}}"
ONE_RANGE = re.compile(rf"bytes=(?P<first>{DIGITS})-(?P<last>{DIGITS})\Z")
"""Several ranges at once are not promised; then the whole is sent."""

STALLED_SECONDS = 60.0
"""A client that takes no piece for so long has gone; we hang up."""

SANDBOX = "default-src 'none'; sandbox"


class NoSuchPart(OutOfRange):
    """The part asked for begins behind the end; ``details.size`` is the end."""

    code = "no_such_part"
    message = "文件没有您要的这一段，请重新下载。"


@dataclass(frozen=True)
class Download:
    """A file to be sent, to whoever may have it."""

    file: KeptFile
    cache_control: str
    """Public ones may be kept but are asked for every time: withdrawal holds."""

    async def send(self, handler: "Handler") -> None:
        """Send the file, the part asked for, or word that the client has it.

        Refuses: NoSuchPart, FileGone.
        """
        etag = f'"{self.file.sha256}"'
        handler.put_header("ETag", etag)
        handler.put_header("Cache-Control", self.cache_control)
        known = handler.request.headers.get("If-None-Match")
        if known is not None and matches(known, etag):
            handler.set_status(304)
            handler.clear_header("Content-Type")
            return
        start, stop = self._part(handler, etag)
        self._describe(handler, start, stop)
        if handler.request.method != "HEAD":
            await self._stream(handler, start, stop)

    def _part(self, handler: "Handler", etag: str) -> tuple[int, int]:
        size = self.file.size
        asked = handler.request.headers.get("Range", "")
        condition = handler.request.headers.get("If-Range", etag)
        found = ONE_RANGE.match(asked) if condition == etag else None
        if found is None or not (found["first"] or found["last"]):
            return 0, size
        if not found["first"]:
            start, stop = max(0, size - int(found["last"])), size
        else:
            start = int(found["first"])
            stop = min(size, int(found["last"] or size - 1) + 1)
            if found["last"] and int(found["last"]) < start:
                return 0, size
        if start >= size:
            raise NoSuchPart({"size": size})
        handler.set_status(206)
        handler.put_header("Content-Range", f"bytes {start}-{stop - 1}/{size}")
        return start, stop

    def _describe(self, handler: "Handler", start: int, stop: int) -> None:
        handler.put_header("Content-Type", self.file.media)
        handler.put_header("Content-Length", str(stop - start))
        handler.put_header("Content-Disposition", disposition(self.file.name))
        handler.put_header("Content-Security-Policy", SANDBOX)
        handler.put_header("Accept-Ranges", "bytes")

    async def _stream(self, handler: "Handler", start: int, stop: int) -> None:
        """Send piece by piece, each after the one before is out."""
        try:
            async for piece in files.read(
                handler.ctx, self.file, start=start, stop=stop
            ):
                handler.write(piece)
                async with asyncio.timeout(STALLED_SECONDS):
                    await handler.flush()
        except TimeoutError:
            cast(HTTP1Connection, handler.request.connection).close()
        except StreamClosedError:
            pass


def disposition(name: str) -> str:
    """Return how a file is to be saved, for clients old and new."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"

"""The console (工作台), served from this machine: one page and the files it loads.

Built files have their digest in their name and are kept by browsers for a year; the
page that names them is asked for every time. Nothing on it may come from elsewhere,
and no script may stand in the page itself.
"""

import gzip
import hashlib
import mimetypes
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from tornado.web import HTTPError

from handlers.base.answers import matches
from handlers.base.endpoint import Handler
from handlers.base.routing import Route

BUILT = Path(__file__).parents[2] / "console" / "dist"
"""Where ``npm run build`` puts it; without it there is no console, only the API."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: "
    "blob:; font-src 'self'; connect-src 'self'; media-src 'self' blob:; "
    "form-action 'self'; worker-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)

FOREVER = "public, max-age=31536000, immutable"
"""A changed file has another name."""

EVERY_TIME = "no-cache"

WORTH_PACKING = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml"})

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Vary": "Accept-Encoding",
}
"""The camera reads codes at a station's desk."""


class Built(NamedTuple):
    """A built file, as it is sent."""

    kind: str
    body: bytes
    packed: bytes | None
    etag: str


class PageHandler(Handler):
    """The page, and the icon beside it."""

    def get(self, name: str = "index.html") -> None:
        """Send it, or say that the client has it."""
        _send(self, name, EVERY_TIME)


class AssetHandler(Handler):
    """What the page loads."""

    def get(self, name: str) -> None:
        """Send it, or say that the client has it."""
        _send(self, f"assets/{name}", FOREVER)


class WayHandler(Handler):
    """The address as people type it."""

    def get(self) -> None:
        """Point to the page, whose links begin at its folder."""
        self.redirect("/console/", permanent=True)


def _send(handler: Handler, name: str, cache: str) -> None:
    file = _file(name)
    if file is None:
        raise HTTPError(HTTPStatus.NOT_FOUND)
    for header, value in HEADERS.items():
        handler.put_header(header, value)
    handler.put_header("Content-Type", file.kind)
    handler.put_header("Cache-Control", cache)
    handler.put_header("ETag", file.etag)
    known = handler.request.headers.get("If-None-Match")
    if known is not None and matches(known, file.etag.removeprefix("W/")):
        handler.set_status(HTTPStatus.NOT_MODIFIED)
        handler.clear_header("Content-Type")
        return
    body = file.body
    if file.packed is not None and _takes_gzip(handler):
        body = file.packed
        handler.put_header("Content-Encoding", "gzip")
    handler.answer_bytes(HTTPStatus.OK, body)


def _takes_gzip(handler: Handler) -> bool:
    return "gzip" in handler.request.headers.get("Accept-Encoding", "")


@lru_cache(maxsize=512)
def _file(name: str) -> Built | None:
    """Read a built file; names come through the routes, without a slash of theirs."""
    place = BUILT / name
    if name.startswith(".") or not place.is_file():
        return None
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    body = place.read_bytes()
    is_text = kind in WORTH_PACKING
    tag = hashlib.blake2b(body, digest_size=12).hexdigest()
    return Built(
        kind=f"{kind}; charset=utf-8" if is_text else kind,
        body=body,
        packed=gzip.compress(body, mtime=0) if is_text else None,
        etag=f'W/"{tag}"' if is_text else f'"{tag}"',
    )


ROUTES: list[Route] = [
    ("/console", WayHandler),
    ("/console/", PageHandler),
    ("/console/{name}", PageHandler),
    ("/console/assets/{name}", AssetHandler),
]

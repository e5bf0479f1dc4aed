"""What every answer says before its body, whoever makes it, and how it is sent."""

import asyncio
from collections.abc import Iterable
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from tornado.httputil import HTTPConnection, HTTPHeaders

from models.base.clock import Clock

JSON = "application/json; charset=utf-8"

NOTHING_RUNS = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
"""An answer opened as a page runs nothing, loads nothing and stands in no frame."""

ALWAYS = {
    "Content-Type": JSON,
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": NOTHING_RUNS,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

KEPT_OPEN = {"keep-alive", ""}
"""What a client's ``Connection`` says that asks for nothing out of the ordinary."""

wall = Clock()
"""The real time, also in a house under test: HTTP's headers and log lines go by it."""


class Head(dict[str, str]):
    """The fields of an answer, each once and by its usual name.

    In place of Tornado's, which folds the case of every name: ours are written in
    the house, in one way.
    """

    def add(self, name: str, value: str) -> None:
        """Say one more value of a field."""
        self[name] = f"{self[name]}, {value}" if name in self else value

    def get_all(self) -> Iterable[tuple[str, str]]:
        """Return every field, as Tornado asks for them."""
        return self.items()

    def as_bytes(self) -> bytes:
        """Write it as HTTP does, a field a line.

        Raises ValueError where a line end within a field would begin another one.
        """
        text = "".join([f"{name}: {said}\r\n" for name, said in self.items()])
        if text.count("\r") != len(self) or text.count("\n") != len(self):
            raise ValueError("a line end within a field")
        return text.encode("latin-1")


def begin_head() -> Head:
    """Begin an answer: JSON, kept by nobody, and nobody guesses otherwise."""
    head = Head(ALWAYS)
    head["Date"] = http_date()
    return head


def http_date() -> str:
    """Return this second as HTTP writes it."""
    return _date(wall.second())


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    """Write a second as HTTP does; worked out once."""
    return formatdate(second, usegmt=True)


def asks_plainly(method: str | None, version: str, headers: HTTPHeaders) -> bool:
    """Say whether its answer has a body and needs no word about the connection."""
    if version != "HTTP/1.1" or method == "HEAD":
        return False
    said = headers.get_list("Connection")
    return not said or all(each.lower() in KEPT_OPEN for each in said)


def send_whole(
    connection: HTTPConnection, status: int, fields: bytes, body: bytes
) -> "asyncio.Future[None]":
    """Answer who `asks_plainly` in one write, the body's length among the fields.

    Tornado's own `write_headers` is told the fields one by one and looks at each
    again, to write just this for such a request.
    """
    sent: asyncio.Future[Any] = connection.write(
        b"%b%b\r\n%b" % (_status_line(status), fields, body)
    )
    connection.finish()
    return sent


@lru_cache(maxsize=128)
def _status_line(status: int) -> bytes:
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()

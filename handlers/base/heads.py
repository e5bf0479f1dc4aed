"""What every answer says before its body, whoever makes it."""

from email.utils import formatdate
from functools import lru_cache

from tornado.httputil import HTTPHeaders

from models.base.clock import Clock

JSON = "application/json; charset=utf-8"

NOTHING_RUNS = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
"""An answer opened as a page runs nothing, loads nothing and stands in no frame."""


wall = Clock()
"""The real time, also in a house under test: HTTP's headers and log lines go by it."""


def begin_head() -> HTTPHeaders:
    """Begin an answer: JSON, kept by nobody, and nobody guesses otherwise."""
    head = HTTPHeaders()
    head["Content-Type"] = JSON
    head["Date"] = http_date()
    head["X-Content-Type-Options"] = "nosniff"
    head["Content-Security-Policy"] = NOTHING_RUNS
    head["Referrer-Policy"] = "no-referrer"
    head["Cache-Control"] = "no-store"
    return head


def http_date() -> str:
    """Return this second as HTTP writes it."""
    return _date(wall.second())


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    """Write a second as HTTP does; worked out once."""
    return formatdate(second, usegmt=True)

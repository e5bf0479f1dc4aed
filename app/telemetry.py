"""What the house says of itself: one canonical line a request, and figures.

A line holds the route's pattern, never the path; ids of things, never personal
data. Figures are Prometheus's.
"""

import logging
import sys
from typing import Any

import msgspec
import structlog
from tornado.web import HTTPError

from app.lines import RequestLine, lines
from app.request_figures import RequestFigures
from handlers.base.endpoint import Handler
from handlers.base.heads import wall
from models.base.errors import Refusal

LONGEST_EVENT = 500
"""Characters of a library's word."""

requests = RequestFigures()
log = structlog.get_logger("inn")


def set_up_logs() -> None:
    """JSON lines on standard output, for us and for the libraries."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_dump),
        ],
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, force=True)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(LibraryLine())


class LibraryLine(logging.Formatter):
    """Writes a library's word as one JSON line, whatever a stranger put into it.

    Of an exception it tells the kind and where, never the values.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told: dict[str, Any] = {
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage()[:LONGEST_EVENT],
        }
        failure = record.exc_info[1] if record.exc_info else None
        if failure is not None:
            told |= {"kind": type(failure).__name__, "where": _where(failure)}
        return _dump(told)


def _dump(told: Any, **_: Any) -> str:
    return msgspec.json.encode(told, enc_hook=str).decode()


def note_request(
    route: str,
    method: str,
    status: int,
    seconds: float,
    trace: str,
    *,
    refused: str = "",
    who: str = "",
) -> None:
    """Write the canonical line of a request and count it."""
    requests.count((route, method, status), seconds)
    lines.add(
        RequestLine(
            timestamp=wall.now(),
            route=route,
            method=method,
            status=status,
            ms=round(seconds * 1000, 2),
            trace=trace,
            refused=refused,
            who=who,
        )
    )


def log_surprise(handler: Handler, value: BaseException | None) -> None:
    """Log what nobody declared, with where it came from but without its values."""
    if value is None or isinstance(value, Refusal | HTTPError):
        return
    log.error(
        "surprise",
        route=handler.pattern,
        trace=handler.trace,
        kind=type(value).__name__,
        where=_where(value),
    )


def _where(value: BaseException) -> list[str]:
    frames, at = [], value.__traceback__
    while at is not None:
        code = at.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{at.tb_lineno}")
        at = at.tb_next
    return frames[-8:]

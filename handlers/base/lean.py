"""Tornado's request handler without what only pages of HTML need.

No templates, no cookies, no tags made from the answer: what it would prepare for
them on every request was a tenth of a cached read.
"""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from tornado.httputil import (
    HTTPConnection,
    HTTPServerRequest,
    ResponseStartLine,
)
from tornado.web import Application, HTTPError, RequestHandler

from handlers.base.heads import Head, asks_plainly, begin_head, send_whole

VERBS = {method: method.lower() for method in RequestHandler.SUPPORTED_METHODS}

BODYLESS = {
    HTTPStatus.SWITCHING_PROTOCOLS,
    HTTPStatus.NO_CONTENT,
    HTTPStatus.NOT_MODIFIED,
}


class LeanHandler(RequestHandler):
    """Takes a request and sends its answer; what it says is the house's."""

    _headers: Head  # type: ignore[assignment]

    ui: Any = None
    """Templates would find their tools here."""

    def __init__(
        self, application: Application, request: HTTPServerRequest, **kwargs: Any
    ) -> None:
        self.application = application
        self.request = request
        self._headers_written = self._finished = False
        self._auto_finish = True
        self._prepared_future = None
        self.clear()
        if request.connection is not None:
            request.connection.set_close_callback(  # type: ignore[attr-defined]
                self.on_connection_close
            )
        self.initialize(**kwargs)

    def clear(self) -> None:
        """Begin an answer: JSON, and nobody guesses otherwise."""
        self._headers = begin_head()
        self._write_buffer = []
        self._status_code = 200
        self._reason = "OK"

    def put_header(self, name: str, value: str) -> None:
        """Set a header to a value of our own making, which needs no checking."""
        self._headers[name] = value

    async def serve(self, names: Mapping[str, str]) -> None:
        """Answer the request; what goes wrong is answered as well.

        In place of `_execute`, which also reads forms and bodies in pieces.
        names: what stands for the names of the route.
        """
        self._transforms = []
        try:
            verb = VERBS.get(self.request.method or "")
            if verb is None:
                raise HTTPError(HTTPStatus.METHOD_NOT_ALLOWED)
            self.prepare()
            doing = None if self._finished else getattr(self, verb)(**names)
            if doing is not None:
                await doing
            if not self._finished:
                self.finish()
        except asyncio.CancelledError as problem:
            task = asyncio.current_task()
            if task is None or not task.cancelling():
                self._handle_request_exception(problem)
                return
            if not self._finished:
                self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR)
            raise
        except Exception as problem:  # noqa: BLE001 - answered, and told as a surprise
            self._handle_request_exception(problem)

    def finish(self, chunk: Any = None) -> Any:
        """Send the answer; one that has begun, or has no body, Tornado ends."""
        connection = self.request.connection
        is_plain = not (self._headers_written or self._finished or chunk)
        if connection is None or not is_plain or self._status_code in BODYLESS:
            return super().finish(chunk)
        body = b"".join(self._write_buffer)
        head = self._headers
        if "Content-Length" not in head:
            head["Content-Length"] = str(len(body))
        self._write_buffer = []
        connection.set_close_callback(None)  # type: ignore[attr-defined]
        sent = self._send(connection, body)
        self._headers_written = True  # only now: a field refused there is told as 500
        self._log()
        self._finished = True
        self.on_finish()
        return sent

    def _send(self, connection: HTTPConnection, body: bytes) -> Any:
        """Send head and body, and let the connection go on.

        Whose length is not what was said, Tornado hangs up on.
        """
        request, head = self.request, self._headers
        is_whole = head["Content-Length"] == str(len(body))
        says_nothing = is_whole and "Connection" not in head
        if says_nothing and asks_plainly(
            request.method, request.version, request.headers
        ):
            return send_whole(connection, self._status_code, head.as_bytes(), body)
        sent = connection.write_headers(
            ResponseStartLine("", self._status_code, self._reason),
            head,  # type: ignore[arg-type]
            b"" if request.method == "HEAD" else body,
        )
        connection.finish()
        return sent

    def set_etag_header(self) -> None:
        """Tags are given where they are known, never hashed from the answer."""

    def check_etag_header(self) -> bool:
        """What has a tag has looked itself whether the client knows it (`Ready`)."""
        return False

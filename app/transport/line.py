"""One client's connection: requests one after the other, each read no faster than
it is taken.

::

    head ─▶ (prepare) ─▶ body ─▶ answering ─▶ head …
      │                   │          └─▶ handed over (WebSocket)
      └───────────────────┴─▶ refused: 400, and hung up

One turn takes one request or one piece of a body; what else has come waits, within
bounds, and reading stops meanwhile. Answers so go out in order, and no client holds
the others up. A client that goes is told to the handler, which runs to its end.

Source: RFC 9112, 9; tornado.http1connection, whose behaviour this is.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Protocol

from tornado.http1connection import HTTP1ConnectionParameters
from tornado.httputil import HTTPInputError, HTTPMessageDelegate
from tornado.iostream import IOStream
from tornado.log import app_log, gen_log

from app.transport.bodies import Body, body_of
from app.transport.exchange import Exchange
from app.transport.handing_over import take_over
from app.transport.heads import Head, HeadReader, HeadTooLarge, cut
from app.transport.outlet import Outlet

HEAD_SECONDS = 20.0
"""From a head's first byte to its last; a phone on a bad line needs two."""

MOST_WAITING = 64 * 1024
"""Bytes that have come before their turn; beyond it we read no more."""

CONTINUE = b"HTTP/1.1 100 (Continue)\r\n\r\n"

REFUSED = b"HTTP/1.1 400 Bad Request\r\n\r\n"

TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\n\r\n"


class House(Protocol):
    """The server, as far as one connection is concerned."""

    params: HTTP1ConnectionParameters
    heads: HeadReader

    def start_request(self, line: Any, exchange: Any) -> HTTPMessageDelegate:
        """Begin to take a request."""

    def on_close(self, line: Any) -> None:
        """Count a connection out."""


class Line(Outlet):
    """A connection, from its first byte to its end."""

    _is_held = False
    """A handler asked to wait before it takes more."""
    _is_in_head = False
    _upgrade: Head | None = None
    """Waits until what was answered before is out."""

    def __init__(self, house: House, context: Any) -> None:
        super().__init__(house.params, context)
        self._house = house
        self._waiting = b""
        self._exchange: Exchange | None = None
        self._delegate: HTTPMessageDelegate | None = None
        """Of a request not wholly read."""
        self._body: Body | None = None

    def data_received(self, data: bytes) -> None:
        """Take what is due, keep the rest."""
        self._waiting += data
        self._go_on()

    def connection_lost(self, problem: Exception | None) -> None:
        """Tell whoever is busy with this client."""
        super().connection_lost(problem)
        self._waiting = b""
        self._house.on_close(self)
        if not self._is_held:
            self._tell_lost()

    def resume_writing(self) -> None:
        """Let writers go on, and whoever waited for the last of it to be out."""
        super().resume_writing()
        head, self._upgrade = self._upgrade, None
        if head is not None:
            self._guard(partial(self._open, head))
        elif self._waiting:
            self._go_on()

    def answered(self, exchange: Exchange) -> None:
        """Go on to the next request, or hang up."""
        self._exchange = None
        if not (exchange.is_read and exchange.keeps_alive):
            self.hang_up()
            return
        self.patience.wait(self.params.header_timeout)
        if self._waiting:
            self.loop.call_soon(self._go_on)

    def hand_over(self, first: bytes) -> IOStream:
        """Give the socket away with what has come on it; ``first`` goes out on it."""
        came, chunk = self._waiting, self.params.chunk_size
        stream = take_over(self.transport, came, chunk=chunk, is_lost=self.is_lost)
        self._waiting = b""
        self._exchange = self._delegate = self._body = None
        self.abandon()
        if first and not stream.closed():
            stream.write(first)
        return stream

    def run_out(self) -> None:
        """Wait no longer for who sends nothing, or takes nothing."""
        if self._body is not None:
            gen_log.info("Timeout reading body from %s", self.context)
        super().run_out()

    def _go_on(self) -> None:
        """Take one request, or one piece of a body."""
        if not self._is_busy():
            self._guard(self._take)
        self._mind_the_flow()

    def _is_busy(self) -> bool:
        """Say whether nothing is taken now; from who takes no answers, nothing is."""
        is_answering = self._exchange is not None and self._body is None
        is_full = self._exchange is None and not self.room.done()
        is_waiting = is_answering or is_full or self._is_held
        return is_waiting or self.is_over or bool(self._upgrade)

    def _guard(self, step: Callable[[], None]) -> None:
        """Take a step: a bad request is refused, a surprise ends the connection."""
        try:
            step()
        except HTTPInputError as problem:
            self._refuse(problem)
        except Exception:  # noqa: BLE001 - a delegate's, told as Tornado tells it
            app_log.exception("Uncaught exception")
            self.abandon()

    def _take(self) -> None:
        if self._exchange is None:
            self._take_head()
        else:
            self._take_body()

    def _mind_the_flow(self) -> None:
        """Stop reading while too much waits; read on when it does not."""
        most = max(MOST_WAITING, self.params.max_header_size)
        self.read_on(len(self._waiting) <= most)

    def _take_head(self) -> None:
        """Take a head once it is here."""
        found = cut(self._waiting, self.params.max_header_size)
        if found is not None:
            raw, self._waiting = found
            self._is_in_head = False
            self.patience.rest()
            self._prepare_to_open(self._house.heads.read(raw))
        elif self._waiting and not self._is_in_head:
            self._is_in_head = True
            timeout = self.params.header_timeout or HEAD_SECONDS
            self.patience.wait(min(HEAD_SECONDS, timeout))

    def _prepare_to_open(self, head: Head) -> None:
        """Open at once; where the stream may be handed over, with nothing unsent."""
        if "Upgrade" in head.headers:
            self.transport.set_write_buffer_limits(high=0)
            if not self.room.done():
                self._upgrade = head
                return
        self._open(head)

    def _open(self, head: Head) -> None:
        exchange = self._exchange = Exchange(
            self,
            head,
            largest=self.params.max_body_size or 0,
            body_seconds=self.params.body_timeout,
        )
        self._delegate = self._house.start_request(self, exchange)
        wanted = self._delegate.headers_received(head.start_line, head.headers)
        self._then(wanted, partial(self._begin_body, exchange, head))

    def _begin_body(self, exchange: Exchange, head: Head) -> None:
        if self.is_over:
            return
        self._body = body_of(
            head.headers, largest=exchange.largest, piece=self.params.chunk_size
        )
        if self._body is None:
            self._end_body(exchange)
            return
        if head.headers.get("Expect") == "100-continue" and not exchange.is_answered:
            self.transport.write(CONTINUE)
        self._take_body()

    def _take_body(self) -> None:
        exchange, body, delegate = self._exchange, self._body, self._delegate
        if exchange is None or body is None or delegate is None:
            return
        piece, self._waiting = body.take(self._waiting, exchange.largest)
        wanted = delegate.data_received(piece) if piece else None
        self._then(wanted, partial(self._go_on_with_body, exchange, body))

    def _go_on_with_body(self, exchange: Exchange, body: Body) -> None:
        if self.is_over:
            return
        if body.is_whole:
            self._end_body(exchange)
        elif self._waiting:
            self.loop.call_soon(self._go_on)
        if not body.is_whole and not self.patience.is_waiting:
            self.patience.wait(exchange.body_seconds)

    def _end_body(self, exchange: Exchange) -> None:
        """Let the handler begin."""
        self.patience.rest()
        exchange.is_read = True
        delegate, self._delegate, self._body = self._delegate, None, None
        if delegate is not None:
            delegate.finish()

    def _then(self, wanted: Awaitable[None] | None, step: Callable[[], None]) -> None:
        """Take the next step when the handler has what it waits for."""
        if wanted is None:
            step()
            return
        future = asyncio.ensure_future(wanted)
        if future.done():
            future.result()
            step()
            return
        self._is_held = True
        future.add_done_callback(partial(self._let_go, step))

    def _let_go(self, step: Callable[[], None], future: "asyncio.Future[None]") -> None:
        self._is_held = False
        if self.is_lost:
            self._tell_lost()
            return
        self._guard(partial(_after, future, step))
        self._mind_the_flow()

    def _refuse(self, problem: HTTPInputError) -> None:
        """Say that this is no request, unless an answer has begun; then hang up."""
        is_large = isinstance(problem, HeadTooLarge)
        said = "Unsatisfiable read" if is_large else "Malformed HTTP message"
        gen_log.info("%s from %s: %s", said, self.context, problem)
        exchange, self._exchange, self._body = self._exchange, None, None
        if not self.is_over and (exchange is None or not exchange.has_begun):
            self.transport.write(TOO_LARGE if is_large else REFUSED)
        self.hang_up()
        self._tell_lost()

    def _tell_lost(self) -> None:
        """Tell the handler, once, that its client has gone."""
        delegate, self._delegate = self._delegate, None
        exchange, self._exchange = self._exchange, None
        if delegate is not None:
            delegate.on_connection_close()
        elif exchange is not None:
            exchange.lose()


def _after(future: "asyncio.Future[None]", step: Callable[[], None]) -> None:
    future.result()
    step()

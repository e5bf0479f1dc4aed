"""Sockets (实时连接): the door for who listens, from the handshake to the close.

::

    connect ─▶ known? ─▶ listening ─▶ closed, with a code that says what to do next
                 │           ▲ │
                 │      told │ │ rights in doubt, or the clock: asked anew, and told
                 │           └─┘ of a gap if something may have been missed
                 └─ an Authorization header (mini-programs), or {"token": …} as the
                    first message (browsers); never the address, which is logged

A client says nothing else; {"token": …} again, before the token runs out, goes on.
Whoever does not keep up is let go, never waited for. `listening` knows who may hear
what, `socket_words` what is said, `outgoing` how it goes out.

Source: house.md §5 (real-time); rules 7.3.
"""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

import msgspec
from prometheus_client import Counter
from tornado.iostream import IOStream
from tornado.websocket import WebSocketHandler

from handlers.base.access import bearer
from handlers.base.crowd import Yields
from handlers.base.endpoint import Handler
from handlers.base.limits import per_minute
from handlers.base.listening import Listener
from handlers.base.open_sockets import OpenSockets
from handlers.base.outgoing import Outgoing
from handlers.base.socket_words import (
    Code,
    ForeignOrigin,
    NotASocket,
    Reconnect,
    Said,
)
from models.base.push import Hearing
from models.workers import tokens
from models.workers.sessions import SignedIn

TOKEN_SECONDS = 5.0
"""Who has not said by then who it is, is let go."""

LONGEST_MESSAGE = 1_024
"""Bytes; a token has about 330."""

MOST_SAID = 30
"""Messages and pings a client may send within `SAID_SECONDS`; it has one to say in
15 minutes, and may ping to see whether we are there."""

SAID_SECONDS = 60.0

PING_SECONDS = 25.0
"""Below the minute after which proxies and carriers forget a silent connection."""

PONG_SECONDS = 20.0

KNOWN = per_minute("live", 60)
"""Connections of one person."""

UNKNOWN = per_minute("live_unknown", 1_200, by_address=True)
"""One address may be a whole carrier's."""

closed = Counter("inn_sockets_closed", "Sockets closed by us.", ["why"])


class LiveSocket(Handler, WebSocketHandler):
    """One socket of any port; each port says who may listen to what."""

    shared: tuple[str, ...] = ()
    """Topics of all sockets of the port, under which nothing is told."""

    is_waited_for = False
    """A stopping process closes it."""

    max_message_size = LONGEST_MESSAGE
    ping_interval = PING_SECONDS
    ping_timeout = PONG_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        WebSocketHandler.__init__(self, *args, **kwargs)

    async def serve(self, names: Mapping[str, str]) -> None:
        """Answer as Tornado would: a socket ends by itself."""
        await self._execute([], **names)  # type: ignore[arg-type]

    async def admit(self, token: str) -> Hearing:
        """Let the bearer of a token listen, as the port's other doors would."""
        raise NotImplementedError

    def initialize(self, pattern: str = "") -> None:
        """Take this socket's tools."""
        super().initialize(pattern)
        self._sockets: OpenSockets = self.settings["sockets"]
        self._listener = Listener(
            self.ctx, self._sockets, self, admit=self.admit, shared=self.shared
        )
        self._outgoing: Outgoing | None = None
        """None before the handshake, and when we are done with each other."""
        self._opened = self._said_since = self.ctx.clock.monotonic()
        self._said = 0

    def check_origin(self, origin: str) -> bool:
        """Leave it to our own look, which answers in JSON."""
        return True

    async def get(self, *args: Any, **kwargs: Any) -> None:
        """Shake hands; whoever names themselves in the header is asked before."""
        self.refuse_when_closing()
        self.settings["crowd"].look(Yields.FIRST)
        self._check_handshake()
        if "Authorization" in self.request.headers:
            token = bearer(self)
            claims = tokens.read(self.ctx.secrets, token, now=self.ctx.clock.now())
            self.actor = SignedIn(id=claims.sub, session_id=claims.sid)
            await self.admit(token)
            await KNOWN.count(self)
        else:
            await UNKNOWN.count(self)
        await super().get(*args, **kwargs)

    async def open(self, *args: str, **kwargs: str) -> None:
        """Begin: listen, or wait for the first message."""
        connection = self.ws_connection
        stream = cast(IOStream, None if connection is None else connection.stream)
        self._outgoing = Outgoing(stream, too_slow=self._too_slow)
        if not self._sockets.has_room():
            self.shut(Code.TRY_LATER, "full")
            return
        self._sockets.add(self)
        if "Authorization" in self.request.headers:
            self._listener.take(bearer(self))

    def on_message(self, message: str | bytes) -> None:
        """Take a token, the only thing a client may say."""
        self._count_as_said()
        if self._outgoing is None:
            return
        try:
            said = msgspec.json.decode(_text(message), type=Said)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            self.shut(Code.BAD_MESSAGE, "bad_message")
            return
        self._listener.take(said.token)

    def on_ping(self, data: bytes) -> None:
        """Count it; Tornado has answered."""
        self._count_as_said()

    def on_close(self) -> None:
        """Be gone."""
        self._let_go()
        self._sockets.remove(self)

    def look_at_the_clock(self) -> None:
        """Let go who did not say who it is; ask anew when it is time."""
        if self._listener.is_known:
            self._listener.look_at_the_clock()
        elif self.ctx.clock.monotonic() - self._opened >= TOKEN_SECONDS:
            self.shut(Code.NO_TOKEN, "no_token")

    def send_away(self, seconds: float) -> None:
        """Close because the process is going."""
        self.send(msgspec.json.encode(Reconnect(seconds)))
        self.shut(Code.RESTART, "restarting")

    def send(self, message: bytes) -> None:
        """Send what is encoded; returns at once."""
        if self._outgoing is not None:
            self._outgoing.send(message)

    def shut(self, code: Code, why: str) -> None:
        """Tell nothing more, and say why."""
        if self._outgoing is not None:
            closed.labels(why).inc()
            self._let_go()
            self.close(code, why)

    def _check_handshake(self) -> None:
        """Take WebSockets only, from our own pages or from what is no browser.

        Refuses: NotASocket, ForeignOrigin.
        """
        asked = self.request.headers.get("Upgrade", "").lower()
        if self.request.method != "GET" or asked != "websocket":
            raise NotASocket
        origin = self.request.headers.get("Origin")
        if origin is None or origin in self.settings["live_origins"]:
            return
        if urlsplit(origin).netloc.lower() != self.request.host.lower():
            raise ForeignOrigin

    def _count_as_said(self) -> None:
        now = self.ctx.clock.monotonic()
        if now - self._said_since >= SAID_SECONDS:
            self._said_since, self._said = now, 0
        self._said += 1
        if self._said > MOST_SAID:
            self.shut(Code.SAID_TOO_MUCH, "said_too_much")

    def _too_slow(self) -> None:
        self.shut(Code.TOO_SLOW, "too_slow")

    def _let_go(self) -> None:
        self._listener.leave()
        if self._outgoing is not None:
            self._outgoing.stop()
            self._outgoing = None


def _text(message: str | bytes) -> str:
    if isinstance(message, bytes):
        raise ValueError("not text")
    return message

"""Listening: whose ear a socket is, what it may hear, and whether it still may.

The port is asked once when a token is shown, and again whenever the stream says
that the person's rights may differ, a newer token comes, or the clock has reached
the end of something. In between nobody is asked; while in doubt nothing is told.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

import msgspec
from prometheus_client import Counter
from pymongo.errors import PyMongoError

from handlers.base.changes import ChangeView
from handlers.base.open_sockets import OpenSockets
from handlers.base.socket_words import Change, Code, Gap, Welcome
from models.base import push
from models.base.catching_up import cursor_at
from models.base.context import Context
from models.base.errors import Forbidden, NotSignedIn, Refusal
from models.base.feed import Feed, News
from models.base.push import Hearing
from models.workers import tokens
from models.workers.sessions import SessionRevoked
from models.workers.tokens import Claims

Admit = Callable[[str], Awaitable[Hearing]]

NEVER = datetime.max.replace(tzinfo=UTC)

told = Counter("inn_live_told", "Changes told to a socket.")


class Line(Protocol):
    """The socket, as far as its ear is concerned."""

    def send(self, message: bytes) -> None:
        """Send what is encoded."""

    def shut(self, code: Code, why: str) -> None:
        """Close, and say why."""


class Listener:
    """The ear of one socket."""

    def __init__(
        self,
        ctx: Context,
        sockets: OpenSockets,
        line: Line,
        *,
        admit: Admit,
        shared: tuple[str, ...],
    ) -> None:
        self._ctx, self._sockets, self._line = ctx, sockets, line
        self._feed = ctx.the(Feed)
        self._admit, self._shared = admit, shared
        self._token = ""
        self._claims: Claims | None = None
        self._own: frozenset[str] = frozenset()
        """Topics under which this ear is put in doubt; nothing is told there."""
        self._topics: frozenset[str] = frozenset()
        self._until = NEVER
        self._looking: asyncio.Task[None] | None = None
        self._is_gone = self._is_in_doubt = False
        self._owes_welcome = self._has_missed = False

    @property
    def is_known(self) -> bool:
        """Say whether a token was shown."""
        return self._claims is not None

    def take(self, token: str) -> None:
        """Take the first token, or a newer one of the same person."""
        try:
            claims = tokens.read(self._ctx.secrets, token, now=self._ctx.clock.now())
        except NotSignedIn as refusal:
            self._refuse(refusal)
            return
        if self._claims is None and not self._sockets.enter(claims.sub):
            self._line.shut(Code.TOO_MANY, "too_many_sockets")
            return
        if self._claims is not None and self._claims.sub != claims.sub:
            self._line.shut(Code.NOT_ALLOWED, "another_person")
            return
        self._token, self._claims, self._owes_welcome = token, claims, True
        self._feed.remove(self, self._own)
        mine = {push.session(claims.sid), push.person(claims.sub)}
        self._own = frozenset({*mine, *self._shared})
        self._feed.add(self, self._own)
        self._ask()

    def hear(self, news: News) -> None:
        """Tell the client of something, unless it is time to ask anew."""
        now = self._ctx.clock.now()
        if now >= self._until:
            self.doubt()
        else:
            told.inc()
            self._line.send(_change(news, min(news.at, now)))

    def doubt(self) -> None:
        """Tell nothing more until the port was asked anew."""
        self._feed.remove(self, self._topics)
        self._topics = frozenset()
        self._has_missed = True
        self._ask()

    def look_at_the_clock(self) -> None:
        """Ask anew when something has ended."""
        if self._ctx.clock.now() >= self._until:
            self.doubt()

    def leave(self) -> None:
        """Listen no more."""
        if not self._is_gone:
            self._is_gone = True
            self._feed.remove(self, self._topics | self._own)
            if self._claims is not None:
                self._sockets.leave(self._claims.sub)

    def _ask(self) -> None:
        """Ask the port, once more if it is being asked already."""
        self._is_in_doubt = True
        if self._looking is None and not self._is_gone:
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        try:
            hearing = await self._answer()
        except Refusal as refusal:
            self._refuse(refusal)
        except PyMongoError:
            self._line.shut(Code.TRY_LATER, "store_unavailable")
        else:
            self._listen_to(hearing)
        finally:
            self._looking = None

    async def _answer(self) -> Hearing:
        while True:
            self._is_in_doubt = False
            hearing = await self._admit(self._token)
            if not self._is_in_doubt:
                return hearing

    def _listen_to(self, hearing: Hearing) -> None:
        if self._is_gone or self._claims is None:
            return
        is_first = self._until is NEVER
        self._feed.remove(self, self._topics)
        self._topics = hearing.topics
        self._feed.add(self, self._topics)
        expires = datetime.fromtimestamp(self._claims.exp, UTC)
        self._until = min(expires, hearing.until or expires)
        if self._owes_welcome:
            self._say(Welcome(self._until))
        if self._has_missed and not is_first:
            self._say(Gap())
        self._owes_welcome = self._has_missed = False

    def _say(self, words: msgspec.Struct) -> None:
        self._line.send(msgspec.json.encode(words))

    def _refuse(self, refusal: Refusal) -> None:
        self._line.shut(_code_of(refusal), refusal.code)


@lru_cache(maxsize=64)
def _change(news: News, seen: datetime) -> bytes:
    """Encode a change once for everybody who hears it."""
    return msgspec.json.encode(Change(ChangeView.of(news), cursor_at(seen)))


def _code_of(refusal: Refusal) -> Code:
    if isinstance(refusal, SessionRevoked):
        return Code.REVOKED
    if isinstance(refusal, NotSignedIn):
        return Code.SIGN_IN
    return Code.NOT_ALLOWED if isinstance(refusal, Forbidden) else Code.TRY_LATER

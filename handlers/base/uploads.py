"""Files on their way in: admitted first, then taken, and let go when cut off.

Elsewhere a body is read before anybody asks who sent it; it is small. A file is
large, so here the order is turned: who is asking, how often, how much they say
they will send, whether there is room, and only then the body. A refusal goes
out before the body has come; what still comes is thrown away for a moment, so
that the client gets to read the answer, then we hang up.

An upload waits in memory until it is whole, so one that breaks off leaves
nothing behind anywhere. `MOST_AT_ONCE` bounds that memory.
"""

import asyncio
from collections import Counter
from typing import Annotated, cast

import msgspec
from msgspec import Meta
from tornado.http1connection import HTTP1Connection
from tornado.ioloop import IOLoop
from tornado.web import Finish, stream_request_body

from handlers.base.endpoint import Handler
from handlers.base.limits import per_minute
from handlers.base.promises import Promise
from models.base import room
from models.base.bounds import MOST_DIGITS
from models.base.errors import Refusals, TooMany, Unavailable
from models.base.inspection import LARGEST, LONGEST_NAME, FileTooLarge
from models.base.room import StorageFull

MOST_AT_ONCE = 4
"""Uploads under way in one process: 80 MB of memory at the most, twice for a blink."""

MOST_EACH = 2
"""Of these, one person's."""

SLOWEST = 100 * 1024
"""Bytes a second an upload must come at on the whole; 3G is faster."""

GRACE_SECONDS = 15.0
"""Before that pace is asked for."""

LINGER_SECONDS = 3.0
"""How long we go on throwing away what a refused client still sends."""

LINGER_BYTES = 1 << 40
"""Tornado's own limit is out of the way then: time is what bounds it."""

UPLOADS = per_minute("uploads", 30)
"""A long list of attachments, one after the other."""

CUT_OFF = 499
"""In the canonical line: the client went before it was done; as nginx has it."""


class UploadsBusy(Unavailable):
    """As many uploads as we have room for are under way."""

    code = "uploads_busy"
    message = "上传的人较多，请稍等几秒再试。"
    retry_after = 5


class TooManyUploads(TooMany):
    """This person's uploads are still under way."""

    code = "too_many_uploads"
    message = "您有文件正在上传，请等上传完成后再试。"
    retry_after = 5


TURNED_AWAY: Refusals = (
    FileTooLarge,
    UploadsBusy,
    TooManyUploads,
    StorageFull,
)
"""How a door for files refuses before the file has come."""


class UploadQuery(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What the file is called."""

    name: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=2 * LONGEST_NAME,
            description="The file's name; only for showing, its content decides.",
        ),
    ]


class Uploads:
    """What is under way in this process."""

    def __init__(self) -> None:
        self._by_person: Counter[str] = Counter()

    def begin(self, person: str) -> None:
        """Make room for one more.

        Refuses: UploadsBusy, TooManyUploads.
        """
        if self._by_person[person] >= MOST_EACH:
            raise TooManyUploads
        if self._by_person.total() >= MOST_AT_ONCE:
            raise UploadsBusy
        self._by_person[person] += 1

    def end(self, person: str) -> None:
        """Give the room back."""
        self._by_person[person] -= 1
        self._by_person += Counter()


@stream_request_body
class UploadHandler(Handler):
    """Base of the doors that take a file as their body: ``body: bytes``."""

    _refused_early = False
    """The answer is out; what still comes is thrown away."""
    _is_whole = False
    """The body has come, all of it."""
    _person: str | None = None
    """Whose room is used; None when none is."""
    _received = 0

    async def prepare(self) -> None:
        """Admit whoever is asking before the body comes."""
        task = asyncio.current_task()
        if task is not None:
            self.wait_for(task)
        self._pieces: list[bytes] = []
        promise = getattr(getattr(self, self._verb(), None), "promise", None)
        if promise is not None and promise.body is bytes:
            try:
                await self._admit(promise)
            except Exception as problem:  # noqa: BLE001 - answered like any
                self._refuse_early(problem)

    async def let_in(self, promise: Promise) -> None:
        """Go on with who was admitted, and what they sent."""
        self._is_whole = True
        if self._refused_early:
            raise Finish
        if promise.body is not bytes:
            await super().let_in(promise)
        self.request.body = b"".join(self._pieces)
        self._pieces.clear()

    def data_received(self, chunk: bytes) -> None:
        """Take a piece, unless it is one too many."""
        if self._refused_early:
            return
        self._received += len(chunk)
        self._pieces.append(chunk)
        if self._received > LARGEST:
            self._refuse_early(FileTooLarge())

    def on_finish(self) -> None:
        """Give the room back."""
        super().on_finish()
        self._leave()

    def on_connection_close(self) -> None:
        """Forget what came when the rest will not."""
        super().on_connection_close()
        if self._is_whole or self._finished:
            return
        self._pieces.clear()
        self._leave()
        if not self._refused_early:
            self.set_status(CUT_OFF, "Cut Off")
        self._log()

    async def _admit(self, promise: Promise) -> None:
        """Let somebody in, and make room for what they will send.

        Refuses: FileTooLarge, StorageFull, UploadsBusy, TooManyUploads; as the
            access does.
        """
        await super().let_in(promise)
        declared = self._declared()
        if declared > LARGEST:
            raise FileTooLarge
        await room.look(self.ctx)
        person = "" if self.actor is None else str(self.actor.id)
        self._uploads().begin(person)
        self._person = person
        self._connection().set_max_body_size(LINGER_BYTES)
        self._connection().set_body_timeout(GRACE_SECONDS + declared / SLOWEST)

    def _declared(self) -> int:
        """Return how much is said to come; as much as we take when nothing is."""
        told = self.request.headers.get("Content-Length", "")
        if told.isascii() and told.isdigit():
            return int(told) if len(told) <= MOST_DIGITS else LARGEST + 1
        return LARGEST if "Transfer-Encoding" in self.request.headers else 0

    def _refuse_early(self, problem: Exception) -> None:
        """Answer now, and listen on for a moment without hearing."""
        self._refused_early = True
        self._pieces.clear()
        self._leave()
        info = type(problem), problem, problem.__traceback__
        self.log_exception(*info)
        self.write_error(500, exc_info=info)
        self.set_header("Connection", "close")
        if self.request.headers.get("Expect") == "100-continue":
            self.finish()
            return
        self.set_header("Content-Length", str(sum(map(len, self._write_buffer))))
        self._connection().set_max_body_size(LINGER_BYTES)
        IOLoop.current().call_later(LINGER_SECONDS, self._hang_up)
        self.flush()

    def _hang_up(self) -> None:
        if not self._finished:
            self._connection().close()

    def _leave(self) -> None:
        if self._person is not None:
            self._uploads().end(self._person)
            self._person = None

    def _verb(self) -> str:
        return (self.request.method or "").lower()

    def _connection(self) -> HTTP1Connection:
        return cast(HTTP1Connection, self.request.connection)

    def _uploads(self) -> Uploads:
        uploads: Uploads = self.application.settings["uploads"]
        return uploads

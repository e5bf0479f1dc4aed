"""The same call again is the same call: ``Idempotency-Key``, kept in MongoDB.

A key belongs to one caller and one route. Its first use writes a record before
the verb runs; the answer is kept with it for two days, so a phone that lost
the reply in a tunnel asks again and gets it, also after a restart or a Redis
flush. Source: features X-04.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from pymongo.errors import PyMongoError

from handlers.base.answers import Problem, status_of
from handlers.base.key_records import NOTHING, Change, KeyRecords, Outcome, Record
from models.base.context import Context
from models.base.errors import Conflict, Invalid, Refusal, Unavailable

if TYPE_CHECKING:
    from handlers.base.endpoint import Handler

KEPT = timedelta(days=2)
"""At least 24 h are promised."""

LEASE = timedelta(seconds=30)
"""A first call that has not answered by then died; the next may run."""

LONGEST_KEY = 128

TELL_AGAIN_SECONDS = 0.5
"""Between two tries to tell MongoDB what came of a call."""


class KeyReused(Invalid):
    """The key was used for a different body."""

    code = "idempotency_key_reused"
    message = "请求标识已用于另一次操作，请刷新页面后再试。"


class BadKey(Invalid):
    """The key is empty, too long or not plain ASCII."""

    code = "bad_idempotency_key"
    message = "请求标识格式有误，请刷新页面后再试。"


class StillRunning(Conflict):
    """The first call with this key has not answered yet."""

    code = "in_progress"
    message = "上一次操作还在处理，请稍后查看结果。"
    retry_after = 1


async def forget_old(ctx: Context) -> int:
    """Delete the keys whose time is over; by our clock, so not by MongoDB's."""
    old = {"at": {"$lt": ctx.clock.now() - KEPT}}
    return (await Record.shelf(ctx).delete_many(old)).deleted_count


class Repeats:
    """One request's way through its key."""

    def __init__(self, handler: "Handler") -> None:
        self._handler = handler
        self._ctx = handler.ctx

    async def once(self, call: Callable[[], Awaitable[Any]], status: int) -> None:
        """Run the verb, or send the answer its key already stands for."""
        key = self._handler.request.headers.get("Idempotency-Key")
        if key is None:
            self._handler.answer(status, await call())
            return
        if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
            raise BadKey
        record_id = self._id_of(key)
        earlier = await self._claim(record_id)
        if earlier is not None:
            self._replay(earlier)
        else:
            await self._run(record_id, call, status)

    def _id_of(self, key: str) -> str:
        """Name a key by whose it is, so that it goes with them, and what it was for."""
        told = [self._handler.request.method, self._handler.request.path, key]
        mark = hashlib.sha256(msgspec.json.encode(told)).hexdigest()
        return f"{self._who()}:{mark}"

    def _who(self) -> str:
        actor = self._handler.actor
        return "nobody" if actor is None else str(actor.id)

    async def _claim(self, record_id: str) -> Record | None:
        now = self._ctx.clock.now()
        mine = Record(
            id=record_id,
            body_hash=hashlib.sha256(self._handler.request.body).hexdigest(),
            at=now,
            leased_until=now + LEASE,
            trace=self._handler.trace,
        )
        try:
            is_new = await self._ctx.the(KeyRecords).take(mine)
        except PyMongoError:
            self._handler.leave_running(self._tell_later(record_id, NOTHING))
            raise
        return None if is_new else await self._earlier(mine)

    async def _earlier(self, mine: Record) -> Record | None:
        earlier = await Record.find(self._ctx, _id=mine.id)
        if earlier is None:
            raise StillRunning
        if earlier.body_hash != mine.body_hash:
            raise KeyReused
        if earlier.status is not None:
            return earlier
        taken_over = await Record.change(
            self._ctx,
            where={"_id": mine.id, "status": None, "leased_until": {"$lte": mine.at}},
            update={"$set": {"leased_until": mine.leased_until, "trace": mine.trace}},
        )
        if taken_over is None:
            raise StillRunning
        return None

    async def _run(
        self, record_id: str, call: Callable[[], Awaitable[Any]], status: int
    ) -> None:
        came = NOTHING
        try:
            answer = await call()
            body = b"" if answer is None else msgspec.json.encode(answer)
            came = self._came(status, body)
        except Unavailable:
            raise
        except Refusal as refusal:
            came = self._came(status_of(type(refusal)), self._told(refusal))
            raise
        finally:
            await self._tell(record_id, came)
        self._handler.answer(status, answer)

    def _told(self, refusal: Refusal) -> bytes:
        problem = Problem(
            code=refusal.code,
            message=refusal.message,
            details=refusal.details,
            trace=self._handler.trace,
        )
        return msgspec.json.encode(problem)

    def _came(self, status: int, answer: bytes) -> Change:
        sealed = self._ctx.secrets.seal(answer.decode()) if answer else ""
        return {"$set": {"status": status, "answer": sealed}}

    async def _tell(self, record_id: str, came: Change) -> None:
        """Write down what came of the call; if MongoDB does not hear, after it does.

        Rules: what was done is answered as done all the same.
        """
        try:
            await self._write(record_id, came)
        except PyMongoError:
            self._handler.leave_running(self._tell_later(record_id, came))

    async def _tell_later(self, record_id: str, came: Change) -> None:
        """Go on telling for as long as the key is held."""
        clock = self._ctx.clock
        until = clock.monotonic() + LEASE.total_seconds()
        while clock.monotonic() < until:
            await asyncio.sleep(TELL_AGAIN_SECONDS)
            with suppress(PyMongoError):
                await self._write(record_id, came)
                return

    async def _write(self, record_id: str, came: Change) -> None:
        outcome = Outcome(record_id, self._handler.trace, came)
        await self._ctx.the(KeyRecords).tell(outcome)

    def _replay(self, record: Record) -> None:
        self._handler.set_header("Idempotency-Replayed", "true")
        if record.answer:
            answer = self._ctx.secrets.open(record.answer).encode()
            self._handler.answer_bytes(record.status or 200, answer)
        else:
            self._handler.answer(record.status or 200, None)

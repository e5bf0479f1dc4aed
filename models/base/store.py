"""Transactions: the one way to change more than one document.

Also the one way to open the database: acknowledged means on a majority,
journaled. The database is taken with an empty write concern, because the
replica set's own default is majority already and a write concern set on the
client makes every write of a bound transaction fail with error 72.
"""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import pymongo
from pymongo import AsyncMongoClient, WriteConcern
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WaitQueueTimeoutError,
)
from pymongo.monitoring import CommandListener

from models.base.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from models.base.context import Context

P = ParamSpec("P")
T = TypeVar("T")

POOL = 32
"""Connections a process; 16-32 were as good as 100, fewer were worse."""

SELECT_SERVER_MS = 3_000
"""How long to look for a primary: an election took 3 s on loopback."""

WAIT_FOR_CONNECTION_MS = 4_000
"""Only a store that does not move keeps a request waiting so long for one of these
connections: what waits is bounded at the door (handlers/base/crowd)."""

ANSWER_SECONDS = 8.0
"""What MongoDB gets for one request, one batch or one transaction, retries and
elections included; a thumb does not wait longer. An election takes 2-5 s."""

DUPLICATE = 11000
"""MongoDB's word for an id that is taken."""

_inside: ContextVar[bool] = ContextVar("inside a transaction", default=False)


class StoreUnavailable(Unavailable):
    """MongoDB has no primary or does not answer; nothing was acknowledged."""

    code = "store_unavailable"
    message = "服务暂时繁忙，请几秒后重试，您的操作不会重复提交。"


def open_client(
    uri: str, *, patient: bool = False, heard_by: Sequence[CommandListener] = ()
) -> AsyncMongoClient[dict[str, Any]]:
    """Open a client of one process; it connects when it is first asked.

    patient: whether who waits for a connection waits as long as it takes (first aid).
    heard_by: who is told of every command, such as a test that counts them.
    """
    return AsyncMongoClient(
        uri,
        tz_aware=True,
        maxPoolSize=POOL,
        waitQueueTimeoutMS=None if patient else WAIT_FOR_CONNECTION_MS,
        serverSelectionTimeoutMS=SELECT_SERVER_MS,
        connectTimeoutMS=SELECT_SERVER_MS,
        retryWrites=True,
        retryReads=True,
        appname="yunduan",
        event_listeners=heard_by,
    )


def take_database(
    client: AsyncMongoClient[dict[str, Any]], name: str
) -> AsyncDatabase[dict[str, Any]]:
    """Take the database in the form that transactions need."""
    return client.get_database(name, write_concern=WriteConcern())


def inside_transaction() -> bool:
    """Say whether the work at hand is part of a transaction."""
    return _inside.get()


def in_time() -> AbstractContextManager[Any]:
    """Let whatever is asked of MongoDB within this be answered, or refused, in time.

    Rules: without it a call to a member that hangs or is cut off waits until the
    driver gives the connection up, a quarter of a minute.
    """
    return pymongo.timeout(ANSWER_SECONDS)


def is_late(fault: BaseException | None) -> bool:
    """Say whether a question got no answer in time.

    Rules: who waits behind it has waited as long, would wait in vain, and is told so.
    """
    return isinstance(fault, PyMongoError) and fault.timeout


def is_passing(error: PyMongoError) -> bool:
    """Say whether a database error goes away when the same is asked again."""
    return (
        isinstance(error, ConnectionFailure | ExecutionTimeout | WaitQueueTimeoutError)
        or error.has_error_label("TransientTransactionError")
        or error.has_error_label("RetryableWriteError")
        or (isinstance(error, OperationFailure) and error.timeout)
    )


def ids_taken(fault: BulkWriteError) -> set[int]:
    """Return which of many writes met an id that is taken, by place in the batch.

    Rules: whatever else went wrong is raised; the others are written then.
    """
    errors = fault.details["writeErrors"]
    is_all = not fault.details["writeConcernErrors"]
    if not (is_all and all(each["code"] == DUPLICATE for each in errors)):
        raise fault
    return {each["index"] for each in errors}


def atomic(
    *, duplicate: type[Conflict] | None = None
) -> Callable[
    [Callable[Concatenate["Context", P], Awaitable[T]]],
    Callable[Concatenate["Context", P], Coroutine[Any, Any, T]],
]:
    """Make a verb all-or-nothing; a verb called inside another joins it.

    MongoDB may run the verb again after a clash, so it touches nothing else:
    no HTTP, no Redis, no gathering. A broken unique index aborts the whole
    transaction; the caller sees ``duplicate`` instead.
    """

    def wrap(
        verb: Callable[Concatenate["Context", P], Awaitable[T]],
    ) -> Callable[Concatenate["Context", P], Coroutine[Any, Any, T]]:
        @wraps(verb)
        async def run(ctx: "Context", /, *args: P.args, **kwargs: P.kwargs) -> T:
            if _inside.get():
                return await verb(ctx, *args, **kwargs)
            token = _inside.set(True)
            try:
                return await _in_transaction(ctx, lambda: verb(ctx, *args, **kwargs))
            except DuplicateKeyError as clash:
                if duplicate is None:
                    raise
                raise duplicate from clash
            finally:
                _inside.reset(token)

        return run

    return wrap


async def _in_transaction(ctx: "Context", work: Callable[[], Awaitable[T]]) -> T:
    with in_time():
        async with (
            ctx.db.client.start_session() as session,
            session.bind(end_session=False),
        ):
            return await session.with_transaction(lambda _: work())

"""The one door every request walks through.

A handler declares, on each verb, who may enter and what may go wrong; the door
reads the annotations once, when the class is made, and then for each request
admits → decodes → calls → encodes → refuses. OpenAPI reads the same promise.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context as Surroundings
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec, get_type_hints

import msgspec
from tornado.web import RequestHandler

from handlers.base.access import Access
from handlers.base.answers import Encoded, Ready, refuse
from handlers.base.at_once import AtOnce, Look
from handlers.base.callers import address_of
from handlers.base.crowd import Crowd, Yields
from handlers.base.downloads import Download
from handlers.base.lean import LeanHandler
from handlers.base.limits import Limit
from handlers.base.promises import Promise
from handlers.base.reading import QueryReader, reader_of
from handlers.base.repeats import Repeats
from models.base.context import Context
from models.base.errors import Refusals, Unavailable
from models.base.store import in_time

P = ParamSpec("P")

JSON_MEDIA = "application/json"
TEXT_MEDIA = "text/plain"
METHODS = ("get", "post", "put", "patch", "delete")
IMAGE_MEDIA = "image/*"


class Closing(Unavailable):
    """The process is finishing what it began and takes no new work."""

    code = "closing"
    message = "服务正在更新，请几秒后重试。"


def endpoint(
    *,
    access: Access,
    status: int = 200,
    refusals: Refusals = (),
    limit: Limit | None = None,
    repeats: bool = False,
    takes: tuple[str, ...] = (JSON_MEDIA,),
    media: str | tuple[str, ...] = JSON_MEDIA,
    also: tuple[int, ...] = (),
    forgiving: bool = False,
    yields: Yields | None = None,
    at_once: Look | None = None,
) -> Callable[
    [Callable[Concatenate[Any, P], Awaitable[Any]]], Callable[..., Awaitable[None]]
]:
    """Declare a verb: who may call it, what it answers, how it may refuse.

    limit:   how often one caller may; None for none (first aid).
    repeats: whether an ``Idempotency-Key`` makes a second call the same call.
    takes:   what the body is; a file's comes whole, as ``body: bytes``.
    media:   what the answer is; bare text is sent as it is returned.
    also:    other good statuses, such as 200 for what was made before.
    forgiving: a body that cannot be read counts as nothing said (first aid).
    yields:  who goes first when the house is full; public reads yield last.
    at_once: looks whether the answer lies ready, to be handed out at the door.
    """

    def declare(
        verb: Callable[Concatenate[Any, P], Awaitable[Any]],
    ) -> Callable[..., Awaitable[None]]:
        hints = get_type_hints(verb, include_extras=True)
        body, query = hints.get("body"), hints.get("query")
        promise = Promise(
            access=access,
            status=status,
            refusals=refusals,
            limit=limit,
            repeats=repeats,
            forgiving=forgiving,
            yields=yields or Yields.usual(verb.__name__, access.is_public),
            takes=takes,
            media=(media,) if isinstance(media, str) else media,
            also=also,
            summary=inspect.getdoc(verb) or "",
            body=body,
            query=query,
            answer=hints.get("return"),
            path=tuple(
                name
                for name in inspect.signature(verb).parameters
                if name not in {"self", "body", "query"}
            ),
        )
        # A file comes and goes at its client's pace, and takes no room.
        is_file = body is bytes or promise.answer is Download
        weight = 0 if is_file or promise.yields is Yields.NEVER else 1
        read_body = None if body is None else reader_of(body, forgiving=forgiving)
        read_query = None if query is None else QueryReader(query)

        @wraps(verb)
        async def enter(self: "Handler", **path: str) -> None:
            crowd: Crowd = self.application.settings["crowd"]
            crowd.under_way += weight
            try:
                with in_time():
                    await self.let_in(promise)
                    given: dict[str, Any] = dict(path)
                    if read_body is not None:
                        given["body"] = read_body(self)
                    if read_query is not None:
                        given["query"] = read_query(self.request.query_arguments)
                    call = lambda: verb(self, **given)  # type: ignore[call-arg]  # noqa: E731
                    if repeats:
                        await Repeats(self).once(call, status)
                        return
                    answer = await call()
                if media == TEXT_MEDIA:
                    self.answer_text(answer)
                else:
                    await self.answer_with(status, answer)
            finally:
                crowd.under_way -= weight

        enter.promise = promise  # type: ignore[attr-defined]
        if at_once is not None:
            enter.at_once = AtOnce(at_once, promise, read_query)  # type: ignore[attr-defined]
        return enter

    return declare


class Handler(LeanHandler):
    """Base of every handler: the tools of the house, answers and refusals."""

    actor: Any = None
    """Who the access policy found; None when nobody is asked for."""

    refused = ""
    """The word of the refusal, once there is one; for the canonical line."""

    pattern = ""
    """The route as declared; for logs and metrics instead of the raw path."""

    is_waited_for = True
    """A process that stops lets it end."""

    def initialize(self, pattern: str = "") -> None:
        """Take this request's tools."""
        settings = self.application.settings
        self.pattern = pattern
        self.trace: str = settings["new_trace"]()
        self.ctx: Context = settings["ctx"].traced(self.trace)
        self.put_header("X-Request-Id", self.trace)

    @property
    def caller(self) -> str:
        """Return the address that calls; behind a proxy, the one it names."""
        return address_of(
            self.request.headers,
            self.request.remote_ip or "",
            behind_proxy=self.application.settings["behind_proxy"],
        )

    def leave_running(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something be finished after the answer; a stopping process waits for it.

        Rules: it has nothing of the request's, its deadline included.
        """
        loop = asyncio.get_running_loop()
        self.wait_for(loop.create_task(work, context=Surroundings()))

    def wait_for(self, task: asyncio.Task[Any]) -> None:
        """Let a stopping process wait for this task."""
        running: set[asyncio.Task[Any]] = self.application.settings["running"]
        running.add(task)
        task.add_done_callback(running.discard)

    def refuse_when_closing(self) -> None:
        """Take no new work while the process is stopping."""
        if self.application.settings["closing"].is_set():
            raise Closing

    async def let_in(self, promise: Promise) -> None:
        """Find who is asking, and count it."""
        if not promise.forgiving:
            self.refuse_when_closing()
        settings = self.application.settings
        if promise.yields is Yields.NEVER:
            self.ctx = settings["urgent"].traced(self.trace)
        else:
            settings["crowd"].look(promise.yields)
        self.actor = await promise.access.find(self)
        if promise.limit is not None:
            await promise.limit.count(self)

    async def head(self, *path: str, **names: str) -> None:
        """Answer as GET does, without the body; Tornado leaves it out."""
        answering = self.get(*path, **names)
        if answering is not None:
            await answering

    async def answer_with(self, status: int, answer: Any) -> None:
        """Send what a verb returned; a file goes out piece by piece."""
        if isinstance(answer, Download):
            await answer.send(self)
        else:
            self.answer(status, answer)

    def answer(self, status: int, answer: Any) -> None:
        """Send what a verb returned and is ready."""
        if isinstance(answer, Ready):
            answer.send(self)
        elif isinstance(answer, Encoded):
            self.answer_bytes(status, answer.body)
        elif answer is None:
            self.set_status(HTTPStatus.NO_CONTENT)
            self.clear_header("Content-Type")
        else:
            self.answer_bytes(status, msgspec.json.encode(answer))

    def answer_bytes(self, status: int, body: bytes) -> None:
        """Send JSON that is ready."""
        self.set_status(status)
        self.put_header("Content-Length", str(len(body)))
        self._write_buffer.append(body)

    def answer_text(self, text: str) -> None:
        """Send bare text."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.write(text)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Turn whatever went wrong into a word and a Chinese sentence."""
        if status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            self.set_header("Allow", ", ".join(self.allowed()))
        if self.application.settings["closing"].is_set():
            self.set_header("Connection", "close")
        info = kwargs.get("exc_info")
        refuse(self, status_code, info[1] if info else None)

    def allowed(self) -> list[str]:
        """Name the methods this address has."""
        own = type(self)
        has = [m for m in METHODS if getattr(own, m) is not getattr(RequestHandler, m)]
        return sorted(m.upper() for m in ({*has, "head"} if "get" in has else has))

    def _log(self) -> None:
        """Note what was answered, on the canonical line and in the figures."""
        request, method = self.request, self.request.method or ""
        self.application.settings["note"](
            self.pattern,
            method if method in self.SUPPORTED_METHODS else "other",
            self._status_code,
            request.request_time(),
            self.trace,
            refused=self.refused,
            who="" if self.actor is None else str(self.actor.id),
        )

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Refusals are on the canonical line; only surprises are logged apart."""
        self.application.settings["log_surprise"](self, value)


class Missing(Handler):
    """No such place."""

    def prepare(self) -> None:
        """Answer every method alike."""
        self.send_error(404)

"""From a path to its handler: exact paths by one look-up, ids by a small tree.

Tornado tries route after route by regular expression; with a hundred routes
that costs more than the rest of a cached read. Here a path is split once and
walked down a tree of its parts.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    HTTPServerRequest,
)
from tornado.web import Application

from handlers.base.answers import Ready
from handlers.base.at_once import AtOnce, hand_out
from handlers.base.endpoint import Handler, Missing
from handlers.base.heads import wall
from handlers.base.requests import make_request

Route = tuple[str, type[Handler]]

ID = re.compile(r"[A-Za-z0-9_.-]{1,80}\Z")
"""What may stand where a route has ``{name}``."""


class Leaf(NamedTuple):
    """What stands at the end of a route."""

    pattern: str
    handler: type[Handler]
    at_once: AtOnce | None
    """How its answer is looked for before a handler is made."""
    is_streamed: bool
    """Its body is taken piece by piece."""

    @classmethod
    def of(cls, pattern: str, handler: type[Handler]) -> "Leaf":
        """Learn what its class says of itself."""
        return cls(
            pattern,
            handler,
            at_once=getattr(handler.get, "at_once", None),
            is_streamed=getattr(handler, "_stream_request_body", False),
        )


NOWHERE = Leaf.of("none", Missing)
"""Where a path leads that nobody has."""


@dataclass
class Branch:
    """One part of the paths that share what came before."""

    fixed: "dict[str, Branch]" = field(default_factory=dict)
    named: "tuple[str, Branch] | None" = None
    leaf: Leaf | None = None


class Tree:
    """All routes, by the parts of their paths."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._root = Branch()
        for pattern, handler in routes:
            self._add(pattern, handler)

    def find(self, path: str) -> tuple[Leaf, dict[str, str]] | None:
        """Return the end of a path and what its names stand for."""
        branch, names = self._root, {}
        for part in path.split("/")[1:]:
            following = branch.fixed.get(part)
            if following is None:
                if branch.named is None or not ID.match(part):
                    return None
                name, following = branch.named
                names[name] = part
            branch = following
        return None if branch.leaf is None else (branch.leaf, names)

    def _add(self, pattern: str, handler: type[Handler]) -> None:
        branch = self._root
        for part in pattern.split("/")[1:]:
            branch = _grow(branch, part, pattern)
        if branch.leaf is not None:
            raise ValueError(f"two handlers for {pattern}")
        branch.leaf = Leaf.of(pattern, handler)


def _grow(branch: Branch, part: str, pattern: str) -> Branch:
    if not part.startswith("{"):
        return branch.fixed.setdefault(part, Branch())
    name = part[1:-1]
    if branch.named is None:
        branch.named = (name, Branch())
    if branch.named[0] != name:
        raise ValueError(f"{pattern}: {{{branch.named[0]}}} stands here already")
    return branch.named[1]


class Visit(HTTPMessageDelegate):
    """One request on its way to its handler, its body small and taken whole.

    In place of Tornado's, which goes through a table of everything that could be
    awaited for every request; a handler is a coroutine.
    """

    def __init__(
        self,
        doors: "Doors",
        request: HTTPServerRequest,
        leaf: Leaf,
        names: Mapping[str, str],
    ) -> None:
        self._doors = doors
        self._request = request
        self._leaf = leaf
        self._names = names
        self._body: list[bytes] = []

    def data_received(self, chunk: bytes) -> None:
        """Take a piece of the body."""
        self._body.append(chunk)

    def finish(self) -> None:
        """Open the door: the request is here."""
        self._request.body = b"".join(self._body)
        called = self._leaf.handler(
            self._doors, self._request, pattern=self._leaf.pattern
        )
        task = asyncio.get_running_loop().create_task(called.serve(self._names))
        if called.is_waited_for:
            self._doors.running.add(task)
        task.add_done_callback(self._doors.seen)

    def on_connection_close(self) -> None:
        """The client has gone before it was done: there is no request."""
        self._body.clear()


class Arrival(HTTPMessageDelegate):
    """One request at the door: what it wants lies ready, or it goes in."""

    _delegate: HTTPMessageDelegate | None = None
    _ready: Ready[Any] | None = None

    def __init__(self, doors: "Doors", server: object, connection: HTTPConnection):
        self._doors = doors
        self._server = server
        self._connection = connection

    def headers_received(self, start_line: Any, headers: HTTPHeaders) -> Any:
        """Look whether its answer lies ready; raises HTTPInputError."""
        path, _, query = start_line.path.partition("?")
        found = self._doors.find(path)
        if found is not None and start_line.method == "GET":
            leaf, names = found
            if leaf.at_once is not None:
                self._began = wall.monotonic()
                self._ready = leaf.at_once.find(
                    self._doors.settings, headers, query, names
                )
                if self._ready is not None:
                    self._pattern = leaf.pattern
                    self._line, self._headers = start_line, headers
                    return None
        request = make_request(start_line, headers, self._connection, self._server)
        self._delegate = self._doors.delegate_for(request, found)
        return self._delegate.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Any:
        """Take a piece of the body."""
        return None if self._delegate is None else self._delegate.data_received(chunk)

    def finish(self) -> None:
        """Hand out what lies ready, or let it in."""
        if self._delegate is not None:
            self._delegate.finish()
        elif self._ready is not None:
            self._hand_out(self._ready)

    def on_connection_close(self) -> None:
        """Tell whoever has it that its client has gone."""
        if self._delegate is not None:
            self._delegate.on_connection_close()

    def _hand_out(self, ready: Ready[Any]) -> None:
        settings = self._doors.settings
        trace = settings["new_trace"]()
        status = hand_out(self._connection, self._line, self._headers, ready, trace)
        seconds = wall.monotonic() - self._began
        settings["note"](self._pattern, "GET", status, seconds, trace)


class Doors(Application):
    """Tornado's application, finding its handlers in the tree."""

    def __init__(self, routes: Sequence[Route], **settings: Any) -> None:
        super().__init__([], **settings)
        self.routes = tuple(routes)
        self._tree = Tree(routes)
        self.find = self._tree.find
        self.running: set[asyncio.Task[Any]] = settings["running"]
        """What a stopping process waits for."""

    def start_request(
        self, server_conn: object, request_conn: HTTPConnection
    ) -> HTTPMessageDelegate:
        """Meet a request."""
        return Arrival(self, server_conn, request_conn)

    def seen(self, task: asyncio.Task[None]) -> None:
        """Let what escaped Tornado's own net be told to the loop's."""
        self.running.discard(task)
        if not task.cancelled():
            task.result()

    def delegate_for(
        self,
        request: HTTPServerRequest,
        found: tuple[Leaf, Mapping[str, str]] | None,
    ) -> HTTPMessageDelegate:
        """Return who takes a request; a path nobody has is answered in JSON."""
        if found is None:
            return Visit(self, request, NOWHERE, {})
        leaf, names = found
        if not leaf.is_streamed:
            return Visit(self, request, leaf, names)
        return self.get_handler_delegate(
            request,
            leaf.handler,
            {"pattern": leaf.pattern},
            path_kwargs=names,  # type: ignore[arg-type]
        )

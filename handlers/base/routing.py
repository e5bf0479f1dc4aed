"""From a path to its handler: exact paths by one look-up, ids by a small tree.

Tornado tries route after route by regular expression; with a hundred routes
that costs more than the rest of a cached read. Here a path is split once and
walked down a tree of its parts.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest
from tornado.web import Application, RequestHandler

from handlers.base.endpoint import Missing

Route = tuple[str, type[RequestHandler]]

ID = re.compile(r"[A-Za-z0-9_.-]{1,80}\Z")
"""What may stand where a route has ``{name}``."""


@dataclass
class Branch:
    """One part of the paths that share what came before."""

    fixed: "dict[str, Branch]" = field(default_factory=dict)
    named: "tuple[str, Branch] | None" = None
    leaf: "Route | None" = None


class Tree:
    """All routes, by the parts of their paths."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._root = Branch()
        for pattern, handler in routes:
            self._add(pattern, handler)

    def find(self, path: str) -> tuple[Route, dict[str, str]] | None:
        """Return the route of a path and what its names stand for."""
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

    def _add(self, pattern: str, handler: type[RequestHandler]) -> None:
        branch = self._root
        for part in pattern.split("/")[1:]:
            branch = _grow(branch, part, pattern)
        if branch.leaf is not None:
            raise ValueError(f"two handlers for {pattern}")
        branch.leaf = (pattern, handler)


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
        route: Route,
        names: Mapping[str, str],
    ) -> None:
        self._doors = doors
        self._request = request
        self._route = route
        self._names = names
        self._body: list[bytes] = []

    def data_received(self, chunk: bytes) -> None:
        """Take a piece of the body."""
        self._body.append(chunk)

    def finish(self) -> None:
        """Open the door: the request is here."""
        pattern, handler = self._route
        self._request.body = b"".join(self._body)
        called = handler(self._doors, self._request, pattern=pattern)
        transforms = [each(self._request) for each in self._doors.transforms]
        task = asyncio.get_running_loop().create_task(
            called._execute(transforms, **self._names)  # type: ignore[arg-type]
        )
        task.add_done_callback(_seen)

    def on_connection_close(self) -> None:
        """The client has gone before it was done: there is no request."""
        self._body.clear()


def _seen(task: asyncio.Task[None]) -> None:
    """Let what escaped Tornado's own net be told to the loop's."""
    if not task.cancelled():
        task.result()


class Doors(Application):
    """Tornado's application, finding its handlers in the tree."""

    def __init__(self, routes: Sequence[Route], **settings: Any) -> None:
        super().__init__([], **settings)
        self.routes = tuple(routes)
        self._tree = Tree(routes)

    def find_handler(self, request: HTTPServerRequest, **kwargs: Any) -> Any:
        """Find the handler of a request; a path nobody has is answered in JSON."""
        found = self._tree.find(request.path)
        if found is None:
            return self.get_handler_delegate(request, Missing, {"pattern": "none"})
        (pattern, handler), names = found
        if not getattr(handler, "_stream_request_body", False):
            return Visit(self, request, found[0], names)
        return self.get_handler_delegate(
            request,
            handler,
            {"pattern": pattern},
            path_kwargs=names,  # type: ignore[arg-type]
        )

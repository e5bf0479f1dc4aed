"""What every control door shares: reading a body, telling JSON."""

from typing import Any, TypeVar

import msgspec
from tornado.web import Finish, RequestHandler

from scripts.wechat_simulator.world import World

T = TypeVar("T")

UNPROCESSABLE = 422
NOT_FOUND = 404


class Body(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What a door is told."""


class Door(RequestHandler):
    """One control door."""

    def initialize(self, world: World) -> None:
        """Take the world."""
        self.world = world

    def read(self, shape: type[T]) -> T:
        """Read the body."""
        try:
            return msgspec.json.decode(self.request.body or b"{}", type=shape)
        except msgspec.MsgspecError as problem:
            self.set_status(UNPROCESSABLE)
            self.tell({"error": str(problem)})
            raise Finish from None

    def tell(self, told: Any) -> None:
        """Answer JSON."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(msgspec.json.encode(told))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say in JSON what is wrong."""
        self.tell({"error": self._reason})

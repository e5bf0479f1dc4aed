"""What a verb may touch: made once for each request or task, never global."""

from collections.abc import Mapping
from typing import Any, Self, TypeVar

import msgspec
from msgspec import structs
from pymongo.asynchronous.database import AsyncDatabase
from redis.asyncio import Redis

from miniprogram_api.gateway import Gateway
from models.base.clock import Clock
from models.base.ids import new_id
from models.base.loader import Loader
from models.base.secrets import Secrets

L = TypeVar("L")


class Context(msgspec.Struct, kw_only=True, frozen=True):
    """The tools of one piece of work."""

    db: AsyncDatabase[dict[str, Any]]
    """Where documents live."""

    redis: Redis
    """Where short-lived things live; losing it loses no data."""

    wechat: Gateway
    """WeChat's side of the mini-program."""

    clock: Clock
    """The time."""

    secrets: Secrets
    """Seals, blind indexes and signatures."""

    loader: Loader
    """Look-ups by id, batched."""

    templates: Mapping[str, str] = msgspec.field(default_factory=dict)
    """WeChat's template id of each message kind that may go there."""

    live: Mapping[type, Any] = msgspec.field(default_factory=dict)
    """What this process keeps up to date by listening, one of each class."""

    trace: str = ""
    """Request or task id; on every log line and every event."""

    def traced(self, trace: str) -> Self:
        """Return the same tools for another piece of work."""
        return structs.replace(self, trace=trace)

    def the(self, kind: type[L]) -> L:
        """Return this process's one thing of a class, such as its search index."""
        found: L = self.live[kind]
        return found

    def new_id(self, noun: str) -> str:
        """Return a fresh id for a noun, stamped with this work's clock."""
        return new_id(noun, self.clock.now())

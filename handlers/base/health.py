"""Is it alive, is it ready, how is it doing: for machines that watch."""

from contextlib import suppress

import msgspec
import pymongo
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from handlers.base.access import public
from handlers.base.crowd import Yields
from handlers.base.endpoint import Closing, Handler, endpoint
from handlers.base.indoors import IndoorsHandler
from handlers.base.routing import Route
from models.base.context import Context
from models.base.errors import Unavailable

PATIENCE_SECONDS = 1.0
"""A probe does not wait longer; what answers later is as good as gone."""


class Health(msgspec.Struct, frozen=True):
    """The process runs."""

    status: str = "ok"


class Readiness(msgspec.Struct, frozen=True):
    """What the process leans on, each ``ok`` or ``gone``."""

    mongodb: str
    redis: str
    """Gone is no reason to stop: limits are then counted by each process."""
    changes: str


class NotReady(Unavailable):
    """MongoDB does not answer, or the process does not hear of changes."""

    code = "not_ready"
    message = "服务尚未就绪，请稍后再试。"


class HealthHandler(Handler):
    """Alive (存活)."""

    @endpoint(access=public, yields=Yields.NEVER)
    async def get(self) -> Health:
        """Say that the process runs; asks nobody else."""
        return Health()


class ReadyHandler(Handler):
    """Ready (就绪)."""

    @endpoint(access=public, refusals=(NotReady, Closing), yields=Yields.NEVER)
    async def get(self) -> Readiness:
        """Say whether the process should be sent work."""
        readiness = Readiness(
            mongodb=await _mongodb(self.ctx),
            redis=await _redis(self.ctx),
            changes="ok" if self.settings["hears_changes"]() else "gone",
        )
        if "gone" in {readiness.mongodb, readiness.changes}:
            raise NotReady(msgspec.to_builtins(readiness))
        return readiness


async def send_figures(handler: Handler) -> None:
    """Send every figure; those of the house freshly counted, if it can be asked."""
    with suppress(PyMongoError), pymongo.timeout(PATIENCE_SECONDS):
        await handler.settings["count_house"](handler.ctx)
    handler.set_header("Content-Type", CONTENT_TYPE_LATEST)
    handler.write(generate_latest())


class MetricsHandler(IndoorsHandler):
    """Metrics (指标) in Prometheus's text form, for this machine."""

    async def get(self) -> None:
        """Send every figure of this process."""
        await send_figures(self)


class WatchedFiguresHandler(Handler):
    """The same at the watch port, for the network inside."""

    async def get(self) -> None:
        """Send every figure of this process."""
        await send_figures(self)


async def _mongodb(ctx: Context) -> str:
    try:
        with pymongo.timeout(PATIENCE_SECONDS):
            await ctx.db.command("ping")
    except PyMongoError:
        return "gone"
    return "ok"


async def _redis(ctx: Context) -> str:
    try:
        await ctx.redis.ping()
    except RedisError:
        return "gone"
    return "ok"


ROUTES: list[Route] = [
    ("/healthz", HealthHandler),
    ("/readyz", ReadyHandler),
    ("/metrics", MetricsHandler),
]

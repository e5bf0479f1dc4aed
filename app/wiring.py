"""Opens what the house stands on and puts the tools together, once a process."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import msgspec
from pymongo import AsyncMongoClient
from pymongo.monitoring import CommandListener
from redis.asyncio import Redis

import models.reactions  # noqa: F401 - imports every room, and so every document
from app.settings import Env, Settings, SettingsError
from app.test_clock import TestClock
from handlers.base.key_records import KeyRecords
from miniprogram_api.gateway import Gateway
from models.base import holidays
from models.base.changes import Follower
from models.base.clock import Clock, SetClock
from models.base.context import Context
from models.base.deeds import Deeds
from models.base.feed import Feed
from models.base.holidays import BadYear, Year
from models.base.indexes import make_indexes
from models.base.loader import Loader
from models.base.secrets import Secrets
from models.base.store import open_client, take_database
from models.messages.news import InboxNews
from models.policies.published import Published
from models.stations.claims import Claims
from models.stations.counts import Counts
from models.stations.directory import Directory
from models.stations.standing import Standings
from models.unions.doubts import Doubts
from models.workers.revocations import Revocations


class Live(Protocol):
    """Something a process keeps up to date by listening."""

    def listen(self, follower: Follower, ctx: Context) -> None:
        """Ask the follower to be told."""


GATHERINGS: tuple[type[Live], ...] = (Deeds, Standings, Claims, Counts)
"""What goes out together with what waits at the same moment; they hear nothing."""

LIVE: tuple[type[Live], ...] = (
    Revocations,
    Directory,
    Published,
    Feed,
    InboxNews,
    Doubts,
    KeyRecords,
    *GATHERINGS,
)
"""One of each in a process that serves, reached by ``ctx.the(Class)``."""

LIVE_AT_WORK: tuple[type[Live], ...] = (Revocations, Directory, *GATHERINGS)
"""What the clockwork and the reactions need: nobody searches there."""


@dataclass
class House:
    """One process's tools, open until closed."""

    settings: Settings
    ctx: Context
    urgent: Context
    """The same tools with connections to MongoDB of their own: what never yields
    to a crowd does not stand in its queue."""
    follower: Follower
    opened: AsyncExitStack
    """What closes all of it, the last opened first."""

    async def close(self) -> None:
        """Close everything that was opened."""
        await self.opened.aclose()


async def open_house(
    settings: Settings,
    *,
    clock: Clock | None = None,
    live: Sequence[type[Live]] = LIVE,
    also: Sequence[Live] = (),
    prepared: bool = True,
    heard_by: Sequence[CommandListener] = (),
) -> House:
    """Open the servers' clients, make the indexes and begin to listen.

    A start that fails closes what it had opened.

    live: which live things this process keeps.
    also: what listens beside them, such as a worker's bell.
    prepared: False leaves the indexes as they are, for chores that look at them.
    heard_by: who is told of every command to MongoDB.
    """
    load_calendars(settings)
    if clock is None:
        clock = SetClock() if settings.env is Env.TEST else Clock()
    async with AsyncExitStack() as opened:
        client = open_client(settings.mongodb_uri, heard_by=heard_by)
        opened.push_async_callback(client.close)
        kept: dict[type, Any] = {kind: kind() for kind in live}
        ctx = _open_tools(settings, client, clock, kept, opened)
        if prepared:
            await make_indexes(ctx)
        spare = open_client(settings.mongodb_uri, patient=True, heard_by=heard_by)
        opened.push_async_callback(spare.close)
        urgent = with_client(ctx, spare)
        follower = Follower(urgent.db, clock)
        if Published in kept:
            opened.push_async_callback(ctx.the(Published).close)
        opened.push_async_callback(follower.stop)
        for thing in (*kept.values(), *also):
            thing.listen(follower, ctx)
        if isinstance(clock, SetClock):
            TestClock.listen(follower, ctx, clock)
        await follower.start()
        return House(settings, ctx, urgent, follower, opened.pop_all())


def _open_tools(
    settings: Settings,
    client: AsyncMongoClient[dict[str, Any]],
    clock: Clock,
    kept: dict[type, Any],
    opened: AsyncExitStack,
) -> Context:
    """Put together what a verb is handed."""
    db = take_database(client, settings.mongodb_database)
    redis = open_redis(settings)
    opened.push_async_callback(redis.aclose)
    wechat = open_gateway(settings, redis, clock)
    opened.push_async_callback(wechat.close)
    return Context(
        db=db,
        redis=redis,
        wechat=wechat,
        clock=clock,
        secrets=Secrets(
            seal_keys=settings.seal_keys,
            blind_keys=settings.blind_keys,
            token_keys=settings.token_keys,
        ),
        loader=Loader(db),
        templates=settings.wechat_templates,
        live=kept,
        trace="start",
    )


def with_client(ctx: Context, client: AsyncMongoClient[dict[str, Any]]) -> Context:
    """Return the same tools on another client of the same database."""
    db = take_database(client, ctx.db.name)
    return msgspec.structs.replace(ctx, db=db, loader=Loader(db))


def load_calendars(settings: Settings) -> None:
    """Take in newer holiday tables than the library's; raises SettingsError."""
    for path in settings.calendar_tables:
        try:
            holidays.load(msgspec.json.decode(Path(path).read_bytes(), type=Year))
        except (OSError, msgspec.MsgspecError, BadYear) as problem:
            raise SettingsError(f"CALENDAR_TABLES: {path}: {problem}") from problem


def open_redis(settings: Settings) -> Redis:
    """Open a client of Redis; it connects when it is first asked."""
    return Redis.from_url(
        settings.redis_url,
        decode_responses=True,
        socket_timeout=settings.redis_seconds,
        socket_connect_timeout=settings.redis_seconds,
    )


def open_gateway(settings: Settings, redis: Redis, clock: Clock) -> Gateway:
    """Open our client of WeChat."""
    return Gateway(
        settings.wechat_appid,
        settings.wechat_secret,
        base_url=settings.wechat_base_url,
        redis=redis,
        now=clock.now,
        monotonic=clock.monotonic,
        push_token=settings.wechat_push_token,
        push_aes_key=settings.wechat_push_aes_key or None,
    )

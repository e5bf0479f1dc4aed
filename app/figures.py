"""Figures that are looked up when a watcher asks: of the process and what it leans on.

A figure that cannot be had (MongoDB is gone, or does not let us look) is NaN, never
the last one known: an old figure would say that all is well.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from prometheus_client import Gauge
from pymongo.errors import OperationFailure, PyMongoError
from redis.exceptions import RedisError

from app.schedule import count_overdue
from app.wiring import House
from models.base import events
from models.base.context import Context
from models.policies import announcements, reviewing

UNKNOWN = float("nan")

events_waiting = Gauge("inn_events_waiting", "Events not delivered yet.")
events_lag = Gauge(
    "inn_events_lag_seconds", "How long the event that is due longest has been due."
)
events_stuck = Gauge("inn_events_stuck", "Events that every try failed for.")
schedule_overdue = Gauge(
    "schedule_overdue", "Lines of the clockwork that are a minute late or more."
)
announcements_overdue = Gauge(
    "publishing_overdue",
    "Changes of policies that took effect a minute ago or more and are not told.",
)
forced_unconfirmed = Gauge(
    "publishing_unconfirmed", "Texts published unreviewed that nobody stood up for."
)
in_flight = Gauge("inn_requests_in_flight", "Requests under way in this process.")
changes_silent = Gauge(
    "inn_changes_silent_seconds",
    "How long the change stream has not answered; above 1 nothing kept is trusted.",
)
leans_on = Gauge(
    "inn_leans_on", "1 while what the process leans on answers, else 0.", ["server"]
)
clock_offset = Gauge(
    "inn_clock_offset_seconds", "How far this clock is ahead of MongoDB's primary."
)
disk_used = Gauge(
    "inn_mongodb_disk_used_ratio", "Share of MongoDB's disk that is full, 0 to 1."
)
members_away = Gauge(
    "inn_mongodb_members_away", "Members of the replica set that do not answer."
)
replica_lag = Gauge(
    "inn_mongodb_lag_seconds", "How far the slowest answering member is behind."
)

COUNTED = (
    events_waiting,
    events_lag,
    events_stuck,
    schedule_overdue,
    announcements_overdue,
    forced_unconfirmed,
    clock_offset,
    disk_used,
    members_away,
    replica_lag,
)
"""What only MongoDB knows."""

SERVING = (1, 2)
"""States of a member that holds data and answers: primary, secondary."""

ARBITER = 7


Count = Callable[[Context], Awaitable[None]]


def counter(house: House, running: set[asyncio.Task[None]]) -> Count:
    """Return what brings the figures of a process up to date.

    running: the requests under way; none where there are no doors.
    """

    async def count_all(ctx: Context) -> None:
        in_flight.set(len(running))
        changes_silent.set(house.follower.silent_seconds())
        await _count(ctx)

    return count_all


async def _count(ctx: Context) -> None:
    for figure in COUNTED:
        figure.set(UNKNOWN)
    leans_on.labels("redis").set(await _redis_answers(ctx))
    try:
        await _count_house(ctx)
        await _count_mongodb(ctx)
    except PyMongoError:
        leans_on.labels("mongodb").set(0)
        raise
    leans_on.labels("mongodb").set(1)


async def _redis_answers(ctx: Context) -> bool:
    try:
        await ctx.redis.ping()
    except RedisError:
        return False
    return True


async def _count_house(ctx: Context) -> None:
    events_waiting.set(await events.count_waiting(ctx))
    events_lag.set(await events.longest_due(ctx))
    events_stuck.set(await events.count_stuck(ctx))
    schedule_overdue.set(await count_overdue(ctx))
    announcements_overdue.set(await announcements.count_overdue(ctx))
    forced_unconfirmed.set(await reviewing.count_unconfirmed(ctx))


async def _count_mongodb(ctx: Context) -> None:
    hello = await ctx.db.command("hello", codec_options=ctx.db.codec_options)
    clock_offset.set((ctx.clock.now() - hello["localTime"]).total_seconds())
    room = await ctx.db.command("dbStats")
    if room.get("fsTotalSize"):
        disk_used.set(room["fsUsedSize"] / room["fsTotalSize"])
    try:
        status = await ctx.db.client.admin.command("replSetGetStatus")
    except OperationFailure:  # our user may not look at the set (no clusterMonitor)
        return
    _count_members(status["members"])


def _count_members(members: list[dict[str, Any]]) -> None:
    answering = [each for each in members if each["state"] in SERVING]
    away = [each for each in members if each["state"] not in {*SERVING, ARBITER}]
    members_away.set(len(away))
    written: list[datetime] = [each["optimeDate"] for each in answering]
    if written:
        replica_lag.set((max(written) - min(written)).total_seconds())

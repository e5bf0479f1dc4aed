"""The whole inn as processes on this machine, for somebody to break.

Three members of MongoDB, a Redis, WeChat's simulator, a few ``serve`` and ``work``::

    async with open_inn(doors=2) as inn:
        inn.mongo.primary().kill()

The simulator lives in our own process, so that what it was sent is at hand. So does
a house of our own, to furnish the inn and to recount; everything else is a process
that real signals reach.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from pymongo.errors import PyMongoError
from tornado.httpclient import AsyncHTTPClient, HTTPError
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from app.settings import Settings, read_settings
from app.wiring import LIVE_AT_WORK, House, open_house
from scripts.stack import scratch
from scripts.stack.mongod import ReplicaSet
from scripts.stack.ports import LOOPBACK, free_port
from scripts.stack.processes import Process
from scripts.stack.redis_server import RedisServer
from scripts.stack.servers import start_redis
from scripts.wechat_simulator import Running, start
from tests.client import Client
from tests.faults.waiting import until
from tests.faults.wires import Wires

OK = 200
MONGODB_LATE = "MongoDB does not answer as needed"
"""A process's last words when it could not begin."""

WELL = {"PRIMARY", "SECONDARY"}
"""How a member says that it takes part."""

MOST_CALLS = 500
"""Calls our own client has under way; more wait with it."""


@dataclass
class Door:
    """One ``serve`` process and where it answers."""

    process: Process
    url: str

    def start(self) -> None:
        """Start it, for the first time or again."""
        self.process.start()

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()


@dataclass
class Inn:
    """What runs, and the means to look at it."""

    mongo: ReplicaSet
    redis: RedisServer
    wechat: Running
    house: House
    http: AsyncHTTPClient
    wires: Wires | None = None
    doors: list[Door] = field(default_factory=list)
    workers: list[Process] = field(default_factory=list)

    def client(self, door: int = 0) -> Client:
        """Return a client of one door."""
        return Client(self.doors[door % len(self.doors)].url, http=self.http)

    async def ready(self, *doors: Door) -> None:
        """Wait till some doors, or all, say that they are ready."""
        for door in doors or tuple(self.doors):
            await until(partial(self._is_ready, door), what=door.process.name)

    async def working(self) -> None:
        """Wait till every ``work`` process says that it works."""
        for each in self.workers:
            await until(partial(_says_working, each), what=each.name)

    async def whole(self) -> None:
        """Wait till every member of the replica set has come along.

        Rules: one that was primary apart from the others rolls back what only it has,
        from a member that must live meanwhile; two of three would be away otherwise.
        """
        await until(self._is_whole, what="the replica set")

    async def later(self, by: timedelta) -> None:
        """Put the clock of every process forward; it stands there."""
        at = self.house.ctx.clock.now() + by
        answer = await self.client().put("/_test/clock", {"now": at.isoformat()})
        assert answer.status == OK, answer.body
        clock = self.house.ctx.clock
        await until(lambda: clock.now() >= at, what="our own clock")

    async def _is_whole(self) -> bool:
        try:
            told = await self.house.ctx.db.client.admin.command("replSetGetStatus")
        except PyMongoError:
            return False
        return all(
            member["stateStr"] in WELL and member["optime"]["t"] == told["term"]
            for member in told["members"]
        )

    async def _is_ready(self, door: Door) -> bool:
        _keep_up(door.process)
        try:
            answer = await self.http.fetch(f"{door.url}/readyz", raise_error=False)
        except (OSError, HTTPError):
            return False
        return answer.code == OK


@asynccontextmanager
async def open_inn(
    *,
    doors: int = 2,
    workers: int = 1,
    members: int = 3,
    wired: bool = False,
    env: dict[str, str] | None = None,
) -> AsyncIterator[Inn]:
    """Start the inn; everything ends with it, whatever happened to it.

    wired: whether wires stand before the members, to slow or cut them.
    env: more settings for the inn's processes.
    """
    async with AsyncExitStack() as stack:
        home = scratch.folder("inn")
        stack.callback(scratch.throw_away, home)
        wires = Wires(members) if wired else None
        if wires is not None:
            await wires.open()
            stack.push_async_callback(wires.close)
        mongo = _members(home, members, wires)
        stack.push_async_callback(asyncio.to_thread, mongo.close)
        for member in mongo.members:
            member.start()
        if wires is not None:
            wires.processes = [member.process for member in mongo.members]
        redis = await asyncio.to_thread(start_redis)
        stack.push_async_callback(asyncio.to_thread, redis.close)
        wechat = await start()
        wechat.world.messages.unlimited = True
        stack.push_async_callback(wechat.close)
        await asyncio.to_thread(mongo.gather)
        given = _environ(mongo, redis, wechat) | (env or {})
        house = await open_house(_settings(given), live=LIVE_AT_WORK)
        stack.push_async_callback(house.close)
        http = SimpleAsyncHTTPClient(force_instance=True, max_clients=MOST_CALLS)
        stack.callback(http.close)
        inn = Inn(mongo, redis, wechat, house, http, wires)
        inn.doors = [_door(home, number, given) for number in range(doors)]
        inn.workers = [_process(home, f"work-{n}", given) for n in range(workers)]
        for process in (*(door.process for door in inn.doors), *inn.workers):
            stack.push_async_callback(asyncio.to_thread, process.stop)
            process.start()
        await inn.ready()
        await inn.working()
        yield inn


def _members(home: Path, count: int, wires: Wires | None) -> ReplicaSet:
    ports = [free_port() for _ in range(count)] if wires is None else wires.ports
    known_as: Sequence[str] = () if wires is None else wires.hosts
    return ReplicaSet(home / "mongo", ports, known_as=known_as)


def _environ(mongo: ReplicaSet, redis: RedisServer, wechat: Running) -> dict[str, str]:
    return {
        "APP_ENV": "test",
        "HOST": LOOPBACK,
        "MONGODB_URI": mongo.uri,
        "MONGODB_DATABASE": "inn",
        "REDIS_URL": redis.uri,
        "WECHAT_BASE_URL": wechat.url,
        "WECHAT_TEMPLATES": "seat_offered:template-seat",
    }


def _settings(environ: dict[str, str]) -> Settings:
    """Our own house's: it recounts, so it waits where the inn does without Redis."""
    return read_settings({"PORT": "1", "REDIS_SECONDS": "30", **environ})


def _door(home: Path, number: int, environ: dict[str, str]) -> Door:
    port = free_port()
    process = _process(home, f"serve-{number}", environ | {"PORT": str(port)})
    return Door(process, f"http://{LOOPBACK}:{port}")


def _process(home: Path, name: str, environ: dict[str, str]) -> Process:
    command = (sys.executable, "-m", "app", name.partition("-")[0])
    inherited = {"PYTHONPATH": os.getcwd()}
    return Process(name, command, log=home / f"{name}.log", env=inherited | environ)


def _keep_up(process: Process) -> None:
    """Start it again if MongoDB took longer than it could wait, as a supervisor does.

    Rules: whatever else ends a process ends the trial.
    """
    if process.running:
        return
    last = process.tail()
    assert MONGODB_LATE in last, last
    process.start()


def _says_working(process: Process) -> bool:
    _keep_up(process)
    return '"working"' in process.log.read_text()

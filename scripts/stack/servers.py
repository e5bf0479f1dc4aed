"""Real servers for whoever needs some: the suite its own, a test a few more.

::

    with start_mongod(members=3) as mongo, start_redis() as redis:
        mongo.uri, redis.uri
        mongo.primary().kill()

Their data are thrown away at the end. Starting and stopping wait, so from a
coroutine: ``await asyncio.to_thread(redis.stop)``.
"""

from typing import TypeVar

from scripts.stack import scratch
from scripts.stack.mongod import CACHE_GB, ReplicaSet
from scripts.stack.ports import free_port
from scripts.stack.redis_server import RedisServer

__all__ = ["RedisServer", "ReplicaSet", "free_port", "start_mongod", "start_redis"]

T = TypeVar("T", ReplicaSet, RedisServer)


def start_mongod(members: int = 1, *, cache_gb: str = CACHE_GB) -> ReplicaSet:
    """Start a replica set and wait till it takes writes."""
    home = scratch.folder("mongod")
    ports = [free_port() for _ in range(members)]
    return _started(ReplicaSet(home, ports, scratch=home, cache_gb=cache_gb))


def start_redis() -> RedisServer:
    """Start a Redis and wait till it answers."""
    home = scratch.folder("redis")
    return _started(RedisServer(home, free_port(), scratch=home))


def _started(server: T) -> T:
    try:
        server.start()
    except BaseException:
        server.close()
        raise
    return server

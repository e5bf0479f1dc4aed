"""An inn of its own to be measured: MongoDB, Redis, one serving process on loopback."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from scripts.stack.servers import free_port, start_mongod, start_redis

PATIENCE_SECONDS = 60.0


@contextmanager
def serve_alone() -> Iterator[tuple[dict[str, str], int]]:
    """Serve in a process of its own; yields its settings and its process id."""
    with start_mongod() as mongo, start_redis() as redis:
        environ = {
            "APP_ENV": "dev",
            "PORT": str(free_port()),
            "MONGODB_URI": mongo.uri,
            "REDIS_URL": redis.uri,
            "WECHAT_BASE_URL": "http://127.0.0.1:1",
        }
        serve = subprocess.Popen(
            [sys.executable, "-m", "app", "serve"],
            env=os.environ | environ,
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_until_ready(f"http://127.0.0.1:{environ['PORT']}/readyz")
            yield environ, serve.pid
        finally:
            serve.terminate()
            serve.wait(30)


def points(seconds: list[float]) -> str:
    """Say half of the times, nearly all of them, and the longest."""
    seconds.sort()
    parts = {f"p{part}": seconds[len(seconds) * part // 100] for part in (50, 99)}
    told = [f"{name} {1000 * each:.1f}" for name, each in parts.items()]
    return " ".join([*told, f"max {1000 * seconds[-1]:.1f}"]) + " ms"


def _wait_until_ready(url: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - loopback
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)

"""Redis on this machine: kept on disk for the inn, in memory for a test."""

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from scripts.stack import programs
from scripts.stack.ports import LOOPBACK
from scripts.stack.processes import Process
from scripts.stack.scratch import throw_away
from scripts.stack.server import Server, wait_until


class RedisServer(Server):
    """A Redis of our own."""

    def __init__(
        self,
        home: Path,
        port: int,
        *,
        keep: Sequence[int] = (),
        scratch: Path | None = None,
    ) -> None:
        home.mkdir(parents=True, exist_ok=True)
        command = [
            *(str(programs.find("redis-server").path), "--port", str(port)),
            *("--bind", LOOPBACK, "--dir", str(home), "--save", ""),
            *("--databases", "256", "--appendonly", "no" if scratch else "yes"),
        ]
        log = home / "redis.log"
        super().__init__(Process(f"redis-{port}", command, log=log, keep=keep), port)
        self.uri = f"redis://{self.host}/0"
        self._scratch = scratch

    def start(self) -> None:
        """Start it and wait till it answers."""
        super().start()
        wait_until(lambda: _pongs(self.port), what="Redis", check=self.must_run)

    def close(self) -> None:
        """End it and throw its data away, if they were temporary."""
        self.stop()
        throw_away(self._scratch)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _pongs(port: int) -> bool:
    """Whether it listens and has read its data (while it reads, it refuses)."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as line:
            line.sendall(b"PING\r\n")
            return line.recv(64).startswith(b"+PONG")
    except OSError:
        return False

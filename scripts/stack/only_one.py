"""One run at a time over one set of data, also while a killed run still dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from scripts.stack.processes import is_alive
from scripts.stack.trouble import Trouble

PREVIOUS = 20.0
"""Seconds we wait for what a killed run has left to end."""


class AlreadyOpen(Trouble):
    """One checkout has one set of data, so one inn."""

    def __init__(self, pid: str) -> None:
        super().__init__(
            f"The inn of this checkout is already open (process {pid}). "
            f"Look at its terminal, or end it: kill {pid}"
        )


@contextmanager
def only_one(data: Path) -> Iterator[IO[str]]:
    """Hold this checkout's data for one run; its children hold them with it."""
    with (data / "server.lock").open("a+") as lock:
        deadline = time.monotonic() + PREVIOUS
        while not _locked(lock):
            lock.seek(0)
            pid = lock.read().strip()
            if (pid and is_alive(int(pid))) or time.monotonic() > deadline:
                raise AlreadyOpen(pid)
            time.sleep(0.1)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield lock


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

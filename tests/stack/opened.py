"""A real run of scripts/server, with data of its own, for tests to look at."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from scripts.stack.ports import free_port

ROOT = Path(__file__).parents[2]

PATIENCE = 300
"""Seconds; the first start builds the console and loads the demo inn."""


class Opened:
    """The command, what it has said so far, and what it has started."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self._said = data.parent / f"{data.name}.said"

    @property
    def said(self) -> str:
        return self._said.read_text()

    def open(self) -> None:
        """Start it and wait till it says that it is open."""
        env = os.environ | {
            "PYTHON": sys.executable,
            "PORT": str(self.port),
            "INN_DATA": str(self.data),
        }
        with self._said.open("w") as said:
            self.process = subprocess.Popen(
                [ROOT / "scripts" / "server"], env=env, stdout=said, stderr=said
            )
        self._until(lambda: "Ctrl-C closes it." in self.said)

    def ask_to_close(self) -> int:
        """Send what Ctrl-C sends; return what it leaves with."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)

    def wait_for_the_end(self) -> int:
        return self.process.wait(PATIENCE)

    def wait_till_nothing_runs(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while self.running():
            assert time.monotonic() < deadline, self.running()

    def _until(self, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not ready():
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said

    def running(self) -> dict[str, int]:
        """Command lines of all processes of this run, and their ids."""
        return {
            " ".join(_words(process / "cmdline")): int(process.name)
            for process in Path("/proc").glob("[0-9]*")
            if self._is_ours(process)
        }

    def _is_ours(self, process: Path) -> bool:
        """By its environment, or its folder: Redis writes over its environment."""
        try:
            folder = (process / "cwd").readlink()
        except OSError:
            return False
        marked = f"INN_DATA={self.data}" in _words(process / "environ")
        return marked or folder.is_relative_to(self.data)


def _words(file: Path) -> list[str]:
    try:
        return file.read_bytes().decode().split("\0")
    except OSError:  # it has ended, or is not ours
        return []

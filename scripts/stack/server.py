"""One server process with its data: what MongoDB's and Redis's have in common."""

import time
from collections.abc import Callable

from scripts.stack.ports import LOOPBACK
from scripts.stack.processes import Process
from scripts.stack.trouble import Trouble

PAUSE = 0.02
"""Seconds between two looks."""


class Server:
    """A server on a port of the loopback address."""

    def __init__(self, process: Process, port: int) -> None:
        self.process = process
        self.port = port
        self.host = f"{LOOPBACK}:{port}"

    def start(self) -> None:
        """Start it on its port and data, for the first time or again."""
        self.process.start()

    def kill(self) -> None:
        """End it at once, as a power cut would; ``start`` brings it back."""
        self.process.kill()

    def stop(self) -> None:
        """End it in order; ``start`` brings it back."""
        self.process.stop()

    def must_run(self) -> None:
        """Refuse to wait for a server that has already ended."""
        if not self.process.running:
            raise Trouble(
                f"{self.process.name} ended with {self.process.code}. "
                f"Its last words ({self.process.log}):\n{self.process.tail()}"
            )


def wait_until(
    ready: Callable[[], bool],
    *,
    what: str,
    check: Callable[[], None] = lambda: None,
    patience: float = 30.0,
) -> None:
    """Wait till something is so; ``check`` may say that it never will.

    Units: patience in seconds.
    """
    deadline = time.monotonic() + patience
    while not ready():
        check()
        if time.monotonic() > deadline:
            raise Trouble(f"{what} is not there after {patience:.0f} s.")
        time.sleep(PAUSE)

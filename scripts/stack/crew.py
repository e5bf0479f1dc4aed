"""The children of scripts/server: nobody leaves unseen, all leave in order."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from scripts.stack.processes import GRACE, Process
from scripts.stack.trouble import Trouble

GLANCE = 0.05
"""Seconds between two looks at the children."""


class Crew:
    """Everything one run has started, last come first gone."""

    def __init__(
        self, *, logs: Path, env: Mapping[str, str], keep: Sequence[int]
    ) -> None:
        self.env = dict(env)
        self._logs = logs
        self.keep = tuple(keep)
        self._members: list[Process] = []

    def start(self, name: str, *command: str) -> Process:
        """Start a child that stays."""
        child = self._child(name, command)
        self.join(child)
        child.start()
        return child

    def join(self, child: Process) -> None:
        """Take over a child that somebody else starts."""
        self._members.append(child)

    def run(self, name: str, *command: str) -> None:
        """Run a step to its end.

        Refuses: Trouble with its last words.
        """
        step = self._child(name, command)
        step.start()
        try:
            self.wait(lambda: not step.running, what=name, patience=600)
        finally:
            step.kill()
        if step.code:
            raise _ended(step)

    def wait(self, ready: Callable[[], bool], *, what: str, patience: float) -> None:
        """Wait till something is ready, while everybody stays.

        Units: patience in seconds.
        """
        deadline = time.monotonic() + patience
        while not ready():
            self._all_stay()
            if time.monotonic() > deadline:
                raise Trouble(
                    f"{what} is not ready after {patience:.0f} s; see {self._logs}."
                )
            time.sleep(GLANCE)

    def stay(self) -> None:
        """Stay until somebody leaves."""
        while True:
            self._all_stay()
            time.sleep(GLANCE * 4)

    def end(self) -> None:
        """Let all go, last come first; asked again meanwhile, end them at once."""
        try:
            for child in reversed(self._members):
                child.stop(GRACE)
        except KeyboardInterrupt:
            for child in self._members:
                child.kill()

    def _child(self, name: str, command: Sequence[str]) -> Process:
        log = self._logs / f"{name}.log"
        return Process(name, command, log=log, env=self.env, keep=self.keep)

    def _all_stay(self) -> None:
        for child in self._members:
            if child.code is not None:
                raise _ended(child)


def _ended(child: Process) -> Trouble:
    return Trouble(
        f"{child.name} ended with {child.code}, so all the rest is stopped. "
        f"Its last words ({child.log}):\n{child.tail()}"
    )

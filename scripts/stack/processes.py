"""A process of ours: it has a log, ends when told to, and never outlives us."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
"""From linux/prctl.h: the signal a process gets when its parent dies."""

GRACE = 12.0
"""Seconds between asking a process to end and ending it."""


class Process:
    """A command with its own process group, so that Ctrl-C reaches only us."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        keep: Sequence[int] = (),
    ) -> None:
        self.name = name
        self.command = list(command)
        self.log = log
        self._env = dict(os.environ) | dict(env or {})
        self._keep = keep
        self._popen: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, its words going to a fresh log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as words:
            self._popen = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=subprocess.STDOUT,
                env=self._env,
                start_new_session=True,
                pass_fds=tuple(self._keep),
                preexec_fn=_bound_to(os.getpid()),  # noqa: PLW1509 (a system call)
            )

    @property
    def pid(self) -> int | None:
        """Its process id; None before the first start."""
        return self._popen.pid if self._popen else None

    @property
    def code(self) -> int | None:
        """What it left with; None while it runs or before it started."""
        return self._popen.poll() if self._popen else None

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._popen is not None and self._popen.poll() is None

    def ask_to_end(self) -> None:
        """Send SIGTERM and do not wait."""
        if self._popen and self.running:
            self._popen.terminate()

    def stop(self, grace: float = GRACE) -> None:
        """Ask it to end, wait, and end what is left of its group.

        Units: grace in seconds.
        """
        if self._popen is None:
            return
        self.ask_to_end()
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(grace)
        self.kill()

    def kill(self) -> None:
        """End it and all its children at once, as a power cut would."""
        if self._popen is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()

    def tail(self, lines: int = 12) -> str:
        """Its last words."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as words:
            words.seek(max(0, self.log.stat().st_size - 16_384))
            text = words.read().decode(errors="replace")
        return "\n".join(text.splitlines()[-lines:])


def is_alive(pid: int) -> bool:
    """Whether some process has this id, also somebody else's."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _bound_to(parent: int) -> Callable[[], None] | None:
    """Ask the kernel to end the child with us, where it can.

    The kernel watches the thread that forked, so only the main thread may ask.
    """
    main = threading.current_thread() is threading.main_thread()
    if sys.platform != "linux" or not main:
        return None
    prctl = ctypes.CDLL(None).prctl

    def bind() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return bind

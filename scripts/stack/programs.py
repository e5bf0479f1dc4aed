"""Where mongod and redis-server are on this machine, and whether they can run.

One on PATH goes first; else the one inside a pinned wheel of requirements-servers.txt.
"""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from scripts.stack import wheels
from scripts.stack.trouble import Trouble

SSL = "libssl3 (from Ubuntu 24.04 and Debian 13 on: libssl3t64)"

PACKAGES = {
    "libcurl.so.4": "libcurl4 (from Ubuntu 24.04 and Debian 13 on: libcurl4t64)",
    "libssl.so.3": SSL,
    "libcrypto.so.3": SSL,
    "liblzma.so.5": "liblzma5",
    "libatomic.so.1": "libatomic1",
}
"""Which Debian package brings which shared library."""

INSTEAD = {
    "mongod": "Install MongoDB 6 or newer so that mongod is on PATH, or set "
    "MONGODB_URI to a replica set",
    "redis-server": "Install redis-server (Debian: apt install redis-server) so that "
    "it is on PATH, or set REDIS_URL",
}
"""The way out when a program is missing or will not run here."""


@dataclass(frozen=True)
class Program:
    """A program that runs here, and what it must find in its environment."""

    path: Path
    env: Mapping[str, str] = field(default_factory=dict)


@cache
def find(name: str) -> Program:
    """Find a program that runs here, lending it a library where one is missing.

    Refuses: Trouble, naming the missing library's package or the way out.
    """
    on_path = shutil.which(name)
    place = Path(on_path) if on_path else wheels.program(name)
    if place is None:
        raise Trouble(
            f"No {name} on PATH, and none comes with the packages for this platform "
            f"(they exist for Linux x86-64). {INSTEAD[name]}."
        )
    trial = _try(Program(place))
    if trial.missing == "libcurl.so.4":
        trial = _try(Program(place, wheels.lend_libcurl()))
    if trial.code:
        raise Trouble(_why_not(name, trial))
    return trial.program


@dataclass(frozen=True)
class _Trial:
    """How asking a program for its version went."""

    program: Program
    code: int
    words: str

    @property
    def missing(self) -> str | None:
        """The shared library that the loader did not find."""
        found = re.search(r"(\S+\.so[.\d]*): cannot open shared object", self.words)
        return found and found[1]


def _try(program: Program) -> _Trial:
    try:
        asked = subprocess.run(
            [str(program.path), "--version"],
            env=os.environ | program.env,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as failure:
        return _Trial(program, 126, str(failure))
    return _Trial(program, asked.returncode, asked.stderr.strip())


def _why_not(name: str, trial: _Trial) -> str:
    library = trial.missing
    if library:
        package = PACKAGES.get(library, f"the package that brings {library}")
        return f"{name} needs {library}. Install it: apt install {package}."
    if trial.code == -signal.SIGILL:
        return f"This processor has no AVX, which {name} needs. {INSTEAD[name]}."
    words = (trial.words.splitlines() or [f"exit code {trial.code}"])[-1]
    return f"{name} does not run on this machine ({words}). {INSTEAD[name]}."

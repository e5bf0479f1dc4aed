"""Folders for data that nobody keeps: in memory where there is room for them."""

import os
import shutil
import tempfile
from pathlib import Path

from scripts.stack.processes import is_alive

MEMORY = Path("/dev/shm")  # noqa: S108 (a file system, not a file)
"""Where throw-away data is fastest."""

ROOM = 4 * 2**30
"""Bytes that must be free there before we use it."""


def folder(name: str) -> Path:
    """Make a folder of this process; what killed runs have left goes first."""
    base = MEMORY if _has_room(MEMORY) else Path(tempfile.gettempdir())
    _sweep(base)
    return Path(tempfile.mkdtemp(prefix=f"inn-{os.getpid()}-{name}-", dir=base))


def throw_away(scratch: Path | None) -> None:
    """Remove such a folder, if there is one."""
    if scratch:
        shutil.rmtree(scratch, ignore_errors=True)


def _has_room(base: Path) -> bool:
    return os.access(base, os.W_OK) and shutil.disk_usage(base).free > ROOM


def _sweep(base: Path) -> None:
    for left in base.glob("inn-*-*"):
        owner = left.name.split("-")[1]
        if owner.isdigit() and not is_alive(int(owner)):
            shutil.rmtree(left, ignore_errors=True)

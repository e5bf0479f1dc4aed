"""What a server spends: processor time and memory of all its processes, from /proc."""

import os
from collections.abc import Iterator
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")

SESSION, USER, SYSTEM, RESIDENT = 3, 11, 12, 21
"""Places in /proc/<pid>/stat behind the name in brackets, counted from 0."""


def cpu_seconds(session: int) -> float:
    """Processor seconds spent so far by all processes of a session.

    Rules: every server is started as a session of its own, so what it forked counts.
    """
    ticks = sum(int(each[USER]) + int(each[SYSTEM]) for each in _stats(session))
    return ticks / TICK


def resident_mib(session: int) -> float:
    """MiB of memory that all processes of a session hold, shared pages each time."""
    return sum(int(each[RESIDENT]) for each in _stats(session)) * PAGE / 2**20


def _stats(session: int) -> Iterator[list[str]]:
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(fields[SESSION]) == session:
            yield fields

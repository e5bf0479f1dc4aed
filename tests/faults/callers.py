"""Callers: whose the other end of a connection is, by the kernel's own lists.

Whoever calls in one turn of the loop is looked for together, each list read once. A
crowd that calls and hangs up can so not outrun the look: one look a call took longer
the more there were, until nobody was answered in time and all called again.
"""

import asyncio
import os
import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

SOCKETS = Path("/proc/net/tcp")
"""The kernel's list of connections: addresses in hex, the socket's number."""

NUMBER = 8
"""Where a socket's number stands, counted from its own address."""

NONE = "0"
"""The number of a connection that has ended; it stays in the list for a minute."""

LOOKS = 3
"""Before a caller counts as nobody's: while connections come and go, the kernel's
lists may skip one, and a member taken for the app would call through a cut."""

GONE = (FileNotFoundError, ProcessLookupError)
"""A process or a file of it that has ended meanwhile."""

Address = tuple[str, int]
"""Host and port."""


class Call(NamedTuple):
    """A connection, by both its ends: one port calls several addresses at once."""

    caller: Address
    called: Address


class Callers:
    """Tells callers apart; ``named`` says which processes there are, by name."""

    def __init__(self, named: Callable[[], Mapping[str, int]]) -> None:
        self._named = named
        self._asked: dict[Call, asyncio.Future[str | None]] = {}

    async def name(self, call: Call) -> str | None:
        """Name the process that calls; None if it is none of those."""
        loop = asyncio.get_running_loop()
        if not self._asked:
            loop.call_soon(self._look)
        return await self._asked.setdefault(call, loop.create_future())

    def _look(self) -> None:
        asked, self._asked = self._asked, {}
        waiting = {call: each for call, each in asked.items() if not each.done()}
        try:
            found = whose(waiting, self._named())
        except OSError as problem:
            for future in waiting.values():
                future.set_exception(problem)
        else:
            for call, future in waiting.items():
                future.set_result(found.get(call))


def whose(calls: Iterable[Call], named: Mapping[str, int]) -> dict[Call, str]:
    """Return which of some processes make which of some calls.

    named: their ids, by name.
    """
    found: dict[Call, str] = {}
    left = set(calls)
    for _ in range(LOOKS if named else 0):
        numbers = socket_numbers(left)
        holds = {number: name for name, pid in named.items() for number in held(pid)}
        found |= {call: holds[n] for call, n in numbers.items() if n in holds}
        left -= found.keys()
        if not left:
            break
    return found


def socket_numbers(calls: Iterable[Call]) -> dict[Call, str]:
    """Return the numbers of the callers' sockets, as the kernel counts them."""
    listed, found = SOCKETS.read_text(), {}
    for call in calls:
        at = listed.find(" ".join(map(_as_listed, call)))
        if at >= 0:
            line = listed[at : listed.find("\n", at)]
            found[call] = line.split()[NUMBER]
    return {call: number for call, number in found.items() if number != NONE}


def held(pid: int) -> set[str]:
    """Return the numbers of all sockets of a process; of one that has ended none."""
    numbers: set[str] = set()
    with suppress(*GONE), os.scandir(f"/proc/{pid}/fd") as files:
        for file in files:
            with suppress(*GONE):
                sort, _, number = os.readlink(file).partition(":")
                if sort == "socket":
                    numbers.add(number.strip("[]"))
    return numbers


def _as_listed(address: Address) -> str:
    host, port = address
    return f"{socket.inet_aton(host)[::-1].hex().upper()}:{port:04X}"

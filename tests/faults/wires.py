"""Wires: what stands between MongoDB's members and whoever calls them.

Each member is known to all, itself included, by the address of a wire that leads to
it. A wire knows who calls (the kernel says whose socket it is), so one pair can be
slowed or cut while all others go on::

    app ───▶ wire 0 ───▶ member 0          a cut swallows, as a network does:
    member 1 ─▶┘                           nobody is told, what was sent waits
"""

import asyncio
import socket
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from scripts.stack.ports import LOOPBACK, free_port
from scripts.stack.processes import Process

APP = "app"
"""Whoever is no member: the inn's processes, and we."""

CALL_SECONDS = 10.0
"""So long whoever calls through a cut waits to be refused, as a kernel gives up on a
call that nobody takes. A call taken and never answered would be a frozen machine."""

CHUNK = 65_536
"""Bytes carried at once."""

SOCKETS = Path("/proc/net/tcp")
"""The kernel's list of connections: addresses in hex, the socket's number."""

LOOKS = 3
"""Before a caller counts as no member: while connections come and go, the kernel's
lists may skip one, and a member taken for the app would call through a cut."""

Address = tuple[str, int]
"""Host and port."""

End = str
"""``app``, or a member's number as text."""


@dataclass
class Link:
    """What passes between two ends."""

    open: asyncio.Event = field(default_factory=asyncio.Event)
    delay: float = 0.0
    """Seconds that each piece takes, either way."""

    def __post_init__(self) -> None:
        self.open.set()

    async def let_through(self) -> None:
        """Wait as long as a piece takes."""
        await self.open.wait()
        if self.delay:
            await asyncio.sleep(self.delay)


class Wires:
    """One wire to each member; open till closed."""

    def __init__(self, members: int) -> None:
        self.ports = [free_port() for _ in range(members)]
        """Where the members listen themselves."""
        self.processes: list[Process] = []
        """The members', once they run; till then everybody counts as the app."""
        self._links: defaultdict[frozenset[End], Link] = defaultdict(Link)
        self._servers: list[asyncio.Server] = []
        self._carrying: set[asyncio.Task[None]] = set()

    @property
    def hosts(self) -> list[str]:
        """How the members are known."""
        return [
            "{}:{}".format(*server.sockets[0].getsockname()) for server in self._servers
        ]

    async def open(self) -> None:
        """Begin to listen for each member."""
        for number, port in enumerate(self.ports):
            served = await asyncio.start_server(self._serve(number, port), LOOPBACK, 0)
            self._servers.append(served)

    async def close(self) -> None:
        """Hang up everywhere."""
        for server in self._servers:
            server.close()
        for task in self._carrying:
            task.cancel()
        if self._carrying:
            await asyncio.wait(self._carrying)

    def link(self, one: End, other: End) -> Link:
        """Return what passes between two ends."""
        return self._links[frozenset({one, other})]

    def links_of(self, end: End, *others: End) -> list[Link]:
        """Return an end's links to some others, or to all."""
        ends = others or (APP, *map(str, range(len(self.ports))))
        return [self.link(end, other) for other in ends if other != end]

    @contextmanager
    def cut(self, end: End, *others: End) -> Iterator[None]:
        """Let nothing pass between an end and some others, or all, for a while."""
        links = self.links_of(end, *others)
        for link in links:
            link.open.clear()
        try:
            yield
        finally:
            for link in links:
                link.open.set()

    @contextmanager
    def slow(self, end: End, seconds: float) -> Iterator[None]:
        """Let whatever an end says and hears take longer for a while."""
        links = self.links_of(end)
        for link in links:
            link.delay = seconds
        try:
            yield
        finally:
            for link in links:
                link.delay = 0.0

    def _serve(
        self, number: int, port: int
    ) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]:
        def called(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            link = self.link(self._caller(writer), str(number))
            task = asyncio.create_task(_connect(link, port, reader, writer))
            self._carrying.add(task)
            task.add_done_callback(self._carrying.discard)

        return called

    def _caller(self, writer: asyncio.StreamWriter) -> End:
        peer, own = (writer.get_extra_info(each) for each in ("peername", "sockname"))
        for _ in range(LOOKS):
            number = socket_number(peer, own)
            for member, process in enumerate(self.processes):
                if number and process.pid and _holds(process.pid, number):
                    return str(member)
        return APP


async def _connect(
    link: Link, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Carry a call to its member and the answers back, till one side hangs up."""
    try:
        await asyncio.wait_for(link.open.wait(), CALL_SECONDS)
        there, out = await asyncio.open_connection(LOOPBACK, port)
    except OSError:  # nobody is there, or not to be reached: the caller is refused
        writer.transport.abort()
        return
    except asyncio.CancelledError:
        writer.transport.abort()
        raise
    ways = {
        asyncio.create_task(_carry(link, reader, out)),
        asyncio.create_task(_carry(link, there, writer)),
    }
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        for side in (writer, out):
            side.transport.abort()
        await asyncio.wait(ways)


async def _carry(
    link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(CHUNK):
            await link.let_through()
            writer.write(piece)
            await writer.drain()


def socket_number(caller: Address, called: Address) -> str | None:
    """Return the number of the caller's socket, as the kernel counts them.

    Both ends are looked at: one port calls several addresses at once, and calls that
    ended stay in the list for a minute.
    """
    ends = [_as_listed(caller), _as_listed(called)]
    for line in SOCKETS.read_text().splitlines()[1:]:
        columns = line.split()
        if columns[1:3] == ends:
            return columns[9]
    return None


def _as_listed(address: Address) -> str:
    host, port = address
    return f"{socket.inet_aton(host)[::-1].hex().upper()}:{port:04X}"


def _holds(pid: int, number: str) -> bool:
    """Whether a socket is this process's; one that has ended has none."""
    wanted = f"socket:[{number}]"
    with suppress(FileNotFoundError):
        return any(_leads_to(each) == wanted for each in _open_files(pid))
    return False


def _open_files(pid: int) -> list[Path]:
    return list(Path(f"/proc/{pid}/fd").iterdir())


def _leads_to(file: Path) -> str:
    with suppress(FileNotFoundError):
        return str(file.readlink())
    return ""

"""Wires: what stands between MongoDB's members and whoever calls them.

Each member is known to all, itself included, by the address of a wire that leads to
it. A wire knows who calls (the kernel says whose socket it is), so one pair can be
slowed or cut while all others go on::

    app ───▶ wire 0 ───▶ member 0          a cut swallows, as a network does:
    member 1 ─▶┘                           nobody is told, what was sent waits
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from scripts.stack.ports import LOOPBACK, free_port
from scripts.stack.processes import Process
from tests.faults.callers import Call, Callers

APP = "app"
"""Whoever is no member: the inn's processes, and we."""

CALL_SECONDS = 10.0
"""So long whoever calls through a cut waits to be refused, as a kernel gives up on a
call that nobody takes. A call taken and never answered would be a frozen machine."""

CHUNK = 65_536
"""Bytes carried at once."""

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
        self._callers = Callers(self._members)

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
            task = asyncio.create_task(self._meet(number, port, reader, writer))
            self._carrying.add(task)
            task.add_done_callback(self._carrying.discard)

        return called

    async def _meet(
        self,
        number: int,
        port: int,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        peer, own = (writer.get_extra_info(each) for each in ("peername", "sockname"))
        try:
            caller = await self._callers.name(Call(peer, own))
        except BaseException:
            writer.transport.abort()
            raise
        link = self.link(caller or APP, str(number))
        await _connect(link, port, reader, writer)

    def _members(self) -> dict[str, int]:
        """Name the members that run, with their processes' ids."""
        running = enumerate(self.processes)
        return {str(number): each.pid for number, each in running if each.pid}


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

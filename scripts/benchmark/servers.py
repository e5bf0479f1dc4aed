"""The servers of a run: how each is started, known to be ready, and ended."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from scripts.benchmark import spending
from scripts.benchmark.needs import HOME, PEERS, Tools
from scripts.benchmark.works import BARE, WORKS, Work
from scripts.stack.asking import ask
from scripts.stack.bootstrap import ROOT
from scripts.stack.ports import free_port
from scripts.stack.processes import Process
from scripts.stack.server import wait_until
from scripts.stack.trouble import Trouble

PATIENCE = 300.0
"""Seconds a server may take to be ready on a busy machine with ten times the data."""

BY_ITSELF = "policy_uncached"
"""The inn does this work in processes that keep no answers ready."""

PEER_NAMES = ("beanie", "express", "fastify")


class Column(NamedTuple):
    """A server as the table has it."""

    name: str
    title: str
    mine: Mapping[str, str] | None = None
    """The inn's settings, if it is the inn."""

    @property
    def is_inn(self) -> bool:
        """Whether it is the inn rather than a peer."""
        return self.mine is not None


BARE_COLUMN = Column("bare", "bare Tornado handler")
INN = Column("inn", "云端客栈", {})
INN_FAST = Column("inn_httptools", "云端客栈 on httptools", {"HTTP_LAYER": "httptools"})
PEER_COLUMNS = (
    Column("beanie", "FastAPI + Beanie"),
    Column("express", "Express + Mongoose, lean"),
    Column("fastify", "Fastify + native driver"),
)
COLUMNS = (BARE_COLUMN, INN, INN_FAST, *PEER_COLUMNS)


class Server:
    """One column's processes that answer on one port."""

    def __init__(
        self, column: Column, works: Sequence[Work], commands: Sequence["Command"]
    ) -> None:
        self.column = column
        self.works = tuple(works)
        self.port = free_port()
        self._processes = [
            Process(
                f"{column.name}-{self.port}-{number}",
                [each.replace("{port}", str(self.port)) for each in command.words],
                log=HOME / "log" / f"{column.name}-{self.port}-{number}.log",
                env=command.env | {"PORT": str(self.port)},
            )
            for number, command in enumerate(commands)
        ]

    @property
    def site(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start its processes and do not wait."""
        for process in self._processes:
            process.start()

    def wait(self, path: str) -> None:
        """Wait until a path is answered well."""

        def check() -> None:
            for process in self._processes:
                if not process.running:
                    raise Trouble(
                        f"{self.column.title} ended with {process.code}. Its last "
                        f"words ({process.log}):\n{process.tail()}"
                    )

        def is_ready() -> bool:
            return ask(f"{self.site}{path}") is not None

        wait_until(is_ready, what=self.column.title, check=check, patience=PATIENCE)

    def cpu_seconds(self) -> float:
        """Processor seconds that it has spent so far."""
        return sum(spending.cpu_seconds(p.pid) for p in self._processes if p.pid)

    def resident_mib(self) -> float:
        """MiB of memory that it holds."""
        return sum(spending.resident_mib(p.pid) for p in self._processes if p.pid)

    def forget_words(self) -> None:
        """Cut its logs, which grow by a line a request."""
        for process in self._processes:
            if process.log.exists():
                with process.log.open("r+b") as log:
                    log.truncate(0)

    def stop(self) -> None:
        """End it in order."""
        for process in self._processes:
            process.ask_to_end()
        for process in self._processes:
            process.stop()


class Command(NamedTuple):
    """How one process is started."""

    words: Sequence[str]
    env: dict[str, str]


class Kitchen(NamedTuple):
    """What servers are made from."""

    tools: Tools
    uri: str
    redis_url: str
    """Of the peers' sessions."""
    inn: Mapping[str, str]
    """The settings of the inn."""


def make(
    kitchen: Kitchen, column: Column, processes: int, works: Sequence[Work]
) -> list[Server]:
    """Make the servers of a column: one, or two where a work needs another setting."""
    if column.name == BARE_COLUMN.name:
        words = [sys.executable, "-m", "scripts.bench_peers.bare_tornado.server"]
        return [Server(column, (BARE,), [Command(words, {})] * processes)]
    if not column.is_inn:
        return [Server(column, works, _peer(kitchen, column.name, processes))]
    kept = [work for work in works if work.name != BY_ITSELF]
    alone = [work for work in works if work.name == BY_ITSELF]
    return [
        Server(column, some, _inn(kitchen, column, processes, more))
        for some, more in ((kept, {}), (alone, {"READY_MEGABYTES": "0"}))
        if some
    ]


def _inn(
    kitchen: Kitchen, column: Column, processes: int, more: Mapping[str, str]
) -> list[Command]:
    env = {**kitchen.inn, **(column.mine or {}), **more}
    return [Command([sys.executable, "-m", "app", "serve"], env)] * processes


def _peer(kitchen: Kitchen, name: str, processes: int) -> list[Command]:
    env = {
        "MONGODB_URI": kitchen.uri,
        "MONGODB_DATABASE": database_of(name),
        "REDIS_URL": kitchen.redis_url,
        "PROCESSES": str(processes),
        "NODE_PATH": str(kitchen.tools.node_modules),
        "NODE_ENV": "production",
        "PYTHONPATH": str(ROOT),
    }
    if name == "beanie":
        return [Command(_uvicorn(kitchen.tools.python, processes), env)]
    folder = {"express": "express_mongoose", "fastify": "fastify_mongodb"}[name]
    script = PEERS / folder / "server.js"
    return [Command([kitchen.tools.node, str(script)], env)]


def _uvicorn(python: Path, processes: int) -> list[str]:
    return [
        *(
            str(python),
            "-m",
            "uvicorn",
            "scripts.bench_peers.fastapi_beanie.server:app",
        ),
        *("--host", "127.0.0.1", "--port", "{port}", "--workers", str(processes)),
        *("--loop", "uvloop", "--http", "httptools"),
        *("--no-access-log", "--log-level", "warning"),
        *("--timeout-worker-healthcheck", "60"),
    ]


def database_of(name: str) -> str:
    """Name a peer's own database."""
    return f"bench_{name}"


def columns_of(wanted: Sequence[str]) -> list[Column]:
    """Choose the columns; without a wish all that there are.

    Refuses: Trouble, on a name nobody has.
    """
    known = {column.name: column for column in COLUMNS}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise Trouble(f"No server is called {unknown[0]}: try {', '.join(known)}.")
    return [known[name] for name in wanted] if wanted else list(COLUMNS)


def all_works() -> tuple[str, ...]:
    """Name every work."""
    return tuple(work.name for work in WORKS)

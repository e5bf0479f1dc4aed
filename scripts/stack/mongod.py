"""MongoDB on this machine, always as a replica set: transactions need one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from scripts.stack import programs, replica
from scripts.stack.ports import LOOPBACK
from scripts.stack.processes import Process
from scripts.stack.scratch import throw_away
from scripts.stack.server import Server, wait_until

CACHE_GB = "0.5"
"""GiB of cache a member; without it each takes half the machine's memory."""


class ReplicaSet:
    """Mongods that hold the same data; one of them takes the writes."""

    def __init__(
        self,
        home: Path,
        ports: Sequence[int],
        *,
        keep: Sequence[int] = (),
        scratch: Path | None = None,
        known_as: Sequence[str] = (),
        cache_gb: str = CACHE_GB,
    ) -> None:
        """Make the members.

        known_as: how clients and the members themselves reach each one, should
        something stand between; else its own address.
        """
        self.members = [
            _member(home / str(number), port, keep, cache_gb)
            for number, port in enumerate(ports)
        ]
        self.hosts = list(known_as) or [member.host for member in self.members]
        self.uri = replica.uri(self.hosts)
        self._scratch = scratch

    def start(self) -> None:
        """Start all members and wait till one takes writes."""
        for member in self.members:
            member.start()
        self.gather()

    def gather(self) -> None:
        """Make the members that run one set, and wait till one takes writes."""
        replica.gather(self.hosts, settings=replica.SWIFT, check=self._must_run)

    def primary(self) -> Server:
        """The member that takes writes; waits out an election."""
        found: list[str] = []
        own = [member.host for member in self.members]

        def look() -> bool:
            host = replica.primary(own)
            found.extend([host] if host else [])
            return bool(found)

        wait_until(look, what="A primary")
        return self.members[own.index(found[0])]

    def kill(self) -> None:
        """End all members at once; ``start`` brings them back."""
        for member in self.members:
            member.kill()

    def stop(self) -> None:
        """End all members in order, side by side."""
        for member in self.members:
            member.process.ask_to_end()
        for member in self.members:
            member.stop()

    def close(self) -> None:
        """End them and throw their data away, if they were temporary."""
        self.stop()
        throw_away(self._scratch)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _must_run(self) -> None:
        for member in self.members:
            member.must_run()


def _member(home: Path, port: int, keep: Sequence[int], cache_gb: str) -> Server:
    data = home / "data"
    data.mkdir(parents=True, exist_ok=True)
    program = programs.find("mongod")
    command = [
        *(str(program.path), "--dbpath", str(data)),
        *("--bind_ip", LOOPBACK, "--port", str(port), "--nounixsocket"),
        *("--replSet", replica.NAME, "--oplogSize", "256"),
        *("--wiredTigerCacheSizeGB", cache_gb),
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        *("--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"),
    ]
    log = home / "mongod.log"
    process = Process(f"mongod-{port}", command, log=log, env=program.env, keep=keep)
    return Server(process, port)

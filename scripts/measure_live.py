"""How fast and how dearly a process tells many who listen: sockets on loopback.

    python -m scripts.measure_live [--sockets 1000] [--alarms 100]

Starts a MongoDB, a Redis and one serving process of its own, connects so many desks,
and raises alarms in another process than the one that serves: first each at a
station of five desks, then each at a station that all of them share. Times run from
before the write to the message at the client, so they hold the commit as well; the
clients run here, on the same machine.
"""

import argparse
import asyncio
import os
import time
from pathlib import Path

import msgspec

from app.settings import read_settings
from app.wiring import House, open_house
from handlers.base.open_sockets import MOST_A_PERSON
from models.base.events import record
from models.stations.first_aid_alerts import FirstAidCalled, State
from models.unions.staff import Role, put_staff
from models.workers import sessions
from models.workers.tokens import Port
from scripts.stack.measured import PATIENCE_SECONDS, points, serve_alone

PATH = "/station/v1/live"

AT_ONCE = 50
"""Connections under way at the same time."""

IDLE_SECONDS = 10.0

TEXT, PING = 0x1, 0x9

PONG = bytes((0x8A, 0x80, 0, 0, 0, 0))
"""An empty one, masked with zeros."""

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Authorization: Bearer {token}\r\n\r\n"
)


class Words(msgspec.Struct):
    """What a desk is told, as far as it matters here."""

    type: str
    change: dict[str, str | None] = msgspec.field(default_factory=dict)


class Desk:
    """One client, which keeps when it heard of which alarm."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self.heard: dict[str, float] = {}
        self.welcome = asyncio.Event()

    async def run(self) -> None:
        """Connect and listen until the other side is gone."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(HANDSHAKE.format(path=PATH, token=self._token).encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in head.splitlines()[0]:
            raise SystemExit(f"not let in: {head.decode()}")
        try:
            while True:
                kind, payload = await _read_frame(reader)
                if kind == PING:
                    writer.write(PONG)
                elif kind == TEXT:
                    self._hear(payload)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _hear(self, message: bytes) -> None:
        words = msgspec.json.decode(message, type=Words)
        if words.type == "welcome":
            self.welcome.set()
        elif words.type == "change":
            self.heard[words.change["ref"] or ""] = time.perf_counter()


async def _read_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    first, length = await reader.readexactly(2)
    if length > 125:  # noqa: PLR2004 - RFC 6455
        length = int.from_bytes(await reader.readexactly(2), "big")
    return first & 0x0F, await reader.readexactly(length)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=1_000)
    parser.add_argument("--alarms", type=int, default=100)
    said = parser.parse_args()
    with serve_alone() as (environ, process):
        asyncio.run(_measure(environ, process, said.sockets, said.alarms))


async def _measure(
    environ: dict[str, str], process: int, sockets: int, alarms: int
) -> None:
    house = await open_house(read_settings(environ), live=())
    people = -(-sockets // MOST_A_PERSON)
    desks = await _connect(house, int(environ["PORT"]), people, process)
    await _rest(process)
    few = [f"station_{number % people}" for number in range(alarms)]
    await _alarm(house, desks, few, process, "five desks each")
    everybody = ["station_all"] * max(1, alarms // 5)
    await _alarm(house, desks, everybody, process, "all desks each")
    await house.close()


async def _connect(
    house: House, port: int, people: int, process: int
) -> dict[str, list[Desk]]:
    """Connect five desks of everybody's own station; all share one more."""
    before, began = _memory(process), time.perf_counter()
    desks: dict[str, list[Desk]] = {}
    for number in range(people):
        token = await _sign_in(house, number)
        own = [Desk(port, token) for _ in range(MOST_A_PERSON)]
        desks[f"station_{number}"] = own
    everybody = [desk for own in desks.values() for desk in own]
    running = []
    for first in range(0, len(everybody), AT_ONCE):
        batch = everybody[first : first + AT_ONCE]
        running += [asyncio.create_task(desk.run()) for desk in batch]
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.gather(*(desk.welcome.wait() for desk in batch))
    count, took = len(everybody), time.perf_counter() - began
    each = (_memory(process) - before) / count
    print(f"{count} sockets in {took:.1f} s, {each:.1f} KiB each")
    desks["station_all"] = everybody
    return desks


async def _sign_in(house: House, number: int) -> str:
    staff = await put_staff(
        house.ctx,
        id_=f"staff_{number}",
        name="示例",
        openid=f"o-{number}",
        unit_id="unit_city",
        station_ids=[f"station_{number}", "station_all"],
        roles=[Role.STATION_CLERK],
    )
    started = await sessions.start(house.ctx, owner_id=staff.id, port=Port.STATION)
    return started.access_token


async def _rest(process: int) -> None:
    before = _cpu(process)
    await asyncio.sleep(IDLE_SECONDS)
    used = (_cpu(process) - before) / IDLE_SECONDS
    print(f"idle: {100 * used:.1f} % of a processor")


async def _alarm(
    house: House,
    desks: dict[str, list[Desk]],
    stations: list[str],
    process: int,
    name: str,
) -> None:
    """Raise alarms one after the other, each when the one before was heard."""
    took: list[float] = []
    before = _cpu(process)
    for number, station in enumerate(stations):
        alert_id = f"alert_{name.replace(' ', '_')}_{number}"
        began = time.perf_counter()
        await record(house.ctx, _called(alert_id, station))
        took += [at - began for at in await _heard(desks[station], alert_id)]
    cpu = 1000 * (_cpu(process) - before) / len(stations)
    print(f"{name}, {len(stations)} alarms: {points(took)}; {cpu:.1f} ms CPU an alarm")


def _called(alert_id: str, station_id: str) -> FirstAidCalled:
    return FirstAidCalled(
        alert_id=alert_id,
        station_id=station_id,
        station_name="示例",
        org_path="/unit_city/",
        caller_id=None,
        staff_ids=(),
        state=State.CALLED,
        level=1,
    )


async def _heard(desks: list[Desk], alert_id: str) -> list[float]:
    until = time.monotonic() + PATIENCE_SECONDS
    while not all(alert_id in desk.heard for desk in desks):
        if time.monotonic() > until:
            raise SystemExit(f"{alert_id} was not heard by everybody")
        await asyncio.sleep(0.001)
    return [desk.heard[alert_id] for desk in desks]


def _memory(process: int) -> float:
    """Return a process's resident memory, in KiB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024


def _cpu(process: int) -> float:
    """Return the processor time a process has used, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()

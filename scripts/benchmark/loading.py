"""Load by wrk: one run over a deck of requests, and what it says of it.

Rules: a run ends with the answers to what it sent, so that nothing it asked for is
left to weigh on the next.
"""

import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from threading import Timer
from typing import NamedTuple

import msgspec

from scripts.stack.trouble import Trouble

SCRIPT = Path(__file__).with_name("load.lua")

WORD = "BENCH "
"""What the one line of figures begins with."""

RESTING = "RESTING"
"""What is said once every connection has its last answer."""

STRETCH = 5
"""So many times its seconds a window may last for answers enough."""

DRAIN = 20
"""Seconds that the last answers may take; what comes later never came."""

SLACK = 30.0
"""Seconds wrk may take beyond the time it was given."""


class Line(NamedTuple):
    """One request of a deck."""

    path: str
    method: str = "GET"
    token: str = ""
    address: str = ""
    """Who is said to ask, as a proxy in front would."""
    body: str = ""


class Load(msgspec.Struct, kw_only=True, frozen=True):
    """What wrk counted."""

    requests: int
    microseconds: int
    p50_us: int
    p99_us: int
    unanswered: int
    """Sent without an answer to the end, or refused to connect."""
    bad: int
    """Answers above 399."""
    written: int
    """Writes sent; those under way at the end are among them."""
    made: int
    """Of counted answers, those that made something."""
    refused: int
    """Of counted answers, those that said that somebody was faster."""
    broken: int
    """Of counted answers, all other bad ones."""

    @property
    def per_second(self) -> float:
        """Requests a second."""
        return self.requests * 1_000_000 / max(1, self.microseconds)


def write_deck(place: Path, lines: Sequence[Line]) -> Path:
    """Write a deck where the script reads it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    rows = ("\t".join((x.method, x.path, x.token, x.address, x.body)) for x in lines)
    place.write_text("".join(f"{row}\n" for row in rows))
    return place


class Pace(NamedTuple):
    """How a deck is sent."""

    connections: int
    seconds: float
    """For so long requests are sent; the answers to them are waited for."""
    every: int = 0
    """One request of so many is a write, 0 none."""
    pause_ms: int = 0
    """Between an answer and the next request of its connection, on average."""
    least: int = 0
    """Requests that are sent even if it takes STRETCH times as long."""

    @property
    def longest(self) -> float:
        """Seconds for which requests are sent at most."""
        return self.seconds * (STRETCH if self.least else 1)


def run(
    wrk: str, port: int, pace: Pace, *, reads: Path | None, writes: Path | None
) -> Load:
    """Run wrk once.

    Refuses: Trouble, with wrk's own words.
    """
    with _started(_command(wrk, port, pace, reads, writes), pace) as process:
        return parse("".join(_words(process)))


def _command(
    wrk: str, port: int, pace: Pace, reads: Path | None, writes: Path | None
) -> list[str]:
    counting = "count" if pace.every else "-"
    bound = ceil(pace.longest) + DRAIN
    window, longest = (round(1_000_000 * s) for s in (pace.seconds, pace.longest))
    numbers = (pace.pause_ms, pace.connections, window, longest, pace.least)
    return [
        *(wrk, "--threads", "1", "--connections", str(pace.connections)),
        *("--duration", f"{bound}s", "--timeout", f"{bound}s"),
        *("--script", str(SCRIPT), f"http://127.0.0.1:{port}", "--"),
        *(str(reads or "-"), str(writes or "-"), str(pace.every), counting),
        *map(str, numbers),
    ]


@contextmanager
def _started(command: list[str], pace: Pace) -> Iterator["subprocess.Popen[str]"]:
    """Run a program and kill it should it not end in time."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        watch = Timer(pace.longest + DRAIN + SLACK, process.kill)
        watch.start()
        try:
            yield process
        finally:
            watch.cancel()
            process.kill()


def _words(process: "subprocess.Popen[str]") -> Iterator[str]:
    """Read what wrk says, and end it in order once its connections rest."""
    for line in process.stdout or ():
        if line.startswith(RESTING):
            process.send_signal(signal.SIGINT)
        yield line


def parse(said: str) -> Load:
    """Find the line of figures in what wrk said.

    Refuses: Trouble.
    """
    for line in said.splitlines():
        if line.startswith(WORD):
            return msgspec.json.decode(line.removeprefix(WORD), type=Load)
    raise Trouble(f"wrk gave no figures. Its words: {said[-600:]}")

"""Load by wrk: one run over a deck of requests, and what it says of it."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from scripts.stack.trouble import Trouble

SCRIPT = Path(__file__).with_name("load.lua")

WORD = "BENCH "
"""What the one line of figures begins with."""

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
    """Cut off, refused to connect, or later than wrk waits."""
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


def run(
    wrk: str,
    port: int,
    *,
    reads: Path | None,
    writes: Path | None,
    every: int,
    connections: int,
    seconds: float,
    pause_ms: int = 0,
) -> Load:
    """Run wrk once.

    Units: seconds; every: one request of so many is a write, 0 none; pause_ms:
    between an answer and the next request of its connection.
    Refuses: Trouble, with wrk's own words.
    """
    counting = "count" if every else "-"
    whole = max(1, round(seconds))
    command = [
        *(wrk, "--threads", "1", "--connections", str(connections)),
        *("--duration", f"{whole}s", "--timeout", "10s", "--script", str(SCRIPT)),
        *(f"http://127.0.0.1:{port}", "--", str(reads or "-"), str(writes or "-")),
        *(str(every), counting, str(pause_ms)),
    ]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds + SLACK,
        )
    except subprocess.TimeoutExpired as problem:
        raise Trouble(f"wrk did not end in {seconds + SLACK:.0f} s.") from problem
    return parse(done.stdout, otherwise=done.stderr)


def parse(said: str, *, otherwise: str = "") -> Load:
    """Find the line of figures in what wrk said.

    Refuses: Trouble.
    """
    for line in said.splitlines():
        if line.startswith(WORD):
            return msgspec.json.decode(line.removeprefix(WORD), type=Load)
    raise Trouble(f"wrk gave no figures. Its words: {(said + otherwise)[-600:]}")

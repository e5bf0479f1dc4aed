"""Where a run's figures go: all of them into a file, its tables onto their page."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import msgspec

from scripts.benchmark.needs import HOME
from scripts.stack.bootstrap import ROOT
from scripts.stack.trouble import Trouble

RESULTS = HOME / "results"

PAGE = ROOT / "docs" / "performance.md"

MOMENT = "%Y-%m-%d %H:%M UTC"
"""How a run says when it began."""


class Found(Protocol):
    """All that one run found."""

    began: str
    seconds: float


def now() -> str:
    """Say when a run begins."""
    return datetime.now(UTC).strftime(MOMENT)


def keep(told: Found, text: str, *, sort: str = "") -> Path:
    """Put every figure of a run into a file, show its tables, and return the file.

    sort: what the file's name begins with, of runs that are not a comparison.
    """
    name = told.began.translate({ord(c): None for c in " :-"})
    place = RESULTS / f"{sort}{name}.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(msgspec.json.format(msgspec.json.encode(told), indent=1))
    print(f"\n{text}\n")
    say(f"• {place.relative_to(ROOT)} has every figure ({told.seconds:.0f} s)")
    return place


def write_between(place: Path, marker: str, text: str) -> None:
    """Put a text between its two markers in a document.

    Refuses: Trouble, when the markers are not there.
    """
    begin, end = f"<!-- {marker}:begin -->", f"<!-- {marker}:end -->"
    old = place.read_text()
    if old.count(begin) != 1 or old.count(end) != 1:
        raise Trouble(f"{place} has no place for it: {begin} … {end}.")
    whole = f"{begin}\n\n{text}\n\n{end}"
    pattern = f"{re.escape(begin)}.*?{re.escape(end)}"
    place.write_text(re.sub(pattern, lambda _: whole, old, flags=re.DOTALL))


def say(line: str) -> None:
    """Tell whoever watches the run."""
    print(line, flush=True)

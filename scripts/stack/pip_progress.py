"""Installs pinned packages and says how far it is; standard library only."""

import re
import sys
import time
from pathlib import Path
from typing import IO

from scripts.stack.processes import Process
from scripts.stack.trouble import Trouble

GLANCE = 0.1
"""Seconds between two looks at what pip has written."""

NAMED = r"(?:Collecting|Processing|Requirement already satisfied:) (\S+)"
"""How pip's line for one package begins."""

EVERY = 20
"""Where nobody watches a terminal, one line for so many packages."""


def install(python: Path, requirements: Path, *, log: Path) -> None:
    """Install what a requirements file pins, showing progress.

    Rules: the file names every package, so nothing is resolved (--no-deps).
    Refuses: Trouble with pip's last words.
    """
    pip = Process("pip", _command(python, requirements), log=log)
    shown = _Counter(requirements.name, _pins(requirements))
    pip.start()
    try:
        with log.open() as words:
            while pip.running:
                shown.read(words)
                time.sleep(GLANCE)
            shown.read(words)
    finally:
        pip.kill()
    if pip.code:
        raise Trouble(
            f"pip could not install {requirements.name}; see {log}. Check the network "
            f"or pip's index, then run this again. Its last words:\n{pip.tail(6)}"
        )
    shown.done()


def _command(python: Path, requirements: Path) -> list[str]:
    options = ("--no-deps", "--no-input", "--disable-pip-version-check")
    quiet = ("--progress-bar", "off", "--no-color")
    return [
        *(str(python), "-m", "pip", "install", *options, *quiet),
        *("-r", str(requirements)),
    ]


def _pins(requirements: Path) -> int:
    return len(re.findall(r"^[\w.-]+==", requirements.read_text(), re.MULTILINE))


class _Counter:
    """One line that grows on a terminal; a line now and then elsewhere."""

    def __init__(self, what: str, total: int) -> None:
        self._what = what
        self._total = total
        self._seen = 0
        self._rest = ""
        self._text = ""
        self._since = time.monotonic()
        self._live = sys.stdout.isatty()
        self._say("reading the list")

    def read(self, words: IO[str]) -> None:
        """Take in what pip wrote since the last look; the last line may be half."""
        *lines, self._rest = (self._rest + words.read()).split("\n")
        for line in lines:
            self._take(line)
        if self._live:
            self._show()

    def done(self) -> None:
        """Close the line."""
        self._say("ready" if self._live else f"ready after {self._seconds} s")
        if self._live:
            print(flush=True)

    def _take(self, line: str) -> None:
        named = re.match(NAMED, line)
        if named:
            self._seen += 1
            if self._live or self._seen % EVERY == 0:
                self._say(f"{self._seen}/{self._total} {Path(named[1]).name}")
        elif line.startswith("Installing collected packages"):
            self._say(f"unpacking {line.count(',') + 1} packages")

    def _say(self, text: str) -> None:
        self._text = f"• {self._what}: {text}"
        self._show()

    def _show(self) -> None:
        if self._live:
            text = f"{self._text} ({self._seconds} s)"
            print(f"\r\x1b[K{text[:78]}", end="", flush=True)
        else:
            print(self._text, flush=True)

    @property
    def _seconds(self) -> int:
        return round(time.monotonic() - self._since)

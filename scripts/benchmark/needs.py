"""What a run stands on beside the inn: wrk, Node, and the peers' own packages."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from scripts.stack.bootstrap import DATA, ROOT
from scripts.stack.pip_progress import install
from scripts.stack.trouble import Trouble

HOME = DATA / "bench"
"""Everything a run leaves: packages, logs, decks, results."""

PEERS = ROOT / "scripts" / "bench_peers"

INSTALL = {
    "wrk": "the load comes from it. Debian and Ubuntu: apt install wrk",
    "node": "two peers run on it. Install Node.js 20 or newer",
    "npm": "it installs two peers' packages. Install Node.js 20 or newer",
}
"""Why a program is needed and how one gets it."""


class Tools(NamedTuple):
    """What was found and made."""

    wrk: str
    node: str
    python: Path
    """Of the Python peer's own venv."""
    node_modules: Path


def make_ready() -> Tools:
    """Find the programs and install the peers' packages, each only once.

    Refuses: Trouble, with the one line that says what to install.
    """
    wrk, node, npm = (find(name) for name in ("wrk", "node", "npm"))
    HOME.mkdir(parents=True, exist_ok=True)
    return Tools(wrk, node, _venv(), _node_modules(npm))


def find(name: str) -> str:
    """Find a program on PATH.

    Refuses: Trouble.
    """
    found = shutil.which(name)
    if found is None:
        raise Trouble(f"There is no {name} on PATH; {INSTALL[name]}.")
    return found


def _venv() -> Path:
    place, wanted = HOME / "venv", PEERS / "requirements.txt"
    python = place / "bin" / "python"
    if _is_made(place, wanted):
        return python
    shutil.rmtree(place, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(place)], HOME)
    install(python, wanted, log=HOME / "log" / "install.log")
    _mark_made(place, wanted)
    return python


def _node_modules(npm: str) -> Path:
    place, lock = HOME / "node", PEERS / "package-lock.json"
    modules = place / "node_modules"
    if _is_made(place, lock):
        return modules
    print("• the Node peers' packages", flush=True)
    place.mkdir(exist_ok=True)
    for name in ("package.json", lock.name):
        shutil.copyfile(PEERS / name, place / name)
    _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], place)
    _mark_made(place, lock)
    return modules


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Trouble(
            f"{Path(command[0]).name} failed; check the network, then run this again. "
            f"Its last words:\n{(done.stdout + done.stderr)[-600:]}"
        )


def _is_made(place: Path, source: Path) -> bool:
    stamp = place / ".made"
    return stamp.exists() and stamp.read_text() == _seal(source)


def _mark_made(place: Path, source: Path) -> None:
    (place / ".made").write_text(_seal(source))


def _seal(source: Path) -> str:
    return hashlib.sha256(source.read_bytes()).hexdigest()

"""The console is built from its sources, once for each state of them.

``python -m scripts.stack.console`` builds it by hand, with ``types`` it only looks
whether its types hold; the three commands build it when what stands in ``dist`` was
made from other sources.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.stack.bootstrap import DATA, ROOT
from scripts.stack.trouble import Trouble, give_up

CONSOLE = ROOT / "console"
BIN = Path(sys.executable).parent
MODULES = CONSOLE / "node_modules"
DIST = CONSOLE / "dist"
STAMP = ".made-from"

LAST_WORDS = 1_500
"""Characters of npm's own report that a person gets to see."""


def build() -> None:
    """Have the console built from these sources; return when it is.

    Refuses: Trouble with npm's own words.
    """
    seal = _seal(_sources())
    if _is_from(DIST, seal):
        return
    install()
    print("• building the console", flush=True)
    _npm("run", "build")
    (DIST / STAMP).write_text(seal)


def check_types() -> None:
    """Look whether the console asks for what the API promises, and handles all of it.

    Refuses: Trouble with the compiler's own words.
    """
    install()
    _npm("run", "api")
    _npm("run", "types")


def install() -> None:
    """Have the packages of the lock file, and no others."""
    seal = _seal([CONSOLE / "package-lock.json"])
    if _is_from(MODULES, seal):
        return
    print("• installing what builds the console", flush=True)
    _npm("ci")
    (MODULES / STAMP).write_text(seal)


def _sources() -> Iterator[Path]:
    yield ROOT / "docs" / "openapi.json"
    for folder in ("src", "public"):
        yield from sorted(
            each for each in (CONSOLE / folder).rglob("*") if each.is_file()
        )
    yield from sorted(each for each in CONSOLE.iterdir() if each.is_file())


MADE = {"schema.d.ts", "table.ts"}
"""Written into the sources by the build itself."""


def _seal(files: Iterator[Path] | list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        if file.name not in MADE:
            digest.update(f"{file.relative_to(ROOT)}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _is_from(folder: Path, seal: str) -> bool:
    stamp = folder / STAMP
    return stamp.exists() and stamp.read_text() == seal


def _npm(*arguments: str) -> None:
    log = DATA / "log" / "console.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    env = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    with log.open("w") as words:
        run = subprocess.run(
            [str(BIN / "npm"), *arguments],
            cwd=CONSOLE,
            env=env,
            stdout=words,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if run.returncode:
        told = log.read_text()[-LAST_WORDS:]
        raise Trouble(
            f"npm {' '.join(arguments)} failed in {CONSOLE.name}; see {log}:\n{told}"
        )


if __name__ == "__main__":
    try:
        check_types() if sys.argv[1:] == ["types"] else build()
    except Trouble as trouble:
        give_up(trouble)

"""Makes .venv with the pinned packages and goes on inside it; standard library only.

Called by the three commands: bootstrap MODULE REQUIREMENTS… -- ARGUMENTS…
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.stack.pip_progress import install
from scripts.stack.trouble import Trouble, give_up

ROOT = Path(__file__).resolve().parents[2]
VENV = Path(os.environ.get("INN_VENV", ROOT / ".venv"))
DATA = Path(os.environ.get("INN_DATA", ROOT / ".data"))

NEWEST_TRIED = (3, 13)
"""Packages are pinned and tried up to here; a newer Python may lack wheels."""


class NoVenvModule(Trouble):
    """Debian keeps the venv module in a package of its own."""

    def __init__(self) -> None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        super().__init__(
            f"This Python {version} has no venv module. Debian and Ubuntu: "
            f"apt install python{version}-venv; or set PYTHON to another Python "
            "that has it."
        )


def main() -> None:
    """Make or mend the venv, then become the module that was asked for."""
    module, *rest = sys.argv[1:]
    cut = rest.index("--")
    python = ready_venv([ROOT / each for each in rest[:cut]])
    sys.stdout.flush()
    os.execv(python, [str(python), "-m", module, *rest[cut + 1 :]])  # noqa: S606


def ready_venv(requirements: Sequence[Path]) -> Path:
    """Have a venv with these packages; return its Python.

    Rules: what a stamp says is installed is not looked at again; two commands
    started together install one after the other.
    Refuses: NoVenvModule, Trouble with pip's own reason.
    """
    DATA.mkdir(parents=True, exist_ok=True)
    with (DATA / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        python = _make_venv()
        for each in requirements:
            _install_once(python, each)
    return python


def _make_venv() -> Path:
    python = VENV / "bin" / "python"
    if _runs(python):
        return python
    if not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        raise NoVenvModule
    if sys.version_info[:2] > NEWEST_TRIED:
        tried = ".".join(map(str, NEWEST_TRIED))
        print(f"• Python is newer than {tried}: packages may have to be built")
    print(f"• making {VENV.name} with Python {sys.version.split()[0]}", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Trouble(f"{VENV} could not be made: {(made.stdout + made.stderr)[-400:]}")
    return python


def _runs(python: Path) -> bool:
    """Whether the venv outlived an upgrade of the Python it was made from."""
    if not (python.exists() and python.with_name("pip").exists()):
        return False
    asked = [str(python), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def _install_once(python: Path, requirements: Path) -> None:
    seal = hashlib.sha256(requirements.read_bytes()).hexdigest()
    stamp = VENV / f".{requirements.stem}.installed"
    if stamp.exists() and stamp.read_text() == seal:
        return
    install(python, requirements, log=DATA / "log" / "install.log")
    stamp.write_text(seal)


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        give_up(trouble)
    except KeyboardInterrupt:
        give_up(Trouble("Stopped while preparing; run it again to go on."))

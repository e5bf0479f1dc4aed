"""Everything the requirements bring along is pinned, since nothing is resolved."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.stack.pins import imported_by, needed_by, pins

ROOT = Path(__file__).parents[2]
STOREYS = ("app", "handlers", "models", "miniprogram_api", "scripts")
PEERS = ROOT / "scripts" / "bench_peers"
"""What the benchmark compares with: requirements and a venv of its own."""
BY_BROWSER = {ROOT / "scripts" / each for each in ("measure_alarm.py", "screens.py")}
"""What wants a browser and is run by hand, with what the checks need."""
FILES = (
    "requirements.txt",
    "requirements-servers.txt",
    "requirements-console.txt",
    "requirements-dev.txt",
)


@pytest.mark.parametrize("python", ["3.11.2", "3.11.9", "3.12.1", "3.13.0"])
def test_what_the_app_needs_is_pinned(python: str) -> None:
    pinned = pins(ROOT / "requirements.txt", python)
    assert needed_by(pinned, python) - pinned.keys() == set()


def test_what_the_checks_need_is_pinned() -> None:
    pinned: dict[str, Requirement] = {}
    for name in FILES:
        pinned |= pins(ROOT / name, "3.11.9")
    assert needed_by(pinned, "3.11.9") - pinned.keys() == set()


def test_what_the_house_imports_is_chosen_for_it() -> None:
    chosen = pins(ROOT / "requirements.txt").keys()
    folders = (ROOT / each for each in STOREYS)
    assert imported_by(folders, but={PEERS, *BY_BROWSER}) - chosen == set()


def test_what_is_installed_is_what_is_pinned() -> None:
    for name in FILES:
        for package, wanted in pins(ROOT / name).items():
            assert version(package) in wanted.specifier, f"{package} of {name}"


def test_each_package_is_pinned_to_one_version_and_once() -> None:
    lines = [
        line
        for name in FILES
        for line in (ROOT / name).read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert [
        line for line in lines if not re.match(r"[\w.-]+==[\w.]+( ;|$)", line)
    ] == []
    pinned: dict[str, set[str]] = {}
    for line in lines:
        each = Requirement(line)
        pinned.setdefault(canonicalize_name(each.name), set()).add(str(each.specifier))
    assert {name: found for name, found in pinned.items() if len(found) > 1} == {}

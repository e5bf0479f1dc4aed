"""Every file says why it exists, and stays a size one can hold in mind."""

import ast
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
STOREYS = ("app", "handlers", "models", "miniprogram_api", "scripts")
LONGEST = 300
"""Lines; beyond it a file has become two."""

FILES = sorted(path for storey in STOREYS for path in (HOUSE / storey).rglob("*.py"))
UNSPEAKING = {"utils", "common", "helpers", "misc", "manager", "services", "core"}

every_file = pytest.mark.parametrize(
    "path", FILES, ids=[str(path.relative_to(HOUSE)) for path in FILES]
)


@every_file
def test_the_first_line_says_why_the_file_exists(path):
    told = ast.get_docstring(ast.parse(path.read_text()))
    assert told
    assert len(told.splitlines()[0]) >= 12


@every_file
def test_a_file_is_about_one_thing(path):
    assert len(path.read_text().splitlines()) <= LONGEST
    assert path.stem not in UNSPEAKING


@every_file
def test_only_the_clock_reads_the_time(path):
    if path == HOUSE / "models/base/clock.py" or path.parts[-3] == "scripts":
        return
    if "scripts" in path.parts:
        return
    text = path.read_text()
    for reading in ("datetime.now(", "datetime.utcnow(", "time.time(", "date.today("):
        assert reading not in text, reading

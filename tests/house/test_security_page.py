"""docs/security.md names a test for what it says holds; each of them is there."""

import ast
import re
from pathlib import Path

HOUSE = Path(__file__).parents[2]
PAGE = (HOUSE / "docs" / "security.md").read_text()

NAMED = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+[^|]*)\|([^|]*)\| (\S+) \|(.*)\|$", PAGE, re.M)

HOLDS, NOT_YET, NOT_OURS, OPERATOR = "✓", "✗", "○", "◐"


def named_in(path):
    tree = ast.parse((HOUSE / path).read_text())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in tree.body if isinstance(node, kinds)}


def numbers(told):
    """Give the requirements a row is about: "1.2.3", or "1.2.3-5"."""
    for part in told.split(","):
        first, _, last = part.strip().partition("-")
        chapter, section, number = first.split(".")
        for each in range(int(number), int(last or number) + 1):
            yield f"{chapter}.{section}.{each}"


def test_every_test_that_is_named_is_there():
    assert len(NAMED) > 60
    missing = [
        f"{path}::{name}"
        for path, name in NAMED
        if not (HOUSE / path).exists() or (name and name not in named_in(path))
    ]
    assert missing == []


def test_what_holds_names_a_test_or_a_place_to_look():
    bare = [told for told, _, state, why in ROWS if state == HOLDS and "`" not in why]
    assert bare == []


def test_what_does_not_hold_or_apply_says_why():
    silent = [
        told
        for told, _, state, why in ROWS
        if state in {NOT_YET, NOT_OURS, OPERATOR} and len(why.strip()) < 5
    ]
    assert silent == []
    assert {state for _, _, state, _ in ROWS} == {HOLDS, NOT_YET, NOT_OURS, OPERATOR}


def test_every_requirement_up_to_level_two_has_its_row_once():
    told = [number for row, *_ in ROWS for number in numbers(row)]
    assert len(told) == len(set(told))
    assert len(told) == LEVEL_ONE_AND_TWO


LEVEL_ONE_AND_TWO = 253
"""Requirements of levels 1 and 2 in ASVS 5.0.0, of 345 in all."""

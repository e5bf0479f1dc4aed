"""No key, token or password lies in the repository, and no pattern runs for ever."""

import re
import shutil
import subprocess
from pathlib import Path
from re import _constants as words
from re import _parser as parser

import msgspec
import pytest

from tests.house.modules import modules

HOUSE = Path(__file__).parents[2]

SHAPES = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a key of Amazon's": r"\bAKIA[0-9A-Z]{16}\b",
    "a token of GitHub's": r"\bgh[pousr]_[A-Za-z0-9]{36}",
    "a token of Slack's": r"\bxox[abpr]-[A-Za-z0-9-]{10,}",
    "a key of Google's": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "a seal of ours": r"\bgAAAAA[A-Za-z0-9_-]{60,}",
    "a token of ours": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[\w-]{10,}",
    "a password in an address": r"\b(?:mongodb|redis|https?)://[^\s/:@{}$<]+:[^\s/@{}$<]+@",
    "an AppID with its secret": r"wx[0-9a-f]{16}\W+[0-9a-f]{32}\b",
    "32 bytes in base64": r"(?<![\w+/=-])[A-Za-z0-9_+/-]{43}=(?![\w=])",
}
"""How secrets look."""

HARMLESS = {
    "tests/miniprogram_api/test_callbacks.py": "WeChat's own published examples",
    "tests/miniprogram_api/test_decrypt.py": "WeChat's own published examples",
}
"""Where something that looks like one is none, and why."""


def tracked():
    git = shutil.which("git") or "git"
    told = subprocess.run(
        [git, "ls-files", "-z"], cwd=HOUSE, check=True, capture_output=True
    )
    return [HOUSE / name for name in told.stdout.decode().split("\0") if name]


def test_nothing_that_looks_like_a_secret_is_tracked():
    found = []
    for path in tracked():
        name = str(path.relative_to(HOUSE))
        if not path.is_file() or name in HARMLESS:
            continue
        text = path.read_text(errors="replace")
        found += [
            f"{name}: {what}"
            for what, shape in SHAPES.items()
            if re.search(shape, text)
        ]
    assert found == []


def test_no_file_of_secrets_is_tracked():
    names = {path.name for path in tracked()}
    assert not {".env", "secrets.env", "id_rsa", "token_keys", "seal_keys"} & names
    folder = HOUSE / "deploy/secrets"
    inside = {path.name for path in tracked() if path.parent == folder}
    assert inside == {".gitignore", "README.md"}


def patterns():
    """Give every pattern of ours: compiled ones, and those of shapes."""
    for module in modules():
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                told = value.pattern
                is_text = isinstance(told, str)
                yield (
                    f"{module.__name__}.{name}",
                    told if is_text else told.decode("latin-1"),
                )
            for meta in getattr(value, "__metadata__", ()):
                if isinstance(meta, msgspec.Meta) and meta.pattern is not None:
                    yield f"{module.__name__}.{name}", meta.pattern


def repeats(tree, within=False):
    """Say whether a repetition without an end stands in another one.

    A turn of the outer one that begins with a letter of its own, such as the dot in
    ``(?:[.][0-9]+)*``, can be read in one way only.
    """
    for op, told in tree:
        if op in {words.MAX_REPEAT, words.MIN_REPEAT}:
            _, most, inner = told
            endless = most is words.MAXREPEAT
            is_marked = endless and len(inner) > 1 and begins_alone(list(inner))
            if (endless and within) or repeats(
                inner, within or (endless and not is_marked)
            ):
                return True
        elif op is words.SUBPATTERN:
            if repeats(told[-1], within):
                return True
        elif op is words.BRANCH:
            if any(repeats(branch, within) for branch in told[1]):
                return True
        elif op in {words.ASSERT, words.ASSERT_NOT} and repeats(told[1], within):
            return True
    return False


def begins_alone(turn):
    """Say whether a turn begins with a letter that nothing repeated in it has."""
    while len(turn) == 1 and turn[0][0] is words.SUBPATTERN:
        turn = list(turn[0][1][-1])
    (op, letter), *rest = turn
    if op is not words.LITERAL:
        return False
    return all(
        kind in {words.MAX_REPEAT, words.IN, words.LITERAL}
        and not has(told, kind, letter)
        for kind, told in rest
    )


def has(told, kind, letter):
    if kind is words.LITERAL:
        return told == letter
    if kind is words.MAX_REPEAT:
        return any(has(each, inner, letter) for inner, each in told[2])
    return any(
        each == letter
        if inner is words.LITERAL
        else inner is not words.RANGE or each[0] <= letter <= each[1]
        for inner, each in told
    )


def test_no_pattern_of_ours_takes_for_ever():
    """Repetition within repetition is what makes one exponential."""
    found = dict(patterns())
    assert len(found) > 20
    slow = [name for name, pattern in found.items() if repeats(parser.parse(pattern))]
    assert slow == []


@pytest.mark.parametrize(
    "slow", [r"(a+)+", r"(?:a*b?)*", r"((x|y+)z)*", r"(?:\.[.0-9]+)*"]
)
def test_a_pattern_that_takes_for_ever_is_found(slow):
    assert repeats(parser.parse(slow))

"""Chinese text as the index sees it: pairs of characters, and where words begin.

Every two neighbouring characters (2-gram) are a token, so that any part of a text
of two characters or more can be found, whatever a dictionary thinks. A dictionary
cuts words (jieba) only to tell the pairs that make sense from those that lie across
two words: 人才 in 人才补贴 is one, in 工人才能 it is not.
"""

import re
from functools import lru_cache

import rjieba

HAN = "\u3400-\u9fff\U00020000-\U000323af"
"""Chinese characters, as a regular expression's class has them."""

HAN_RUN = re.compile(rf"[{HAN}]+")
OTHER_RUN = re.compile(
    rf"[0-9]{{1,3}}(?:,[0-9]{{3}})+|[a-z0-9]+(?:\.[0-9]+)*|[^\W_a-z0-9{HAN}]+"
)
RUN = re.compile(f"{HAN_RUN.pattern}|{OTHER_RUN.pattern}")
"""Stretches that a token never leaves, in normalised text."""

LONGEST_TOKEN = 32
"""Characters; what is longer is cut, so nobody can fill the index with one word."""

PAIR = re.compile(f"(?=([{HAN}]{{2}}))")


def hans(normal: str) -> list[str]:
    """Return the stretches of Chinese in a normalised text."""
    return HAN_RUN.findall(normal)


def plains(normal: str) -> list[str]:
    """Return the tokens of a normalised text that are not Chinese."""
    return [plain(run) for run in OTHER_RUN.findall(normal)]


def plain(run: str) -> str:
    """Return the token of a stretch that is not Chinese: 3,000 is 3000."""
    return run.replace(",", "")[:LONGEST_TOKEN]


def is_han(run: str) -> bool:
    """Whether a stretch is Chinese."""
    return HAN_RUN.match(run) is not None


def pairs(normal: str) -> list[str]:
    """Return every two neighbouring Chinese characters."""
    return PAIR.findall(normal)


def cut(normal: str) -> list[str]:
    """Cut a text into words; joined they are the text again."""
    return _jieba().cut(normal, False)


@lru_cache(maxsize=1)
def _jieba() -> rjieba.Jieba:
    """Load the dictionary, once and only where it is needed (0.5 s, 57 MB)."""
    return rjieba.Jieba()

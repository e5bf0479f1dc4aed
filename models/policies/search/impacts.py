"""How much each token of an entry says about it: BM25F, settled when it is put in.

BM25F (Robertson, Zaragoza, Taylor 2004) adds up a token's occurrences over the
fields, each with its weight and its length evened out, and only then lets them
saturate: a word in the title and in the body counts once and well, and no body
outshouts a title by repeating itself.

What it gives, between 0 and 1, is kept as one of a few levels beside the token
(``社保|7``), so that a search adds whole numbers: see `ranking`. Average lengths are
constants here, not the index's own, so that an entry's levels never change because
other entries came.
"""

from collections import Counter

import msgspec

from models.policies.search import words

LEVELS = 12
"""How finely an impact is kept."""

SATURATION = 4.0
"""BM25's k1: the weighted count at which half of the impact is reached."""

HALVES = 2
"""A pair inside a word counts as two halves, one that lies across words as one."""


class Field(msgspec.Struct, frozen=True):
    """One field's part in the sum."""

    weight: float
    length: int
    """Tokens such a field usually has."""
    evening: float
    """BM25's b: how much of a difference in length is evened out."""
    most: int
    """Occurrences beyond this say nothing more."""


TITLE = Field(weight=10, length=16, evening=0.4, most=1)
TAGS = Field(weight=7, length=10, evening=0, most=1)
SUMMARY = Field(weight=5, length=40, evening=0.3, most=2)
BODY = Field(weight=0.5, length=500, evening=0.5, most=3)


def tokens(*, title: str, tags: str, summary: str, body: str) -> tuple[str, str]:
    """Return the tokens of normalised texts, and the same each with its level."""
    sums: dict[str, float] = {}
    for field, text in ((TITLE, title), (TAGS, tags), (SUMMARY, summary)):
        counts = _halves(text, letters=True)
        gains = _gains(field, counts)
        for token, halves in counts.items():
            sums[token] = sums.get(token, 0.0) + gains[halves]
    counts = _halves(body)
    gains = _gains(BODY, counts)
    marks = [f"|{_level(gain)}" for gain in gains]
    said = [t + marks[halves] for t, halves in counts.items() if t not in sums]
    for token, sum_ in sums.items():
        said.append(f"{token}|{_level(sum_ + gains[counts[token]])}")
    return " ".join({**counts, **sums}), " ".join(said)


def value(level: int) -> float:
    """Return the impact that a level stands for."""
    return (level - 0.5) / LEVELS


def _gains(field: Field, counts: Counter[str]) -> list[float]:
    """Return what so many halves of a token add to its sum, by their number."""
    even = 1 - field.evening + field.evening * len(counts) / field.length
    unit = field.weight / even / HALVES
    most = max(counts.values(), default=0)
    return [unit * min(halves, field.most * HALVES) for halves in range(most + 1)]


def _level(sum_: float) -> int:
    return 1 + int(LEVELS * sum_ / (sum_ + SATURATION))


def _halves(normal: str, *, letters: bool = False) -> Counter[str]:
    """Count the tokens of a text; single characters only where it is short."""
    found = words.plains(normal) * HALVES
    found += words.pairs(normal)
    found += words.pairs(" ".join(words.cut(normal)))
    if letters:
        found += "".join(words.hans(normal))
    return Counter(found)

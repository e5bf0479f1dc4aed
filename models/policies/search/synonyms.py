"""Words that mean the same, or nearly: a table that editors own, read as data.

``terms`` all mean each other (社保 = 社会保险); ``from`` leads to ``to`` and not back
(五险一金 → 住房公积金: who asks for all may be shown one, not the other way round).
An arrow from one of the terms is an arrow from them all, and what it leads to brings
its own terms along; there it ends, so no chain wanders off.
"""

from collections.abc import Iterable, Iterator
from typing import Self

import msgspec

from models.base.text import normalise

SAME = 0.95
"""What a term of the same meaning counts, of the word that was typed."""

NEAR = 0.75
"""What a word at the end of an arrow counts."""


class Group(msgspec.Struct, kw_only=True, frozen=True, rename={"word": "from"}):
    """One line of the table."""

    terms: tuple[str, ...] = ()
    word: str | None = None
    to: tuple[str, ...] = ()


class Synonyms:
    """The table, ready to be looked up."""

    def __init__(self, meanings: dict[str, dict[str, float]]) -> None:
        self._meanings = meanings
        self._starts: dict[str, list[str]] = {}
        for term in sorted(meanings, key=len, reverse=True):
            self._starts.setdefault(term[0], []).append(term)

    @classmethod
    def of(cls, groups: Iterable[Group]) -> Self:
        """Build the table; what cannot be read as words is left out."""
        same: dict[str, set[str]] = {}
        near: dict[str, set[str]] = {}
        for group in groups:
            terms = set(_normal(group.terms))
            for term in terms:
                same.setdefault(term, set()).update(terms)
            for word in _normal([group.word or ""]):
                same.setdefault(word, {word})
                near.setdefault(word, set()).update(_normal(group.to))
        return cls({term: _meaning(term, same, near) for term in same})

    def meaning(self, term: str) -> dict[str, float]:
        """Return what else a normalised term may be called, and what each counts."""
        return self._meanings.get(term, {})

    def find(self, normal: str) -> Iterator[tuple[int, int]]:
        """Yield where terms of the table stand in a text, the longest at each place."""
        at = 0
        while at < len(normal):
            for term in self._starts.get(normal[at], ()):
                if normal.startswith(term, at):
                    yield at, at + len(term)
                    at += len(term) - 1
                    break
            at += 1


NONE = Synonyms({})
"""Before a table is handed in: every word means itself."""


def _normal(terms: Iterable[str]) -> list[str]:
    return [normal for term in terms if (normal := normalise(term).strip())]


def _meaning(
    term: str, same: dict[str, set[str]], near: dict[str, set[str]]
) -> dict[str, float]:
    equals = same[term]
    ends = set().union(*(near.get(equal, ()) for equal in equals))
    ends |= set().union(*(same.get(end, ()) for end in ends))
    meaning = dict.fromkeys(ends, NEAR) | dict.fromkeys(equals, SAME)
    meaning.pop(term, None)
    return meaning

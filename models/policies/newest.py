"""The newest first (最新): notes kept in the order in which they are shown.

A change takes its place in the order by a few comparisons, and what is public is
picked out once for each state of everything public, however many ask: sorting all
of them for every reader held 100,000 policies' process up for a fifth of a second.
"""

from bisect import bisect_left, insort
from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import Generic, TypeVar

from models.policies.notes import GuideNote, Note

N = TypeVar("N", Note, GuideNote)


def place(note: Note | GuideNote) -> tuple[float, str]:
    """Return where a note stands: the newest first, then by id."""
    return -note.visible_from.timestamp(), note.id


class Newest(Generic[N]):
    """The notes of one sort."""

    def __init__(self) -> None:
        self._order: list[N] | None = None
        """None until somebody asks: a load brings all of them at once."""
        self._public: tuple[Hashable, list[N]] | None = None
        """What was public, and in which state of everything public."""

    def begin_anew(self) -> None:
        """Forget the order; the notes are being loaded."""
        self._order = self._public = None

    def put(self, note: N, *, instead_of: N | None) -> None:
        """Give a note its place."""
        if instead_of is not None:
            self.drop(instead_of)
        if self._order is not None:
            insort(self._order, note, key=place)

    def drop(self, note: N) -> None:
        """Take a note out."""
        if self._order is None:
            return
        at = bisect_left(self._order, place(note), key=place)
        while self._order[at] is not note:  # two texts of an article may stand here
            at += 1
        del self._order[at]

    def public(self, known: Iterable[N], epoch: Hashable, now: datetime) -> list[N]:
        """Return what is public at a moment. Callers must not change it.

        known: every note there is; needed when no order is kept yet.
        epoch: names the state of everything public at that moment.
        """
        if self._public is None or self._public[0] != epoch:
            if self._order is None:
                self._order = sorted(known, key=place)
            self._public = epoch, [each for each in self._order if each.is_visible(now)]
        return self._public[1]

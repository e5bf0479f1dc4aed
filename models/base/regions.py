"""Regions (行政区划): which code lies within which, and on which day.

::

    nation ◀── province ◀── city ◀── district    districts, counties, county cities
                                 ◀── zone        no administrative division: a node
                                                 of its own, mapped to its city

Names, parents and codes change: a code has a row for each stretch of time, half
open like every span of the house, and an ended one says which code took over.
Asked without a day, the table answers as it stands now. A zone is not within the
districts whose land it shares; a rule that means both names both.

Source: rules 1.8; the rows are in ``regions.tsv``, with theirs.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import msgspec

from models.base.units import Day

ROWS = Path(__file__).with_name("regions.tsv")

DAYS_KEPT = 64
"""Days whose divisions are remembered: rules are asked about few at a time."""


class Kind(StrEnum):
    """What sort of region it is."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    ZONE = "zone"
    """A development zone (开发区): run like a district, without being one."""


class Region(msgspec.Struct, kw_only=True, frozen=True):
    """One code over one stretch of time."""

    code: str
    kind: Kind
    parent: str | None = None
    valid_from: Day | None = None
    """First day; None is always."""
    valid_to: Day | None = None
    """First day no longer; None is still."""
    became: str | None = None
    """The code that took over on `valid_to`."""
    name: str
    also: tuple[str, ...] = ()
    """Other names people use for it."""

    def stood(self, on: date | None) -> bool:
        """Whether this row holds on a day; None is now."""
        if on is None:
            return self.valid_to is None
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or on < self.valid_to)


class Table:
    """All rows of all codes, and the questions one asks of them."""

    def __init__(self, rows: Iterable[Region]) -> None:
        self.rows = tuple(rows)
        self._of: dict[str, list[Region]] = {}
        for row in self.rows:
            self._of.setdefault(row.code, []).append(row)
        self._parts_on = lru_cache(maxsize=DAYS_KEPT)(self._divide)

    def __contains__(self, code: object) -> bool:
        return code in self._of

    def get(self, code: str, *, on: date | None = None) -> Region | None:
        """Return what a code stood for on a day, or what had taken it over by then."""
        rows = self._of.get(code, [])
        for row in rows:
            if row.stood(on):
                return row
        for row in rows:
            ended = row.valid_to is not None and (on is None or row.valid_to <= on)
            if ended and row.became:
                return self.get(row.became, on=on)
        return None

    def ancestors(self, code: str, *, on: date | None = None) -> tuple[str, ...]:
        """Return the codes above one, the nearest first."""
        above: list[str] = []
        region = self.get(code, on=on)
        while region is not None and region.parent is not None:
            region = self.get(region.parent, on=on)
            if region is not None:
                above.append(region.code)
        return tuple(above)

    def within(self, code: str, of: str, *, on: date | None = None) -> bool:
        """Whether a region is another, or lies in it."""
        inner, outer = self.get(code, on=on), self.get(of, on=on)
        if inner is None or outer is None:
            return False
        return outer.code in (inner.code, *self.ancestors(inner.code, on=on))

    def finest(self, code: str, *, on: date | None = None) -> frozenset[str]:
        """Return the regions in this one that nothing finer divides.

        Rules: one that the table does not divide is its own only part.
        """
        region = self.get(code, on=on)
        if region is None:
            return frozenset()
        return self._parts_on(on).get(region.code, frozenset())

    def _divide(self, on: date | None) -> dict[str, frozenset[str]]:
        """Say of every region of a day which finest ones lie in it."""
        standing = [row for row in self.rows if row.stood(on)]
        divided = {row.parent for row in standing}
        parts: dict[str, set[str]] = {}
        for code in {row.code for row in standing} - divided:
            for outer in (code, *self.ancestors(code, on=on)):
                parts.setdefault(outer, set()).add(code)
        return {outer: frozenset(inner) for outer, inner in parts.items()}

    def find(self, name: str, *, on: date | None = None) -> tuple[Region, ...]:
        """Return the regions that bear a name; without a day, whenever they bore it."""
        name = name.strip()
        return tuple(
            row
            for row in self.rows
            if (on is None or row.stood(on)) and name in (row.name, *row.also)
        )


def read(path: Path) -> Table:
    """Read a table of tab-separated rows, its first line naming the columns."""
    lines = path.read_text("utf-8").splitlines()
    head, *rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return Table(_region(dict(zip(head, row, strict=True))) for row in rows)


def _region(cells: dict[str, str]) -> Region:
    said = {column: cell for column, cell in cells.items() if cell}
    names = said.pop("also", "").split("|")
    return msgspec.convert({**said, "also": [name for name in names if name]}, Region)


REGIONS = read(ROWS)
"""The regions this house knows."""

get = lru_cache(maxsize=1024)(REGIONS.get)
ancestors = lru_cache(maxsize=1024)(REGIONS.ancestors)
within = lru_cache(maxsize=4096)(REGIONS.within)
finest = lru_cache(maxsize=1024)(REGIONS.finest)
find = REGIONS.find

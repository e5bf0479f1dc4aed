"""A grid over a map: what is nearest is found ring by ring, and the rest not measured.

The cells are of such a size that some few things lie in each, so that a town with
ten times as many costs as much to look around in.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from models.base.places import EARTH_RADIUS, Ground, Point, distances_m
from models.base.units import Metres

T = TypeVar("T")

PER_CELL = 4
"""Things in a cell, on average over the box around all."""

SMALLEST, LARGEST = 0.001, 0.5
"""Degrees a cell's side may have; things may all stand at one place, or be one."""

RING = 8
"""Cells in the first ring; each next has so many more."""

Cell = tuple[int, int]


class Spotted(NamedTuple, Generic[T]):
    """A thing as seen from somewhere; compares by way and name."""

    way: Metres
    name: str
    thing: T


class Placed(NamedTuple, Generic[T]):
    """A thing and where it stands."""

    name: str
    """What orders those that are equally far; there is one of it."""
    ground: Ground
    thing: T


class Grid(Generic[T]):
    """Things on a map, which stay where they are."""

    def __init__(self, things: Iterable[tuple[str, Point, T]]) -> None:
        placed = list(things)
        self._side = _side([point for _, point, _ in placed])
        self._cells: defaultdict[Cell, list[Placed[T]]] = defaultdict(list)
        for name, point, thing in placed:
            cell = self._cell(point)
            self._cells[cell].append(Placed(name, Ground.of(point), thing))

    def nearest(self, here: Point) -> Iterator[Spotted[T]]:
        """Yield everything, the nearest first, ties by name.

        Rules: only as far as is asked is measured.
        """
        pending: list[Spotted[T]] = []
        met = 0
        for ring, cells in enumerate(self._rings(here)):
            met += sum(cell in self._cells for cell in cells)
            pending += self._spot(here, cells)
            pending.sort()
            sure = self._sure(here, ring)
            ready = next(
                (n for n, each in enumerate(pending) if each.way >= sure), len(pending)
            )
            yield from pending[:ready]
            del pending[:ready]
            if met == len(self._cells):
                break
        yield from pending

    def _rings(self, here: Point) -> Iterator[Sequence[Cell]]:
        """Yield ever wider rings; all that is left as one, once that is fewer cells."""
        row, column = self._cell(here)
        yield [(row, column)]
        ring = 1
        while RING * ring < len(self._cells):
            sides = range(-ring, ring + 1)
            yield [
                *(
                    (row + up, column + along)
                    for up in (-ring, ring)
                    for along in sides
                ),
                *(
                    (row + up, column + along)
                    for up in sides[1:-1]
                    for along in (-ring, ring)
                ),
            ]
            ring += 1
        yield [
            (r, c) for r, c in self._cells if max(abs(r - row), abs(c - column)) >= ring
        ]

    def _spot(self, here: Point, cells: Iterable[Cell]) -> list[Spotted[T]]:
        found = [each for cell in cells for each in self._cells.get(cell, ())]
        ways = distances_m(here, [each.ground for each in found])
        return [
            Spotted(way, each.name, each.thing)
            for way, each in zip(ways, found, strict=True)
        ]

    def _sure(self, here: Point, ring: int) -> float:
        """Return how near nothing is that lies beyond a ring, in metres.

        The way to a meridian so many cells off is the shortest there may be.
        """
        width = math.cos(math.radians(here.lat))
        off = math.sin(math.radians(min(90, ring * self._side)))
        return math.floor(EARTH_RADIUS * math.asin(width * off))

    def _cell(self, point: Point) -> Cell:
        return math.floor(point.lat / self._side), math.floor(point.lng / self._side)


def _side(points: Sequence[Point]) -> float:
    """Return the side of a cell, in degrees."""
    if not points:
        return LARGEST
    lngs, lats = [p.lng for p in points], [p.lat for p in points]
    box = (max(lngs) - min(lngs)) * (max(lats) - min(lats))
    return min(LARGEST, max(SMALLEST, math.sqrt(box * PER_CELL / len(points))))

"""The directory (驿站名录): every station, kept in each process by listening.

There are some hundreds, they change a few times a day and every screen of a
station asks for them; a process that does not hear the database asks it instead.
Source: features S1-12, S1-15.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import dropwhile, islice, takewhile
from typing import NamedTuple

from models.base.changes import Change, Follower
from models.base.chorus import Chorus
from models.base.context import Context
from models.base.grid import Grid
from models.base.grid import Spotted as Seen
from models.base.places import Point
from models.base.units import Metres
from models.stations.stations import NoSuchStation, Station

MOST_STATIONS = 5_000
"""A city has some hundreds."""

BY_ID = (("_id", 1),)


class Directory:
    """One process's copy of all stations."""

    def __init__(self) -> None:
        self._kept: dict[str, Station] = {}
        self._follower: Follower | None = None
        self._in_order: Everywhere | None = None
        self.asked: Chorus[Everywhere] = Chorus()
        """Where MongoDB is asked for all while the copy may not be trusted."""

    def listen(self, follower: Follower, ctx: Context) -> None:
        """Ask to be told of every change."""

        async def load() -> None:
            found = await _all(ctx)
            self._kept = {station.id: station for station in found}
            self._in_order = None

        self._follower = follower
        follower.on(Station.SHELF, self._heard, load=load)

    def _heard(self, change: Change) -> None:
        self._in_order = None
        if change.row is None:
            self._kept.pop(change.id, None)
        else:
            self._kept[change.id] = Station.of(change.row)

    def keep(self, station: Station) -> None:
        """Know at once what this process has just written."""
        self._kept[station.id] = station
        self._in_order = None

    def is_fresh(self) -> bool:
        """Say whether the copy may be trusted."""
        return self._follower is not None and self._follower.is_fresh()

    def get(self, station_id: str) -> Station | None:
        """Return a station of the copy."""
        return self._kept.get(station_id)

    def every(self) -> "Everywhere":
        """Return all stations of the copy, by id."""
        if self._in_order is None:
            self._in_order = Everywhere.of(sorted(self._kept.values(), key=_id))
        return self._in_order


Spotted = Seen[Station]
"""A station with how far it is and its id, which is how a list orders them."""

Spot = tuple[Metres, str]
"""Where a list was left: how far the last one was, and its id."""


class Everywhere(NamedTuple):
    """All stations by id, and where each stands."""

    stations: Sequence[Station]
    spotted: Sequence[Spotted]
    """As seen from nowhere: no list has to be made for it."""
    grid: Grid[Station]

    @classmethod
    def of(cls, stations: Sequence[Station]) -> "Everywhere":
        """Prepare stations to be looked for."""
        return cls(
            stations,
            [Seen(0, station.id, station) for station in stations],
            Grid((each.id, each.place, each) for each in stations),
        )


async def look(ctx: Context, station_id: str) -> Station | None:
    """Return one station, or None."""
    directory = ctx.the(Directory)
    station = directory.get(station_id) if directory.is_fresh() else None
    return station or await Station.get(ctx, station_id)


async def find(ctx: Context, station_id: str) -> Station:
    """Return one station.

    Refuses: NoSuchStation.
    """
    station = await look(ctx, station_id)
    if station is None:
        raise NoSuchStation({"station_id": station_id})
    return station


async def every(ctx: Context) -> Sequence[Station]:
    """Return all stations, by id."""
    return (await _everywhere(ctx)).stations


async def around(
    ctx: Context, here: Point | None, *, after: Spot | None = None
) -> Iterator[Spotted]:
    """Return the stations with how far they are and their id, the nearest first.

    after: where the list was left.
    Rules: ties by id, and so all of them without a place. Nothing is kept.
    """
    everywhere = await _everywhere(ctx)
    if here is None:
        begin = 0
        if after is not None:
            begin = bisect_right(everywhere.spotted, after, key=_spot)
        return islice(everywhere.spotted, begin, None)
    found = everywhere.grid.nearest(here)
    if after is None:
        return found
    return dropwhile(lambda each: _spot(each) <= after, found)


async def near(
    ctx: Context, here: Point, radius_m: Metres, limit: int
) -> list[tuple[Station, Metres]]:
    """Return the stations around a place, the nearest first (附近驿站).

    Rules: a station at exactly the radius is in; ties by id. Nothing is kept.
    """
    found = await around(ctx, here)
    inside = takewhile(lambda each: each.way <= radius_m, found)
    return [(each.thing, each.way) for each in islice(inside, limit)]


async def _everywhere(ctx: Context) -> Everywhere:
    """Return all stations; who may not trust the copy asks along with the others.

    When a rush has made a process late in hearing, everybody would else read every
    station for himself, and it would never be in time again.
    """
    directory = ctx.the(Directory)
    if directory.is_fresh():
        return directory.every()
    return await directory.asked.ask("every", lambda: _asked(ctx))


async def _asked(ctx: Context) -> Everywhere:
    return Everywhere.of(await _all(ctx))


async def _all(ctx: Context) -> list[Station]:
    return await Station.many(ctx, {}, sort=BY_ID, limit=MOST_STATIONS)


def _id(station: Station) -> str:
    return station.id


def _spot(found: Spotted) -> Spot:
    return found.way, found.name

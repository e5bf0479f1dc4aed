"""The directory (驿站名录): every station, kept in each process by listening.

There are some hundreds, they change a few times a day and every screen of a
station asks for them; a process that does not hear the database asks it instead.
Source: features S1-12, S1-15.
"""

from collections.abc import Iterable

from models.base.changes import Change, Follower
from models.base.context import Context
from models.base.places import Point, distance_m
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

    def listen(self, follower: Follower, ctx: Context) -> None:
        """Ask to be told of every change."""

        async def load() -> None:
            found = await _all(ctx)
            self._kept = {station.id: station for station in found}

        self._follower = follower
        follower.on(Station.SHELF, self._heard, load=load)

    def _heard(self, change: Change) -> None:
        if change.row is None:
            self._kept.pop(change.id, None)
        else:
            self._kept[change.id] = Station.of(change.row)

    def keep(self, station: Station) -> None:
        """Know at once what this process has just written."""
        self._kept[station.id] = station

    def is_fresh(self) -> bool:
        """Say whether the copy may be trusted."""
        return self._follower is not None and self._follower.is_fresh()

    def get(self, station_id: str) -> Station | None:
        """Return a station of the copy."""
        return self._kept.get(station_id)

    def every(self) -> Iterable[Station]:
        """Return all stations of the copy."""
        return self._kept.values()


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


async def every(ctx: Context) -> list[Station]:
    """Return all stations, by id."""
    directory = ctx.the(Directory)
    if not directory.is_fresh():
        return await _all(ctx)
    return sorted(directory.every(), key=lambda station: station.id)


async def near(
    ctx: Context, here: Point, radius_m: Metres, limit: int
) -> list[tuple[Station, Metres]]:
    """Return the stations around a place, the nearest first (附近驿站).

    Rules: a station at exactly the radius is in; ties by id. Nothing is kept.
    """
    around = [
        (station, distance_m(here, station.place)) for station in await every(ctx)
    ]
    inside = [found for found in around if found[1] <= radius_m]
    return sorted(inside, key=lambda found: (found[1], found[0].id))[:limit]


async def _all(ctx: Context) -> list[Station]:
    return await Station.many(ctx, {}, sort=BY_ID, limit=MOST_STATIONS)

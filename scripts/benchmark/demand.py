"""Who wants to book which slot: enough for a whole run, nobody twice on one day.

Spread, as on an ordinary day: 50,000 workers over all stations and hours, three days
one after the other, so that every slot has room for all who want it. In a rush: more
workers than ports want one slot, then the next. A fourth day is for the bookings that
are compared before any timing: there several workers want the same slot.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from pymongo.database import Database

from models.base.clock import SHANGHAI, day_of
from models.stations.offers import Offer
from models.stations.port_services import Service
from models.stations.stations import Station
from scripts.benchmark.town import (
    HOT_STATIONS,
    PORTS,
    RUSH,
    RUSH_PORTS,
    SERVICES,
    offers,
)

DAYS = 5
"""Three that are booked in turn, one to compare on, then the day of the rush."""

FIRST_DAY = 2
"""Days ahead, so that a run may go past midnight."""

CROWD = RUSH_PORTS * 6 // 5
"""So many want each slot of the rush: a sixth of them go without."""


class Wish(NamedTuple):
    """One worker wants one slot."""

    worker: int
    slot_id: str


def turns(days: Sequence[date]) -> Iterator[tuple[Service, date]]:
    """Name what is booked one after the other; everybody takes part in each once.

    Rules: two of each service and no more, which is the most one may hold.
    """
    yield from zip((*SERVICES, *SERVICES), days, strict=False)


def every_offer(stations: Sequence[Station], days: Sequence[date]) -> Iterator[Offer]:
    """Return all slots that anybody will want."""
    for station in stations:
        for service, day in turns(days):
            yield from offers(station, service, day)
    for station in stations[:HOT_STATIONS]:
        yield from offers(station, RUSH, days[-1])


def days_wanted(now: datetime) -> list[date]:
    """Return the days that a run books, in Shanghai."""
    today = day_of(now.astimezone(SHANGHAI))
    return [today + timedelta(days=FIRST_DAY + each) for each in range(DAYS)]


class Demand:
    """The wishes of a run by number; each server is sent its own way along them."""

    def __init__(
        self, stations: Sequence[Station], days: Sequence[date], workers: int
    ) -> None:
        self._workers = workers
        *self._turns, self._compared = (
            _by_hour(stations, service, day) for service, day in turns(days)
        )
        rush = (offers(each, RUSH, days[-1]) for each in stations[:HOT_STATIONS])
        self._rush = [offer.time.id for day in rush for offer in day]

    @property
    def most(self) -> int:
        """How many may be spread before somebody would have to be refused."""
        return self._workers * len(self._turns)

    @property
    def most_in_rush(self) -> int:
        """How many may rush before the slots are used up."""
        return min(self._workers, len(self._rush) * CROWD)

    def spread(self, number: int) -> Wish:
        """Return the wish of a number on ordinary days."""
        turn, worker = divmod(number, self._workers)
        slots = self._turns[turn]
        return Wish(worker, slots[worker % len(slots)])

    def sample(self, slot: int, worker: int) -> Wish:
        """Return one of the wishes for one slot that are only there to be compared.

        Rules: nobody has two of them, so long as few want each of few slots.
        """
        return Wish(slot * PORTS + worker, self._compared[slot])

    def rush(self, number: int) -> Wish:
        """Return the wish of a number in the rush."""
        return Wish(number, self._rush[number // CROWD])


def demand_of(
    base: Database[dict[str, Any]], days: Sequence[date], workers: int
) -> Demand:
    """Return the wishes for the stations of a filled inn."""
    rows = base.stations.find(sort=[("_id", 1)])
    return Demand([Station.of(row) for row in rows], days, workers)


def _by_hour(stations: Sequence[Station], service: Service, day: date) -> list[str]:
    """Return a day's slots, first the first of every station."""
    lines = [offers(station, service, day) for station in stations]
    return [offer.time.id for hour in zip(*lines, strict=True) for offer in hour]

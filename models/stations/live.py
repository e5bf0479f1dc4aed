"""What a station is like right now (实时状态): open or not, why, ports free.

Worked out when somebody asks: the hours say whether the door is open, and one
query each for all the stations asked about says which ports are held and how many
rest.

Source: features S1-15, S4-02.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from models.base.clock import day_of
from models.base.context import Context
from models.stations import offers, rest
from models.stations.counts import Asked, Counted, Counts
from models.stations.hours import State, Status
from models.stations.port_services import ServiceKind
from models.stations.rest import Rest
from models.stations.stations import Station


class Live(NamedTuple):
    """One station at this moment."""

    station: Station
    state: State
    free: Mapping[ServiceKind, int]
    """Ports nobody holds now, by service; none while it is closed."""
    rest: Rest | None = None
    """How full its seats are; None if there are none."""


async def look(ctx: Context, stations: Sequence[Station]) -> list[Live]:
    """Say what stations are like now, in their order, in at most two queries.

    Rules: whoever else looks at the same moment shares them.
    """
    now = ctx.clock.now()
    seen = [_Seen.of(station, now) for station in stations]
    counted = await ctx.the(Counts).of(
        Asked(
            [slot_id for each in seen for slot_id in each.running.values()],
            [each.rest_day_id for each in seen if each.rest_day_id],
        )
    )
    return [each.live(counted) for each in seen]


class _Seen(NamedTuple):
    """What needs no question: the hours, and which slots run."""

    station: Station
    state: State
    running: Mapping[ServiceKind, str]
    rest_day_id: str
    """Empty if there is no room to rest in."""

    @classmethod
    def of(cls, station: Station, now: datetime) -> "_Seen":
        state = station.hours.state_at(now)
        running: dict[ServiceKind, str] = {}
        if state.status is not Status.CLOSED:
            for service in station.services:
                slot_id = offers.running_now(station, service, now)
                if slot_id is not None:
                    running[service.kind] = slot_id
        has_room = rest.room_of(station) is not None
        day_id = rest.day_id(station.id, day_of(now)) if has_room else ""
        return cls(station, state, running, day_id)

    def live(self, counted: Counted) -> Live:
        station = self.station
        return Live(station, self.state, self._free(counted), self._rest(counted))

    def _free(self, counted: Counted) -> dict[ServiceKind, int]:
        free: dict[ServiceKind, int] = {}
        for service in self.station.services:
            slot_id = self.running.get(service.kind)
            if slot_id is None:
                free[service.kind] = 0
            else:
                known = counted.free.get(slot_id)
                free[service.kind] = len(service.in_order) if known is None else known
        return free

    def _rest(self, counted: Counted) -> Rest | None:
        room = rest.room_of(self.station)
        if room is None:
            return None
        return Rest(seats=room.seats, inside=counted.inside.get(self.rest_day_id, 0))

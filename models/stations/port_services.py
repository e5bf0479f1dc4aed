"""Services with ports (服务): what can be booked at a station, and how it is cut.

A port is whatever one person holds for a slot: a plug, or a turn at the hot meals.
Water and rest are not booked; they are in `drop_ins`.
Source: features S1-16, S4-02; rules §3.1.
"""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from models.stations.timetable import Rhythm

MOST_PORTS = 99
"""Two digits fit on a sticker."""

FARTHEST_WINDOW = 30
"""Days; nobody knows further ahead where they will ride."""


class ServiceKind(StrEnum):
    """What the ports are for."""

    PHONE_CHARGING = "phone_charging"
    """Leave the phone, ride on: takes no hours of the person."""
    VEHICLE_CHARGING = "vehicle_charging"
    """The vehicle stands there, and so does who rides it."""
    HOT_MEAL = "hot_meal"
    """A turn at the microwave or the counter: so many at a time, no plug."""

    @property
    def label(self) -> str:
        """What people call it."""
        return LABELS[self]

    @property
    def binds(self) -> bool:
        """Whether the person cannot be elsewhere meanwhile."""
        return self is ServiceKind.VEHICLE_CHARGING

    @property
    def charges(self) -> bool:
        """Whether its ports have a plug, a number on the wall and a code to scan."""
        return self is not ServiceKind.HOT_MEAL

    @property
    def is_cut_off(self) -> bool:
        """Whether power is cut when the time is over; a phone's never is."""
        return self is ServiceKind.VEHICLE_CHARGING

    def place(self, port: int) -> str:
        """Say which port, as people call it."""
        return f"{port}号充电口" if self.charges else f"{self.label}{port}号"


LABELS = {
    ServiceKind.PHONE_CHARGING: "手机充电",
    ServiceKind.VEHICLE_CHARGING: "电动车充电",
    ServiceKind.HOT_MEAL: "热饭",
}


class Service(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One service of a station: ports of one kind, numbered from 1."""

    kind: ServiceKind
    ports: Annotated[int, Meta(ge=1, le=MOST_PORTS)]
    slot_minutes: Annotated[int, Meta(ge=5, le=720)]
    turnover_minutes: Annotated[int, Meta(ge=0, le=120)] = 5
    """Kept free after each slot, to unplug and leave."""
    window_days: Annotated[int, Meta(ge=0, le=FARTHEST_WINDOW)] = 7
    """How many days ahead may be booked; 0 is today only."""
    paused: tuple[int, ...] = ()
    """Ports out of order: nobody is given one."""
    min_use_minutes: Annotated[int, Meta(ge=10, le=120)] = 10
    """Shorter is no use: a port free for less is not given to anybody. At least
    as long as somebody may come early, so that the port is free by then."""

    @property
    def in_order(self) -> tuple[int, ...]:
        """Return the numbers of the ports that may be given out."""
        return tuple(p for p in range(1, self.ports + 1) if p not in self.paused)

    @property
    def rhythm(self) -> Rhythm:
        """How its day is cut into slots."""
        return Rhythm(
            slot_minutes=self.slot_minutes, turnover_minutes=self.turnover_minutes
        )

"""A station as it is shown: in a list, and on its own page (驿站).

Coordinates go out in GCJ-02, as WeChat's map has them. In a list a station is bytes
that are kept until anything of it is other than before: whether it is open, what is
free, who sits there. What is asked anew each time is what it *is*; only writing it
out is spared.
"""

from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from models.base.clock import day_of
from models.base.places import Point, to_gcj02
from models.base.units import Instant, Metres, Minutes, Places
from models.stations.drop_in_services import DropInKind
from models.stations.hours import State, Status
from models.stations.live import Live
from models.stations.port_services import ServiceKind
from models.stations.rest import Rest
from models.stations.stations import Facility, Station, StationKind


class Gcj02View(msgspec.Struct):
    """A place as WeChat's map wants it."""

    lng: float
    lat: float

    @classmethod
    def of(cls, point: Point) -> "Gcj02View":
        """Show a place; a millionth of a degree is a decimetre."""
        lng, lat = to_gcj02(point)
        return cls(round(lng, 6), round(lat, 6))


class StationServiceView(msgspec.Struct):
    """A service with ports, as of now."""

    kind: ServiceKind
    title: str
    ports: Places
    free: Places
    """Ports nobody holds now; none while the station is closed."""
    slot_minutes: Minutes
    window_days: int


class DropInView(msgspec.Struct):
    """A service that needs no booking, as of now."""

    kind: DropInKind
    title: str
    seats: Places
    inside: Places
    free: Places
    """Seats nobody sits on; none while the station is closed."""
    today: Places | None = None
    """Cups taken today; only on the station's own page."""


class StationView(msgspec.Struct, kw_only=True):
    """A station in a list, as of now."""

    id: str
    name: str
    kind: StationKind
    address: str
    gcj02: Gcj02View
    phone: str
    photo: str | None
    facilities: tuple[Facility, ...]
    state: Status
    reason: str
    """Why; empty only on an ordinary open day."""
    until: Instant | None
    """When the state turns into another."""
    provisional: bool
    """The year's holidays are not announced yet: the hours may still change."""
    services: list[StationServiceView]
    drop_ins: list[DropInView]
    distance_m: Metres | None = None

    @classmethod
    def of(cls, found: Live) -> "StationView":
        """Show a station, from nowhere in particular."""
        return cls(**_shown(found))


class OpenView(msgspec.Struct):
    """A stretch of being open."""

    start: Instant
    end: Instant
    attended: bool


class StationDetailView(StationView, kw_only=True):
    """A station on its own page."""

    today: list[OpenView]
    aed_place: str | None
    nearest_aed: str | None
    kit: list[str]
    """What the first-aid kit has that is still in date."""


class _Mark(NamedTuple):
    """All that a station in a list is made of, but how far it is."""

    station: Station
    state: State
    free: tuple[int, ...]
    rest: Rest | None


class StationPieces:
    """Stations in lists, as bytes; some hundreds of a kilobyte each."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[_Mark, bytes]] = {}

    def of(self, found: Live, distance_m: Metres | None) -> msgspec.Raw:
        """Show a station in a list: `StationView`, encoded."""
        piece = self._of(found)
        if distance_m is not None:
            piece = piece.removesuffix(b"null}") + b"%d}" % distance_m
        return msgspec.Raw(piece)

    def _of(self, found: Live) -> bytes:
        """Return the piece without a distance, which is the last of its fields."""
        mark = _Mark(found.station, found.state, tuple(found.free.values()), found.rest)
        kept = self._kept.get(found.station.id)
        if kept is None or kept[0] != mark:
            kept = mark, msgspec.json.encode(StationView.of(found))
            self._kept[found.station.id] = kept
        return kept[1]


def detail_of(
    found: Live, now: datetime, in_kit: list[str], cups: int
) -> StationDetailView:
    """Show a station on its own page."""
    station, today = found.station, day_of(now)
    opened = station.hours.open_intervals(today)
    shown = _shown(found)
    for each in shown["drop_ins"]:
        if each.kind is DropInKind.WATER:
            each.today = cups
    return StationDetailView(
        **shown,
        today=[OpenView(each.start, each.end, each.attended) for each in opened],
        aed_place=station.aed_place,
        nearest_aed=station.nearest_aed,
        kit=in_kit,
    )


def _shown(found: Live) -> dict[str, Any]:
    station, state = found.station, found.state
    return {
        "id": station.id,
        "name": station.name,
        "kind": station.kind,
        "address": station.address,
        "gcj02": Gcj02View.of(station.place),
        "phone": station.phone,
        "photo": station.photo,
        "facilities": station.facilities,
        "state": state.status,
        "reason": state.reason,
        "until": state.changes_at,
        "provisional": state.provisional,
        "services": _services(found),
        "drop_ins": _drop_ins(found),
    }


def _services(found: Live) -> list[StationServiceView]:
    return [
        StationServiceView(
            kind=service.kind,
            title=service.kind.label,
            ports=service.ports,
            free=found.free[service.kind],
            slot_minutes=service.slot_minutes,
            window_days=service.window_days,
        )
        for service in found.station.services
    ]


def _drop_ins(found: Live) -> list[DropInView]:
    shut = found.state.status is Status.CLOSED
    room = found.rest or Rest(seats=0, inside=0)
    return [
        DropInView(
            kind=each.kind,
            title=each.kind.label,
            seats=each.seats,
            inside=room.inside if each.seats else 0,
            free=room.free if each.seats and not shut else 0,
        )
        for each in found.station.drop_ins
    ]

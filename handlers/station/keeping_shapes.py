"""Shapes that the doors of a station's keepers share (驿站管理的公共字段).

Clerks at the station's port and officials at the back office's do the same deeds.
"""

import asyncio
from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.worker.station_views import Gcj02View
from models.base.context import Context
from models.base.units import Day, Id, Instant, Places
from models.stations.booked import Booking
from models.stations.closures import Shutting
from models.stations.disruptions import Cause, Disruption, Remedy
from models.stations.drop_in_services import DropIn
from models.stations.hours import Hours, Status
from models.stations.intervals import Intervals
from models.stations.overrides import Reason, SpecialDay
from models.stations.port_services import MOST_PORTS, Service, ServiceKind
from models.stations.stations import Facility, Station, StationKind
from models.stations.weekly import Weekly
from models.workers.workers import Worker

MOST_SHOWN = 200
"""Bookings of a preview that are named; all are counted."""

Port = Annotated[int, Meta(ge=1, le=MOST_PORTS)]
Rev = Annotated[
    int, Meta(ge=0, le=10**9, description="The station's `rev` that was seen.")
]


class ClosureRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """When to shut, why, and what becomes of the bookings."""

    since: Instant | None = msgspec.field(name="from", default=None)
    """Left out: now."""
    until: Instant | None = None
    """Left out: until further notice."""
    reason: Reason
    remedy: Remedy = Remedy.CANCEL
    move_to: Id | None = None
    """The station that bookings move to; left out: the same one."""

    def wish(self) -> Shutting:
        """Return what the verb wants to know."""
        return Shutting(
            since=self.since,
            until=self.until,
            reason=self.reason,
            remedy=self.remedy,
            move_to=self.move_to,
        )


class SpecialDayRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Other hours for one day; none at all shuts it."""

    day: Day
    intervals: Intervals
    reason: Reason
    attended: Intervals | None = None
    remedy: Remedy = Remedy.CANCEL

    def special(self) -> SpecialDay:
        """Return the day as it is kept."""
        return SpecialDay(
            day=self.day,
            intervals=self.intervals,
            reason=self.reason,
            attended=self.attended,
        )


class DayQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which day."""

    day: Day


class PauseRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Which port is out of order, and why."""

    service: ServiceKind
    port: Port
    reason: Reason


class PortQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which port is mended."""

    service: ServiceKind
    port: Port


class DisruptionView(msgspec.Struct, kw_only=True):
    """A change, and what became of the bookings so far."""

    id: str
    station_id: str
    cause: Cause
    reason: str
    remedy: Remedy
    made_at: Instant
    since: Instant
    cancelled: Places
    moved: Places
    settled: bool
    """Nobody can be affected any more."""

    @classmethod
    def of(cls, found: Disruption) -> "DisruptionView":
        """Show a disruption."""
        return cls(
            id=found.id,
            station_id=found.station_id,
            cause=found.cause,
            reason=found.reason,
            remedy=found.remedy,
            made_at=found.made_at,
            since=found.since,
            cancelled=found.cancelled,
            moved=found.moved,
            settled=not found.is_open,
        )


class AffectedView(msgspec.Struct, kw_only=True):
    """A booking that would not stand; the name is masked."""

    booking_id: str
    name: str | None
    service: ServiceKind
    port: int
    start: Instant
    end: Instant

    @classmethod
    async def of(cls, ctx: Context, booking: Booking) -> "AffectedView":
        """Show a booking."""
        worker = await Worker.get(ctx, booking.worker_id)
        return cls(
            booking_id=booking.id,
            name=None if worker is None else worker.masked_name(ctx),
            service=booking.service,
            port=booking.port,
            start=booking.start,
            end=booking.end,
        )


class PreviewView(msgspec.Struct):
    """Whom a change would cost a booking."""

    count: Places
    bookings: list[AffectedView]
    """The first 200, the earliest first."""

    @classmethod
    async def of(cls, ctx: Context, found: list[Booking]) -> "PreviewView":
        """Show what was foreseen."""
        shown = [AffectedView.of(ctx, each) for each in found[:MOST_SHOWN]]
        return cls(len(found), await asyncio.gather(*shown))


class ClosureView(msgspec.Struct):
    """A closure that is running or to come, or was not long ago."""

    id: str
    since: Instant = msgspec.field(name="from")
    until: Instant | None
    reason: str


class WeekView(Weekly, frozen=True):
    """The ordinary hours."""

    @classmethod
    def of(cls, hours: Hours) -> "WeekView":
        """Show them without what overrides them."""
        return cls(**{name: getattr(hours, name) for name in Weekly.__struct_fields__})


class KeptStationView(msgspec.Struct, kw_only=True):
    """A station as its keepers see it."""

    id: str
    rev: int
    unit_id: str
    name: str
    kind: StationKind
    address: str
    gcj02: Gcj02View
    phone: str
    facilities: tuple[Facility, ...]
    aed_place: str | None
    nearest_aed: str | None
    hours: WeekView
    special_days: tuple[SpecialDay, ...]
    closures: list[ClosureView]
    services: tuple[Service, ...]
    """``paused`` are the ports out of order."""
    drop_ins: tuple[DropIn, ...]
    state: Status
    reason: str
    until: Instant | None

    @classmethod
    def of(cls, station: Station, now: Instant) -> "KeptStationView":
        """Show a station as it is now."""
        state = station.hours.state_at(now)
        return cls(
            id=station.id,
            rev=station.rev,
            unit_id=station.unit_id,
            name=station.name,
            kind=station.kind,
            address=station.address,
            gcj02=Gcj02View.of(station.place),
            phone=station.phone,
            facilities=station.facilities,
            aed_place=station.aed_place,
            nearest_aed=station.nearest_aed,
            hours=WeekView.of(station.hours),
            special_days=station.hours.special,
            closures=[
                ClosureView(each.id, each.since, each.until, each.reason)
                for each in station.hours.closures
            ],
            services=station.services,
            drop_ins=station.drop_ins,
            state=state.status,
            reason=state.reason,
            until=state.changes_at,
        )

"""Stations at the back office, over HTTP (驿站管理): list, enter, describe, furnish.

Coordinates come and go in GCJ-02, as the map has them; they are turned here, once.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit, Part
from handlers.base.routing import Route
from handlers.station.keeping_shapes import (
    DisruptionView,
    KeptStationView,
    PreviewView,
    Rev,
)
from models.base.pages import BadCursor, Page
from models.base.places import BadPoint, from_gcj02
from models.base.units import Id
from models.stations import keepers, register
from models.stations.disruptions import Cause, Plan, Remedy
from models.stations.drop_in_services import DropIn
from models.stations.hours import BadHours, Hours
from models.stations.keepers import StationChanged
from models.stations.overrides import Reason
from models.stations.port_services import (
    FARTHEST_WINDOW,
    MOST_PORTS,
    Service,
    ServiceKind,
)
from models.stations.register import About, BadServices, Offering
from models.stations.stations import Facility, NoSuchStation, StationKind
from models.stations.weekly import Weekly
from models.unions.permissions import Permission
from models.unions.units import NoSuchUnit

managing = official(Permission.STATIONS)

Words = Annotated[str, Meta(min_length=2, max_length=60)]
Sentence = Annotated[str, Meta(min_length=2, max_length=200)]
Phone = Annotated[str, Meta(pattern=r"^[0-9][0-9 -]{4,19}\Z")]


class StationsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Whose stations, called what or where, and where to go on."""

    unit_id: Id | None = None
    q: Part = ""
    """A part of the name or the address."""
    cursor: Cursor | None = None
    limit: Limit = 20


class MapSpot(msgspec.Struct, forbid_unknown_fields=True):
    """A place as a Chinese map shows it (GCJ-02)."""

    lng: float
    lat: float


class StationFields(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is said of a station."""

    name: Words
    kind: StationKind
    address: Sentence
    gcj02: MapSpot
    phone: Phone
    facilities: list[Facility] = []
    aed_place: Sentence | None = None
    nearest_aed: Sentence | None = None

    def about(self) -> About:
        """Return what the verb wants to know.

        Refuses: BadPoint.
        """
        return About(
            name=self.name,
            kind=self.kind,
            address=self.address,
            place=from_gcj02(self.gcj02.lng, self.gcj02.lat),
            phone=self.phone,
            facilities=tuple(dict.fromkeys(self.facilities)),
            aed_place=self.aed_place,
            nearest_aed=self.nearest_aed,
        )


class ServiceFields(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One service with ports; which are out of order is not said here."""

    kind: ServiceKind
    ports: Annotated[int, Meta(ge=1, le=MOST_PORTS)]
    slot_minutes: Annotated[int, Meta(ge=5, le=720)]
    turnover_minutes: Annotated[int, Meta(ge=0, le=120)] = 5
    window_days: Annotated[int, Meta(ge=0, le=FARTHEST_WINDOW)] = 7
    min_use_minutes: Annotated[int, Meta(ge=10, le=120)] = 10


class OfferingFields(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What there is to use."""

    services: Annotated[list[ServiceFields], Meta(max_length=10)] = []
    drop_ins: Annotated[list[DropIn], Meta(max_length=10)] = []

    def offering(self) -> Offering:
        """Return what the verb wants to know."""
        services = [Service(**msgspec.structs.asdict(each)) for each in self.services]
        return Offering(services=tuple(services), drop_ins=tuple(self.drop_ins))


class StationRequest(StationFields, kw_only=True, forbid_unknown_fields=True):
    """A new station."""

    unit_id: Id
    hours: Weekly
    offering: OfferingFields = msgspec.field(default_factory=OfferingFields)


class DescriptionRequest(StationFields, kw_only=True, forbid_unknown_fields=True):
    """Other words for a station."""

    rev: Rev


class HoursRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Other ordinary hours, and what becomes of the bookings."""

    rev: Rev
    hours: Weekly
    reason: Reason
    remedy: Remedy = Remedy.CANCEL

    def plan(self) -> Plan:
        """Return what is to become of the bookings."""
        return Plan(cause=Cause.HOURS, reason=self.reason, remedy=self.remedy)


class ServicesRequest(OfferingFields, kw_only=True, forbid_unknown_fields=True):
    """Other services, and what becomes of the bookings."""

    rev: Rev
    reason: Reason
    remedy: Remedy = Remedy.CANCEL

    def plan(self) -> Plan:
        """Return what is to become of the bookings."""
        return Plan(cause=Cause.SERVICES, reason=self.reason, remedy=self.remedy)


class UnionStationsHandler(Handler):
    """Stations within my reach."""

    @endpoint(access=managing, refusals=(BadCursor,))
    async def get(self, *, query: StationsQuery) -> Page[KeptStationView]:
        """List them, the newest first."""
        page = await register.page(
            self.ctx,
            unit_id=query.unit_id,
            text=query.q,
            cursor=query.cursor,
            limit=query.limit,
            by=self.actor,
        )
        now = self.ctx.clock.now()
        return Page([KeptStationView.of(each, now) for each in page.items], page.next)

    @endpoint(
        access=managing,
        status=201,
        refusals=(NoSuchUnit, BadPoint, BadHours, BadServices),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, *, body: StationRequest) -> KeptStationView:
        """Enter a new station under a union of mine."""
        names = Weekly.__struct_fields__
        station = await register.enter(
            self.ctx,
            body.about(),
            unit_id=body.unit_id,
            timed=Hours(**{name: getattr(body.hours, name) for name in names}),
            offering=body.offering.offering(),
            by=self.actor,
        )
        return KeptStationView.of(station, self.ctx.clock.now())


class UnionStationHandler(Handler):
    """One station within my reach."""

    @endpoint(access=managing, refusals=(NoSuchStation,))
    async def get(self, station_id: str) -> KeptStationView:
        """Show it as it is kept."""
        station = await keepers.find(self.ctx, station_id, by=self.actor)
        return KeptStationView.of(station, self.ctx.clock.now())

    @endpoint(
        access=managing,
        refusals=(NoSuchStation, StationChanged, BadPoint),
        limit=WRITES,
    )
    async def put(
        self, station_id: str, *, body: DescriptionRequest
    ) -> KeptStationView:
        """Say other things of it."""
        station = await register.describe(
            self.ctx, station_id, body.about(), rev=body.rev, by=self.actor
        )
        return KeptStationView.of(station, self.ctx.clock.now())


class StationHoursHandler(Handler):
    """The ordinary hours of a station."""

    @endpoint(
        access=managing,
        refusals=(NoSuchStation, StationChanged, BadHours),
        limit=WRITES,
        repeats=True,
    )
    async def put(self, station_id: str, *, body: HoursRequest) -> DisruptionView:
        """Change them; bookings outside are called off or moved."""
        done = await register.put_hours(
            self.ctx, station_id, body.hours, body.plan(), rev=body.rev, by=self.actor
        )
        return DisruptionView.of(done)


class StationHoursPreviewHandler(Handler):
    """A look ahead."""

    @endpoint(
        access=managing,
        refusals=(NoSuchStation, StationChanged, BadHours),
        limit=WRITES,
    )
    async def post(self, station_id: str, *, body: HoursRequest) -> PreviewView:
        """Say whom other hours would cost a booking; nothing is changed."""
        found = await register.foresee_hours(
            self.ctx, station_id, body.hours, rev=body.rev, by=self.actor
        )
        return await PreviewView.of(self.ctx, found)


class StationServicesHandler(Handler):
    """What there is to use at a station."""

    @endpoint(
        access=managing,
        refusals=(NoSuchStation, StationChanged, BadServices),
        limit=WRITES,
        repeats=True,
    )
    async def put(self, station_id: str, *, body: ServicesRequest) -> DisruptionView:
        """Change it; bookings that no longer fit are called off or moved."""
        done = await register.put_services(
            self.ctx,
            station_id,
            body.offering(),
            body.plan(),
            rev=body.rev,
            by=self.actor,
        )
        return DisruptionView.of(done)


ROUTES: list[Route] = [
    ("/union/v1/stations", UnionStationsHandler),
    ("/union/v1/stations/{station_id}", UnionStationHandler),
    ("/union/v1/stations/{station_id}/hours", StationHoursHandler),
    ("/union/v1/stations/{station_id}/hours-previews", StationHoursPreviewHandler),
    ("/union/v1/stations/{station_id}/services", StationServicesHandler),
]

"""The 3 km circle over HTTP (3公里就业生态圈): what is around, in one list.

The worker's place is used for this answer and not kept; logs have the route's
pattern only.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.base.access import public
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import SEARCH
from handlers.base.routing import Route
from handlers.worker.station_views import Gcj02View
from models.base.pages import Page
from models.base.places import BadPoint, Point, from_gcj02
from models.base.units import Instant, Metres
from models.stations import directory
from models.stations.hours import Status
from models.stations.stations import Station
from models.trainings import catalogue
from models.trainings.catalogue import Near

FARTHEST = 20_000
"""Metres; beyond it is another city."""

MOST_OF_A_KIND = 100
"""Nobody scrolls further on a map."""


class NearbyKind(StrEnum):
    """What may be around."""

    STATION = "station"
    TRAINING = "training"


class NearbyQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Around where (GCJ-02), how far, and what."""

    lng: float
    lat: float
    radius_m: Annotated[int, Meta(ge=1, le=FARTHEST)] = 3_000
    kinds: list[NearbyKind] = []
    """None is all."""


class NearbyView(msgspec.Struct, kw_only=True):
    """One thing on the map."""

    kind: NearbyKind
    id: str
    title: str
    place: str
    gcj02: Gcj02View
    distance_m: Metres
    state: Status | None = None
    """Of a station: open, unattended or closed, as of now."""
    starts_at: Instant | None = None
    """Of a training: its nearest session."""

    @classmethod
    def of_station(
        cls, station: Station, distance_m: Metres, now: datetime
    ) -> "NearbyView":
        """Show a station."""
        return cls(
            kind=NearbyKind.STATION,
            id=station.id,
            title=station.name,
            place=station.address,
            gcj02=Gcj02View.of(station.place),
            distance_m=distance_m,
            state=station.hours.state_at(now).status,
        )

    @classmethod
    def of_training(cls, found: Near) -> "NearbyView":
        """Show a training."""
        return cls(
            kind=NearbyKind.TRAINING,
            id=found.programme.id,
            title=found.programme.title,
            place=found.session.place.name,
            gcj02=Gcj02View.of(found.session.place.point),
            distance_m=found.distance_m,
            starts_at=found.session.starts_at,
        )


class NearbyHandler(Handler):
    """What is around a place."""

    @endpoint(access=public, refusals=(BadPoint,), limit=SEARCH)
    async def get(self, *, query: NearbyQuery) -> Page[NearbyView]:
        """List what lies within the radius, the nearest first; ties by id."""
        here, kinds = from_gcj02(query.lng, query.lat), query.kinds or NearbyKind
        found: list[NearbyView] = []
        if NearbyKind.STATION in kinds:
            found += await self._stations(here, query.radius_m)
        if NearbyKind.TRAINING in kinds:
            around = await catalogue.near(
                self.ctx, here, query.radius_m, MOST_OF_A_KIND
            )
            found += [NearbyView.of_training(each) for each in around]
        return Page(sorted(found, key=lambda each: (each.distance_m, each.id)))

    async def _stations(self, here: Point, radius_m: Metres) -> list[NearbyView]:
        around = await directory.near(self.ctx, here, radius_m, MOST_OF_A_KIND)
        now = self.ctx.clock.now()
        return [NearbyView.of_station(each, way, now) for each, way in around]


ROUTES: list[Route] = [("/worker/v1/nearby", NearbyHandler)]

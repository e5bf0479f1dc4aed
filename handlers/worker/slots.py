"""Slots over HTTP (时段): what can be booked at a station on a day."""

from datetime import datetime

import msgspec

from handlers.base.access import public
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from models.base.pages import Page
from models.base.units import Day, Instant, Places
from models.stations import directory, offers
from models.stations.offers import DayOutOfSight, Offer
from models.stations.port_services import ServiceKind
from models.stations.slots import Slot
from models.stations.stations import NoSuchService, NoSuchStation


class SlotsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which service's day; without a day today's."""

    service: ServiceKind
    day: Day | None = None


class SlotView(msgspec.Struct, kw_only=True):
    """A slot as of now."""

    id: str
    start: Instant
    end: Instant
    ports: Places
    free: Places
    bookable: bool
    """Whether time allows it and a port is free."""

    @classmethod
    def of(cls, offer: Offer, slot: Slot, now: datetime) -> "SlotView":
        """Show a slot."""
        return cls(
            id=slot.id,
            start=slot.start,
            end=slot.end,
            ports=slot.ports,
            free=len(slot.free),
            bookable=bool(slot.free) and offer.is_open(now),
        )


class StationSlotsHandler(Handler):
    """The slots of one service of a station."""

    @endpoint(access=public, refusals=(NoSuchStation, NoSuchService, DayOutOfSight))
    async def get(self, station_id: str, *, query: SlotsQuery) -> Page[SlotView]:
        """List a day's slots with the ports that are free."""
        now, day = self.ctx.clock.now(), query.day or self.ctx.clock.today()
        station = await directory.find(self.ctx, station_id)
        found = await offers.on_day(self.ctx, station, query.service, day)
        return Page([SlotView.of(offer, slot, now) for offer, slot in found])


ROUTES: list[Route] = [
    ("/worker/v1/stations/{station_id}/slots", StationSlotsHandler),
]

"""Coming on duty and going off it, over HTTP (值守)."""

import asyncio

import msgspec

from handlers.base.access import staff
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.routing import Route
from models.base.context import Context
from models.base.pages import Page
from models.base.units import Id, Instant
from models.stations import duty
from models.stations.duty import NotOnDuty, OnDuty
from models.stations.stations import NoSuchStation
from models.unions.staff import Staff


class DutyRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Where."""

    station_id: Id


class DutyView(msgspec.Struct):
    """Somebody on duty; the name is masked."""

    station_id: str
    staff_id: str
    name: str
    is_me: bool
    until: Instant

    @classmethod
    def of(
        cls, ctx: Context, station_id: str, each: OnDuty, reader: Staff
    ) -> "DutyView":
        """Show who is on duty."""
        return cls(
            station_id=station_id,
            staff_id=each.staff.id,
            name=each.staff.masked_name(ctx),
            is_me=each.staff.id == reader.id,
            until=each.until,
        )


class DutyHandler(Handler):
    """Duty at my stations."""

    @endpoint(access=staff)
    async def get(self) -> Page[DutyView]:
        """List who is on duty at my stations now."""
        mine = sorted(self.actor.station_ids)
        teams = await asyncio.gather(*(duty.on_duty(self.ctx, id_) for id_ in mine))
        return Page(
            [
                DutyView.of(self.ctx, station_id, each, self.actor)
                for station_id, team in zip(mine, teams, strict=True)
                for each in team
            ]
        )

    @endpoint(
        access=staff, status=201, refusals=(NoSuchStation,), limit=WRITES, repeats=True
    )
    async def post(self, *, body: DutyRequest) -> DutyView:
        """Come on duty at a station of mine, till my shift ends or 12 hours on."""
        mine = await duty.begin(self.ctx, body.station_id, by=self.actor)
        return DutyView.of(self.ctx, body.station_id, mine, self.actor)

    @endpoint(access=staff, refusals=(NoSuchStation, NotOnDuty), limit=WRITES)
    async def delete(self, *, query: DutyRequest) -> None:
        """Go off duty at a station of mine, also before my shift ends."""
        await duty.end(self.ctx, query.station_id, by=self.actor)


ROUTES: list[Route] = [("/station/v1/duty", DutyHandler)]

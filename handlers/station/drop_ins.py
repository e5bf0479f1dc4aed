"""Water and rest at one's own station, over HTTP (值守员：喝水、休息登记)."""

import asyncio

import msgspec

from handlers.base.access import staff
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import SCANS
from handlers.base.routing import Route
from handlers.worker.drop_ins import CupsView
from models.base.context import Context
from models.base.units import Instant, Places
from models.stations import rest, water
from models.stations.rest import NotResting, Rest, RestFull, Stay
from models.stations.stations import NoSuchService, NoSuchStation
from models.stations.walk_ins import StationClosed
from models.stations.water import Cups
from models.unions.staff import RoleMissing
from models.workers.workers import Worker

NOT_MINE = (NoSuchStation, RoleMissing)


class CupsRequest(msgspec.Struct, forbid_unknown_fields=True):
    """How many cups nobody tapped."""

    cups: Cups = 1


class GuestView(msgspec.Struct):
    """Somebody on a seat; the name is masked, a guest without a phone has none."""

    stay_id: str
    name: str | None
    since: Instant
    left_at: Instant | None

    @classmethod
    async def of(cls, ctx: Context, stay: Stay) -> "GuestView":
        """Show a stay."""
        worker = await Worker.get(ctx, stay.worker_id) if stay.worker_id else None
        name = None if worker is None else worker.masked_name(ctx)
        return cls(stay.id, name, stay.since, stay.left_at)


class RestView(msgspec.Struct):
    """How full the seats are, and by whom."""

    seats: Places
    inside: Places
    free: Places
    guests: list[GuestView]

    @classmethod
    async def of(cls, ctx: Context, full: Rest, stays: list[Stay]) -> "RestView":
        """Show the seats."""
        guests = await asyncio.gather(*(GuestView.of(ctx, each) for each in stays))
        return cls(full.seats, full.inside, full.free, guests)


class OwnWaterHandler(Handler):
    """Water at my station."""

    @endpoint(
        access=staff,
        status=201,
        refusals=(*NOT_MINE, NoSuchService),
        limit=SCANS,
        repeats=True,
    )
    async def post(self, station_id: str, *, body: CupsRequest) -> CupsView:
        """Note cups that nobody tapped."""
        count = await water.note(self.ctx, station_id, body.cups, by=self.actor)
        return CupsView(count)


class OwnRestHandler(Handler):
    """The seats of my station."""

    @endpoint(access=staff, refusals=(*NOT_MINE, NoSuchService))
    async def get(self, station_id: str) -> RestView:
        """Say how full they are, and who sits there."""
        full, stays = await rest.today(self.ctx, station_id, by=self.actor)
        return await RestView.of(self.ctx, full, stays)

    @endpoint(
        access=staff,
        status=201,
        refusals=(*NOT_MINE, NoSuchService, StationClosed, RestFull),
        limit=SCANS,
        repeats=True,
    )
    async def post(self, station_id: str) -> GuestView:
        """Give a seat to somebody without a phone."""
        stay = await rest.let_in(self.ctx, station_id, by=self.actor)
        return await GuestView.of(self.ctx, stay)


class OwnStayHandler(Handler):
    """One seat that is taken."""

    @endpoint(access=staff, refusals=(*NOT_MINE, NotResting), limit=SCANS)
    async def delete(self, station_id: str, stay_id: str) -> GuestView:
        """Note that who sat there has left."""
        stay = await rest.let_out(self.ctx, station_id, stay_id, by=self.actor)
        return await GuestView.of(self.ctx, stay)


ROUTES: list[Route] = [
    ("/station/v1/stations/{station_id}/water", OwnWaterHandler),
    ("/station/v1/stations/{station_id}/rest", OwnRestHandler),
    ("/station/v1/stations/{station_id}/rest/{stay_id}", OwnStayHandler),
]

"""Walking in over HTTP (即到即用): scan the code on a port and use it."""

from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.base.access import worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import SCANS
from handlers.base.routing import Route
from handlers.worker.bookings import BookingView
from models.agenda.hours import AgendaClosed, TimeConflict
from models.base.errors import Invalid
from models.stations import scenes, walk_ins
from models.stations.scenes import NoSuchScene, SceneExpired, SceneRevoked
from models.stations.slots import AlreadyHeld, PortInUse
from models.stations.stations import NoSuchService, NoSuchStation
from models.stations.walk_ins import (
    NoSuchPort,
    PortPaused,
    ReservedSoon,
    StationClosed,
)


class WalkInRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What was scanned, raw or percent-encoded."""

    scene: Annotated[str, Meta(min_length=1, max_length=128)]


class NotAPort(Invalid):
    """The code stands for something else than a port."""

    code = "not_a_port"
    message = "这不是充电口的码，请扫贴在充电口旁的小程序码。"


class WalkInsHandler(Handler):
    """The walking in."""

    @endpoint(
        access=worker,
        status=201,
        refusals=(
            NoSuchScene,
            SceneRevoked,
            SceneExpired,
            NotAPort,
            NoSuchStation,
            NoSuchService,
            NoSuchPort,
            PortPaused,
            StationClosed,
            PortInUse,
            ReservedSoon,
            AlreadyHeld,
            AgendaClosed,
            TimeConflict,
        ),
        repeats=True,
        limit=SCANS,
    )
    async def post(self, *, body: WalkInRequest) -> BookingView:
        """Use the scanned port now, till somebody else needs it."""
        target = await scenes.resolve(self.ctx, body.scene)
        if target.station_id is None or target.service is None or target.port is None:
            raise NotAPort({"kind": target.kind})
        booking = await walk_ins.walk_in(
            self.ctx, target.station_id, target.service, target.port, by=self.actor
        )
        return BookingView.of(booking, self.ctx.clock.now())


ROUTES: list[Route] = [("/worker/v1/walk-ins", WalkInsHandler)]

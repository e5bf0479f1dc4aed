"""Power to be cut at one's own station, over HTTP (断电)."""

import msgspec

from handlers.base.access import staff
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.routing import Route
from models.base.pages import Page
from models.base.units import Instant
from models.stations import cutting
from models.stations.cut_offs import CutOff
from models.stations.cutting import AlreadyCut, NoSuchCutOff
from models.stations.stations import NoSuchStation
from models.unions.staff import RoleMissing

NOT_MINE = (NoSuchStation, RoleMissing)


class CutOffView(msgspec.Struct):
    """A vehicle's port whose power is to be cut, or was."""

    id: str
    booking_id: str
    port: int
    due_at: Instant
    cut_at: Instant | None

    @classmethod
    def of(cls, found: CutOff) -> "CutOffView":
        """Show a cut-off."""
        return cls(
            id=found.id,
            booking_id=found.booking_id,
            port=found.port,
            due_at=found.due_at,
            cut_at=found.cut_at,
        )


class CutOffsHandler(Handler):
    """Ports whose power is to be cut."""

    @endpoint(access=staff, refusals=NOT_MINE)
    async def get(self, station_id: str) -> Page[CutOffView]:
        """List those of my station that are due, the longest due first."""
        found = await cutting.due(self.ctx, station_id, by=self.actor)
        return Page([CutOffView.of(each) for each in found])


class CutOffConfirmationHandler(Handler):
    """That it is done; it can be made, not undone."""

    @endpoint(
        access=staff,
        refusals=(*NOT_MINE, NoSuchCutOff, AlreadyCut),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, station_id: str, cut_off_id: str) -> CutOffView:
        """Say that the power has been cut."""
        done = await cutting.confirm(self.ctx, station_id, cut_off_id, by=self.actor)
        return CutOffView.of(done)


OWN = "/station/v1/stations/{station_id}/cut-offs"

ROUTES: list[Route] = [
    (OWN, CutOffsHandler),
    (f"{OWN}/{{cut_off_id}}/confirmation", CutOffConfirmationHandler),
]

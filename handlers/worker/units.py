"""Choosing one's union over HTTP (所属工会)."""

import msgspec

from handlers.base import limits
from handlers.base.access import public, worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from handlers.worker.me import WorkerView
from models.base.pages import Page
from models.base.units import Id
from models.members import affiliations
from models.unions.units import Kind, NoSuchUnit, Unit
from models.workers.workers import AccountGone


class UnitsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Under which unit; the first level if none is named."""

    parent_id: Id | None = None


class UnitRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The union one belongs to."""

    unit_id: Id


class UnitChoiceView(msgspec.Struct):
    """A union one can join."""

    id: str
    name: str
    kind: Kind

    @classmethod
    def of(cls, unit: Unit) -> "UnitChoiceView":
        """Show a unit."""
        return cls(id=unit.id, name=unit.name, kind=unit.kind)


class UnitsHandler(Handler):
    """The unions one can join."""

    @endpoint(access=public)
    async def get(self, *, query: UnitsQuery) -> Page[UnitChoiceView]:
        """List those under a unit, two hundred at the most."""
        found = await affiliations.choices(self.ctx, query.parent_id)
        return Page([UnitChoiceView.of(unit) for unit in found])


class MyUnitHandler(Handler):
    """The union the worker belongs to."""

    @endpoint(access=worker, refusals=(NoSuchUnit, AccountGone), limit=limits.WRITES)
    async def put(self, *, body: UnitRequest) -> WorkerView:
        """Belong to a union from now on; what waits for verification goes along."""
        joined = await affiliations.join(self.ctx, body.unit_id, by=self.actor)
        return WorkerView.of(joined, self.ctx)


ROUTES: list[Route] = [
    ("/worker/v1/units", UnitsHandler),
    ("/worker/v1/me/unit", MyUnitHandler),
]

"""The union's tree over HTTP (组织): units within reach, planting and renaming."""

from typing import Annotated

import msgspec

from handlers.base.access import official, official_any
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.base.pages import BadCursor, Page
from models.base.units import Id
from models.unions import planting, units
from models.unions.permissions import Permission
from models.unions.planting import WrongLevel
from models.unions.units import Kind, NoSuchUnit, Unit

UnitTitle = Annotated[str, msgspec.Meta(min_length=2, max_length=60)]


class UnitQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Whose units, and where to go on."""

    parent_id: Id | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


class PlantRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A new unit."""

    parent_id: Id
    name: UnitTitle
    kind: Kind


class RenameRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Another name."""

    name: UnitTitle


class UnitView(msgspec.Struct):
    """A unit of the tree."""

    id: str
    name: str
    kind: Kind
    parent_id: str | None
    depth: int
    """0 is the root."""

    @classmethod
    def of(cls, unit: Unit) -> "UnitView":
        """Show a unit."""
        return cls(
            id=unit.id,
            name=unit.name,
            kind=unit.kind,
            parent_id=unit.parent_id,
            depth=unit.path.count("/") - 2,
        )


class UnitsHandler(Handler):
    """Units within my reach."""

    @endpoint(access=official_any, refusals=(BadCursor,))
    async def get(self, *, query: UnitQuery) -> Page[UnitView]:
        """List them in the order of the tree, parents before children."""
        page = await units.in_scope(
            self.ctx,
            parent_id=query.parent_id,
            cursor=query.cursor,
            limit=query.limit,
            scope=self.actor.reach,
        )
        return Page([UnitView.of(unit) for unit in page.items], page.next)

    @endpoint(
        access=official(Permission.UNITS),
        status=201,
        refusals=(NoSuchUnit, WrongLevel),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, *, body: PlantRequest) -> UnitView:
        """Plant a unit under one of mine."""
        planted = await planting.plant(
            self.ctx,
            parent_id=body.parent_id,
            name=body.name,
            kind=body.kind,
            by=self.actor,
        )
        return UnitView.of(planted)


class UnitHandler(Handler):
    """One unit."""

    @endpoint(access=official_any, refusals=(NoSuchUnit,))
    async def get(self, unit_id: str) -> UnitView:
        """Show a unit within my reach."""
        found = await units.find(self.ctx, unit_id, scope=self.actor.reach)
        return UnitView.of(found)

    @endpoint(access=official(Permission.UNITS), refusals=(NoSuchUnit,), limit=WRITES)
    async def patch(self, unit_id: str, *, body: RenameRequest) -> UnitView:
        """Give it another name."""
        renamed = await planting.rename(
            self.ctx, unit_id, name=body.name, by=self.actor
        )
        return UnitView.of(renamed)


ROUTES: list[Route] = [
    ("/union/v1/units", UnitsHandler),
    ("/union/v1/units/{unit_id}", UnitHandler),
]

"""Emergencies over HTTP (应急授权): one asks, another agrees."""

import msgspec

from handlers.base.access import official_any
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from handlers.union.grants import GrantView
from handlers.union.moves import Reason
from models.base.pages import BadCursor, Page
from models.base.units import Id, Instant
from models.unions import emergencies
from models.unions.emergencies import (
    AlreadyOpened,
    Emergency,
    NoSuchEmergency,
    OneIsNotTwo,
)
from models.unions.units import NoSuchUnit


class EmergencyQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Where to go on."""

    cursor: Cursor | None = None
    limit: Limit = 20


class EmergencyRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Which unit is to be opened, and why."""

    unit_id: Id
    reason: Reason


class EmergencyView(msgspec.Struct):
    """A request."""

    id: str
    unit_id: str
    asked_by: str
    asked_at: Instant
    reason: str
    agreed_by: str | None
    agreed_at: Instant | None
    lapses_at: Instant

    @classmethod
    def of(cls, asked: Emergency) -> "EmergencyView":
        """Show a request."""
        return cls(
            id=asked.id,
            unit_id=asked.unit_id,
            asked_by=asked.asked_by,
            asked_at=asked.asked_at,
            reason=asked.reason,
            agreed_by=asked.agreed_by,
            agreed_at=asked.agreed_at,
            lapses_at=asked.lapses_at,
        )


class EmergenciesHandler(Handler):
    """Requests within my reach."""

    @endpoint(access=official_any, refusals=(BadCursor,))
    async def get(self, *, query: EmergencyQuery) -> Page[EmergencyView]:
        """List them, the newest first."""
        page = await emergencies.in_scope(
            self.ctx, cursor=query.cursor, limit=query.limit, by=self.actor
        )
        return Page([EmergencyView.of(asked) for asked in page.items], page.next)

    @endpoint(
        access=official_any,
        status=201,
        refusals=(NoSuchUnit,),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, *, body: EmergencyRequest) -> EmergencyView:
        """Ask to administer a unit for an hour; another person must agree."""
        asked = await emergencies.ask(
            self.ctx, body.unit_id, reason=body.reason, by=self.actor
        )
        return EmergencyView.of(asked)


class AgreementHandler(Handler):
    """Agreeing to somebody else's request."""

    @endpoint(
        access=official_any,
        refusals=(NoSuchEmergency, OneIsNotTwo, AlreadyOpened),
        limit=WRITES,
    )
    async def post(self, emergency_id: str) -> GrantView:
        """Open the doors for an hour; everybody in charge is told."""
        return GrantView.of(
            await emergencies.agree(self.ctx, emergency_id, by=self.actor)
        )


ROUTES: list[Route] = [
    ("/union/v1/emergencies", EmergenciesHandler),
    ("/union/v1/emergencies/{emergency_id}/agreement", AgreementHandler),
]

"""Moving units in the tree over HTTP (调整隶属)."""

from typing import Annotated

import msgspec

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.base.pages import BadCursor, Page
from models.base.units import Day, Id, Instant
from models.unions import moves
from models.unions.moves import (
    DayOver,
    IntoItself,
    Move,
    MovePlanned,
    NoSuchMove,
    State,
)
from models.unions.permissions import Permission
from models.unions.planting import WrongLevel
from models.unions.units import NoSuchUnit

Reason = Annotated[str, msgspec.Meta(min_length=2, max_length=200)]


class MoveQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Where to go on."""

    cursor: Cursor | None = None
    limit: Limit = 20


class MoveRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Under which unit, from which day."""

    to_id: Id
    on: Day
    reason: Reason


class MoveView(msgspec.Struct):
    """A move."""

    id: str
    unit_id: str
    from_id: str | None
    to_id: str
    on: Day
    reason: str
    state: State
    done_at: Instant | None

    @classmethod
    def of(cls, move: Move) -> "MoveView":
        """Show a move."""
        return cls(
            id=move.id,
            unit_id=move.unit_id,
            from_id=move.from_id,
            to_id=move.to_id,
            on=move.on,
            reason=move.reason,
            state=move.state,
            done_at=move.done_at,
        )


class UnitMovesHandler(Handler):
    """The moves of one unit."""

    @endpoint(
        access=official(Permission.UNITS),
        status=201,
        refusals=(NoSuchUnit, IntoItself, WrongLevel, DayOver, MovePlanned),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, unit_id: str, *, body: MoveRequest) -> MoveView:
        """Plan a move; one for today is carried out at once."""
        planned = await moves.plan(
            self.ctx,
            unit_id,
            to_id=body.to_id,
            on=body.on,
            reason=body.reason,
            by=self.actor,
        )
        return MoveView.of(planned)


class MovesHandler(Handler):
    """All moves within my reach."""

    @endpoint(access=official(Permission.UNITS), refusals=(BadCursor,))
    async def get(self, *, query: MoveQuery) -> Page[MoveView]:
        """List them, the latest planned first."""
        page = await moves.in_scope(
            self.ctx, cursor=query.cursor, limit=query.limit, by=self.actor
        )
        return Page([MoveView.of(move) for move in page.items], page.next)


class MoveHandler(Handler):
    """One planned move."""

    @endpoint(access=official(Permission.UNITS), refusals=(NoSuchMove,), limit=WRITES)
    async def delete(self, move_id: str) -> None:
        """Call it off."""
        await moves.call_off(self.ctx, move_id, by=self.actor)


ROUTES: list[Route] = [
    ("/union/v1/units/{unit_id}/moves", UnitMovesHandler),
    ("/union/v1/moves", MovesHandler),
    ("/union/v1/moves/{move_id}", MoveHandler),
]

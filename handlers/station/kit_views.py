"""How a first-aid kit is shown, at the desk and in the back office (急救物资)."""

import msgspec

from handlers.base.paging import Cursor, Limit
from models.base.units import Day, Instant
from models.stations.kit import Batch, Kind, Movement
from models.stations.kit import State as BatchState
from models.stations.kit_levels import Level
from models.stations.kit_notices import Notice, Why
from models.stations.kit_recount import Difference, Recount


class ListQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Where to go on."""

    cursor: Cursor | None = None
    limit: Limit = 50


class BatchView(msgspec.Struct):
    """What is left of a batch."""

    id: str
    item: str
    batch: str
    quantity: int
    expires_on: Day
    state: BatchState

    @classmethod
    def of(cls, batch: Batch, today: Day) -> "BatchView":
        """Show a batch."""
        return cls(
            id=batch.id,
            item=batch.item,
            batch=batch.batch,
            quantity=batch.quantity,
            expires_on=batch.expires_on,
            state=batch.state_on(today),
        )


class MovementView(msgspec.Struct):
    """What came or went."""

    id: str
    batch_id: str
    item: str
    kind: Kind
    pieces: int
    """More; below zero: fewer."""
    left: int
    by: str
    at: Instant
    reason: str
    alert_id: str | None

    @classmethod
    def of(cls, movement: Movement) -> "MovementView":
        """Show a movement."""
        return cls(
            id=movement.id,
            batch_id=movement.batch_id,
            item=movement.item,
            kind=movement.kind,
            pieces=movement.pieces,
            left=movement.left,
            by=movement.by,
            at=movement.at,
            reason=movement.reason,
            alert_id=movement.alert_id,
        )


class RecountView(msgspec.Struct):
    """Whether every batch holds what its movements add up to."""

    equal: bool
    batches: int
    differences: tuple[Difference, ...]

    @classmethod
    def of(cls, recount: Recount) -> "RecountView":
        """Show a recount."""
        return cls(recount.is_equal, recount.batches, recount.differences)


class NoticeView(msgspec.Struct):
    """What the desk was told of its kit."""

    id: str
    why: Why
    item: str
    batch_id: str | None
    expires_on: Day | None
    left: int
    at: Instant

    @classmethod
    def of(cls, notice: Notice) -> "NoticeView":
        """Show a notice."""
        return cls(
            id=notice.id,
            why=notice.why,
            item=notice.item,
            batch_id=notice.batch_id,
            expires_on=notice.expires_on,
            left=notice.left,
            at=notice.at,
        )


class LevelView(msgspec.Struct):
    """How much of an item there should be, and whether there is."""

    item: str
    least: int
    is_low: bool

    @classmethod
    def of(cls, level: Level) -> "LevelView":
        """Show a level."""
        return cls(item=level.item, least=level.least, is_low=level.is_low)

"""Carries migrations out: one runner at a time, batch by batch, from where it stopped.

::

    waiting ── a runner holds the lease ──▶ under_way ── no row is left ──▶ done
                     ▲                         │
                     └── the lease ran out ────┘   another goes on at the noted place

The lease is renewed with every batch and is the condition of every note, so a runner
that slept through its lease notes nothing any more and stops.
"""

import asyncio
import secrets as randomness
from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import StrEnum

import structlog
from pymongo.errors import DuplicateKeyError

from app.migrations.plan import Batch, Migration
from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.store import atomic
from models.base.units import Instant

log = structlog.get_logger("inn.migrations")

LEASE = timedelta(seconds=60)
"""Many times what a batch takes; after this a dead runner's place is another's."""

LOOK_SECONDS = 1.0
"""How often one who waits looks whether it is their turn."""

THE_LEASE = "runner"


class State(StrEnum):
    """How far a migration is."""

    WAITING = "waiting"
    UNDER_WAY = "under_way"
    DONE = "done"


class Progress(Document, kw_only=True, frozen=True):
    """How far one migration is; its id is the migration's name."""

    SHELF = "migrations"
    PERSONAL = personal.nobody()

    state: State = State.WAITING
    after: str | None = None
    """Where the next batch goes on."""
    changed: int = 0
    """Rows so far."""
    begun_at: Instant | None = None
    done_at: Instant | None = None


class Turn(Document, kw_only=True, frozen=True):
    """Whose turn it is to carry migrations out."""

    SHELF = "migration_turns"
    PERSONAL = personal.nobody()

    holder: str
    until: Instant


class TurnLost(Exception):
    """Another runner has taken over; it goes on where the named migration was."""


class MigrationNeeded(Exception):
    """This release reads no older rows; the text is for the operator."""


async def progress(ctx: Context, plan: Sequence[Migration]) -> list[Progress]:
    """Return how far each migration is, in order."""
    names = [migration.name for migration in plan]
    kept = await Progress.many(ctx, {"_id": {"$in": names}}, limit=len(names) + 1)
    known = {one.id: one for one in kept}
    return [known.get(name) or Progress(id=name) for name in names]


async def check(ctx: Context, plan: Sequence[Migration]) -> None:
    """Say which migrations wait; a release that needs one does not start without.

    Refuses: MigrationNeeded.
    """
    far = await progress(ctx, plan)
    waiting = [
        migration
        for migration, one in zip(plan, far, strict=True)
        if one.state is not State.DONE
    ]
    needed = [migration.name for migration in waiting if migration.needed]
    if needed:
        raise MigrationNeeded(
            f"migration {needed[0]} is not over: run python -m app migrate, then start"
        )
    for migration in waiting:
        log.warning("migration_waiting", migration=migration.name, why=migration.why)


async def carry_out(
    ctx: Context,
    plan: Sequence[Migration],
    *,
    told: Callable[[Progress], None] = lambda _: None,
) -> int:
    """Carry out what is not over, in order; returns how many rows it changed.

    Rules: waits while another runner is at it, and goes on where that one died.
    Refuses: TurnLost.

    told: hears of every batch.
    """
    me = randomness.token_hex(8)
    while not await take_turn(ctx, me):  # noqa: ASYNC110 - MongoDB must be asked
        await asyncio.sleep(LOOK_SECONDS)
    try:
        return await _carry_out(ctx, plan, me, told)
    finally:
        await Turn.erase(ctx, {"_id": THE_LEASE, "holder": me})


async def take_turn(ctx: Context, holder: str) -> bool:
    """Take or renew the lease; False while another holds it."""
    now = ctx.clock.now()
    turn = Turn(id=THE_LEASE, holder=holder, until=now + LEASE)
    taken = await Turn.change(
        ctx,
        {"_id": THE_LEASE, "$or": [{"holder": holder}, {"until": {"$lte": now}}]},
        {"$set": {"holder": turn.holder, "until": turn.until}},
    )
    if taken is not None:
        return True
    try:
        await turn.insert(ctx)
    except DuplicateKeyError:
        return False
    return True


async def _carry_out(
    ctx: Context, plan: Sequence[Migration], me: str, told: Callable[[Progress], None]
) -> int:
    changed = 0
    for migration, kept in zip(plan, await progress(ctx, plan), strict=True):
        far = kept
        while far.state is not State.DONE:
            if not await take_turn(ctx, me):
                raise TurnLost(migration.name)
            batch = await migration.batch(ctx, far.after)
            far = await _note(ctx, far, batch, me)
            changed += batch.changed
            told(far)
    return changed


@atomic()
async def _note(ctx: Context, far: Progress, batch: Batch, me: str) -> Progress:
    """Note how far a migration is, if it is still our turn.

    Refuses: TurnLost.
    """
    now = ctx.clock.now()
    held = {"_id": THE_LEASE, "holder": me}
    if await Turn.change(ctx, held, {"$set": {"until": now + LEASE}}) is None:
        raise TurnLost(far.id)
    is_over = batch.after is None
    noted = {
        "state": State.DONE if is_over else State.UNDER_WAY,
        "after": batch.after,
        "begun_at": far.begun_at or now,
        "done_at": now if is_over else None,
    }
    return await Progress.change_or_make(
        ctx, far.id, {"$set": noted, "$inc": {"changed": batch.changed}}
    )

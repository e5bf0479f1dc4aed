"""What happened: written beside the change, delivered to the reactions later.

An event is kept in the transaction of the change it tells of (an outbox). The
relay delivers it at least once::

    waiting ── claim ──▶ leased ── every reaction ran ──▶ done
       ▲                   │
       └── lease ran out ──┘   the process died or a reaction failed

A claim moves ``due_at`` into the future, a little further with every try, so
two relays never hold one event and a failing reaction never spins. A reaction
makes its effect unique by the event's id, so twice delivered is once done.

A kind that this process does not know is one of a newer release: it waits for a
worker that does, as if a reaction had failed.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

import msgspec
import structlog
from pymongo import IndexModel

from models.base import personal
from models.base.clock import EPOCH
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.push import Push
from models.base.units import Instant

log = structlog.get_logger("inn.events")

LEASE = timedelta(seconds=30)
"""A reaction that takes longer is run again; each must bear that."""

MOST_TRIES = 12
"""With the lease doubling, about a day; then a person must look (metric)."""

KEPT_DONE = timedelta(days=30)
"""Done events are kept this long for questions."""


class Event(msgspec.Struct, kw_only=True, frozen=True):
    """One thing that happened; past tense, never changed."""

    id: str = ""
    """Filled in when recorded; the key of every effect."""

    at: Instant | None = None
    """Filled in when recorded."""

    def push(self) -> Push | None:
        """Say how this is told live; None for what is not."""
        return None


E = TypeVar("E", bound=Event)
Reaction = Callable[[Context, Any], Awaitable[None]]
Reactions = Mapping[type[Event], Sequence[Reaction]]
"""Of every kind that may be delivered; none for what nothing follows from."""


class UnknownKind(Exception):
    """An event of a kind that this release does not have; it waits."""


class State(StrEnum):
    """Where an event is on its way."""

    WAITING = "waiting"
    DONE = "done"


class Happening(Document, kw_only=True, frozen=True):
    """An event on its shelf, with its way to the reactions."""

    SHELF = "events"
    PERSONAL = personal.deleted("", within=("data", "names"))
    INDEXES = (
        IndexModel(["due_at"], partialFilterExpression={"state": State.WAITING}),
        IndexModel(["done_at"], partialFilterExpression={"state": State.DONE}),
        IndexModel(
            ["push.topics", "at", "_id"],
            partialFilterExpression={"push": {"$type": "object"}},
        ),
        IndexModel(["names"]),
    )

    kind: str
    """The event's class name."""
    data: dict[str, Any]
    names: list[str] = msgspec.field(default_factory=list)
    """The workers whom the data names; erasure finds them by it."""
    at: Instant
    push: Push | None = None
    """How it is told live, and to whom; see `feed`."""
    trace: str
    state: State = State.WAITING
    due_at: Instant
    """When a relay may take it (again)."""
    tries: int = 0
    done_at: Instant | None = None


async def record(ctx: Context, event: Event) -> Happening:
    """Keep an event in the same transaction as the change it tells of."""
    return await happening(ctx, event).insert(ctx)


def happening(ctx: Context, event: Event) -> Happening:
    """Return an event as it is kept, for a verb that writes it with much else."""
    now, data = ctx.clock.now(), plain(event)
    return Happening(
        id=event.id or ctx.new_id("event"),
        kind=type(event).__name__,
        data=data,
        names=personal.names_in(data),
        at=now,
        push=event.push(),
        trace=ctx.trace,
        due_at=now,
    )


async def deliver_one(
    ctx: Context, reactions: Reactions, *, claimed: Callable[[], None] = lambda: None
) -> bool:
    """Claim one due event and run its reactions; False when none is due.

    claimed: is told at once that there was one, before its reactions run.
    Raises UnknownKind, and whatever a reaction raises; the event waits then.
    """
    now = ctx.clock.now()
    row = await Happening.shelf(ctx).find_one_and_update(
        {
            "state": State.WAITING,
            "due_at": {"$lte": now},
            "tries": {"$lt": MOST_TRIES},
        },
        [
            {
                "$set": {
                    "tries": {"$add": ["$tries", 1]},
                    "due_at": {
                        "$add": [
                            now,
                            {"$multiply": [_milliseconds(), {"$pow": [2, "$tries"]}]},
                        ]
                    },
                }
            }
        ],
        sort=[("due_at", 1)],
    )
    if row is None:
        return False
    claimed()
    await _react(ctx.traced(row["trace"]), reactions, Happening.of(row))
    return True


async def count_waiting(ctx: Context) -> int:
    """Count events that are still to be delivered."""
    return await Happening.shelf(ctx).count_documents(_waiting())


async def count_stuck(ctx: Context) -> int:
    """Count events that every try failed for; more than 0 needs a person."""
    return await Happening.shelf(ctx).count_documents(
        _waiting() | {"tries": {"$gte": MOST_TRIES}}
    )


async def longest_due(ctx: Context) -> float:
    """Return how long the event that is due longest has been due; stuck ones not.

    Units: seconds.
    """
    now = ctx.clock.now()
    due = await Happening.many(
        ctx,
        {
            "state": State.WAITING,
            "due_at": {"$lte": now},
            "tries": {"$lt": MOST_TRIES},
        },
        sort=[("due_at", 1)],
        limit=1,
    )
    return (now - due[0].due_at).total_seconds() if due else 0.0


async def forget_done(ctx: Context) -> int:
    """Delete done events whose time is over; by our clock, so not by MongoDB's."""
    old = {"state": State.DONE, "done_at": {"$lt": ctx.clock.now() - KEPT_DONE}}
    return (await Happening.shelf(ctx).delete_many(old)).deleted_count


async def _react(ctx: Context, reactions: Reactions, happening: Happening) -> None:
    kinds = {kind.__name__: kind for kind in reactions}
    kind = kinds.get(happening.kind)
    if kind is None:
        log.error("unknown_event", event_kind=happening.kind, id=happening.id)
        raise UnknownKind(happening.kind)
    if reactions[kind]:
        event = msgspec.convert(
            happening.data | {"id": happening.id, "at": happening.at}, kind
        )
        for reaction in reactions[kind]:
            await reaction(ctx, event)
    await Happening.shelf(ctx).update_one(
        {"_id": happening.id, "state": State.WAITING},
        {"$set": {"state": State.DONE, "done_at": ctx.clock.now()}},
    )


def _waiting() -> dict[str, Any]:
    """Ask for all that wait, in words that lead to the index of what waits."""
    return {"state": State.WAITING, "due_at": {"$gt": EPOCH}}


def _milliseconds() -> int:
    return int(LEASE.total_seconds() * 1000)

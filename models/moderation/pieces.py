"""Pieces (送审件): one text somebody wrote for others, and whether they may see it.

::

    pending ── every check passed ──▶ visible ── three reports ──▶ queued
       │ │                               ▲                           │
       │ ├── doubtful, or no answer ─────│──▶ queued ── a person ──▶ visible
       │ │   for hours                   │                     └───▶ refused
       │ └── risky ──▶ refused ── appeal ──▶ appealed ── another ──▶ visible
       │                                                        └──▶ refused
       └── written anew, or taken back ──▶ withdrawn      from every state

Only ``visible`` is ever shown to others; every public list asks for it here, so what
was not checked is not public (fail-closed). A changed text is a new piece.
Source: features S6-02, X-06; rules §8 (WeChat's text and media checks).
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

import msgspec
from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import NotFound
from models.base.events import Event, record
from models.base.pages import Page
from models.base.units import Instant
from models.moderation.findings import Finding

SETTLED_WITHIN = timedelta(hours=4)
"""What no check answered for so long goes to a person."""


class State(StrEnum):
    """Where a piece is in its life."""

    PENDING = "pending"
    VISIBLE = "visible"
    REFUSED = "refused"
    QUEUED = "queued"
    """A person looks (人工审核)."""
    APPEALED = "appealed"
    """Another person looks (申诉)."""
    WITHDRAWN = "withdrawn"


OPEN = (State.QUEUED, State.APPEALED)
"""What waits for a person."""


class Kind(StrEnum):
    """What sort of thing was written."""

    STATION_COMMENT = "station_comment"


class Why(StrEnum):
    """Why a person has to look."""

    DOUBTFUL = "doubtful"
    UNCHECKED = "unchecked"
    """No check gave an answer in time."""
    REPORTED = "reported"
    APPEALED = "appealed"


class Decision(msgspec.Struct, kw_only=True, frozen=True):
    """What a person decided."""

    by: str
    hands: frozenset[str]
    """Everybody behind it: a lent power is its lender's hand too."""
    visible: bool
    reason: str
    at: Instant


class Report(msgspec.Struct, kw_only=True, frozen=True):
    """Somebody says that this should not be here (举报)."""

    mark: str
    """Stands for who said it, and only for this piece."""
    reason: str
    at: Instant


class Piece(Document, kw_only=True, frozen=True):
    """One text that was handed in (送审件)."""

    SHELF = "pieces"
    PERSONAL = personal.deleted(
        "送审内容",
        "author_id",
        hidden=("findings", "decisions", "reports", "heard", "trace_id"),
    )
    INDEXES = (
        IndexModel(["due_at"], partialFilterExpression={"state": State.PENDING}),
        IndexModel(["kind", "place", "state", ("_id", -1)]),
        IndexModel(["org_path", "state", "_id"]),
        IndexModel(["about", ("_id", -1)]),
        IndexModel(["author_id"]),
        IndexModel(
            ["trace_id"],
            unique=True,
            partialFilterExpression={"trace_id": {"$type": "string"}},
        ),
    )

    kind: Kind
    about: str
    """The id of what it is the text of."""
    place: str
    """The id of where it would be shown, such as a station's."""
    org_path: str
    author_id: str
    text: str
    nickname: str | None = None
    """Under which it would be shown; checked with it."""
    media_url: str | None = None
    """A picture that WeChat fetches, if it is one."""
    trace_id: str | None = None
    """WeChat's name for the picture's check."""
    state: State = State.PENDING
    state_since: Instant
    handed_in_at: Instant
    due_at: Instant
    """When it is to be checked (again)."""
    tries: int = 0
    why: Why | None = None
    """Why a person looks, or had to."""
    findings: tuple[Finding, ...] = ()
    decisions: tuple[Decision, ...] = ()
    reports: tuple[Report, ...] = ()
    """Since a person last looked."""
    heard: frozenset[str] = frozenset()
    """Marks whose reports a person has looked at; they do not count again."""
    appeal: str | None = None
    """What the author said against the refusal; once."""


class Told(Event, kw_only=True, frozen=True):
    """What every event of this room tells."""

    piece_id: str
    kind: Kind
    about: str
    author_id: str


class PieceHandedIn(Told, kw_only=True, frozen=True):
    """Something waits to be checked."""


class PieceRefused(Told, kw_only=True, frozen=True):
    """Others will not see it; the author may say why they should."""

    reason: str
    may_appeal: bool


class PieceAllowed(Told, kw_only=True, frozen=True):
    """A person let it through."""


class NoSuchPiece(NotFound):
    """Nothing of this id was handed in, or it is out of reach."""

    code = "no_such_piece"
    message = "没有找到这条内容，可能已被撤下，请刷新列表。"


async def hand_in(ctx: Context, piece: Piece) -> Piece:
    """Hand a text in for checking (送审); call it in the writer's transaction.

    Rules: what was handed in for the same thing before is shown no more.
    Records: PieceHandedIn.
    """
    await withdraw(ctx, piece.about)
    await piece.insert(ctx)
    await record(ctx, PieceHandedIn(**about(piece)))
    return piece


async def withdraw(ctx: Context, about_id: str) -> None:
    """Show nothing of a thing any more: it was written anew, or taken back."""
    await Piece.shelf(ctx).update_many(
        {"about": about_id, "state": {"$ne": State.WITHDRAWN}},
        {"$set": {"state": State.WITHDRAWN, "state_since": ctx.clock.now()}},
    )


async def visible(
    ctx: Context, kind: Kind, place: str, *, cursor: str | None, limit: int
) -> Page[Piece]:
    """List what everybody may see at a place, newest first.

    Refuses: BadCursor.
    """
    where = {"kind": kind, "place": place, "state": State.VISIBLE}
    return await Piece.page(ctx, where, cursor=cursor, limit=limit)


async def latest(ctx: Context, about_id: str) -> Piece | None:
    """Return the present piece of a thing."""
    return await Piece.find(ctx, about=about_id, state={"$ne": State.WITHDRAWN})


async def latest_of(ctx: Context, abouts: Iterable[str]) -> dict[str, Piece]:
    """Return the present piece of each thing that has one, in one question."""
    where = {"about": {"$in": list(abouts)}, "state": {"$ne": State.WITHDRAWN}}
    found = await Piece.many(ctx, where, limit=0)
    return {piece.about: piece for piece in found}


async def become(ctx: Context, piece: Piece, state: State, **more: Any) -> Piece | None:
    """Move a piece on that is still where it was seen; None if it is not."""
    change = {"state": state, "state_since": ctx.clock.now(), **more}
    return await Piece.change(
        ctx, {"_id": piece.id, "state": piece.state}, {"$set": change}
    )


def about(piece: Piece) -> Mapping[str, Any]:
    """Return what every event of a piece tells."""
    return {
        "piece_id": piece.id,
        "kind": piece.kind,
        "about": piece.about,
        "author_id": piece.author_id,
    }

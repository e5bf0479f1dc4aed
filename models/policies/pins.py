"""Pins (置顶): the few policies that stand above every list, each until a day.

One board for the whole inn, since everybody opens the same list. What is pinned and no
longer public, or past its day, is simply not shown, and makes room for another.

Source: screens.md, "Console: content editor" (政策管理: pin).
"""

from datetime import datetime

import msgspec

from models.base import personal
from models.base.clock import end_of
from models.base.context import Context
from models.base.documents import Document
from models.base.units import Day, Instant
from models.policies import editions
from models.policies.editions import Edition

MOST = 5
"""More would push what is new off the first screen of a phone."""

BOARD = "board"
"""The one document's id."""


class Pin(msgspec.Struct, kw_only=True, frozen=True):
    """One policy's place on the board."""

    policy_id: str
    until: Day
    """The last day it stands there."""
    pinned_at: Instant
    by: str

    @property
    def ends_at(self) -> datetime:
        """Return the first moment at which it no longer stands there."""
        return end_of(self.until)


class Board(Document, kw_only=True, frozen=True):
    """What is pinned, the latest first; holds what is over until the next change."""

    SHELF = "pins"
    PERSONAL = personal.nobody("who pinned what works for the union")

    pins: tuple[Pin, ...] = ()
    rev: int = 0


class Standing(msgspec.Struct, kw_only=True, frozen=True):
    """A pin that holds, and the edition the public reads there."""

    pin: Pin
    edition: Edition
    """Without its text."""


async def standing(ctx: Context) -> list[Standing]:
    """List what is pinned and public now, as MongoDB has it, the latest first."""
    board = await Board.find(ctx, _id=BOARD)
    return [] if board is None else await holding(ctx, board)


async def holding(ctx: Context, board: Board) -> list[Standing]:
    """Return of a board what is not over and still public, in its order."""
    now = ctx.clock.now()
    left = [pin for pin in board.pins if now < pin.ends_at]
    newest = await editions.newest_of(ctx, [pin.policy_id for pin in left])
    return [
        Standing(pin=pin, edition=edition)
        for pin in left
        if (edition := newest.get(pin.policy_id)) and edition.is_visible(now)
    ]

"""Where a manuscript stands (稿件状态), as it is kept and as it is told.

What editors do is kept as a stage. What time does is never kept: an approved text is
scheduled, then published, then over, by its moments alone, asked in every query::

    draft ── submit ──▶ submitted ── approve ──▶ approved ── schedule ──▶ released
      ▲   ◀─ take back ──┘    │                     ▲                        │
      └── save ── rejected ◀──┘ reject              └── unschedule (not yet) ┤
                                                                             ▼
         released, by the clock:  scheduled ─▶ published ─▶ expired | withdrawn
                                                            | superseded
    what is over, or was given up ── archive ──▶ archived

Source: rules §1.2; features S1-07.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from models.base.units import Instant


class Stage(StrEnum):
    """How far its editors have brought it; kept."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REJECTED = "rejected"
    APPROVED = "approved"
    RELEASED = "released"
    ARCHIVED = "archived"


class State(StrEnum):
    """How far it has come; told, and asked for in lists."""

    DRAFT = "draft"
    """编写中"""
    SUBMITTED = "submitted"
    """待审核"""
    REJECTED = "rejected"
    """已退回"""
    APPROVED = "approved"
    """已通过，待排期"""
    SCHEDULED = "scheduled"
    """已排期"""
    PUBLISHED = "published"
    """已发布"""
    EXPIRED = "expired"
    """已到期"""
    WITHDRAWN = "withdrawn"
    """已撤回"""
    SUPERSEDED = "superseded"
    """已被替代"""
    ARCHIVED = "archived"
    """已归档"""


OVER = (State.EXPIRED, State.WITHDRAWN, State.SUPERSEDED)

RELEASED = (State.SCHEDULED, State.PUBLISHED, *OVER)


class Public(msgspec.Struct, kw_only=True, frozen=True):
    """Its public text, and when that is shown; follows the text in its transaction."""

    text_id: str
    """The edition, or the article's text."""
    begins_at: Instant
    ends_at: Instant
    """When it ends, or ended; for what was ended before it began, that moment."""
    ending: State = State.EXPIRED
    """How it ends."""

    def state_at(self, now: datetime) -> State:
        """Say how far it has come at a moment."""
        if self.ends_at <= now:
            return self.ending
        return State.SCHEDULED if now < self.begins_at else State.PUBLISHED


def state_of(stage: Stage, public: Public | None, now: datetime) -> State:
    """Return what a stage is called at a moment."""
    if stage is Stage.RELEASED and public is not None:
        return public.state_at(now)
    return State(stage.value)


def is_in(states: Iterable[State], now: datetime) -> dict[str, Any]:
    """Return what a row must fulfil to stand in one of some states, for MongoDB."""
    return {"$or": [_where(state, now) for state in states]}


def _where(state: State, now: datetime) -> dict[str, Any]:
    if state not in RELEASED:
        return {"stage": state}
    released: dict[str, Any] = {"stage": Stage.RELEASED}
    if state in OVER:
        return released | {"public.ends_at": {"$lte": now}, "public.ending": state}
    begins = {"$gt": now} if state is State.SCHEDULED else {"$lte": now}
    return released | {"public.begins_at": begins, "public.ends_at": {"$gt": now}}

"""Texts (公开文本): what an edition of a policy and an article have in common.

A text is shown from one moment to another; whether it is public is never stored but
asked: ``visible_from ≤ now < visible_to``. What it is a text *of* (a policy, an
article) has a document of its own, through which everybody publishing must go.
Source: rules §1.1, §1.4.
"""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar

import msgspec

from models.base.clock import end_of
from models.base.documents import Document
from models.base.units import Day, Instant

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""An end that is not set; a value, so that one index and one comparison serve all."""

WAS_TO_BE = {"$expr": {"$lt": ["$visible_from", "$visible_to"]}}
"""Leaves out what was taken back before anybody could read it."""

WAS_PUBLIC = {
    "$or": [
        WAS_TO_BE,
        {"$expr": {"$gte": ["$withdrawn.at", "$visible_from"]}},
        {"$expr": {"$gte": ["$replaced_at", "$visible_from"]}},
    ]
}
"""Of what has begun: also what was ended at its very first instant."""


class Because(StrEnum):
    """Why a text is withdrawn (撤回原因)."""

    IN_ERROR = "in_error"
    """发布有误"""
    REPLACED_BY = "replaced_by"
    """已被其他政策替代"""
    NO_LONGER_VALID = "no_longer_valid"
    """已不再适用"""


class Withdrawal(msgspec.Struct, kw_only=True, frozen=True):
    """Why a text was taken back, and when."""

    at: Instant
    reason: str
    """The sentence its readers are shown."""
    because: Because = Because.NO_LONGER_VALID


class Subject(Document, kw_only=True, frozen=True):
    """What texts are texts of; publishing and ending go through it, one by one."""

    title: str
    editions: int = 0
    """How many were published; also what makes two publishers wait."""
    endings: int = 0
    """How often something was ended or taken back; makes these wait likewise."""
    org_path: str = ""
    """The unit that answers for it."""


class Text(Document, kw_only=True, frozen=True):
    """One text, shown to the public from one moment to another."""

    ABOUT: ClassVar[type[Subject]] = Subject

    visible_from: Instant
    visible_to: Instant = FOREVER
    valid_to: Day | None = None
    """The last civil day it is shown."""
    replaced_by: str | None = None
    """What took the place of the whole subject."""
    replaced_at: Instant | None = None
    """When that ended it."""
    withdrawn: Withdrawal | None = None

    @classmethod
    def about(cls, subject_id: str) -> dict[str, Any]:
        """Return what a row must fulfil to be a text of a subject, for MongoDB."""
        raise NotImplementedError

    @property
    def is_void(self) -> bool:
        """Say whether it was taken back, or ended, before it began."""
        return self.visible_to <= self.visible_from

    def is_visible(self, at: datetime) -> bool:
        """Say whether the public may read it at a moment."""
        return self.visible_from <= at < self.visible_to


def shown_until(valid_to: date | None) -> datetime:
    """Return the first instant after the last day a text is shown."""
    return FOREVER if valid_to is None else min(end_of(valid_to), FOREVER)

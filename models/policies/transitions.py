"""Who may do what to a manuscript, and from where (稿件流转): one table.

Source: rules §1.2, §1.3; features S1-07.
"""

from enum import StrEnum
from typing import NamedTuple

from models.policies.stages import OVER, RELEASED, State
from models.unions.permissions import Permission

WRITE = (Permission.POLICIES_WRITE,)
REVIEW = (Permission.POLICIES_REVIEW,)
FORCE = (Permission.POLICIES_FORCE,)
PLAN = (*WRITE, *REVIEW)
"""Who may move the moment of what is approved; the text stays as it was approved."""
TAKE_DOWN = (*REVIEW, *FORCE)
ANY = (*WRITE, *REVIEW, *FORCE)


class Deed(StrEnum):
    """What somebody did."""

    BEGUN = "begun"
    SAVED = "saved"
    SUBMITTED = "submitted"
    TAKEN_BACK = "taken_back"
    APPROVED = "approved"
    REJECTED = "rejected"
    SCHEDULED = "scheduled"
    UNSCHEDULED = "unscheduled"
    FORCED = "forced"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    ARCHIVED = "archived"


class Transition(NamedTuple):
    """One deed: by whom, and from which states."""

    deed: Deed
    needs: tuple[Permission, ...]
    """Any of them."""
    since: tuple[State, ...]
    other_hands: bool = False
    """Not by anybody who wrote, submitted or forced it (四眼原则)."""


WORKING = (State.DRAFT, State.REJECTED)

SAVE = Transition(Deed.SAVED, WRITE, WORKING)
SUBMIT = Transition(Deed.SUBMITTED, WRITE, WORKING)
TAKE_BACK = Transition(Deed.TAKEN_BACK, WRITE, (State.SUBMITTED,))
APPROVE = Transition(Deed.APPROVED, REVIEW, (State.SUBMITTED,), other_hands=True)
REJECT = Transition(Deed.REJECTED, REVIEW, (State.SUBMITTED,), other_hands=True)
SCHEDULE = Transition(Deed.SCHEDULED, PLAN, (State.APPROVED, State.SCHEDULED))
UNSCHEDULE = Transition(Deed.UNSCHEDULED, PLAN, (State.SCHEDULED,))
FORCE_PUBLISH = Transition(
    Deed.FORCED, FORCE, (*WORKING, State.SUBMITTED, State.APPROVED)
)
CONFIRM = Transition(
    Deed.CONFIRMED, REVIEW, (*RELEASED, State.ARCHIVED), other_hands=True
)
WITHDRAW = Transition(Deed.WITHDRAWN, TAKE_DOWN, (State.PUBLISHED,))
SUPERSEDE = Transition(
    Deed.SUPERSEDED, TAKE_DOWN, (State.PUBLISHED, State.EXPIRED, State.SUPERSEDED)
)
ARCHIVE = Transition(Deed.ARCHIVED, WRITE, (*WORKING, State.APPROVED, *OVER))

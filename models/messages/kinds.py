"""Every kind of message (消息), and what belongs to telling one.

The sentences themselves stand in `wordings`, a file a matter; `telling` fills them in.
Source: screens 消息; wechat-api §5.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

Values = Mapping[str, str | int | datetime]


class Kind(StrEnum):
    """What a message is about."""

    BOOKING_MADE = "booking_made"
    BOOKING_REMINDER = "booking_reminder"
    BOOKING_ENDING = "booking_ending"
    BOOKING_CANCELLED = "booking_cancelled"
    BOOKING_CALLED_OFF = "booking_called_off"
    BOOKING_RELOCATED = "booking_relocated"
    BOOKING_CUT_SHORT = "booking_cut_short"
    POWER_CUT_DUE = "power_cut_due"
    BOOKING_MISSED = "booking_missed"
    BOOKING_SUSPENDED = "booking_suspended"
    BOOKING_EXTENDED = "booking_extended"
    NO_SHOW_UNDONE = "no_show_undone"
    APPEAL_ACCEPTED = "appeal_accepted"
    APPEAL_REFUSED = "appeal_refused"
    KIT_RUNS_OUT = "kit_runs_out"
    ENROLMENT_MADE = "enrolment_made"
    ENROLMENT_CANCELLED = "enrolment_cancelled"
    WAITLIST_JOINED = "waitlist_joined"
    WAITLIST_ENDED = "waitlist_ended"
    SEAT_OFFERED = "seat_offered"
    OFFER_LAPSED = "offer_lapsed"
    ELIGIBILITY_LOST = "eligibility_lost"
    TRAINING_REMINDER = "training_reminder"
    GRANT_GIVEN = "grant_given"
    COLLEAGUE_LEFT = "colleague_left"
    EMERGENCY_OPENED = "emergency_opened"
    TRAINING_CALLED_OFF = "training_called_off"
    TRAINING_MOVED = "training_moved"
    TRAINING_MOVED_CLASH = "training_moved_clash"
    ENROLMENT_REMOVED = "enrolment_removed"
    TRAINING_COMPLETED = "training_completed"
    COMMENT_REFUSED = "comment_refused"
    COMMENT_ALLOWED = "comment_allowed"
    IDENTITY_VERIFIED = "identity_verified"
    IDENTITY_REFUSED = "identity_refused"
    IDENTITY_REVOKED = "identity_revoked"
    IDENTITY_LAPSING = "identity_lapsing"
    IDENTITY_LAPSED = "identity_lapsed"
    DONE_FOR_YOU = "done_for_you"
    ERASURE_ASKED = "erasure_asked"
    ERASURE_CALLED_OFF = "erasure_called_off"
    POLICY_UPDATED = "policy_updated"
    POLICY_WITHDRAWN = "policy_withdrawn"
    POLICY_SUPERSEDED = "policy_superseded"
    MANUSCRIPT_WAITS = "manuscript_waits"
    MANUSCRIPT_APPROVED = "manuscript_approved"
    MANUSCRIPT_REJECTED = "manuscript_rejected"
    MANUSCRIPT_FORCED = "manuscript_forced"
    MANUSCRIPT_CONFIRMED = "manuscript_confirmed"


class Wording(NamedTuple):
    """How one kind is told."""

    title: str
    text: str
    card: Mapping[str, str]
    """WeChat's fields; empty for what only goes to the inbox."""
    page: str
    urgent: bool = False
    """Goes out at night too: waiting would make it worthless."""

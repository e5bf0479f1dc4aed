"""Readings (政策正文): an edition as readers see it, without what machines read.

The words for search and the rule are half of an edition and nothing of its page, and
a policy that does not lie ready is read from MongoDB for each who opens it.
"""

from datetime import datetime
from types import MappingProxyType
from typing import Any

from models.base.documents import Part
from models.base.units import Day, Instant
from models.policies.benefits import Benefit
from models.policies.carried import Attachment
from models.policies.drafts import Identity
from models.policies.editions import Edition


class Reading(Part, kw_only=True, frozen=True):
    """What of an edition is shown."""

    OF = Edition
    BARELY = MappingProxyType({"rule": "rule.op"})

    policy_id: str
    identity: Identity
    number: str
    summary: str
    html: str
    effective_from: Day
    effective_to: Day | None
    visible_from: Instant
    visible_to: Instant
    valid_to: Day | None = None
    benefit: Benefit | None
    rule: dict[str, Any] | None = None
    """Empty, or nearly, where there is one."""
    attachments: tuple[Attachment, ...] = ()
    replaced_by: str | None = None

    @property
    def has_rule(self) -> bool:
        """Say whether one can ask if it fits."""
        return self.rule is not None

    def is_visible(self, at: datetime) -> bool:
        """Say whether the public may read it at a moment."""
        return self.visible_from <= at < self.visible_to

"""What is handed in to be published: who a policy is, and one edition's text."""

from typing import Any

import msgspec

from models.base.units import Day, Instant
from models.policies.benefits import Benefit
from models.policies.carried import Attachment, Removal
from models.policies.vocabulary import Level, Topic
from models.policies.wording import BodyFormat
from models.workers.identities import ClientClass


class Identity(msgspec.Struct, kw_only=True, frozen=True):
    """What stays the same through all editions of a policy."""

    title: str
    topic: Topic
    level: Level
    region: str
    """Code; models/base/regions knows what lies within what."""
    issuer: str
    tags: tuple[str, ...] = ()
    audience: tuple[ClientClass, ...] = ()
    """Whom it is mainly for; empty is everybody."""


class Draft(msgspec.Struct, kw_only=True, frozen=True):
    """What is handed in for one edition."""

    number: str
    summary: str
    body: str
    body_format: BodyFormat = BodyFormat.MARKDOWN
    effective_from: Day
    effective_to: Day | None = None
    """Exclusive."""
    publish_at: Instant
    valid_to: Day | None = None
    """The last civil day it is shown."""
    minor: bool = False
    """A correction that nobody needs to be told of."""
    benefit: Benefit | None = None
    rule: dict[str, Any] | None = None
    attachments: tuple[Attachment, ...] = ()
    removed: tuple[Removal, ...] = ()

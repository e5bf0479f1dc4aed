"""What can be found: one entry of the index, told by whoever owns the thing."""

from datetime import datetime
from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What sort of thing an entry leads to."""

    POLICY = "policy"
    GUIDANCE = "guidance"
    TRAINING = "training"
    STATION = "station"


class Entry(msgspec.Struct, kw_only=True, frozen=True, gc=False):
    """One text that people may find, and when.

    Several entries may share an id when they follow each other in time, like the
    edition of today and the one that takes over on Monday; their spans of being
    visible do not overlap.
    """

    id: str
    """Of the thing it leads to."""
    kind: Kind
    title: str
    tags: tuple[str, ...] = ()
    number: str | None = None
    """The number of the document (文号), as printed."""
    summary: str = ""
    body: str = ""
    """Plain text, no markup."""
    region: str | None = None
    """Code of the region it is for; None is not for one region."""
    level: str | None = None
    topic: str | None = None
    audience: tuple[str, ...] = ()
    """Client classes (五类客户) it is for; empty is for everybody."""
    published_at: datetime
    """Newest first goes by this."""
    visible_from: datetime
    visible_to: datetime | None = None
    """From then on it is expired; None is never."""

"""What is asked of the index, and what it answers."""

from datetime import datetime

import msgspec

from models.policies.search.entries import Entry, Kind

Place = tuple[float, str, int, tuple[int, ...]]
"""After which hit the next page begins; `pages.encode` and `decode` carry it.

Its order key, its id, how many came before it, and what the first page settled on:
how many concepts must be there, and how much each weighs (empty where no text was
asked). See `ranking` for why that is enough.
"""


class Query(msgspec.Struct, kw_only=True, frozen=True):
    """One search."""

    text: str = ""
    """Empty lists everything, the newest first."""
    now: datetime
    """What is not visible at this instant is not there."""
    region: str | None = None
    """Where the one who asks works: what is for there comes a little earlier."""
    classes: tuple[str, ...] = ()
    """Client classes of the one who asks: likewise."""
    topic: str | None = None
    level: str | None = None
    kind: Kind | None = None
    audience: str | None = None
    """Narrows to what is for this client class."""
    area: str | None = None
    """Narrows to what is for this very region."""
    include_expired: bool = False
    """Whether what was visible once is shown too; what is not yet, never is."""
    after: Place | None = None
    limit: int = 20


class Segment(msgspec.Struct, frozen=True, gc=False):
    """A piece of shown text; rich text marks it where it is a hit."""

    text: str
    hit: bool = False


class Hit(msgspec.Struct, kw_only=True, frozen=True, gc=False):
    """One entry found."""

    id: str
    score: float
    title: tuple[Segment, ...]
    snippet: tuple[Segment, ...]
    entry: Entry


class Hits(msgspec.Struct, kw_only=True, frozen=True, gc=False):
    """One page of what was found."""

    items: tuple[Hit, ...]
    next: Place | None = None
    total: int | None = None
    """How many there are; on the first page only, like the facets."""
    facets: dict[str, dict[str, int]] | None = None
    """How many there are of each topic, level, audience, region and kind. Narrowing
    to one topic leaves the counts of the other topics as they would be."""

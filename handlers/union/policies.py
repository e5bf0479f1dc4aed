"""Policies for those who advise (热线查询): what the public reads, and what it read.

Public texts belong to nobody's subtree: whoever works at the back office finds all of
them, also those that have ended, so that a caller's old paper can be explained.
"""

from enum import StrEnum

import msgspec

from handlers.base.access import official_any
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import SEARCH
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from handlers.worker.policy_lists import Region, Words
from models.base.pages import BadCursor
from models.base.units import Instant
from models.policies import library
from models.policies.notes import Note
from models.policies.search.entries import Kind
from models.policies.search.query import Hit, Query, Segment
from models.policies.texts import FOREVER
from models.policies.vocabulary import Level, Topic
from models.workers.identities import ClientClass


class Include(StrEnum):
    """What is shown beside what is in force."""

    EXPIRED = "expired"
    """Every edition that has ended, too."""


class LibraryQuery(msgspec.Struct, forbid_unknown_fields=True):
    """What to find, from where on."""

    q: Words = ""
    topic: Topic | None = None
    level: Level | None = None
    audience: ClientClass | None = None
    region: Region | None = None
    include: Include | None = None
    cursor: Cursor | None = None
    limit: Limit = 20


class LibraryItem(msgspec.Struct, kw_only=True):
    """An edition that is or was public."""

    id: str
    """The policy's."""
    edition_id: str
    title: str
    title_parts: tuple[Segment, ...]
    snippet: tuple[Segment, ...]
    topic: Topic
    level: Level
    region: str
    issuer: str
    number: str
    published_at: Instant
    ended_at: Instant | None
    """When it ends or ended; null is without end."""
    is_current: bool

    @classmethod
    def of(cls, hit: Hit, note: Note, query: Query) -> "LibraryItem":
        """Show what was found."""
        identity = note.identity
        return cls(
            id=note.policy_id,
            edition_id=note.id,
            title=identity.title,
            title_parts=hit.title,
            snippet=hit.snippet,
            topic=identity.topic,
            level=identity.level,
            region=identity.region,
            issuer=identity.issuer,
            number=note.number,
            published_at=note.visible_from,
            ended_at=None if note.visible_to == FOREVER else note.visible_to,
            is_current=note.is_visible(query.now),
        )


class LibraryList(msgspec.Struct):
    """A page of editions; total and counts come with the first."""

    items: list[LibraryItem]
    next: str | None
    total: int | None
    facets: dict[str, dict[str, int]] | None


class LibraryHandler(Handler):
    """The library, with what has ended."""

    @endpoint(access=official_any, refusals=(BadCursor,), limit=SEARCH)
    async def get(self, *, query: LibraryQuery) -> LibraryList:
        """Find policies by words; with `include=expired` also those that ended."""
        asked = Query(
            text=query.q,
            now=self.ctx.clock.now(),
            topic=query.topic,
            level=query.level,
            kind=Kind.POLICY,
            audience=query.audience,
            area=query.region,
            include_expired=query.include is Include.EXPIRED,
            limit=query.limit,
        )
        found = await library.search(self.ctx, asked, cursor=query.cursor)
        return LibraryList(
            items=[
                LibraryItem.of(hit, found.policies[hit.id], asked) for hit in found.hits
            ],
            next=found.next,
            total=found.total,
            facets=found.facets,
        )


ROUTES: list[Route] = [
    ("/union/v1/policies", LibraryHandler),
]

"""A list of policies as it is asked for and shown (政策列表), and what is pinned."""

from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.base.paging import Cursor, Limit
from models.base.context import Context
from models.base.units import Instant
from models.policies import library
from models.policies.drafts import Identity
from models.policies.library import Found
from models.policies.notes import Note
from models.policies.search.highlight import LONGEST_SNIPPET
from models.policies.search.query import Hit, Segment
from models.policies.vocabulary import LEVEL_NAMES, TOPIC_NAMES, Level, Topic
from models.workers.identities import ClientClass

Words = Annotated[str, Meta(max_length=100, description="What is looked for.")]
Region = Annotated[str, Meta(pattern="^[0-9]{6}$", description="A region's code.")]


class PolicyQuery(
    msgspec.Struct, forbid_unknown_fields=True, frozen=True, cache_hash=True
):
    """What to find, narrowed by what, from where on."""

    q: Words = ""
    topic: Topic | None = None
    level: Level | None = None
    audience: ClientClass | None = None
    region: Region | None = None
    """Only what is for this very region, as the counts have it."""
    work_region: Region | None = None
    """Where the reader works; what is for there comes a little earlier."""
    cursor: Cursor | None = None
    limit: Limit = 20


class PolicyItem(msgspec.Struct):
    """A policy in a list."""

    id: str
    title: str
    title_parts: tuple[Segment, ...]
    """The title in pieces, those that were looked for marked."""
    snippet: tuple[Segment, ...]
    topic: Topic
    topic_name: str
    level: Level
    level_name: str
    region: str
    issuer: str
    number: str
    tags: tuple[str, ...]
    audience: tuple[ClientClass, ...]
    published_at: Instant

    @classmethod
    def found(cls, hit: Hit, note: Note) -> "PolicyItem":
        """Show what was found, with what was asked for marked."""
        return cls.of(note, hit.title, hit.snippet)

    @classmethod
    def above(cls, note: Note) -> "PolicyItem":
        """Show what stands above a list; nobody asked for it in words."""
        begins = note.summary[:LONGEST_SNIPPET]
        snippet = (Segment(begins),) if begins else ()
        return cls.of(note, (Segment(note.identity.title),), snippet)

    @classmethod
    def of(
        cls, note: Note, title: tuple[Segment, ...], snippet: tuple[Segment, ...]
    ) -> "PolicyItem":
        """Show a policy, its title and a piece of it as they are given."""
        identity = note.identity
        return cls(
            id=note.policy_id,
            title=identity.title,
            title_parts=title,
            snippet=snippet,
            topic=identity.topic,
            topic_name=TOPIC_NAMES[identity.topic],
            level=identity.level,
            level_name=LEVEL_NAMES[identity.level],
            region=identity.region,
            issuer=identity.issuer,
            number=note.number,
            tags=identity.tags,
            audience=identity.audience,
            published_at=note.visible_from,
        )


class PolicyList(msgspec.Struct):
    """A page of policies; total and counts come with the first."""

    items: list[PolicyItem]
    next: str | None
    total: int | None
    facets: dict[str, dict[str, int]] | None
    pinned: list[PolicyItem] | None
    """What stands above the list (置顶), with the first page of one without words;
    those are in the list as well, where they are by their date."""

    @classmethod
    def of(cls, found: Found, pinned: list[PolicyItem] | None) -> "PolicyList":
        """Show a page of what was found."""
        return cls(
            items=[PolicyItem.found(hit, found.policies[hit.id]) for hit in found.hits],
            next=found.next,
            total=found.total,
            facets=found.facets,
            pinned=pinned,
        )


async def above(ctx: Context, query: PolicyQuery) -> list[PolicyItem]:
    """Show what is pinned, as far as it fits the list."""
    return [
        PolicyItem.above(note)
        for note in await library.pinned(ctx)
        if _fits(note.identity, query)
    ]


def _fits(identity: Identity, query: PolicyQuery) -> bool:
    narrows = (
        (query.topic, (identity.topic,)),
        (query.level, (identity.level,)),
        (query.region, (identity.region,)),
        (query.audience, identity.audience),
    )
    return all(wanted is None or wanted in given for wanted, given in narrows)

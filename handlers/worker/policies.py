"""Policies over HTTP (政策): find, read, look back. Readable without signing in."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from handlers.base.access import public
from handlers.base.answers import Ready
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import SEARCH
from handlers.base.paging import Cursor, Limit
from handlers.base.ready import Place, ReadyShelf, make_ready
from handlers.base.routing import Route
from handlers.worker.first_pages import PublicPages
from handlers.worker.policy_views import PolicyView
from models.base.context import Context
from models.base.errors import TooMany
from models.base.pages import BadCursor
from models.base.units import Day, Instant
from models.policies import editions, history, library
from models.policies.editions import Edition, NoSuchPolicy
from models.policies.history import NotYet
from models.policies.library import Found, PolicyGone, PolicyWithdrawn
from models.policies.notes import Note
from models.policies.search.entries import Kind
from models.policies.search.query import Hit, Query, Segment
from models.policies.texts import FOREVER
from models.policies.vocabulary import LEVEL_NAMES, TOPIC_NAMES, Level, Topic
from models.workers.identities import ClientClass

Words = Annotated[str, Meta(max_length=100, description="What is looked for.")]
Region = Annotated[str, Meta(pattern="^[0-9]{6}$", description="A region's code.")]


class PolicyQuery(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
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
    def of(cls, hit: Hit, note: Note) -> "PolicyItem":
        """Show what was found."""
        identity = note.identity
        return cls(
            id=note.policy_id,
            title=identity.title,
            title_parts=hit.title,
            snippet=hit.snippet,
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


class PolicyReading(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Which day's text to read."""

    as_of: Day | None = None


class EditionItem(msgspec.Struct):
    """One edition in a policy's history."""

    id: str
    number: str
    summary: str
    minor: bool
    published_at: Instant
    ended_at: Instant | None

    @classmethod
    def of(cls, edition: Edition) -> "EditionItem":
        """Show an edition in the history."""
        ended = None if edition.visible_to == FOREVER else edition.visible_to
        return cls(
            id=edition.id,
            number=edition.number,
            summary=edition.summary,
            minor=edition.minor,
            published_at=edition.visible_from,
            ended_at=ended,
        )


class EditionList(msgspec.Struct):
    """Every edition that was ever public, newest first."""

    items: list[EditionItem]
    next: None = None


PAGES = PublicPages("policies")


class PoliciesHandler(Handler):
    """The library of policies."""

    @endpoint(access=public, refusals=(BadCursor, TooMany), at_once=PAGES.lying_ready)
    async def get(self, *, query: PolicyQuery) -> Ready[PolicyList]:
        """Find what is in force by words, or list it newest first."""
        return await PAGES.counted(self, query, lambda: self._find(query))

    async def _find(self, query: PolicyQuery) -> PolicyList:
        asked = Query(
            text=query.q,
            now=self.ctx.clock.now(),
            region=query.work_region,
            topic=query.topic,
            level=query.level,
            kind=Kind.POLICY,
            audience=query.audience,
            area=query.region,
            limit=query.limit,
        )
        return _listed(await library.search(self.ctx, asked, cursor=query.cursor))


def _place(note: Note) -> Place:
    """Return where a policy is kept ready, and of which state."""
    return Place(("policy", note.policy_id), (note.id, note.revision))


def _lying_ready(
    ctx: Context, settings: Mapping[str, Any], *, query: PolicyReading, policy_id: str
) -> Ready[PolicyView] | None:
    """Return what is in force now, if it lies ready."""
    note = None if query.as_of else library.policy_note(ctx, policy_id)
    shelf: ReadyShelf = settings["ready"]
    return None if note is None else shelf.find(*_place(note))


class PolicyHandler(Handler):
    """One policy."""

    @endpoint(
        access=public,
        refusals=(NoSuchPolicy, PolicyGone, PolicyWithdrawn, NotYet),
        at_once=_lying_ready,
    )
    async def get(self, policy_id: str, *, query: PolicyReading) -> Ready[PolicyView]:
        """Read what is in force now, or what was on a past day."""
        if query.as_of is not None:
            past = await history.in_force(self.ctx, policy_id, query.as_of)
            return make_ready(PolicyView.of(past))
        note = library.policy_note(self.ctx, policy_id)
        if note is None:
            now = await library.policy(self.ctx, policy_id)
            return make_ready(PolicyView.of(now))
        shelf: ReadyShelf = self.settings["ready"]
        return await shelf.find_or_make(*_place(note), lambda: self._read(note))

    async def _read(self, note: Note) -> PolicyView:
        return PolicyView.of(await library.text_of(self.ctx, note))


class PolicyEditionsHandler(Handler):
    """The history of one policy."""

    @endpoint(access=public, refusals=(NoSuchPolicy,))
    async def get(self, policy_id: str) -> EditionList:
        """List the editions that are or were public."""
        known = await editions.of_policy(self.ctx, policy_id)
        if not known:
            raise NoSuchPolicy
        return EditionList([EditionItem.of(edition) for edition in known])


class SuggestionQuery(msgspec.Struct, forbid_unknown_fields=True):
    """What was typed so far: characters, pinyin or its initials."""

    q: Words
    limit: Annotated[int, Meta(ge=1, le=20)] = 8


class SuggestionList(msgspec.Struct):
    """Words to search for."""

    items: list[str]
    next: None = None


class SuggestionsHandler(Handler):
    """What one may be about to type."""

    @endpoint(access=public, limit=SEARCH)
    async def get(self, *, query: SuggestionQuery) -> SuggestionList:
        """Complete what is being typed."""
        return SuggestionList(library.suggest(self.ctx, query.q, limit=query.limit))


def _listed(found: Found) -> PolicyList:
    return PolicyList(
        items=[PolicyItem.of(hit, found.policies[hit.id]) for hit in found.hits],
        next=found.next,
        total=found.total,
        facets=found.facets,
    )


ROUTES: list[Route] = [
    ("/worker/v1/policies", PoliciesHandler),
    ("/worker/v1/policies/{policy_id}", PolicyHandler),
    ("/worker/v1/policies/{policy_id}/editions", PolicyEditionsHandler),
    ("/worker/v1/policy-suggestions", SuggestionsHandler),
]

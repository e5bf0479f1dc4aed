"""Policies over HTTP (政策): find, read, look back. Readable without signing in."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from handlers.base.access import public
from handlers.base.answers import Ready
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import SEARCH
from handlers.base.ready import Place, ReadyShelf, make_ready
from handlers.base.routing import Route
from handlers.worker.first_pages import PublicPages, is_first
from handlers.worker.policy_lists import (
    PolicyList,
    PolicyQuery,
    Words,
    above,
)
from handlers.worker.policy_views import PolicyView
from models.base.context import Context
from models.base.errors import TooMany
from models.base.pages import BadCursor
from models.base.units import Day, Instant
from models.policies import editions, history, library
from models.policies.editions import Edition, NoSuchPolicy
from models.policies.history import NotYet
from models.policies.library import PolicyGone, PolicyWithdrawn
from models.policies.notes import Note
from models.policies.search.entries import Kind
from models.policies.search.query import Query
from models.policies.texts import FOREVER


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
        found = await library.search(self.ctx, asked, cursor=query.cursor)
        pinned = await above(self.ctx, query) if is_first(query) else None
        return PolicyList.of(found, pinned)


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


ROUTES: list[Route] = [
    ("/worker/v1/policies", PoliciesHandler),
    ("/worker/v1/policies/{policy_id}", PolicyHandler),
    ("/worker/v1/policies/{policy_id}/editions", PolicyEditionsHandler),
    ("/worker/v1/policy-suggestions", SuggestionsHandler),
]

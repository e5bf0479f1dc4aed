"""One search over everything written (全站搜索): policies and guidance."""

from typing import Literal

import msgspec

from handlers.base.access import public
from handlers.base.answers import Encoded
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import SEARCH
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from handlers.worker.first_pages import PublicPages
from handlers.worker.policy_lists import Region, Words
from models.base.context import Context
from models.base.pages import BadCursor
from models.base.units import Instant
from models.policies import library
from models.policies.library import Found
from models.policies.search.entries import Kind
from models.policies.search.query import Hit, Query, Segment
from models.policies.vocabulary import CATEGORY_NAMES, TOPIC_NAMES
from models.workers.identities import ClientClass

Findable = Literal["policy", "guidance"]


class SearchQuery(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What to find, of which sort, from where on."""

    q: Words = ""
    kind: Findable | None = None
    audience: ClientClass | None = None
    work_region: Region | None = None
    """Where the reader works; what is for there comes a little earlier."""
    cursor: Cursor | None = None
    limit: Limit = 20


class FoundItem(msgspec.Struct):
    """One thing found."""

    kind: Kind
    id: str
    title: str
    title_parts: tuple[Segment, ...]
    """The title in pieces, those that were looked for marked."""
    snippet: tuple[Segment, ...]
    label: str
    """What it is about, as people call it."""
    published_at: Instant

    @classmethod
    def of(cls, hit: Hit, found: Found) -> "FoundItem":
        """Show what was found."""
        policy = found.policies.get(hit.id)
        if policy is not None:
            id_, label = policy.policy_id, TOPIC_NAMES[policy.identity.topic]
        else:
            guide = found.guides[hit.id]
            id_, label = guide.id, CATEGORY_NAMES[guide.category]
        return cls(
            kind=hit.entry.kind,
            id=id_,
            title=hit.entry.title,
            title_parts=hit.title,
            snippet=hit.snippet,
            label=label,
            published_at=hit.entry.published_at,
        )


class FoundList(msgspec.Struct):
    """A page of what was found; total and counts come with the first."""

    items: list[FoundItem]
    next: str | None
    total: int | None
    facets: dict[str, dict[str, int]] | None


PAGES = PublicPages("search")


class SearchHandler(Handler):
    """Everything that can be found by words."""

    @endpoint(access=public, refusals=(BadCursor,), limit=SEARCH)
    async def get(self, *, query: SearchQuery) -> Encoded[FoundList]:
        """Find policies and guidance by words."""
        page = await PAGES.kept(self, query, lambda: self._find(query))
        return Encoded(page.body)

    async def _find(self, query: SearchQuery) -> FoundList:
        found = await _found(self.ctx, query)
        return FoundList(
            items=[FoundItem.of(hit, found) for hit in found.hits],
            next=found.next,
            total=found.total,
            facets=found.facets,
        )


async def _found(ctx: Context, query: SearchQuery) -> Found:
    asked = Query(
        text=query.q,
        now=ctx.clock.now(),
        region=query.work_region,
        kind=None if query.kind is None else Kind(query.kind),
        audience=query.audience,
        limit=query.limit,
    )
    return await library.search(ctx, asked, cursor=query.cursor)


ROUTES: list[Route] = [("/worker/v1/search", SearchHandler)]

"""Employment guidance over HTTP (就业指导). Readable without signing in."""

from collections.abc import Mapping
from typing import Any

import msgspec

from handlers.base.access import public
from handlers.base.answers import Ready
from handlers.base.endpoint import Handler, endpoint
from handlers.base.paging import Cursor, Limit
from handlers.base.ready import Place, ReadyShelf, make_ready
from handlers.base.routing import Route
from handlers.worker.first_pages import PublicPages
from handlers.worker.policy_lists import Words
from models.base.context import Context
from models.base.errors import TooMany
from models.base.pages import BadCursor
from models.base.units import Instant
from models.policies import library
from models.policies.guides import Guide, NoSuchGuide
from models.policies.notes import GuideNote
from models.policies.search.entries import Kind
from models.policies.search.query import Hit, Query, Segment
from models.policies.vocabulary import CATEGORY_NAMES, Category
from models.workers.identities import ClientClass


class GuideQuery(
    msgspec.Struct, forbid_unknown_fields=True, frozen=True, cache_hash=True
):
    """What to find, narrowed by what, from where on."""

    q: Words = ""
    category: Category | None = None
    audience: ClientClass | None = None
    cursor: Cursor | None = None
    limit: Limit = 20


class GuideItem(msgspec.Struct):
    """An article in a list."""

    id: str
    title: str
    title_parts: tuple[Segment, ...]
    snippet: tuple[Segment, ...]
    category: Category
    category_name: str
    audience: tuple[ClientClass, ...]
    published_at: Instant

    @classmethod
    def of(cls, hit: Hit, note: GuideNote) -> "GuideItem":
        """Show what was found."""
        return cls(
            id=note.id,
            title=note.title,
            title_parts=hit.title,
            snippet=hit.snippet,
            category=note.category,
            category_name=CATEGORY_NAMES[note.category],
            audience=note.audience,
            published_at=note.visible_from,
        )


class GuideList(msgspec.Struct):
    """A page of articles; total and counts come with the first."""

    items: list[GuideItem]
    next: str | None
    total: int | None
    facets: dict[str, dict[str, int]] | None


class GuideView(msgspec.Struct):
    """An article as its reader sees it."""

    id: str
    title: str
    category: Category
    category_name: str
    audience: tuple[ClientClass, ...]
    tags: tuple[str, ...]
    summary: str
    html: str
    published_at: Instant

    @classmethod
    def of(cls, guide: Guide) -> "GuideView":
        """Show an article."""
        return cls(
            id=guide.article,
            title=guide.title,
            category=guide.category,
            category_name=CATEGORY_NAMES[guide.category],
            audience=guide.audience,
            tags=guide.tags,
            summary=guide.summary,
            html=guide.html,
            published_at=guide.visible_from,
        )


PAGES = PublicPages("guides")


class GuidesHandler(Handler):
    """The library of articles."""

    @endpoint(access=public, refusals=(BadCursor, TooMany), at_once=PAGES.lying_ready)
    async def get(self, *, query: GuideQuery) -> Ready[GuideList]:
        """Find articles by words, or list them newest first."""
        return await PAGES.counted(self, query, lambda: self._find(query))

    async def _find(self, query: GuideQuery) -> GuideList:
        asked = Query(
            text=query.q,
            now=self.ctx.clock.now(),
            topic=query.category,
            kind=Kind.GUIDANCE,
            audience=query.audience,
            limit=query.limit,
        )
        found = await library.search(self.ctx, asked, cursor=query.cursor)
        return GuideList(
            items=[GuideItem.of(hit, found.guides[hit.id]) for hit in found.hits],
            next=found.next,
            total=found.total,
            facets=found.facets,
        )


def _place(note: GuideNote) -> Place:
    """Return where an article is kept ready, and of which state."""
    return Place(("guide", note.id), (note.visible_from, note.revision))


def _lying_ready(
    ctx: Context, settings: Mapping[str, Any], *, guide_id: str
) -> Ready[GuideView] | None:
    """Return an article, if it lies ready."""
    note = library.guide_note(ctx, guide_id)
    shelf: ReadyShelf = settings["ready"]
    return None if note is None else shelf.find(*_place(note))


class GuideHandler(Handler):
    """One article."""

    @endpoint(access=public, refusals=(NoSuchGuide,), at_once=_lying_ready)
    async def get(self, guide_id: str) -> Ready[GuideView]:
        """Read an article."""
        note = library.guide_note(self.ctx, guide_id)
        if note is None:
            return make_ready(await self._read(guide_id))
        shelf: ReadyShelf = self.settings["ready"]
        return await shelf.find_or_make(*_place(note), lambda: self._read(guide_id))

    async def _read(self, guide_id: str) -> GuideView:
        return GuideView.of(await library.guide(self.ctx, guide_id))


ROUTES: list[Route] = [
    ("/worker/v1/guides", GuidesHandler),
    ("/worker/v1/guides/{guide_id}", GuideHandler),
]

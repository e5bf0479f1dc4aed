"""The synonym table over HTTP (同义词)."""

from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from handlers.union.manuscripts import editor
from models.base.pages import BadCursor, Page
from models.policies import synonyms
from models.policies.search.synonyms import Group
from models.policies.synonyms import BadLine, LineExists, NoSuchLine, SynonymGroup

Word = Annotated[str, Meta(min_length=1, max_length=30)]
Words = Annotated[tuple[Word, ...], Meta(max_length=30)]


class SynonymsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """From where on, how many."""

    cursor: Cursor | None = None
    limit: Limit = 20


class LineRequest(msgspec.Struct, forbid_unknown_fields=True, rename={"word": "from"}):
    """One line: words that all mean each other, or one that leads to others."""

    terms: Words = ()
    word: Word | None = None
    to: Words = ()

    def line(self) -> Group:
        """Return it as the table has it."""
        return Group(terms=self.terms, word=self.word, to=self.to)


class LineView(msgspec.Struct, rename={"word": "from"}):
    """One line of the table."""

    id: str
    terms: tuple[str, ...]
    word: str | None
    to: tuple[str, ...]

    @classmethod
    def of(cls, line: SynonymGroup) -> "LineView":
        """Show a line."""
        return cls(id=line.id, terms=line.terms, word=line.word, to=line.to)


class SynonymsHandler(Handler):
    """The table."""

    @endpoint(access=editor, refusals=(BadCursor,))
    async def get(self, *, query: SynonymsQuery) -> Page[LineView]:
        """List the table."""
        page = await synonyms.listed(
            self.ctx, by=self.actor, cursor=query.cursor, limit=query.limit
        )
        return Page([LineView.of(line) for line in page.items], page.next)

    @endpoint(
        access=editor,
        status=201,
        refusals=(BadLine, LineExists),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, *, body: LineRequest) -> LineView:
        """Add a line."""
        added = await synonyms.add(self.ctx, body.line(), by=self.actor)
        return LineView.of(added)


class SynonymHandler(Handler):
    """One line."""

    @endpoint(access=editor, refusals=(BadLine, LineExists, NoSuchLine), limit=WRITES)
    async def put(self, line_id: str, *, body: LineRequest) -> LineView:
        """Say a line otherwise."""
        changed = await synonyms.change(self.ctx, line_id, body.line(), by=self.actor)
        return LineView.of(changed)

    @endpoint(access=editor, status=204, refusals=(NoSuchLine,), limit=WRITES)
    async def delete(self, line_id: str) -> None:
        """Take a line out."""
        await synonyms.remove(self.ctx, line_id, by=self.actor)


ROUTES: list[Route] = [
    ("/union/v1/synonyms", SynonymsHandler),
    ("/union/v1/synonyms/{line_id}", SynonymHandler),
]

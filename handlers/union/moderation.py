"""Content safety at the back office (内容审核): the queue, decisions, the word list."""

from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.base.pages import BadCursor, Page
from models.base.units import Id, Instant
from models.moderation import deciding, words
from models.moderation.deciding import PieceMoved, SameDecider
from models.moderation.findings import Says
from models.moderation.pieces import Kind, NoSuchPiece, Piece, State, Why
from models.moderation.words import BadWord, NoSuchWord, Word
from models.unions.permissions import Permission
from models.unions.units import NoSuchUnit

moderating = official(Permission.MODERATION)


class PiecesQuery(msgspec.Struct, forbid_unknown_fields=True):
    """What to list; without a state, whatever waits for a person."""

    state: State | None = None
    cursor: Cursor | None = None
    limit: Limit = 20


class DecisionRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Whether others may see it, and why; the author reads the reason."""

    visible: bool
    reason: Annotated[str, Meta(min_length=2, max_length=200)]


class WordRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A word, on which unit's list, and what it means for a text."""

    unit_id: Id
    text: Annotated[str, Meta(min_length=1, max_length=40)]
    says: Says


class WordsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Where to go on, and how many."""

    cursor: Cursor | None = None
    limit: Limit = 20


class FindingView(msgspec.Struct):
    """What one provider said."""

    provider: str
    says: Says
    label: int
    words: tuple[str, ...]


class DecisionView(msgspec.Struct, kw_only=True):
    """What a person decided."""

    by: str
    visible: bool
    reason: str
    at: Instant


class ReportView(msgspec.Struct):
    """What somebody reported; not who."""

    reason: str
    at: Instant


class PieceView(msgspec.Struct, kw_only=True):
    """A piece as a moderator sees it; without its author."""

    id: str
    kind: Kind
    about: str
    place: str
    text: str
    state: State
    state_since: Instant
    handed_in_at: Instant
    why: Why | None
    findings: list[FindingView]
    decisions: list[DecisionView]
    reports: list[ReportView]
    appeal: str | None

    @classmethod
    def of(cls, piece: Piece) -> "PieceView":
        """Show a piece."""
        same = {
            name: getattr(piece, name)
            for name in cls.__struct_fields__
            if name not in {"findings", "decisions", "reports"}
        }
        return cls(
            **same,
            findings=[
                FindingView(each.provider, each.says, each.label, each.words)
                for each in piece.findings
            ],
            decisions=[
                DecisionView(by=d.by, visible=d.visible, reason=d.reason, at=d.at)
                for d in piece.decisions
            ],
            reports=[ReportView(each.reason, each.at) for each in piece.reports],
        )


class WordView(msgspec.Struct, kw_only=True):
    """One word of the list."""

    id: str
    unit_id: str
    text: str
    says: Says
    added_by: str
    added_at: Instant

    @classmethod
    def of(cls, word: Word) -> "WordView":
        """Show a word."""
        return cls(**{name: getattr(word, name) for name in cls.__struct_fields__})


class PiecesHandler(Handler):
    """What waits for a person."""

    @endpoint(access=moderating, refusals=(BadCursor,))
    async def get(self, *, query: PiecesQuery) -> Page[PieceView]:
        """List what waits for a person in my subtree, or all in one state."""
        page = await deciding.of(
            self.ctx,
            state=query.state,
            cursor=query.cursor,
            limit=query.limit,
            by=self.actor,
        )
        return Page([PieceView.of(each) for each in page.items], page.next)


class PieceHandler(Handler):
    """One piece."""

    @endpoint(access=moderating, refusals=(NoSuchPiece,))
    async def get(self, piece_id: str) -> PieceView:
        """Show a piece with what was found, reported and decided."""
        return PieceView.of(await deciding.reach(self.ctx, piece_id, by=self.actor))


class DecisionsHandler(Handler):
    """Decisions about a piece."""

    @endpoint(
        access=moderating,
        refusals=(NoSuchPiece, PieceMoved, SameDecider),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, piece_id: str, *, body: DecisionRequest) -> PieceView:
        """Let a piece be seen or refuse it; an appeal is another person's to decide."""
        visible, reason = body.visible, body.reason
        decided = await deciding.decide(
            self.ctx, piece_id, visible=visible, reason=reason, by=self.actor
        )
        return PieceView.of(decided)


class WordsHandler(Handler):
    """The editors' own list."""

    @endpoint(access=moderating, refusals=(BadCursor,))
    async def get(self, *, query: WordsQuery) -> Page[WordView]:
        """List the words of my subtree, newest first."""
        page = await words.of(
            self.ctx, cursor=query.cursor, limit=query.limit, by=self.actor
        )
        return Page([WordView.of(each) for each in page.items], page.next)

    @endpoint(
        access=moderating,
        status=201,
        refusals=(NoSuchUnit, BadWord),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, *, body: WordRequest) -> WordView:
        """Put a word on a unit's list, or change what it means."""
        word = await words.add(
            self.ctx, body.unit_id, body.text, says=body.says, by=self.actor
        )
        return WordView.of(word)


class WordHandler(Handler):
    """One word."""

    @endpoint(access=moderating, refusals=(NoSuchWord,), limit=WRITES)
    async def delete(self, word_id: str) -> None:
        """Take a word off the list."""
        await words.remove(self.ctx, word_id, by=self.actor)


ALL = "/union/v1/moderation"

ROUTES: list[Route] = [
    (f"{ALL}/pieces", PiecesHandler),
    (f"{ALL}/pieces/{{piece_id}}", PieceHandler),
    (f"{ALL}/pieces/{{piece_id}}/decisions", DecisionsHandler),
    (f"{ALL}/words", WordsHandler),
    (f"{ALL}/words/{{word_id}}", WordHandler),
]

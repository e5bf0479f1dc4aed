"""A policy's editions over HTTP (版本管理): listed, compared, taken up again."""

import msgspec

from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from handlers.union.manuscript_views import ManuscriptView
from handlers.union.manuscripts import BADLY_WRITTEN, anybody, editor
from models.base.context import Context
from models.base.pages import BadCursor, Page
from models.base.units import Day, Id, Instant
from models.policies import archive, comparing, writing
from models.policies.comparing import Difference
from models.policies.editions import Edition
from models.policies.texts import FOREVER, Because
from models.policies.writing import NoSuchDocument, NoSuchEdition, OpenDraftExists


class EditionsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """From where on, how many."""

    cursor: Cursor | None = None
    limit: Limit = 20


class DiffQuery(msgspec.Struct, forbid_unknown_fields=True, rename={"before": "from"}):
    """Which two."""

    before: Id
    to: Id


class WithdrawnView(msgspec.Struct):
    """Why it was taken back."""

    because: Because
    reason: str
    at: Instant


class EditionView(msgspec.Struct, kw_only=True):
    """One edition, with when it was, is or will be public."""

    id: str
    sequence: int
    title: str
    number: str
    summary: str
    minor: bool
    effective_from: Day
    effective_to: Day | None
    begins_at: Instant
    ends_at: Instant | None
    is_public: bool
    is_void: bool
    """It was taken back, or ended, before it began."""
    replaced_by: str | None
    withdrawn: WithdrawnView | None

    @classmethod
    def of(cls, ctx: Context, edition: Edition) -> "EditionView":
        """Show an edition."""
        told = edition.withdrawn
        return cls(
            id=edition.id,
            sequence=edition.sequence,
            title=edition.identity.title,
            number=edition.number,
            summary=edition.summary,
            minor=edition.minor,
            effective_from=edition.effective_from,
            effective_to=edition.effective_to,
            begins_at=edition.visible_from,
            ends_at=None if edition.visible_to == FOREVER else edition.visible_to,
            is_public=edition.is_visible(ctx.clock.now()),
            is_void=edition.is_void,
            replaced_by=edition.replaced_by,
            withdrawn=None
            if told is None
            else WithdrawnView(told.because, told.reason, told.at),
        )


class EditionsHandler(Handler):
    """The history of a policy, with what is still to come."""

    @endpoint(access=anybody, refusals=(NoSuchDocument, BadCursor))
    async def get(self, policy_id: str, *, query: EditionsQuery) -> Page[EditionView]:
        """List a policy's editions, the last first."""
        page = await archive.of(
            self.ctx,
            policy_id,
            by=self.actor,
            cursor=query.cursor,
            limit=query.limit,
        )
        return Page([EditionView.of(self.ctx, each) for each in page.items], page.next)


class EditionDiffHandler(Handler):
    """Two editions side by side."""

    @endpoint(access=anybody, refusals=(NoSuchDocument, NoSuchEdition))
    async def get(self, policy_id: str, *, query: DiffQuery) -> Difference:
        """Compare two editions, field by field and clause by clause."""
        return await comparing.editions(
            self.ctx, policy_id, query.before, query.to, by=self.actor
        )


class RepublicationHandler(Handler):
    """An older edition taken up again."""

    @endpoint(
        access=editor,
        status=201,
        refusals=(NoSuchDocument, NoSuchEdition, OpenDraftExists, *BADLY_WRITTEN),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, policy_id: str, edition_id: str) -> ManuscriptView:
        """Begin the next edition with the words of an older one."""
        begun = await writing.republish(self.ctx, policy_id, edition_id, by=self.actor)
        return await ManuscriptView.of(self.ctx, begun)


ROUTES: list[Route] = [
    ("/union/v1/policies/{policy_id}/editions", EditionsHandler),
    ("/union/v1/policies/{policy_id}/editions/diff", EditionDiffHandler),
    (
        "/union/v1/policies/{policy_id}/editions/{edition_id}/republish",
        RepublicationHandler,
    ),
]

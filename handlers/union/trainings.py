"""Training programmes at the back office (培训项目管理)."""

from typing import Any

import msgspec

from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from handlers.union.training_shapes import (
    MapPlace,
    ProgrammeFields,
    Version,
    VersionReasonRequest,
    VersionRequest,
    managing,
)
from models.base.pages import BadCursor, Page
from models.base.places import BadPoint
from models.base.units import Fen, Id, Instant
from models.eligibility.facts import BadFacts
from models.eligibility.rules import BadRule
from models.trainings import planning
from models.trainings.planning import (
    FourEyes,
    PersonsFail,
    ProgrammeMoved,
)
from models.trainings.programmes import (
    NoSuchProgramme,
    Programme,
    Standing,
    Topic,
)
from models.trainings.turning import StaleVersion
from models.unions.units import NoSuchUnit
from models.workers.identities import ClientClass


class ProgrammeRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A new programme, and the union that answers for it."""

    unit_id: Id
    programme: ProgrammeFields


class ProgrammeChangeRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A programme written anew."""

    version: Version
    programme: ProgrammeFields


class ProgrammesQuery(msgspec.Struct, forbid_unknown_fields=True):
    """What to list."""

    standing: Standing | None = None
    cursor: Cursor | None = None
    limit: Limit = 20


class ManagedProgrammeBriefView(msgspec.Struct, kw_only=True):
    """A programme in its managers' list."""

    id: str
    unit_id: str
    standing: Standing
    version: int
    title: str
    topic: Topic
    organiser: str
    fee_fen: Fen
    added_at: Instant

    @classmethod
    def of(cls, programme: Programme) -> "ManagedProgrammeBriefView":
        """Show a programme in a list."""
        return cls(**_brief(programme))


class ManagedProgrammeView(ManagedProgrammeBriefView, kw_only=True):
    """A programme as its managers see it."""

    summary: str
    skills: tuple[str, ...]
    station_id: str | None
    place: MapPlace
    subsidy: str
    body: str
    rule: dict[str, Any] | None
    test_persons: tuple[dict[str, Any], ...]
    audience: tuple[ClientClass, ...]
    documents_later: bool
    first: tuple[ClientClass, ...]
    written_by: list[str]
    """Staff ids whose hands it went through; none of them opens it."""

    @classmethod
    def whole(cls, programme: Programme) -> "ManagedProgrammeView":
        """Show a programme with all there is."""
        return cls(
            **_brief(programme),
            summary=programme.summary,
            skills=programme.skills,
            station_id=programme.station_id,
            place=MapPlace.of(programme.place),
            subsidy=programme.subsidy,
            body=programme.body,
            rule=programme.rule,
            test_persons=programme.test_persons,
            audience=programme.audience,
            documents_later=programme.documents_later,
            first=programme.first,
            written_by=sorted(programme.written_by),
        )


def _brief(programme: Programme) -> dict[str, Any]:
    return {
        name: getattr(programme, name)
        for name in ManagedProgrammeBriefView.__struct_fields__
    }


class ProgrammesHandler(Handler):
    """The programmes within reach."""

    @endpoint(access=managing, refusals=(BadCursor,))
    async def get(self, *, query: ProgrammesQuery) -> Page[ManagedProgrammeBriefView]:
        """List the programmes of my subtree, newest first."""
        page = await planning.of(
            self.ctx,
            standing=query.standing,
            cursor=query.cursor,
            limit=query.limit,
            by=self.actor,
        )
        return Page(
            [ManagedProgrammeBriefView.of(each) for each in page.items], page.next
        )

    @endpoint(
        access=managing,
        status=201,
        refusals=(NoSuchUnit, BadRule, BadFacts, PersonsFail, BadPoint),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, *, body: ProgrammeRequest) -> ManagedProgrammeView:
        """Plan a programme; nobody outside sees it yet."""
        draft = body.programme.draft()
        planned = await planning.plan(self.ctx, body.unit_id, draft, by=self.actor)
        return ManagedProgrammeView.whole(planned)


class ProgrammeHandler(Handler):
    """One programme."""

    @endpoint(access=managing, refusals=(NoSuchProgramme,))
    async def get(self, programme_id: str) -> ManagedProgrammeView:
        """Show a programme with its rule and test persons."""
        programme = await planning.reach(self.ctx, programme_id, by=self.actor)
        return ManagedProgrammeView.whole(programme)

    @endpoint(
        access=managing,
        refusals=(
            NoSuchProgramme,
            BadRule,
            BadFacts,
            PersonsFail,
            BadPoint,
            ProgrammeMoved,
            StaleVersion,
        ),
        limit=WRITES,
    )
    async def put(
        self, programme_id: str, *, body: ProgrammeChangeRequest
    ) -> ManagedProgrammeView:
        """Write a programme anew that is not open."""
        draft, by = body.programme.draft(), self.actor
        changed = await planning.change(
            self.ctx, programme_id, draft, version=body.version, by=by
        )
        return ManagedProgrammeView.whole(changed)


class ProgrammeOpeningHandler(Handler):
    """The opening of a programme, by other eyes than wrote it."""

    @endpoint(
        access=managing,
        refusals=(
            NoSuchProgramme,
            FourEyes,
            PersonsFail,
            ProgrammeMoved,
            StaleVersion,
        ),
        limit=WRITES,
        repeats=True,
    )
    async def post(
        self, programme_id: str, *, body: VersionRequest
    ) -> ManagedProgrammeView:
        """Let everybody see a programme that others wrote."""
        opened = await planning.open_up(
            self.ctx, programme_id, version=body.version, by=self.actor
        )
        return ManagedProgrammeView.whole(opened)


class ProgrammeClosingHandler(Handler):
    """The closing of a programme."""

    @endpoint(
        access=managing,
        refusals=(NoSuchProgramme, ProgrammeMoved, StaleVersion),
        limit=WRITES,
        repeats=True,
    )
    async def post(
        self, programme_id: str, *, body: VersionReasonRequest
    ) -> ManagedProgrammeView:
        """Take a programme off the list; sessions that run go on."""
        closed = await planning.close(
            self.ctx,
            programme_id,
            version=body.version,
            reason=body.reason,
            by=self.actor,
        )
        return ManagedProgrammeView.whole(closed)


ALL = "/union/v1/trainings"

ROUTES: list[Route] = [
    (ALL, ProgrammesHandler),
    (f"{ALL}/{{programme_id}}", ProgrammeHandler),
    (f"{ALL}/{{programme_id}}/opening", ProgrammeOpeningHandler),
    (f"{ALL}/{{programme_id}}/closing", ProgrammeClosingHandler),
]

"""Workers of one's subtree over HTTP (职工): masked, opened with a reason, frozen."""

from typing import Annotated

import msgspec
from limits import RateLimitItemPerHour

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import SEARCH, WRITES
from handlers.base.limits import Limit as RateLimit
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.base.context import Context
from models.base.pages import BadCursor, Page
from models.base.units import Instant
from models.members import lookups
from models.members.affiliations import NoSuchMember
from models.members.lookups import Field, Opened
from models.unions.permissions import Permission
from models.workers.phones import PhoneNotUsable
from models.workers.workers import State, Worker

Reason = Annotated[str, msgspec.Meta(min_length=2, max_length=200)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Fields = Annotated[list[Field], msgspec.Meta(min_length=1, max_length=len(Field))]

UNMASKS = RateLimit("unmask", RateLimitItemPerHour(30))
"""One a call at a busy desk; whoever needs more is copying the register."""


class WorkersQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Where to go on."""

    cursor: Cursor | None = None
    limit: Limit = 20


class SearchRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A whole phone number, or a worker's id."""

    text: Text


class ReasonRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Why; the worker reads it."""

    reason: Reason


class UnmaskRequest(ReasonRequest, forbid_unknown_fields=True):
    """What is to be opened, and why."""

    fields: Fields


class MemberView(msgspec.Struct):
    """A worker as the union sees them; name and number are masked."""

    id: str
    name: str | None
    phone: str | None
    unit_id: str | None
    state: State
    joined_at: Instant

    @classmethod
    def of(cls, who: Worker, ctx: Context) -> "MemberView":
        """Show a worker."""
        return cls(
            id=who.id,
            name=who.masked_name(ctx),
            phone=who.masked_phone(ctx),
            unit_id=who.unit_id,
            state=who.state,
            joined_at=who.created_at,
        )


class OpenedView(msgspec.Struct):
    """What was asked for, as it is."""

    name: str | None
    phone: str | None

    @classmethod
    def of(cls, opened: Opened) -> "OpenedView":
        """Show what was opened, to whom it was opened for."""
        return cls(name=opened.name, phone=opened.phone)


class WorkersHandler(Handler):
    """The workers within my reach."""

    @endpoint(access=official(Permission.WORKERS_READ), refusals=(BadCursor,))
    async def get(self, *, query: WorkersQuery) -> Page[MemberView]:
        """List them, newest first."""
        page = await lookups.in_scope(
            self.ctx, cursor=query.cursor, limit=query.limit, by=self.actor
        )
        return Page([MemberView.of(who, self.ctx) for who in page.items], page.next)


class WorkerSearchesHandler(Handler):
    """Finding one worker; in the body, since an address is written down everywhere."""

    @endpoint(
        access=official(Permission.WORKERS_READ),
        refusals=(PhoneNotUsable,),
        limit=SEARCH,
    )
    async def post(self, *, body: SearchRequest) -> Page[MemberView]:
        """Find who has this number or id; nobody, if they are somebody else's."""
        found = await lookups.search(self.ctx, body.text, by=self.actor)
        return Page([MemberView.of(who, self.ctx) for who in found])


class WorkerHandler(Handler):
    """One worker."""

    @endpoint(access=official(Permission.WORKERS_READ), refusals=(NoSuchMember,))
    async def get(self, worker_id: str) -> MemberView:
        """Show them, masked."""
        found = await lookups.find(self.ctx, worker_id, by=self.actor)
        return MemberView.of(found, self.ctx)


class UnmaskHandler(Handler):
    """The opening of what is masked."""

    @endpoint(
        access=official(Permission.WORKERS_UNMASK),
        refusals=(NoSuchMember,),
        limit=UNMASKS,
    )
    async def post(self, worker_id: str, *, body: UnmaskRequest) -> OpenedView:
        """Open name or number, for a reason that the worker gets to see."""
        opened = await lookups.unmask(
            self.ctx, worker_id, body.fields, reason=body.reason, by=self.actor
        )
        return OpenedView.of(opened)


class FreezeHandler(Handler):
    """The lock on an account."""

    @endpoint(
        access=official(Permission.WORKERS_UNMASK),
        refusals=(NoSuchMember,),
        limit=WRITES,
    )
    async def put(self, worker_id: str, *, body: ReasonRequest) -> MemberView:
        """Lock it; its owner is out everywhere at once."""
        frozen = await lookups.freeze(
            self.ctx, worker_id, reason=body.reason, by=self.actor
        )
        return MemberView.of(frozen, self.ctx)


class UnfreezingHandler(Handler):
    """The end of a lock."""

    @endpoint(
        access=official(Permission.WORKERS_UNMASK),
        refusals=(NoSuchMember,),
        limit=WRITES,
    )
    async def post(self, worker_id: str, *, body: ReasonRequest) -> MemberView:
        """Open the account again."""
        opened = await lookups.unfreeze(
            self.ctx, worker_id, reason=body.reason, by=self.actor
        )
        return MemberView.of(opened, self.ctx)


ROUTES: list[Route] = [
    ("/union/v1/workers", WorkersHandler),
    ("/union/v1/worker-searches", WorkerSearchesHandler),
    ("/union/v1/workers/{worker_id}", WorkerHandler),
    ("/union/v1/workers/{worker_id}/unmask", UnmaskHandler),
    ("/union/v1/workers/{worker_id}/freeze", FreezeHandler),
    ("/union/v1/workers/{worker_id}/unfreezing", UnfreezingHandler),
]

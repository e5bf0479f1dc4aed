"""Grants over HTTP (授权): giving, lending and taking back."""

from typing import Annotated

import msgspec

from handlers.base.access import official, official_any
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from handlers.union.moves import Reason
from models.base.pages import BadCursor, Page
from models.base.units import Id, Instant
from models.unions import granting, lending
from models.unions.accounts import NoSuchAccount, ToOneself
from models.unions.administrators import LastAdministrator
from models.unions.granting import (
    EndsBeforeItBegins,
    LongerThanOneHas,
    MoreThanOneHas,
    NoPermissions,
)
from models.unions.grants import Grant, NoSuchGrant
from models.unions.officials import PermissionMissing
from models.unions.permissions import GrantRole, Permission
from models.unions.units import LevelSkipped, NoSuchUnit

Permissions = Annotated[
    list[Permission], msgspec.Meta(min_length=1, max_length=len(Permission))
]


class GrantQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Whose, at which unit, and where to go on."""

    account_id: Id | None = None
    unit_id: Id | None = None
    cursor: Cursor | None = None
    limit: Limit = 20


class GrantRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Who may do what, where, from when to when."""

    account_id: Id
    unit_id: Id
    role: GrantRole
    permissions: Permissions | None = None
    """Fewer than the role's; null is all of them."""
    begins_at: Instant | None = None
    ends_at: Instant | None = None
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""


class DelegationRequest(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who stands in for me, in what, where, from when to when, and why."""

    account_id: Id
    unit_id: Id
    permissions: Permissions
    begins_at: Instant | None = None
    ends_at: Instant
    reason: Reason


class GrantView(msgspec.Struct):
    """A grant."""

    id: str
    account_id: str
    unit_id: str
    role: GrantRole
    permissions: list[Permission]
    begins_at: Instant
    ends_at: Instant | None
    granted_by: str
    lent_by: str | None
    reason: str
    ended_at: Instant | None

    @classmethod
    def of(cls, grant: Grant) -> "GrantView":
        """Show a grant."""
        return cls(
            id=grant.id,
            account_id=grant.staff_id,
            unit_id=grant.unit_id,
            role=grant.role,
            permissions=sorted(grant.permissions),
            begins_at=grant.begins_at,
            ends_at=grant.ends_at,
            granted_by=grant.granted_by,
            lent_by=grant.lent_by,
            reason=grant.reason,
            ended_at=grant.ended_at,
        )


class GrantsHandler(Handler):
    """Grants within my reach."""

    @endpoint(access=official(Permission.GRANTS), refusals=(BadCursor,))
    async def get(self, *, query: GrantQuery) -> Page[GrantView]:
        """List those that stand, the newest first."""
        page = await granting.in_scope(
            self.ctx,
            staff_id=query.account_id,
            unit_id=query.unit_id,
            cursor=query.cursor,
            limit=query.limit,
            by=self.actor,
        )
        return Page([GrantView.of(grant) for grant in page.items], page.next)

    @endpoint(
        access=official(Permission.GRANTS),
        status=201,
        refusals=(
            NoSuchUnit,
            NoSuchAccount,
            ToOneself,
            MoreThanOneHas,
            LongerThanOneHas,
            NoPermissions,
            EndsBeforeItBegins,
            LevelSkipped,
        ),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, *, body: GrantRequest) -> GrantView:
        """Give somebody what I hold myself, where I hold it or below."""
        given = await granting.give(
            self.ctx,
            body.account_id,
            unit_id=body.unit_id,
            role=body.role,
            permissions=body.permissions,
            begins_at=body.begins_at,
            ends_at=body.ends_at,
            reason=body.reason,
            by=self.actor,
        )
        return GrantView.of(given)


class GrantHandler(Handler):
    """One grant."""

    @endpoint(
        access=official_any,
        refusals=(
            PermissionMissing,
            NoSuchGrant,
            ToOneself,
            MoreThanOneHas,
            LastAdministrator,
        ),
        limit=WRITES,
    )
    async def delete(self, grant_id: str) -> None:
        """Take it back, at once; also what I lent myself."""
        await granting.end(self.ctx, grant_id, by=self.actor)


class DelegationsHandler(Handler):
    """Who stands in for me."""

    @endpoint(access=official_any)
    async def get(self) -> Page[GrantView]:
        """List what I have lent and not taken back, a hundred at the most."""
        lent = await lending.by_lender(self.ctx, by=self.actor)
        return Page([GrantView.of(grant) for grant in lent])

    @endpoint(
        access=official_any,
        status=201,
        refusals=(
            NoSuchUnit,
            NoSuchAccount,
            ToOneself,
            MoreThanOneHas,
            NoPermissions,
            EndsBeforeItBegins,
        ),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, *, body: DelegationRequest) -> GrantView:
        """Let a colleague stand in for me until a moment."""
        lent = await lending.lend(
            self.ctx,
            body.account_id,
            unit_id=body.unit_id,
            permissions=body.permissions,
            begins_at=body.begins_at,
            ends_at=body.ends_at,
            reason=body.reason,
            by=self.actor,
        )
        return GrantView.of(lent)


ROUTES: list[Route] = [
    ("/union/v1/grants", GrantsHandler),
    ("/union/v1/grants/{grant_id}", GrantHandler),
    ("/union/v1/delegations", DelegationsHandler),
]

"""Lending (代理): somebody stands in for another for a while, with dates and a reason.

What is lent is worth what its lender holds at the time; it cannot be lent on, and the
right to grant is never lent. Every act with it shows both names, and four eyes are
still four: an approver's stand-in does not approve what either of them wrote.

Source: rules 7.5.
"""

from collections.abc import Collection
from datetime import datetime

from models.base.context import Context
from models.base.store import atomic
from models.unions import accounts, granting, units
from models.unions.accounts import ToOneself
from models.unions.granting import MoreThanOneHas, NoPermissions
from models.unions.grants import Grant
from models.unions.officials import Official
from models.unions.permissions import GrantRole, Permission
from models.unions.units import Unit


@atomic()
async def lend(
    ctx: Context,
    staff_id: str,
    *,
    unit_id: str,
    permissions: Collection[Permission],
    begins_at: datetime | None = None,
    ends_at: datetime,
    reason: str,
    by: Official,
) -> Grant:
    """Let a colleague stand in for oneself at a unit and below (委托代理).

    Refuses: NoSuchUnit, NoSuchAccount, ToOneself, MoreThanOneHas, NoPermissions,
    EndsBeforeItBegins.
    Records: GrantGiven.
    """
    if staff_id == by.id:
        raise ToOneself
    if not permissions:
        raise NoPermissions
    unit = await units.hold(ctx, await units.find(ctx, unit_id, scope=by.reach))
    lacking = sorted(each for each in permissions if not _may_lend(by, each, unit))
    if lacking:
        raise MoreThanOneHas({"permissions": lacking})
    await accounts.colleague(ctx, staff_id, by=by)
    now = ctx.clock.now()
    return await granting.keep(
        ctx,
        Grant(
            id=ctx.new_id("grant"),
            staff_id=staff_id,
            unit_id=unit.id,
            org_path=unit.path,
            role=GrantRole.DELEGATE,
            permissions=frozenset(permissions),
            begins_at=begins_at or now,
            ends_at=ends_at,
            granted_by=by.id,
            lent_by=by.id,
            reason=reason,
            given_at=now,
        ),
        by=by,
    )


async def by_lender(ctx: Context, *, by: Official) -> list[Grant]:
    """List what somebody lent and did not take back, the newest first."""
    return await Grant.many(ctx, {"lent_by": by.id, "ended_at": None})


def _may_lend(by: Official, permission: Permission, unit: Unit) -> bool:
    """Say whether somebody holds this himself, not lent, at a unit."""
    held = by.held_until(permission, unit.path)
    return permission is not Permission.GRANTS and held is not None

"""Granting (授予与收回): handing power on, never more than one has.

Whoever gives must hold the right to grant, and every permission given, at that very
unit or above; nobody gives to himself, nor to somebody out of reach. A unit's last
administrator stays until there is another.

Source: rules 7.2, 7.4, 7.5; features S1-24, X-12 (CVE-2026-37669: scope on write).
"""

from collections.abc import Collection
from datetime import datetime

from models.base.context import Context
from models.base.errors import Forbidden, Invalid
from models.base.events import Event, record
from models.base.pages import Page
from models.base.store import atomic
from models.base.units import Instant
from models.unions import accounts, acts, administrators, units
from models.unions.accounts import NoSuchAccount, ToOneself
from models.unions.grants import Grant, NoSuchGrant
from models.unions.officials import FOR_GOOD, Official
from models.unions.permissions import PERMISSIONS_OF, GrantRole, Permission
from models.unions.units import LevelSkipped, Unit


class GrantGiven(Event, kw_only=True, frozen=True):
    """Somebody was given power; they are told."""

    grant_id: str
    staff_id: str
    unit_id: str
    begins_at: Instant


class GrantEnded(Event, kw_only=True, frozen=True):
    """Power was taken back."""

    grant_id: str
    staff_id: str


class MoreThanOneHas(Forbidden):
    """Nobody hands on what he lacks; ``details.permissions`` name what is lacking."""

    code = "more_than_one_has"
    message = "不能授予自己没有的权限，请联系上级工会管理员。"


class LongerThanOneHas(Forbidden):
    """Nobody hands on for longer than he holds; ``details.until`` says how long."""

    code = "longer_than_one_has"
    message = "授权期限不能超过您自己的任期，请选择更早的结束时间。"


class NoPermissions(Invalid):
    """A grant gives something that belongs to its role."""

    code = "no_permissions"
    message = "请至少选择一项属于该岗位的权限。"


class EndsBeforeItBegins(Invalid):
    """The end lies before the begin, or is over."""

    code = "ends_before_it_begins"
    message = "结束时间须晚于开始时间和现在，请重新选择。"


@atomic()
async def give(
    ctx: Context,
    staff_id: str,
    *,
    unit_id: str,
    role: GrantRole,
    permissions: Collection[Permission] | None = None,
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
    reason: str = "",
    by: Official,
) -> Grant:
    """Give somebody power at a unit and below (授权).

    permissions: fewer than the role's; None is all of it.
    Rules: what one was lent is not handed on, what one holds for a while only for
    that while.
    Refuses: PermissionMissing, NoSuchUnit, NoSuchAccount, ToOneself, MoreThanOneHas,
    LongerThanOneHas, NoPermissions, EndsBeforeItBegins, LevelSkipped.
    Records: GrantGiven.
    """
    found = await units.find(ctx, unit_id, scope=by.scope(Permission.GRANTS))
    unit = await units.hold(ctx, found)
    await _check_holder(ctx, staff_id, by)
    if role is GrantRole.ADMINISTRATOR and not by.is_in_charge(Permission.GRANTS, unit):
        raise LevelSkipped({"unit_id": unit.parent_id})
    wanted = PERMISSIONS_OF[role] if permissions is None else frozenset(permissions)
    if not wanted or not wanted <= PERMISSIONS_OF[role]:
        raise NoPermissions
    _check_held(by, wanted, unit, ends_at)
    return await keep(
        ctx,
        Grant(
            id=ctx.new_id("grant"),
            staff_id=staff_id,
            unit_id=unit.id,
            org_path=unit.path,
            role=role,
            permissions=wanted,
            begins_at=begins_at or ctx.clock.now(),
            ends_at=ends_at,
            granted_by=by.id,
            reason=reason,
            given_at=ctx.clock.now(),
        ),
        by=by,
    )


async def keep(ctx: Context, grant: Grant, *, by: Official) -> Grant:
    """Write a grant down, inside the transaction that looked whether it may be.

    Refuses: EndsBeforeItBegins.
    Records: GrantGiven.
    """
    over = max(grant.begins_at, ctx.clock.now())
    if grant.ends_at is not None and grant.ends_at <= over:
        raise EndsBeforeItBegins
    await grant.insert(ctx)
    await acts.note(
        ctx,
        "grants.lend" if grant.lent_by else "grants.give",
        grant.id,
        under=Permission.GRANTS,
        at=grant.org_path,
        by=by,
        reason=grant.reason,
    )
    await record(
        ctx,
        GrantGiven(
            grant_id=grant.id,
            staff_id=grant.staff_id,
            unit_id=grant.unit_id,
            begins_at=grant.begins_at,
        ),
    )
    return grant


@atomic()
async def end(ctx: Context, grant_id: str, *, reason: str = "", by: Official) -> Grant:
    """Take power back, at once (收回授权); a lender may take back what he lent.

    Refuses: PermissionMissing, NoSuchGrant, ToOneself, MoreThanOneHas,
    LastAdministrator.
    Records: GrantEnded.
    """
    grant = await Grant.find(ctx, _id=grant_id, ended_at=None)
    if grant is None or grant.lent_by != by.id:
        scope = by.scope(Permission.GRANTS)
        if grant is None or not scope.covers(grant.org_path):
            raise NoSuchGrant
        if grant.staff_id == by.id:
            raise ToOneself
        lacking = sorted(x for x in grant.permissions if not by.may(x, grant.org_path))
        if lacking:
            raise MoreThanOneHas({"permissions": lacking})
    await administrators.keep_one(ctx, [grant])
    return await finish(ctx, grant, by=by, reason=reason)


async def finish(
    ctx: Context,
    grant: Grant,
    *,
    by: Official,
    reason: str = "",
    power: Permission = Permission.GRANTS,
) -> Grant:
    """End a grant, inside the transaction of what ends it.

    power: by which permission it is ended.
    Refuses: NoSuchGrant, if somebody else just did.
    Records: GrantEnded.
    """
    ended = await Grant.change(
        ctx,
        {"_id": grant.id, "ended_at": None},
        {"$set": {"ended_at": ctx.clock.now(), "ended_by": by.id}},
    )
    if ended is None:
        raise NoSuchGrant
    await acts.note(
        ctx,
        "grants.end",
        grant.id,
        under=power,
        at=grant.org_path,
        by=by,
        reason=reason,
    )
    await record(ctx, GrantEnded(grant_id=grant.id, staff_id=grant.staff_id))
    return ended


async def in_scope(
    ctx: Context,
    *,
    staff_id: str | None,
    unit_id: str | None,
    cursor: str | None,
    limit: int,
    by: Official,
) -> Page[Grant]:
    """List the grants that stand, within reach, newest first.

    Refuses: PermissionMissing, BadCursor.
    """
    where = by.scope(Permission.GRANTS).where() | {"ended_at": None}
    if staff_id is not None:
        where["staff_id"] = staff_id
    if unit_id is not None:
        where["unit_id"] = unit_id
    return await Grant.page(ctx, where, cursor=cursor, limit=limit)


async def _check_holder(ctx: Context, staff_id: str, by: Official) -> None:
    if staff_id == by.id:
        raise ToOneself
    holder = await accounts.find(ctx, staff_id, scope=by.scope(Permission.GRANTS))
    if not holder.active:
        raise NoSuchAccount


def _check_held(
    by: Official, wanted: Collection[Permission], unit: Unit, ends_at: datetime | None
) -> None:
    """Look that one holds oneself what one gives, and for as long.

    Refuses: MoreThanOneHas, LongerThanOneHas.
    """
    held = {each: by.held_until(each, unit.path) for each in wanted}
    lacking = sorted(each for each, until in held.items() if until is None)
    if lacking:
        raise MoreThanOneHas({"permissions": lacking})
    until = min(filter(None, held.values()))
    if until < (ends_at or FOR_GOOD):
        raise LongerThanOneHas({"until": until.isoformat()})

"""Granting (授予与收回): handing power on, never more than one has.

Whoever gives must hold the right to grant, and every permission given, at that very
unit or above; nobody gives to himself, nor to somebody out of reach. A unit's last
administrator stays until there is another.

Source: rules 7.2, 7.4, 7.5; features S1-24, X-12 (CVE-2026-37669: scope on write).
"""

from collections.abc import Collection
from datetime import datetime

from models.base import audit
from models.base.context import Context
from models.base.errors import Conflict, Forbidden, Invalid
from models.base.events import Event, record
from models.base.pages import Page
from models.base.store import atomic
from models.base.units import Instant
from models.unions import accounts, units
from models.unions.grants import Grant, NoSuchGrant
from models.unions.officials import Official
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


class ToOneself(Conflict):
    """Nobody grants, lends or ends anything for himself."""

    code = "to_oneself"
    message = "不能给自己授权或变更自己的授权，请由其他管理员办理。"


class NoPermissions(Invalid):
    """A grant gives something that belongs to its role."""

    code = "no_permissions"
    message = "请至少选择一项属于该岗位的权限。"


class EndsBeforeItBegins(Invalid):
    """The end lies before the begin, or is over."""

    code = "ends_before_it_begins"
    message = "结束时间须晚于开始时间和现在，请重新选择。"


class LastAdministrator(Conflict):
    """Without this person nobody could look after the unit."""

    code = "last_administrator"
    message = "这是该组织最后一位管理员，请先授权另一位管理员再操作。"


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

    permissions: fewer than the role's; None is all of it that one may hand on.
    Refuses: PermissionMissing, NoSuchUnit, NoSuchAccount, ToOneself,
    MoreThanOneHas, NoPermissions, EndsBeforeItBegins, LevelSkipped.
    Records: GrantGiven.
    """
    unit = await units.find(ctx, unit_id, scope=by.scope(Permission.GRANTS))
    await _check_holder(ctx, staff_id, by)
    if role is GrantRole.ADMINISTRATOR and not by.is_in_charge(Permission.GRANTS, unit):
        raise LevelSkipped({"unit_id": unit.parent_id})
    wanted = PERMISSIONS_OF[role] if permissions is None else frozenset(permissions)
    if not wanted or not wanted <= PERMISSIONS_OF[role]:
        raise NoPermissions
    lacking = sorted(each for each in wanted if not by.may(each, unit.path))
    if lacking:
        raise MoreThanOneHas({"permissions": lacking})
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
    await audit.note(
        ctx,
        who=by.id,
        what="grants.lend" if grant.lent_by else "grants.give",
        about=grant.id,
        reason=grant.reason,
        acting_for=by.acting_for(Permission.GRANTS, grant.org_path),
        org_path=grant.org_path,
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
    await keep_an_administrator(ctx, [grant])
    return await finish(ctx, grant, who=by.id, reason=reason)


async def finish(ctx: Context, grant: Grant, *, who: str, reason: str) -> Grant:
    """End a grant, inside the transaction of what ends it.

    Refuses: NoSuchGrant, if somebody else just did.
    Records: GrantEnded.
    """
    ended = await Grant.change(
        ctx,
        {"_id": grant.id, "ended_at": None},
        {"$set": {"ended_at": ctx.clock.now(), "ended_by": who}},
    )
    if ended is None:
        raise NoSuchGrant
    await audit.note(
        ctx,
        who=who,
        what="grants.end",
        about=grant.id,
        reason=reason,
        org_path=grant.org_path,
    )
    await record(ctx, GrantEnded(grant_id=grant.id, staff_id=grant.staff_id))
    return ended


async def keep_an_administrator(ctx: Context, ending: Collection[Grant]) -> None:
    """Look that each unit keeps an administrator; two who end at once wait in turn.

    Rules: one whose time runs out by itself does not count.
    Refuses: LastAdministrator.
    """
    gone = [grant.id for grant in ending]
    for unit_id in sorted({x.unit_id for x in ending if _administers(x)}):
        await Unit.change(ctx, {"_id": unit_id}, {"$inc": {"turns": 1}})
        others = await Grant.shelf(ctx).find_one(
            {
                "unit_id": unit_id,
                "role": GrantRole.ADMINISTRATOR,
                "ended_at": None,
                "ends_at": None,
                "begins_at": {"$lte": ctx.clock.now()},
                "_id": {"$nin": gone},
            }
        )
        if others is None:
            raise LastAdministrator({"unit_id": unit_id})


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


async def administrators_over(ctx: Context, path: str) -> list[str]:
    """Name who administers a place of the tree, there or above, without end."""
    ids = [part for part in path.split("/") if part]
    found = await Grant.many(
        ctx,
        {
            "unit_id": {"$in": ids},
            "role": GrantRole.ADMINISTRATOR,
            "ended_at": None,
            "ends_at": None,
        },
        sort=[("_id", 1)],
    )
    return sorted({grant.staff_id for grant in found})


def _administers(grant: Grant) -> bool:
    return grant.role is GrantRole.ADMINISTRATOR and grant.lent_by is None


async def _check_holder(ctx: Context, staff_id: str, by: Official) -> None:
    if staff_id == by.id:
        raise ToOneself
    await accounts.find(ctx, staff_id, scope=by.scope(Permission.GRANTS))

"""Accounts (工作人员账号): opening them, being in charge of them, closing them.

An account lives through this and nothing else::

    opened ──▶ serving ──▶ left      grants, sessions and login end together
                 ▲           │
                 └── back ───┘       with no grant; given anew

Who is in charge of somebody reaches their unit and holds all that they hold, where
they hold it: nobody resets the password of somebody mightier and signs in as them.

Source: rules 7.2, 7.4; features S1-24.
"""

from datetime import date
from typing import Any

import msgspec

from models.base import audit
from models.base.context import Context
from models.base.errors import Conflict, Forbidden, Invalid, NotFound
from models.base.events import Event
from models.base.store import atomic
from models.unions import acts, administrators, grants, logins, passwords, units
from models.unions.logins import NameTaken
from models.unions.officials import FOR_GOOD, Official, reach_of
from models.unions.passwords import First
from models.unions.permissions import Permission
from models.unions.scopes import Scope
from models.unions.staff import NAME, Staff
from models.unions.units import LevelSkipped, Unit


class AccountLeft(Event, kw_only=True, frozen=True):
    """Somebody left the service; what was on their desk needs a new hand."""

    staff_id: str
    org_path: str


class NoSuchAccount(NotFound):
    """No account within reach has this id."""

    code = "no_such_account"
    message = "没有找到这位工作人员，请刷新列表后重试。"


class HoldsMoreThanOneHas(Forbidden):
    """The person holds something that who is asking does not."""

    code = "holds_more_than_one_has"
    message = "对方持有您没有的权限，请联系其上级工会管理员办理。"


class ToOneself(Conflict):
    """Nobody grants, lends or ends anything for himself, nor changes his service."""

    code = "to_oneself"
    message = "不能给自己授权或变更自己的授权和账号，请由其他管理员办理。"


class NoLogin(NotFound):
    """The account has no login yet; a reset needs its name."""

    code = "no_login"
    message = "该账号还没有登录名，请先填写登录名再开通。"


class NothingToChange(Invalid):
    """No field was given."""

    code = "nothing_to_change"
    message = "没有要修改的内容，请至少填写一项。"


class Opened(msgspec.Struct, kw_only=True, frozen=True):
    """An account, and the password to begin with, shown once."""

    staff: Staff
    password: str | None

    def __repr__(self) -> str:
        return f"<Opened {self.staff.id}>"


async def open_account(
    ctx: Context, *, unit_id: str, name: str, login: str | None, by: Official
) -> Opened:
    """Open an account for somebody at a unit (开通账号).

    login: the name to sign in with; None for those who only come by WeChat.
    Rules: a unit's accounts are opened there or right above.
    Refuses: PermissionMissing, NoSuchUnit, LevelSkipped, NameTaken.
    """
    unit = await units.find(ctx, unit_id, scope=by.scope(Permission.STAFF))
    if not by.is_in_charge(Permission.STAFF, unit):
        raise LevelSkipped({"unit_id": unit.parent_id})
    lender = by.acting_for(Permission.STAFF, unit.path)
    return await open_at(
        ctx, unit, name=name, login=login, who=by.id, acting_for=lender
    )


async def open_at(
    ctx: Context,
    unit: Unit,
    *,
    name: str,
    login: str | None,
    who: str,
    acting_for: str | None = None,
) -> Opened:
    """Open an account, for whoever was found to be in charge.

    Refuses: NameTaken; NoSuchUnit, if the unit has moved since.
    """
    first = None if login is None else await passwords.first()
    member = await _open(ctx, unit, name, (login, first), (who, acting_for))
    return Opened(staff=member, password=None if first is None else first.password)


@atomic(duplicate=NameTaken)
async def _open(
    ctx: Context,
    unit: Unit,
    name: str,
    login: tuple[str | None, First | None],
    hands: tuple[str, str | None],
) -> Staff:
    await units.hold(ctx, unit)
    member = Staff(
        id=ctx.new_id("staff"),
        name=ctx.secrets.seal(name),
        name_blind=ctx.secrets.mark(NAME, name),
        unit_id=unit.id,
        org_path=unit.path,
    )
    await member.insert(ctx)
    login_name, first = login
    if login_name is not None and first is not None:
        await logins.open_for(ctx, member.id, name=login_name, first=first)
    who, acting_for = hands
    await audit.note(
        ctx,
        who=who,
        what="accounts.open",
        about=member.id,
        acting_for=acting_for,
        org_path=member.org_path,
    )
    return member


async def find(ctx: Context, staff_id: str, *, scope: Scope) -> Staff:
    """Return an account that lies within a scope.

    Refuses: NoSuchAccount, also for one that lies elsewhere.
    """
    member = await Staff.get(ctx, staff_id)
    if member is None or not scope.covers(member.org_path):
        raise NoSuchAccount
    return member


async def find_to_see(ctx: Context, staff_id: str, *, by: Official) -> Staff:
    """Return an account whose powers one may see: one keeps people or grants there.

    Refuses: NoSuchAccount.
    """
    paths = [
        path
        for permission in (Permission.STAFF, Permission.GRANTS)
        for path in reach_of(by.powers, permission).paths
    ]
    return await find(ctx, staff_id, scope=Scope.of(paths))


async def colleague(ctx: Context, staff_id: str, *, by: Official) -> Staff:
    """Return somebody of one's own unit or of where one holds anything.

    Refuses: NoSuchAccount.
    """
    reach = Scope.of([by.staff.org_path, *by.reach.paths])
    member = await find(ctx, staff_id, scope=reach)
    if not member.is_serving(ctx.clock.today()):
        raise NoSuchAccount
    return member


async def under(ctx: Context, staff_id: str, *, by: Official) -> Staff:
    """Return an account that somebody is in charge of, to change it.

    Refuses: PermissionMissing, NoSuchAccount, ToOneself, HoldsMoreThanOneHas.
    """
    scope = by.scope(Permission.STAFF)
    if staff_id == by.id:
        raise ToOneself
    member = await find(ctx, staff_id, scope=scope)
    for grant in await grants.own_of(ctx, staff_id):
        if not all(by.may(each, grant.org_path) for each in grant.permissions):
            raise HoldsMoreThanOneHas
    return member


async def check_below(ctx: Context, staff_id: str, *, by: Official) -> None:
    """Look that one holds oneself, and for as long, all that somebody holds.

    Rules: whoever gets a password into their hands could go on as its owner; what
    one was lent, or holds for an hour, does not reach so far.
    Refuses: HoldsMoreThanOneHas.
    """
    for grant in await grants.own_of(ctx, staff_id):
        ends = grant.ends_at or FOR_GOOD
        for permission in grant.permissions:
            until = by.held_until(permission, grant.org_path)
            if until is None or until < ends:
                raise HoldsMoreThanOneHas


@atomic()
async def change(
    ctx: Context,
    staff_id: str,
    *,
    name: str | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    by: Official,
) -> Staff:
    """Change somebody's name, or when their service begins and ends (变更账号).

    Refuses: PermissionMissing, NoSuchAccount, HoldsMoreThanOneHas, ToOneself,
    NothingToChange, LastAdministrator.
    """
    member = await under(ctx, staff_id, by=by)
    told: dict[str, Any] = {"valid_from": valid_from, "valid_to": valid_to}
    given: dict[str, Any] = {
        key: day.isoformat() for key, day in told.items() if day is not None
    }
    if name is not None:
        given["name"] = ctx.secrets.seal(name)
        given["name_blind"] = ctx.secrets.mark(NAME, name)
    if not given:
        raise NothingToChange
    if valid_from is not None or valid_to is not None:
        await administrators.keep_one(ctx, await grants.own_of(ctx, staff_id))
    changed = await Staff.change(ctx, {"_id": staff_id}, {"$set": given})
    await note(ctx, member, "accounts.change", by=by)
    return changed or member


async def note(ctx: Context, member: Staff, what: str, *, by: Official) -> None:
    """Keep in the audit what was done to an account."""
    await acts.note(
        ctx,
        what,
        member.id,
        under=Permission.STAFF,
        at=member.org_path,
        by=by,
    )

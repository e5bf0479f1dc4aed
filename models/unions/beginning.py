"""Beginning (首位管理员): the one administrator whom nobody granted.

Made on the server itself, never through a door, and only where a unit has none: so
that a fresh house can be entered, and one whose last administrator is gone again.

Source: issue "Staff and editors" (`scripts/grant_role`).
"""

from models.base import audit
from models.base.context import Context
from models.base.errors import Conflict
from models.base.store import atomic
from models.unions import accounts, administrators, units
from models.unions.accounts import Opened
from models.unions.grants import Grant
from models.unions.permissions import PERMISSIONS_OF, GrantRole
from models.unions.units import Kind, NoSuchUnit, Unit

NOBODY = "first"
"""Stands where a granter's id would."""


class HasAdministrator(Conflict):
    """Somebody administers the unit; they open further accounts."""

    code = "has_administrator"
    message = "该组织已有管理员，请由管理员在后台开通账号。"


async def begin(ctx: Context, *, city: str) -> Unit:
    """Return the root of the tree, planted if there is none yet."""
    roots = await Unit.many(ctx, {"parent_id": None}, sort=[("_id", 1)], limit=1)
    if roots:
        return roots[0]
    id_ = ctx.new_id("unit")
    return await units.put_unit(ctx, id_=id_, name=city, kind=Kind.CITY, parent_id=None)


async def first_administrator(
    ctx: Context, *, unit_id: str, name: str, login: str
) -> Opened:
    """Open an account that administers a unit which nobody does (首位管理员).

    Refuses: NoSuchUnit, HasAdministrator, NameTaken.
    """
    unit = await Unit.find(ctx, _id=unit_id)
    if unit is None:
        raise NoSuchUnit
    if await administrators.lasting(ctx, unit.id):
        raise HasAdministrator
    opened = await accounts.open_at(ctx, unit, name=name, login=login, who=NOBODY)
    await _grant(ctx, unit, opened.staff.id)
    return opened


@atomic()
async def _grant(ctx: Context, unit: Unit, staff_id: str) -> None:
    """Give the grant; of two at once the second finds the first.

    Refuses: HasAdministrator.
    """
    await units.hold(ctx, unit)
    if await administrators.lasting(ctx, unit.id):
        raise HasAdministrator
    now = ctx.clock.now()
    role = GrantRole.ADMINISTRATOR
    grant = Grant(
        id=ctx.new_id("grant"),
        staff_id=staff_id,
        unit_id=unit.id,
        org_path=unit.path,
        role=role,
        permissions=PERMISSIONS_OF[role],
        begins_at=now,
        granted_by=NOBODY,
        given_at=now,
    )
    await grant.insert(ctx)
    await audit.note(
        ctx, who=NOBODY, what="grants.begin", about=grant.id, org_path=unit.path
    )

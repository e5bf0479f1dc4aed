"""A small union for tests: a city, two zones with a firm each, and its officials."""

from datetime import UTC, datetime

from models.unions import officials, units
from models.unions.grants import Grant
from models.unions.permissions import GrantRole, Permission
from models.unions.staff import put_staff
from models.unions.units import Kind
from models.workers import sessions
from models.workers.sessions import SignedIn
from models.workers.tokens import Port

TREE = (
    ("unit_city", "示例·市总工会", Kind.CITY, None),
    ("unit_east", "示例·东区总工会", Kind.ZONE, "unit_city"),
    ("unit_west", "示例·西区总工会", Kind.ZONE, "unit_city"),
    ("unit_east_firm", "示例·东区企业工会", Kind.GRASSROOTS, "unit_east"),
    ("unit_west_firm", "示例·西区企业工会", Kind.GRASSROOTS, "unit_west"),
)

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


async def plant(ctx):
    """Plant the tree; again changes nothing."""
    for id_, name, kind, parent_id in TREE:
        await units.put_unit(ctx, id_=id_, name=name, kind=kind, parent_id=parent_id)


async def grant(ctx, staff_id, *, unit, permissions, role=GrantRole.EDITOR, **other):
    """Put a grant on its shelf, without asking who may give it."""
    path = await units.path_of(ctx, unit)
    given = {
        "id": ctx.new_id("grant"),
        "staff_id": staff_id,
        "unit_id": unit,
        "org_path": path,
        "role": role,
        "permissions": frozenset(permissions),
        "begins_at": LONG_AGO,
        "granted_by": "first",
        "given_at": LONG_AGO,
    }
    return await Grant(**given | other).insert(ctx)


async def official(ctx, name, *, unit="unit_east", permissions=(), **other):
    """Employ somebody at a unit and grant them something there (planting the tree)."""
    await plant(ctx)
    member = await put_staff(
        ctx,
        id_=f"staff_{name}",
        name="王示例",
        openid=f"o-official-{name}",
        unit_id=unit,
    )
    if permissions:
        await grant(ctx, member.id, unit=unit, permissions=permissions, **other)
    return await again(ctx, member.id)


async def administrator(ctx, name, **where):
    """Employ somebody who may do everything at a unit, and give it to others."""
    return await official(
        ctx,
        name,
        permissions=list(Permission),
        role=GrantRole.ADMINISTRATOR,
        **where,
    )


async def again(ctx, staff_id):
    """Return an official as the door finds them now."""
    by = SignedIn(id=staff_id, session_id="session_1")
    return await officials.who(ctx, by=by)


async def token(ctx, who):
    """Sign an official in; returns the access token."""
    started = await sessions.start(ctx, owner_id=who.id, port=Port.UNION)
    return started.access_token

"""Planting (设立工会组织): new units under one's own, and their names.

Whoever plants touches the parent, so that a unit planted while its parent moves
waits for the move and gets the new path.

Source: rules 7.1, 7.4.
"""

from models.base.context import Context
from models.base.errors import Invalid
from models.base.store import atomic
from models.unions import acts, units
from models.unions.officials import Official
from models.unions.permissions import Permission
from models.unions.units import Kind, NoSuchUnit, Unit

BELOW: dict[Kind, frozenset[Kind]] = {
    Kind.CITY: frozenset(set(Kind) - {Kind.CITY}),
    Kind.DISTRICT: frozenset(set(Kind) - {Kind.CITY, Kind.DISTRICT}),
    Kind.ZONE: frozenset(set(Kind) - {Kind.CITY, Kind.DISTRICT, Kind.ZONE}),
    Kind.STREET: frozenset({Kind.GRASSROOTS, Kind.GRID, Kind.PARTNER}),
    Kind.INDUSTRY: frozenset({Kind.GRASSROOTS, Kind.PARTNER}),
    Kind.PARK: frozenset({Kind.GRASSROOTS}),
}
"""What may stand under what; the others have nothing under them."""


class WrongLevel(Invalid):
    """Such a unit does not stand under that one."""

    code = "wrong_level"
    message = "该上级之下不能设立这一类组织，请重新选择上级或类型。"


@atomic()
async def plant(
    ctx: Context, *, parent_id: str, name: str, kind: Kind, by: Official
) -> Unit:
    """Plant a unit (设立).

    Refuses: PermissionMissing, NoSuchUnit, WrongLevel.
    """
    await units.find(ctx, parent_id, scope=by.scope(Permission.UNITS))
    parent = await Unit.change(ctx, {"_id": parent_id}, {"$inc": {"turns": 1}})
    if parent is None:
        raise NoSuchUnit
    check_level(parent, kind)
    id_ = ctx.new_id("unit")
    planted = Unit(
        id=id_, name=name, kind=kind, parent_id=parent_id, path=f"{parent.path}{id_}/"
    )
    await planted.insert(ctx)
    await _note(ctx, planted, by, "units.plant")
    return planted


@atomic()
async def rename(ctx: Context, unit_id: str, *, name: str, by: Official) -> Unit:
    """Give a unit another name (更名); its id stays.

    Refuses: PermissionMissing, NoSuchUnit.
    """
    await units.find(ctx, unit_id, scope=by.scope(Permission.UNITS))
    renamed = await Unit.change(ctx, {"_id": unit_id}, {"$set": {"name": name}})
    if renamed is None:
        raise NoSuchUnit
    await _note(ctx, renamed, by, "units.rename")
    return renamed


def check_level(parent: Unit, kind: Kind) -> None:
    """Let a unit stand under another of a fitting kind.

    Refuses: WrongLevel.
    """
    if kind not in BELOW.get(parent.kind, frozenset()):
        raise WrongLevel({"parent": parent.kind, "kind": kind})


async def _note(ctx: Context, unit: Unit, by: Official, what: str) -> None:
    await acts.note(
        ctx,
        what,
        unit.id,
        under=Permission.UNITS,
        at=unit.path,
        by=by,
    )

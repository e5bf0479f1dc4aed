"""What somebody may do and where, as the back office shows it (权限一览)."""

from collections.abc import Sequence

import msgspec

from models.base.context import Context
from models.unions.officials import Power, reach_of
from models.unions.permissions import Permission
from models.unions.units import Unit


class UnitName(msgspec.Struct):
    """A unit, in short."""

    id: str
    name: str


class PowerView(msgspec.Struct):
    """One permission, and the units it reaches with all below them."""

    permission: Permission
    units: list[UnitName]


async def powers_view(ctx: Context, powers: Sequence[Power]) -> list[PowerView]:
    """Show powers, each unit by its name; one question for all names."""
    held = sorted({power.permission for power in powers})
    reached = {each: _roots(powers, each) for each in held}
    ids = sorted({id_ for roots in reached.values() for id_ in roots})
    rows = await Unit.many(ctx, {"_id": {"$in": ids}}, limit=0)
    names = {unit.id: unit.name for unit in rows}
    return [
        PowerView(
            permission=each,
            units=[UnitName(id_, names[id_]) for id_ in roots if id_ in names],
        )
        for each, roots in reached.items()
        if roots
    ]


def _roots(powers: Sequence[Power], permission: Permission) -> list[str]:
    """Name the units at the tops of the subtrees, each once."""
    paths = reach_of(powers, permission).paths
    return list(dict.fromkeys(path.split("/")[-2] for path in paths))

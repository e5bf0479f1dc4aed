"""Administrators (管理员): who looks after a unit for good, and that somebody does.

One counts who has been given a whole administrator's power to keep people and grants,
without an end, and who serves without an end. So a unit is neither left with one
whose hour runs out, nor with an administrator in name only.

Source: rules 7.4 (the last administrator stays).
"""

from collections.abc import Collection
from typing import Any

from models.base.context import Context
from models.base.errors import Conflict
from models.unions.grants import Grant
from models.unions.permissions import GrantRole, Permission
from models.unions.staff import Staff
from models.unions.units import Unit

NEEDED = frozenset({Permission.STAFF, Permission.GRANTS})
"""Without these nobody can be let in, or put in charge."""


class LastAdministrator(Conflict):
    """Without this person nobody could look after the unit."""

    code = "last_administrator"
    message = "这是该组织最后一位管理员，请先授权另一位管理员再操作。"


async def keep_one(ctx: Context, ending: Collection[Grant]) -> None:
    """Look that each unit keeps an administrator; two who end at once wait in turn.

    Rules: one whose time runs out by itself does not count.
    Refuses: LastAdministrator.
    """
    gone = [grant.id for grant in ending]
    for unit_id in sorted({grant.unit_id for grant in ending if _administers(grant)}):
        await Unit.change(ctx, {"_id": unit_id}, {"$inc": {"turns": 1}})
        others = await lasting(ctx, unit_id, but=gone)
        if not others:
            raise LastAdministrator({"unit_id": unit_id})


async def lasting(
    ctx: Context, unit_id: str, *, but: Collection[str] = ()
) -> list[Grant]:
    """List the grants by which somebody administers a unit for good."""
    now, today = ctx.clock.now(), ctx.clock.today()
    where = _whole({"unit_id": unit_id, "_id": {"$nin": sorted(but)}})
    found = await Grant.many(ctx, where | {"begins_at": {"$lte": now}}, limit=0)
    ids = sorted({grant.staff_id for grant in found})
    people = await Staff.many(ctx, {"_id": {"$in": ids}}, limit=0)
    staying = {
        each.id for each in people if each.is_serving(today) and each.valid_to is None
    }
    return [grant for grant in found if grant.staff_id in staying]


async def over(ctx: Context, path: str) -> list[str]:
    """Name who administers a place of the tree, there or above, without end."""
    ids = [part for part in path.split("/") if part]
    where = {
        "unit_id": {"$in": ids},
        "role": GrantRole.ADMINISTRATOR,
        "ended_at": None,
        "ends_at": None,
    }
    found = await Grant.many(ctx, where, sort=[("_id", 1)])
    return sorted({grant.staff_id for grant in found})


def _whole(where: dict[str, Any]) -> dict[str, Any]:
    return where | {
        "role": GrantRole.ADMINISTRATOR,
        "permissions": {"$all": sorted(NEEDED)},
        "ended_at": None,
        "ends_at": None,
    }


def _administers(grant: Grant) -> bool:
    is_whole = grant.role is GrantRole.ADMINISTRATOR and grant.permissions >= NEEDED
    return is_whole and grant.lent_by is None and grant.ends_at is None

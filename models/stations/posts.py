"""Posts (驿站岗位): who serves at which stations, and in which roles.

Whoever posts somebody looks after the person and after every station named. Posts at
stations out of his reach are not his to take away: they stay as they are.

Source: rules 7.2 (checked on write for every id); screens 值守台.
"""

from collections.abc import Collection

from models.base import audit
from models.base.context import Context
from models.base.store import atomic
from models.stations.stations import NoSuchStation, Station
from models.unions import accounts
from models.unions.accounts import NoSuchAccount
from models.unions.officials import Official
from models.unions.permissions import Permission
from models.unions.scopes import Scope
from models.unions.staff import Role, Staff


@atomic()
async def assign(
    ctx: Context,
    staff_id: str,
    *,
    station_ids: Collection[str],
    roles: Collection[Role],
    by: Official,
) -> Staff:
    """Post somebody at stations, in place of what was (安排岗位).

    Refuses: PermissionMissing, NoSuchAccount, NoSuchStation.
    """
    scope = by.scope(Permission.STATIONS)
    member = await accounts.find(ctx, staff_id, scope=scope)
    if not member.active:
        raise NoSuchAccount
    wanted = frozenset(station_ids)
    known = await _within(ctx, wanted | member.station_ids, scope)
    if not wanted <= known:
        raise NoSuchStation
    elsewhere = member.station_ids - known
    posted = await Staff.change(
        ctx,
        {"_id": staff_id, "active": True},
        {
            "$set": {
                "station_ids": sorted(wanted | elsewhere),
                "roles": sorted(roles),
            }
        },
    )
    if posted is None:
        raise NoSuchAccount
    await audit.note(
        ctx, who=by.id, what="posts.assign", about=staff_id, org_path=member.org_path
    )
    return posted


async def _within(
    ctx: Context, station_ids: Collection[str], scope: Scope
) -> frozenset[str]:
    where = {"_id": {"$in": sorted(station_ids)}} | scope.where()
    rows = Station.shelf(ctx).find(where, {"_id": 1})
    return frozenset([row["_id"] async for row in rows])

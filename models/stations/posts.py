"""Posts (驿站岗位): who serves at which stations, and in which roles.

Whoever posts somebody looks after the person and after every station named. Posts at
stations out of his reach are not his to take away: they stay as they are.

Source: rules 7.2 (checked on write for every id); screens 值守台.
"""

from collections.abc import Collection

from models.base.context import Context
from models.base.errors import Conflict
from models.base.store import atomic
from models.stations.stations import NoSuchStation, Station
from models.unions import accounts, acts
from models.unions.accounts import NoSuchAccount, ToOneself
from models.unions.officials import Official
from models.unions.permissions import Permission
from models.unions.scopes import Scope
from models.unions.staff import Role, Staff


class ServesElsewhere(Conflict):
    """A role would be given or taken at stations out of reach too."""

    code = "serves_elsewhere"
    message = "对方还在您管理范围以外的驿站任职，变更岗位请联系上级工会管理员。"


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

    Rules: roles count wherever somebody serves, so who also serves elsewhere keeps
    them as they are.
    Refuses: PermissionMissing, NoSuchAccount, ToOneself, NoSuchStation,
    ServesElsewhere.
    """
    scope = by.scope(Permission.STATIONS)
    if staff_id == by.id:
        raise ToOneself
    member = await accounts.find(ctx, staff_id, scope=scope)
    if not member.active:
        raise NoSuchAccount
    wanted = frozenset(station_ids)
    known = await _within(ctx, wanted | member.station_ids, scope)
    if not wanted <= known:
        raise NoSuchStation
    elsewhere = member.station_ids - known
    if elsewhere and frozenset(roles) != member.roles:
        raise ServesElsewhere
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
    await acts.note(
        ctx,
        "posts.assign",
        staff_id,
        under=Permission.STATIONS,
        at=member.org_path,
        by=by,
    )
    return posted


async def of(ctx: Context, who: Staff) -> list[Station]:
    """Return the stations that somebody serves at, in one question."""
    return await Station.many(ctx, {"_id": {"$in": sorted(who.station_ids)}}, limit=0)


async def _within(
    ctx: Context, station_ids: Collection[str], scope: Scope
) -> frozenset[str]:
    where = {"_id": {"$in": sorted(station_ids)}} | scope.where()
    rows = Station.shelf(ctx).find(where, {"_id": 1})
    return frozenset([row["_id"] async for row in rows])

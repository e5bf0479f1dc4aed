"""Keepers (驿站管理者): who may change a station, and the one way to change it.

Officials keep the stations of the subtrees they manage, clerks those they serve at;
to anybody else a station is not there. A change is one guarded update of the
station as it was read, with a line in the audit, in one transaction.

Source: rules 7.2, 7.3; features S1-23.
"""

from collections.abc import Callable

from msgspec.structs import replace

from models.base import audit
from models.base.context import Context
from models.base.documents import plain
from models.base.errors import Conflict
from models.base.store import atomic
from models.stations import hours
from models.stations.stations import NoSuchStation, Station
from models.unions.officials import Official
from models.unions.permissions import Permission
from models.unions.staff import Role, Staff

Keeper = Official | Staff

Turn = Callable[[Station], Station]
"""Says what a station is to become; may refuse, and may be asked again."""


class StationChanged(Conflict):
    """Somebody else changed the station meanwhile; ``details.rev`` is how it stands."""

    code = "station_changed"
    message = "驿站信息已被他人修改，请刷新后重新填写。"


async def find(ctx: Context, station_id: str, *, by: Keeper) -> Station:
    """Return a station as it is kept, to somebody who may change it.

    Refuses: NoSuchStation, also for one out of reach; PermissionMissing, RoleMissing.
    """
    if isinstance(by, Staff):
        if not by.may_serve(station_id):
            raise NoSuchStation
        by.require(Role.STATION_CLERK)
        station = await Station.find(ctx, _id=station_id)
    else:
        scope = by.scope(Permission.STATIONS)
        station = await Station.find(ctx, _id=station_id, **scope.where())
    if station is None:
        raise NoSuchStation
    return station


@atomic()
async def rewrite(
    ctx: Context, station_id: str, turn: Turn, *, what: str, reason: str, by: Keeper
) -> Station:
    """Change a station, and keep who did it and why.

    Refuses: as ``find``; StationChanged; whatever the turn refuses.
    """
    seen = await find(ctx, station_id, by=by)
    before, after = plain(seen), plain(turn(seen))
    changed = {name: value for name, value in after.items() if value != before[name]}
    kept = await Station.change(
        ctx,
        where={"_id": station_id, "rev": seen.rev or {"$in": [0, None]}},
        update={"$set": changed | {"rev": seen.rev + 1}},
    )
    if kept is None:
        raise StationChanged
    await note(ctx, kept, what, reason, by=by)
    return kept


async def note(
    ctx: Context, station: Station, what: str, reason: str, *, by: Keeper
) -> None:
    """Keep that somebody did something to a station."""
    lender = None
    if isinstance(by, Official):
        lender = by.acting_for(Permission.STATIONS, station.org_path)
    await audit.note(
        ctx,
        who=by.id,
        what=f"stations.{what}",
        about=station.id,
        reason=reason,
        acting_for=lender,
        org_path=station.org_path,
    )


def check_rev(station: Station, rev: int) -> None:
    """Make sure that a station is still as somebody saw it.

    Refuses: StationChanged.
    """
    if station.rev != rev:
        raise StationChanged({"rev": station.rev})


def timed(station: Station, **changed: object) -> Station:
    """Return a station with other hours, which make sense.

    Refuses: BadHours.
    """
    return replace(station, hours=hours.check(replace(station.hours, **changed)))

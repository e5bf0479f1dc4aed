"""The audience (谁能听到) of what happens at a station, live.

::

    desk     bookings, check-ins, visits: the station's clerks
    alarms   first aid: everybody who serves there, and whoever was called
    both     the officials who manage stations above it in the tree, who are also
             told of what comes into their own inbox

The same people who may list these things at their port, no others.

Source: rules 7.3 (sockets use the same scope); screens 值守台.
"""

from enum import StrEnum

from models.base import push
from models.base.clock import start_of
from models.base.context import Context
from models.base.push import Hearing
from models.unions.lapsing import powers_end
from models.unions.officials import Official
from models.unions.permissions import Permission
from models.unions.staff import Role, Staff


class Hall(StrEnum):
    """One matter of a station."""

    DESK = "desk"
    ALARMS = "alarms"


def of(hall: Hall, station_id: str, org_path: str) -> tuple[str, ...]:
    """Name the topics of something that happened at a station."""
    return (push.station(hall, station_id), *push.branches(hall, org_path))


def heard_by_staff(staff: Staff) -> Hearing:
    """Say what a staff member may listen to."""
    is_clerk = Role.STATION_CLERK in staff.roles
    halls = (Hall.ALARMS, Hall.DESK) if is_clerk else (Hall.ALARMS,)
    own = {push.station(hall, each) for hall in halls for each in staff.station_ids}
    until = None if staff.valid_to is None else start_of(staff.valid_to)
    return Hearing(frozenset({push.staff(staff.id), *own}), until)


async def heard_by_official(ctx: Context, official: Official) -> Hearing:
    """Say what an official may listen to.

    Refuses: PermissionMissing.
    """
    scope = official.scope(Permission.STATIONS)
    topics = {push.branch(hall, path) for hall in Hall for path in scope.paths}
    heard = frozenset({push.inbox(official.id), *topics})
    return Hearing(heard, await powers_end(ctx, official))

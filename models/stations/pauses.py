"""Pauses (停用充电口): a port out of order is nobody's till it is mended.

Who booked it is given another port of the same slot, or the booking is called off by
the station; who is plugged in stays. Mended, the port is sold again.

Source: features S1-16, S1-23; screens.md, "设施上报".
"""

from functools import partial

from msgspec.structs import replace

from models.base.context import Context
from models.base.errors import Conflict
from models.stations import settling
from models.stations.disruptions import Cause, Disruption, Plan
from models.stations.keepers import Keeper
from models.stations.overrides import Reason
from models.stations.port_services import ServiceKind
from models.stations.stations import Station, service_of
from models.stations.walk_ins import NoSuchPort


class AlreadyPaused(Conflict):
    """The port is out of order already."""

    code = "already_paused"
    message = "这个充电口已经停用，不用重复操作。"


class NotPaused(Conflict):
    """The port is in order."""

    code = "not_paused"
    message = "这个充电口没有停用，不用恢复。"


async def pause(
    ctx: Context,
    station_id: str,
    kind: ServiceKind,
    port: int,
    *,
    reason: Reason,
    by: Keeper,
) -> Disruption:
    """Take a port out of use, and care for who booked it (停用).

    Refuses: NoSuchStation, PermissionMissing, RoleMissing, NoSuchService,
        NoSuchPort, AlreadyPaused, StationChanged.
    Records: BookingRelocated, BookingCancelled.
    """
    plan = Plan(cause=Cause.PORT, reason=reason)
    turn = partial(_paused, kind=kind, port=port)
    return await settling.bring_about(ctx, station_id, turn, plan, by=by)


async def resume(
    ctx: Context, station_id: str, kind: ServiceKind, port: int, *, by: Keeper
) -> Disruption:
    """Take a mended port into use again (恢复).

    Refuses: NoSuchStation, PermissionMissing, RoleMissing, NoSuchService,
        NoSuchPort, NotPaused, StationChanged.
    """
    plan = Plan(cause=Cause.PORT, reason=f"{kind.label}{port}号口恢复使用")
    turn = partial(_resumed, kind=kind, port=port)
    return await settling.bring_about(ctx, station_id, turn, plan, by=by)


def _paused(station: Station, *, kind: ServiceKind, port: int) -> Station:
    paused = _paused_ports(station, kind, port)
    if port in paused:
        raise AlreadyPaused
    return _with(station, kind, {*paused, port})


def _resumed(station: Station, *, kind: ServiceKind, port: int) -> Station:
    paused = _paused_ports(station, kind, port)
    if port not in paused:
        raise NotPaused
    return _with(station, kind, paused - {port})


def _paused_ports(station: Station, kind: ServiceKind, port: int) -> set[int]:
    service = service_of(station, kind)
    if not 1 <= port <= service.ports:
        raise NoSuchPort({"port": port})
    return set(service.paused)


def _with(station: Station, kind: ServiceKind, paused: set[int]) -> Station:
    return replace(
        station,
        services=tuple(
            replace(each, paused=tuple(sorted(paused))) if each.kind is kind else each
            for each in station.services
        ),
    )

"""Handing out of the kit (发放): the soonest to expire first, and only by somebody.

One transaction for the batches, their movements and the item's level: of ten who
take the last piece one has it.

Source: features S1-19; rules §3.2 (no first-aid dispense unattended), §3.8.
"""

from collections.abc import Sequence

from models.base.context import Context
from models.base.errors import Conflict
from models.base.store import atomic
from models.stations import directory, kit
from models.stations.first_aid_alerts import Alert, NoSuchAlert
from models.stations.first_aid_alerts import State as AlertState
from models.stations.hours import Status
from models.stations.kit import Batch, Kind, Movement, NoSuchBatch, State
from models.stations.kit_books import BatchExpired, NotEnough, move, take
from models.stations.kit_levels import judge
from models.stations.stations import NoSuchStation, Station
from models.unions.staff import Role, Staff


class Unattended(Conflict):
    """Nobody is at the station now to hand anything out."""

    code = "unattended"
    message = "当前无人值守，不发放急救用品；有急救呼叫时，请先点“到场”再登记使用。"


@atomic()
async def issue(
    ctx: Context,
    station_id: str,
    *,
    item: str,
    quantity: int,
    batch_id: str | None = None,
    alert_id: str | None = None,
    by: Staff,
) -> list[Movement]:
    """Hand something out, the soonest to expire first (发放).

    Rules: while staff are there, by hours or because somebody arrived at the
        first-aid call it is for; a named batch and no other, if one is named.
    Refuses: NoSuchStation, RoleMissing, NoSuchAlert, Unattended, NoSuchBatch,
        BatchExpired, NotEnough.
    """
    _check_helper(by, station_id)
    station = await directory.find(ctx, station_id)
    await _check_attended(ctx, station, alert_id)
    good = await _usable(ctx, station_id, item, batch_id, quantity)
    moved: list[Movement] = []
    wanted = quantity
    for each in good:
        part = min(wanted, each.quantity)
        if part:
            left = await take(ctx, each, part)
            moved.append(
                await move(ctx, left, Kind.ISSUED, -part, by=by.id, alert_id=alert_id)
            )
        wanted -= part
    await judge(ctx, station, item)
    return moved


def _check_helper(by: Staff, station_id: str) -> None:
    """Go on only with a clerk or a first-aid responder of the station."""
    if not by.may_serve(station_id):
        raise NoSuchStation
    if Role.FIRST_AID_RESPONDER not in by.roles:
        by.require(Role.STATION_CLERK)


async def _check_attended(ctx: Context, station: Station, alert_id: str | None) -> None:
    alert = None if alert_id is None else await Alert.find(ctx, _id=alert_id)
    if alert_id is not None and (alert is None or alert.station_id != station.id):
        raise NoSuchAlert
    somebody_came = alert is not None and alert.state is AlertState.ARRIVED
    state = station.hours.state_at(ctx.clock.now())
    if state.status is not Status.OPEN and not somebody_came:
        raise Unattended({"reason": state.reason})


async def _usable(
    ctx: Context, station_id: str, item: str, batch_id: str | None, quantity: int
) -> Sequence[Batch]:
    """Return the batches to take from, which hold enough.

    Refuses: NoSuchBatch, BatchExpired, NotEnough.
    """
    today = ctx.clock.today()
    here = {"station_id": station_id, "item": item}
    if batch_id is not None:
        named = await Batch.find(ctx, _id=batch_id, **here)
        if named is None:
            raise NoSuchBatch
        found = [named]
    else:
        found = await Batch.many(
            ctx,
            {**here, "quantity": {"$gt": 0}},
            sort=kit.BY_EXPIRY,
            limit=kit.MOST_BATCHES,
        )
    good = [each for each in found if each.state_on(today) is not State.EXPIRED]
    if found and not good:
        raise BatchExpired({"expires_on": found[-1].expires_on.isoformat()})
    left = sum(each.quantity for each in good)
    if left < quantity:
        raise NotEnough({"left": left})
    return good

"""The response to a first-aid call (急救响应): answer, arrive, end it.

Each step is one guarded update of the alert, so of many who answer at once one is
the first and the others are told who. The same step by the same person again, after
a lost answer, changes nothing.

Source: features S1-18; rules §3.8.
"""

from collections.abc import Sequence
from typing import Any

from models.base.context import Context
from models.base.documents import plain
from models.base.events import record
from models.base.pages import Page
from models.base.store import atomic
from models.stations import first_aid_details as details
from models.stations.first_aid_alerts import (
    OPEN,
    Alert,
    AlertMoved,
    Deed,
    FirstAidAcknowledged,
    FirstAidArrived,
    FirstAidClosed,
    NoSuchAlert,
    Outcome,
    ReasonNeeded,
    State,
    tell,
)
from models.unions.staff import Staff

DONE = {
    State.ACKNOWLEDGED: "接警",
    State.ARRIVED: "到场",
    State.CLOSED: "结束这次救助",
}


async def acknowledge(ctx: Context, alert_id: str, *, by: Staff) -> Alert:
    """Say that one is on the way (接警); of many, one is the first.

    Refuses: NoSuchAlert, AlertMoved.
    Records: FirstAidAcknowledged.
    """
    seen = await get(ctx, alert_id, by=by)
    if seen.state is State.ACKNOWLEDGED and _did(seen.acknowledged, by):
        return seen
    return await _acknowledge(ctx, seen, by)


async def arrive(ctx: Context, alert_id: str, *, by: Staff) -> Alert:
    """Say that one is there (到场); whoever is there need not have answered before.

    Refuses: NoSuchAlert, AlertMoved.
    Records: FirstAidArrived.
    """
    seen = await get(ctx, alert_id, by=by)
    if seen.state is State.ARRIVED and _did(seen.arrived, by):
        return seen
    return await _arrive(ctx, seen, by)


async def close(
    ctx: Context, alert_id: str, outcome: Outcome, reason: str = "", *, by: Staff
) -> Alert:
    """End an alert (结束): helped, handed to 120, or a false alarm and why.

    Rules: nobody has been helped before somebody answered; what was said without
    consent is erased at once, the rest thirty days later.
    Refuses: NoSuchAlert, ReasonNeeded, AlertMoved.
    Records: FirstAidClosed.
    """
    seen = await get(ctx, alert_id, by=by)
    if outcome is Outcome.FALSE_ALARM and not reason.strip():
        raise ReasonNeeded
    if seen.state is State.CLOSED and _did(seen.closed, by):
        return seen
    return await _close(ctx, seen, outcome, reason.strip(), by)


async def get(ctx: Context, alert_id: str, *, by: Staff) -> Alert:
    """Return an alert of one's stations, or one that one was called for.

    Refuses: NoSuchAlert.
    """
    alert = await Alert.find(ctx, _id=alert_id)
    if alert is None or not (by.may_serve(alert.station_id) or alert.was_called(by.id)):
        raise NoSuchAlert
    return alert


async def of(
    ctx: Context,
    states: Sequence[State],
    *,
    by: Staff,
    cursor: str | None = None,
    limit: int,
) -> Page[Alert]:
    """List the alerts of one's stations and those one was called for, newest first.

    Refuses: BadCursor.
    """
    where: dict[str, Any] = {
        "state": {"$in": list(states)},
        "$or": [
            {"station_id": {"$in": sorted(by.station_ids)}},
            {"rings.staff_id": by.id},
        ],
    }
    return await Alert.page(ctx, where, cursor=cursor, limit=limit)


@atomic()
async def _acknowledge(ctx: Context, seen: Alert, by: Staff) -> Alert:
    deed = Deed(by.id, ctx.clock.now())
    change = {"state": State.ACKNOWLEDGED, "acknowledged": deed, "climb_at": None}
    alert = await _turn(ctx, seen, (State.CALLED,), {"$set": plain(change)})
    event = FirstAidAcknowledged(
        **tell(alert), staff_id=by.id, seconds=_seconds(alert, deed)
    )
    await record(ctx, event)
    return alert


@atomic()
async def _arrive(ctx: Context, seen: Alert, by: Staff) -> Alert:
    deed = Deed(by.id, ctx.clock.now())
    told = plain(deed)
    change = {
        "state": State.ARRIVED,
        "arrived": told,
        "acknowledged": {"$ifNull": ["$acknowledged", told]},
        "climb_at": None,
    }
    before = (State.CALLED, State.ACKNOWLEDGED)
    alert = await _turn(ctx, seen, before, [{"$set": change}])
    event = FirstAidArrived(
        **tell(alert), staff_id=by.id, seconds=_seconds(alert, deed)
    )
    await record(ctx, event)
    return alert


@atomic()
async def _close(
    ctx: Context, seen: Alert, outcome: Outcome, reason: str, by: Staff
) -> Alert:
    now = ctx.clock.now()
    change = {
        "state": State.CLOSED,
        "closed": plain(Deed(by.id, now)),
        "outcome": outcome,
        "reason": ctx.secrets.seal(reason) if reason else None,
        "climb_at": None,
        "tap": None,
        **details.when_closed(now),
    }
    is_helped = outcome is Outcome.HELPED
    before = (State.ACKNOWLEDGED, State.ARRIVED) if is_helped else OPEN
    alert = await _turn(ctx, seen, before, [{"$set": change}])
    event = FirstAidClosed(**tell(alert), staff_id=by.id, outcome=outcome)
    await record(ctx, event)
    return alert


async def _turn(
    ctx: Context, seen: Alert, before: tuple[State, ...], update: Any
) -> Alert:
    alert = await Alert.change(
        ctx, where={"_id": seen.id, "state": {"$in": list(before)}}, update=update
    )
    if alert is None:
        stands = await Alert.find(ctx, _id=seen.id) or seen
        raise await _moved(ctx, stands)
    return alert


async def _moved(ctx: Context, stands: Alert) -> AlertMoved:
    deed = stands.last_deed()
    who = None if deed is None else await Staff.get(ctx, deed.by)
    name = None if who is None else who.masked_name(ctx)
    told = {"state": stands.state, "by": name}
    if deed is None:
        return AlertMoved(told, message="还没有人接警，请先接警或到场。")
    return AlertMoved(
        told | {"at": deed.at.isoformat()},
        message=f"{name or '同事'}已{DONE[stands.state]}，请刷新查看。",
    )


def _did(deed: Deed | None, by: Staff) -> bool:
    return deed is not None and deed.by == by.id


def _seconds(alert: Alert, deed: Deed) -> int:
    return int((deed.at - alert.called_at).total_seconds())

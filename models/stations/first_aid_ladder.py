"""The ladder (逐级呼叫): who is called, and who next when nobody answers.

::

    1  at once   everybody on duty at the station
    2  60 s      who is on duty at the stations nearest by, and the first on call
    3  120 s     everybody on call, the first one once more; the highest alarm

A station with nobody on duty begins on the second rung. A rung is one guarded
update of the alert, so of many clockworks one climbs it, also after a restart.

Source: features S1-18; rules §3.8.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

from models.base.context import Context
from models.base.documents import plain
from models.base.events import record
from models.base.rounds import each, named
from models.base.store import atomic
from models.stations import directory, duty
from models.stations.first_aid_alerts import Alert, FirstAidEscalated, Ring, State, tell
from models.stations.stations import Station

HIGHEST = 3

AFTER = {2: timedelta(seconds=60), 3: timedelta(seconds=120)}
"""When a rung is due, counted from the call."""

NEARBY = 5_000
"""Metres; from farther away nobody comes in time."""

STATIONS_NEARBY = 3
"""The nearest ones that have somebody on duty."""

STATIONS_LOOKED_AT = 12

MOST_A_ROUND = 200

CLIMB = named("climb")
"""What a call that could not be passed on is counted under; it wakes somebody."""


async def first(ctx: Context, station: Station) -> tuple[int, list[str]]:
    """Return the rung to begin on, and whom to call."""
    here = [each.staff.id for each in await duty.on_duty(ctx, station.id)]
    if here:
        return 1, here
    return 2, await _called_on(ctx, 2, station)


def due_after(level: int, called_at: datetime) -> datetime | None:
    """Return when the rung above one is due."""
    return None if level >= HIGHEST else called_at + AFTER[level + 1]


async def climb(ctx: Context) -> int:
    """Climb every rung that is due; returns how many. Run every few seconds.

    Rules: a late run climbs all that is due, one rung after the other.
    Records: FirstAidEscalated.
    """
    climbed = 0
    for _ in AFTER:
        due = await Alert.many(
            ctx,
            {"state": State.CALLED, "climb_at": {"$lte": ctx.clock.now()}},
            sort=[("climb_at", 1)],
            limit=MOST_A_ROUND,
        )
        climbed += await each(CLIMB, due, lambda alert: _climb(ctx, alert))
    return climbed


def level_at(alert: Alert, now: datetime) -> int:
    """Say how high the alarm is, climbed already or not."""
    level, climb_at = alert.level, alert.climb_at
    while climb_at is not None and now >= climb_at and alert.state is State.CALLED:
        level += 1
        climb_at = due_after(level, alert.called_at)
    return level


async def _climb(ctx: Context, alert: Alert) -> bool:
    level = alert.level + 1
    station = await directory.look(ctx, alert.station_id)
    called = [] if station is None else await _called_on(ctx, level, station)
    name = "" if station is None else station.name
    return await _step(ctx, alert, level, called, name)


@atomic()
async def _step(
    ctx: Context, alert: Alert, level: int, called: list[str], name: str
) -> bool:
    climbed = await Alert.change(
        ctx,
        where={
            "_id": alert.id,
            "state": State.CALLED,
            "level": alert.level,
            "climb_at": alert.climb_at,
        },
        update={
            "$set": {"level": level, "climb_at": due_after(level, alert.called_at)},
            "$push": {"rings": {"$each": plain(rings(ctx, called, level))}},
        },
    )
    if climbed is None:
        return False
    event = FirstAidEscalated(
        **tell(climbed) | {"staff_ids": tuple(called)}, station_name=name, level=level
    )
    await record(ctx, event)
    return True


def rings(ctx: Context, staff_ids: Iterable[str], level: int) -> list[Ring]:
    """Write down who is called now."""
    now = ctx.clock.now()
    return [Ring(staff_id=each, level=level, at=now) for each in staff_ids]


async def _called_on(ctx: Context, level: int, station: Station) -> list[str]:
    chain = [staff.id for staff in await duty.on_call(ctx, station.id)]
    if level >= HIGHEST:
        return chain
    return list(dict.fromkeys([*await _nearby(ctx, station), *chain[:1]]))


async def _nearby(ctx: Context, station: Station) -> list[str]:
    around = await directory.near(ctx, station.place, NEARBY, STATIONS_LOOKED_AT)
    others = [other for other, _ in around if other.id != station.id]
    found = await asyncio.gather(*(duty.on_duty(ctx, other.id) for other in others))
    teams = [team for team in found if team][:STATIONS_NEARBY]
    return [each.staff.id for team in teams for each in team]

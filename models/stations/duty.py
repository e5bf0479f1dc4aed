"""Duty (值守): who answers when somebody at a station calls for help.

A rota says who serves at which hours of the week, in the order they are called,
and whom to call when nobody answers. A person may come on duty outside the rota or
go off it early; that ends by itself with the shift, so nobody is forgotten::

    rota: Monday 08:30–17:30  ⊕  "I am here" till 22:00  ⊕  "I must go" till 17:30

Source: features S1-18; rules §3.8; screens 值守台 (start and end duty).
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.errors import NotFound
from models.base.units import Instant
from models.stations.rotas import Rota, Shift, rota_id
from models.stations.stations import NoSuchStation
from models.unions.staff import Role, Staff, serving

LONGEST = timedelta(hours=12)
"""A duty begun by hand and forgotten ends after that."""

ONE_DAY = timedelta(days=1)

MOST_AT_ONCE = 100


class Attendance(Document, kw_only=True, frozen=True):
    """That somebody serves, or does not, otherwise than the rota says."""

    SHELF = "attendances"
    PERSONAL = personal.nobody("of staff")
    INDEXES = (
        IndexModel(["station_id", "until"]),
        IndexModel(["until"]),
    )

    station_id: str
    staff_id: str
    is_here: bool
    since: Instant
    until: Instant
    """From then on the rota counts again."""


class OnDuty(msgspec.Struct, kw_only=True, frozen=True):
    """Somebody who is on duty now."""

    staff: Staff
    until: Instant


class NotOnDuty(NotFound):
    """There is no duty to end."""

    code = "not_on_duty"
    message = "您目前不在这个驿站值守，无需结束。"


async def forget_over(ctx: Context) -> int:
    """Delete what was said of duties a day after they ended."""
    over = {"until": {"$lt": ctx.clock.now() - ONE_DAY}}
    return (await Attendance.shelf(ctx).delete_many(over)).deleted_count


async def put_rota(
    ctx: Context,
    station_id: str,
    *,
    responders: Sequence[Shift],
    on_call: Sequence[str],
) -> Rota:
    """Keep a station's rota as given; the same again changes nothing (排班)."""
    row = plain({"responders": list(responders), "on_call": list(on_call)})
    return await Rota.change_or_make(ctx, rota_id(station_id), {"$set": row})


async def begin(ctx: Context, station_id: str, *, by: Staff) -> OnDuty:
    """Come on duty (开始值守).

    Rules: till the shift of the rota is over, or for twelve hours at the most.
    Refuses: NoSuchStation.
    """
    _check_own(by, station_id)
    until = await _shift_until(ctx, station_id, by.id)
    until = until or ctx.clock.now() + LONGEST
    await _attend(ctx, station_id, by, is_here=True, until=until)
    return OnDuty(staff=by, until=until)


async def end(ctx: Context, station_id: str, *, by: Staff) -> None:
    """Go off duty, and off the rota till the shift is over (结束值守).

    Refuses: NoSuchStation, NotOnDuty.
    """
    _check_own(by, station_id)
    if all(each.staff.id != by.id for each in await on_duty(ctx, station_id)):
        raise NotOnDuty
    until = await _shift_until(ctx, station_id, by.id) or ctx.clock.now()
    await _attend(ctx, station_id, by, is_here=False, until=until)


async def on_duty(ctx: Context, station_id: str) -> list[OnDuty]:
    """List who is on duty at a station now, in the order they are called.

    Rules: those of the rota first; who does not serve there any more is left out.
    """
    now = ctx.clock.now()
    rota, attended = await asyncio.gather(
        Rota.get(ctx, rota_id(station_id)), _attended(ctx, station_id)
    )
    until: dict[str, datetime | None] = {}
    until |= {} if rota is None else rota.until(now)
    for attendance in attended:
        until[attendance.staff_id] = attendance.until if attendance.is_here else None
    present = {staff_id: end for staff_id, end in until.items() if end is not None}
    staff = await _serving(ctx, present)
    return [
        OnDuty(staff=who, until=present[who.id])
        for who in staff
        if who.may_serve(station_id)
    ]


async def on_call(ctx: Context, station_id: str) -> list[Staff]:
    """List whom to call, one after the other, when nobody answers (后备值守).

    Rules: without a rota, whoever is on call for the station, or else for any.
    """
    rota = await Rota.get(ctx, rota_id(station_id))
    chain = [] if rota is None else await _serving(ctx, rota.on_call)
    return (
        chain
        or await serving(ctx, role=Role.ON_CALL, station_id=station_id)
        or await serving(ctx, role=Role.ON_CALL)
    )


def _check_own(by: Staff, station_id: str) -> None:
    if not by.may_serve(station_id):
        raise NoSuchStation({"station_id": station_id})


async def _shift_until(ctx: Context, station_id: str, staff_id: str) -> datetime | None:
    rota = await Rota.get(ctx, rota_id(station_id))
    return None if rota is None else rota.until(ctx.clock.now()).get(staff_id)


async def _attend(
    ctx: Context, station_id: str, by: Staff, *, is_here: bool, until: datetime
) -> None:
    row = {
        "station_id": station_id,
        "staff_id": by.id,
        "is_here": is_here,
        "since": ctx.clock.now(),
        "until": until,
    }
    id_ = f"attendance_{by.id}_{station_id}"
    await Attendance.change_or_make(ctx, id_, {"$set": row})


async def _attended(ctx: Context, station_id: str) -> list[Attendance]:
    return await Attendance.many(
        ctx,
        {"station_id": station_id, "until": {"$gt": ctx.clock.now()}},
        sort=[("since", 1), ("_id", 1)],
        limit=MOST_AT_ONCE,
    )


async def _serving(ctx: Context, staff_ids: Iterable[str]) -> list[Staff]:
    """Return those of some staff who work for us today, in the same order."""
    found = await asyncio.gather(*(Staff.get(ctx, id_) for id_ in staff_ids))
    today = ctx.clock.today()
    return [who for who in found if who is not None and who.is_serving(today)]

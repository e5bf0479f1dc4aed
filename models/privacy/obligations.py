"""Obligations (未了事项): what must end before somebody can leave, and how to end it.

Source: features X-10; rules 4.15.
"""

from contextlib import suppress
from enum import StrEnum

import msgspec

from models.base.context import Context
from models.base.errors import Conflict, NotFound
from models.base.secrets import same_as
from models.base.units import Instant
from models.stations import booked, bookings, first_aid_alerts
from models.stations.booked import Booking
from models.stations.first_aid_alerts import Alert
from models.trainings import enrolments, programmes, sign_ups
from models.trainings.enrolments import Enrolment
from models.unions.staff import Staff
from models.workers.sessions import SignedIn
from models.workers.workers import Worker


class Kind(StrEnum):
    """What is still open."""

    BOOKING = "booking"
    ENROLMENT = "enrolment"
    FIRST_AID = "first_aid"
    SERVICE = "service"
    """They work for the union."""


HOW = {
    Kind.BOOKING: "请到“我的预约”取消，或在使用结束后点“结束使用”。",
    Kind.ENROLMENT: "请到“我的培训”取消报名；已过取消时间的，请联系主办单位。",
    Kind.FIRST_AID: "急救还在进行，请等驿站工作人员处理结束。",
    Kind.SERVICE: "您还是工会工作人员，请先联系所属工会办理离岗。",
}


class Obligation(msgspec.Struct, kw_only=True, frozen=True):
    """One thing that is open."""

    kind: Kind
    id: str
    title: str
    until: Instant | None = None
    """When time itself ends it."""
    how: str
    """How to end it, in a sentence for the worker."""


async def of(ctx: Context, worker_id: str) -> list[Obligation]:
    """List what somebody has open now, soonest over first of each kind."""
    return [
        *await _bookings(ctx, worker_id),
        *await _enrolments(ctx, worker_id),
        *await _alerts(ctx, worker_id),
        *await _service(ctx, worker_id),
    ]


async def in_need(ctx: Context, worker_id: str) -> bool:
    """Say whether somebody is being helped now; nothing of theirs may go away."""
    return bool(await _alerts(ctx, worker_id))


async def end_all(ctx: Context, worker_id: str) -> None:
    """Give back what somebody who is gone still holds; what cannot be is left."""
    by = SignedIn(id=worker_id, session_id="")
    for open_ in await _bookings(ctx, worker_id):
        for ending in (bookings.cancel, bookings.finish):
            with suppress(Conflict, NotFound):
                await ending(ctx, open_.id, by=by)
    for open_ in await _enrolments(ctx, worker_id):
        with suppress(Conflict, NotFound):
            now = ctx.clock.now()
            await sign_ups.cancel(ctx, open_.id, by=by, received_at=now)


async def _bookings(ctx: Context, worker_id: str) -> list[Obligation]:
    where = {"worker_id": worker_id, "state": {"$in": list(booked.ACTIVE)}}
    found = await Booking.many(ctx, where, sort=[("end", 1)])
    return [
        Obligation(
            kind=Kind.BOOKING,
            id=booking.id,
            title=booking.taken().title,
            until=booking.end,
            how=HOW[Kind.BOOKING],
        )
        for booking in found
        if booking.state_at(ctx.clock.now()) in booked.ACTIVE
    ]


async def _enrolments(ctx: Context, worker_id: str) -> list[Obligation]:
    where = {
        "worker_id": worker_id,
        "state": {"$in": list(enrolments.ACTIVE)},
        "until": {"$gt": ctx.clock.now()},
    }
    found = await Enrolment.many(ctx, where, sort=[("until", 1)])
    return [
        Obligation(
            kind=Kind.ENROLMENT,
            id=enrolment.id,
            title=(await programmes.find(ctx, enrolment.programme_id)).title,
            until=enrolment.until,
            how=HOW[Kind.ENROLMENT],
        )
        for enrolment in found
    ]


async def _alerts(ctx: Context, worker_id: str) -> list[Obligation]:
    where = {
        "caller_id": worker_id,
        "state": {"$in": list(first_aid_alerts.OPEN)},
    }
    return [
        Obligation(
            kind=Kind.FIRST_AID,
            id=alert.id,
            title="急救呼叫",
            how=HOW[Kind.FIRST_AID],
        )
        for alert in await Alert.many(ctx, where)
    ]


async def _service(ctx: Context, worker_id: str) -> list[Obligation]:
    worker = await Worker.get(ctx, worker_id)
    if worker is None:
        return []
    staff = await Staff.find(ctx, openid_blind=same_as(worker.openid_blind))
    if staff is None or not staff.is_serving(ctx.clock.today()):
        return []
    return [
        Obligation(
            kind=Kind.SERVICE,
            id=staff.id,
            title="工会工作人员",
            how=HOW[Kind.SERVICE],
        )
    ]

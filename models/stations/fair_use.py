"""Fair use (公平使用): how much of the ports one worker may book.

Ports are few and riders many, so nobody may keep them for later. Each service
is counted by itself; walking in is not counted, since it takes what nobody
wanted. First aid is never limited.

Source: rules §3.3; features S1-16.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.base.clock import day_of, start_of
from models.base.context import Context
from models.base.errors import Conflict
from models.stations.booked import ACTIVE, CANCELLED, Booking
from models.stations.port_services import Service, ServiceKind
from models.stations.slots import Way

MOST_ACTIVE = 2
"""The next charge and the one after; more is hoarding."""

MOST_A_DAY = 3
"""Morning, noon and evening."""

MOST_MINUTES_A_WEEK = {
    ServiceKind.PHONE_CHARGING: 420,
    ServiceKind.VEHICLE_CHARGING: 840,
    ServiceKind.HOT_MEAL: 630,
}
"""Two of the usual slots every day of the week; of meals, three."""

WEEK = timedelta(days=7)
MOST_READ = 200
"""Bookings of a worker from this Monday on; the limits keep it small."""


class TooManyActive(Conflict):
    """Two bookings of this service are still to be used."""

    code = "too_many_active"
    message = "同一服务最多保留 2 个待使用的预约，请先使用或取消一个。"


class TooManyToday(Conflict):
    """Three bookings of this service that day."""

    code = "too_many_that_day"
    message = "同一服务每天最多预约 3 次，请换一天，或到站扫码使用空闲充电口。"


class TooManyMinutes(Conflict):
    """The week's minutes of this service are booked."""

    code = "too_many_minutes"
    message = "本周该服务的预约时长已用完，到站时可扫码使用空闲充电口。"


class BackToBack(Conflict):
    """The same port just before or just after is the worker's already."""

    code = "back_to_back"
    message = "同一充电口不能连续预约，请至少间隔一个时段。"


UNFAIR = (TooManyActive, TooManyToday, TooManyMinutes, BackToBack)
"""What ``judge`` may say."""


async def check(ctx: Context, wanted: Booking, service: Service) -> None:
    """Make sure that one more booking is fair.

    Rules: called in the transaction that writes the worker's agenda, so two
    bookings of one worker are always counted one after the other.
    Refuses: TooManyActive, TooManyToday, TooManyMinutes, BackToBack.
    """
    now = ctx.clock.now()
    found = await counted(ctx, [wanted.worker_id], counts_from(wanted, now))
    judge(wanted, service, [b for b in found if counts(b, wanted, now)], now)


def judge(
    wanted: Booking, service: Service, others: Sequence[Booking], now: datetime
) -> None:
    """Make sure that one more booking beside others is fair.

    Rules: a booking that has no port yet touches none.
    Refuses: TooManyActive, TooManyToday, TooManyMinutes, BackToBack.
    """
    active = [each for each in others if each.state_at(now) in ACTIVE]
    if len(active) >= MOST_ACTIVE:
        raise TooManyActive({"most": MOST_ACTIVE})
    day = day_of(wanted.start)
    if sum(day_of(each.start) == day for each in others) >= MOST_A_DAY:
        raise TooManyToday({"most": MOST_A_DAY, "day": day.isoformat()})
    most = MOST_MINUTES_A_WEEK[wanted.service]
    if _minutes_in_week([*others, wanted], wanted.start) > most:
        raise TooManyMinutes({"most": most})
    judge_port(wanted, service, active, now)


def judge_port(
    wanted: Booking, service: Service, others: Sequence[Booking], now: datetime
) -> None:
    """Make sure that a port may follow on those a worker has.

    Refuses: BackToBack.
    """
    turnover = timedelta(minutes=service.turnover_minutes)
    for each in others:
        if each.state_at(now) in ACTIVE and _touches(each, wanted, turnover):
            raise BackToBack({"port": wanted.port})


def counts_from(wanted: Booking, now: datetime) -> datetime:
    """Say since when bookings count: this week's, the wanted week's, all to come."""
    return min(_monday(wanted.start), _monday(now))


def counts(other: Booking, wanted: Booking, now: datetime) -> bool:
    """Tell whether a booking counts when another is wanted."""
    return (
        other.worker_id == wanted.worker_id
        and other.service == wanted.service
        and other.start >= counts_from(wanted, now)
    )


async def counted(
    ctx: Context, worker_ids: Sequence[str], since: datetime
) -> list[Booking]:
    """List what some workers have booked and not given up."""
    return await Booking.many(
        ctx,
        {
            "worker_id": {"$in": worker_ids},
            "start": {"$gte": since},
            "way": Way.BOOKING,
            "state": {"$nin": list(CANCELLED)},
        },
        limit=MOST_READ * len(worker_ids),
    )


def _minutes_in_week(bookings: Sequence[Booking], moment: datetime) -> int:
    monday = _monday(moment)
    spent = timedelta()
    for each in bookings:
        if monday <= each.start < monday + WEEK:
            spent += each.end - each.start
    return spent // timedelta(minutes=1)


def _monday(moment: datetime) -> datetime:
    day = day_of(moment)
    return start_of(day - timedelta(days=day.weekday()))


def _touches(one: Booking, other: Booking, turnover: timedelta) -> bool:
    """Tell whether nobody else fits between two bookings of one port."""
    return (
        one.service.charges
        and one.station_id == other.station_id
        and one.port == other.port
        and one.start - turnover <= other.end
        and other.start - turnover <= one.end
    )

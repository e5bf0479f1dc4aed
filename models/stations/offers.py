"""Offers (可约时段): the slots of a day with what is free, and which may be booked.

The timetable says which slots there are, the slots' own documents which ports
are held; a slot nobody wanted yet has none and is wholly free. A slot that has
begun may still be booked while enough of it is left: the port of somebody who
did not come goes to the next.

Source: rules §3.1–3.3; features S1-16.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from models.base.clock import day_of
from models.base.context import Context
from models.base.errors import Conflict, Invalid, NotFound
from models.stations import directory, slots
from models.stations.port_services import Service, ServiceKind
from models.stations.slots import Slot
from models.stations.stations import Station, service_of
from models.stations.timetable import SlotTime, parse_slot_id

OUT_OF_SIGHT = timedelta(days=366)
"""Nobody keeps the hours of a day so far off."""


class Offer(NamedTuple):
    """One slot of one service, as the timetable has it."""

    station: Station
    service: Service
    time: SlotTime

    def empty(self) -> Slot:
        """Return the slot as it is before anybody wanted it."""
        return Slot.empty(
            self.time.id,
            station_id=self.station.id,
            service=self.service.kind,
            start=self.time.start,
            end=self.time.end,
            ports=self.service.ports,
            paused=self.service.paused,
        )

    def closes_at(self) -> datetime:
        """Return when it is too late to book it (最晚预约)."""
        return self.time.end - timedelta(minutes=self.service.min_use_minutes)

    def is_open(self, now: datetime) -> bool:
        """Tell whether it may be booked, as far as time goes."""
        return now <= self.closes_at() and not self._is_far(now)

    def _is_far(self, now: datetime) -> bool:
        window = timedelta(days=self.service.window_days)
        if self.time.start - now <= window:  # so many midnights between, at the most
            return False
        return day_of(self.time.start) - day_of(now) > window

    def check(self, now: datetime) -> None:
        """Make sure that it may be booked, as far as time goes.

        Refuses: SlotOver, TooFarAhead.
        """
        if now > self.closes_at():
            raise SlotOver
        if self._is_far(now):
            raise TooFarAhead({"days": self.service.window_days})


class NoSuchSlot(NotFound):
    """The timetable has no such slot, or a closure took it out."""

    code = "no_such_slot"
    message = "没有找到该时段，可能已调整，请返回重选。"


class SlotOver(Conflict):
    """Too little of the slot is left."""

    code = "slot_over"
    message = "该时段已结束或即将结束，请选择后面的时段。"


class TooFarAhead(Conflict):
    """The day is beyond the days that may be booked."""

    code = "too_far_ahead"
    message = "该日期尚未开放预约，请选择近几天的时段。"


class DayOutOfSight(Invalid):
    """A day long past or far ahead has no timetable."""

    code = "day_out_of_sight"
    message = "只能查看近期的时段，请重新选择日期。"


async def find(ctx: Context, slot_id: str) -> Offer:
    """Return the slot of an id (时段).

    Refuses: NoSuchSlot.
    """
    said = parse_slot_id(slot_id)
    if said is None or abs(said.start - ctx.clock.now()) > OUT_OF_SIGHT:
        raise NoSuchSlot
    station = await directory.look(ctx, said.station_id)
    return _at(station, said.service, said.start, slot_id)


async def look_again(ctx: Context, offer: Offer) -> None:
    """Make sure that a slot just taken is still there: no closure came between.

    Rules: asked of the process's own copy of the stations, so it costs no round
        trip; what the copy has not heard yet is settled by the disruption.
    Refuses: NoSuchSlot.
    """
    station = await directory.look(ctx, offer.station.id)
    time = offer.time
    if _at(station, offer.service.kind, time.start, time.id).time != time:
        raise NoSuchSlot


def _at(station: Station | None, kind: str, start: datetime, slot_id: str) -> Offer:
    """Return the slot of an id, as a station has it."""
    service = None if station is None else station.service(kind)
    if station is None or service is None:
        raise NoSuchSlot
    time = station.slot(service, day_of(start), slot_id)
    if time is None:
        raise NoSuchSlot
    return Offer(station, service, time)


async def on_day(
    ctx: Context, station: Station, kind: ServiceKind, day: date
) -> list[tuple[Offer, Slot]]:
    """List the slots of a service that start on a day, with what is free (时段列表).

    Refuses: NoSuchService, DayOutOfSight.
    """
    service = service_of(station, kind)
    if abs(day - ctx.clock.today()) > timedelta(days=service.window_days + 1):
        raise DayOutOfSight
    offers = [Offer(station, service, t) for t in station.timetable(service, day)]
    wanted = await slots.known(ctx, [offer.time.id for offer in offers])
    return [(each, wanted.get(each.time.id) or each.empty()) for each in offers]


def running(station: Station, service: Service, now: datetime) -> Sequence[Offer]:
    """Return the slot that runs now, or is about to, and those after it today.

    Rules: in the turnover before a slot its port is free already; none is given
    when the next slot is further off, so the door may be shut.
    """
    left = _left(station, service, now)
    return [Offer(station, service, time) for time in left]


def running_now(station: Station, service: Service, now: datetime) -> str | None:
    """Name the slot that runs now, or is about to, as `running` has it."""
    left = _left(station, service, now)
    return left[0].id if left else None


def _left(station: Station, service: Service, now: datetime) -> Sequence[SlotTime]:
    near = station.slots_near(service, day_of(now))
    left = near.slots[bisect_right(near.ends, now) :]
    if not left or now < left[0].start - timedelta(minutes=service.turnover_minutes):
        return ()
    return left

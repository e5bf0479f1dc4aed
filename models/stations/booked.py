"""Bookings as they are kept (预约单): one worker has one port for a while.

A booking lives through this and nothing else::

    booked ── check_in ──▶ in_use ── finish ────────▶ finished
      │                      ▲  └─── end + 5 min ───▶ overstayed
      │         walk_in ─────┘
      ├──── cancel ─────────▶ cancelled_by_worker
      ├──── start + 10 min ─▶ no_show
      └──── same, closed ───▶ cancelled_by_station    the door was shut, or the
                              station had moved it: no strike

What ends by the clock has ended for every reader at that very moment, though
the clockwork that writes it down may come later. The verbs are in `bookings`.
Source: rules §3.4–3.7; features S1-16, S1-22.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pymongo import IndexModel

from models.agenda.hours import Taken
from models.base import personal, push
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Conflict, NotFound
from models.base.events import Event
from models.base.push import Push
from models.base.units import Instant
from models.stations import audience
from models.stations.audience import Hall
from models.stations.port_services import ServiceKind
from models.stations.slots import Way

EARLY = timedelta(minutes=10)
"""Somebody may come this long before the start."""

GRACE = timedelta(minutes=10)
"""Who has not come by then after the start is not coming; the port is freed."""

OVERSTAY = timedelta(minutes=5)
"""To unplug and tap; whoever is still in use after that has overstayed."""


class State(StrEnum):
    """Where a booking is in its life."""

    BOOKED = "booked"
    IN_USE = "in_use"
    FINISHED = "finished"
    OVERSTAYED = "overstayed"
    CANCELLED_BY_WORKER = "cancelled_by_worker"
    CANCELLED_BY_STATION = "cancelled_by_station"
    NO_SHOW = "no_show"


ACTIVE = (State.BOOKED, State.IN_USE)
CANCELLED = (State.CANCELLED_BY_WORKER, State.CANCELLED_BY_STATION)


class Booking(Document, kw_only=True, frozen=True):
    """One port for one worker, ``[start, end)`` (预约单)."""

    SHELF = "bookings"
    PERSONAL = personal.renamed("驿站预约", "worker_id")
    INDEXES = (
        IndexModel(["worker_id", "start"]),
        IndexModel(["worker_id", ("_id", -1)]),
        IndexModel(["station_id", "start", "_id"]),
        IndexModel(["org_path", ("_id", -1)]),
        IndexModel(["org_path", "start"]),
        IndexModel(["come_by"], partialFilterExpression={"state": State.BOOKED}),
        IndexModel(["end"], partialFilterExpression={"state": State.IN_USE}),
        IndexModel(
            ["station_id", ("_id", -1)], partialFilterExpression={"state": State.IN_USE}
        ),
        IndexModel(["left_at"], partialFilterExpression={"port_due": True}),
    )

    worker_id: str
    station_id: str
    org_path: str = ""
    """Path of the union that answered for the station then."""
    station_name: str
    """As it was called then; a list of bookings needs no second look."""
    service: ServiceKind
    slot_ids: tuple[str, ...]
    """The slots its port is held in: one, or up to two for a walk-in."""
    port: int
    start: Instant
    end: Instant
    way: Way = Way.BOOKING
    state: State = State.BOOKED
    made_at: Instant
    come_by: Instant
    """Checked in before this, or it is a no-show."""
    begun_at: Instant | None = None
    """When the port was taken into use; for who came early it may lie ahead."""
    left_at: Instant | None = None
    """When it stopped being active, for whatever reason."""
    is_ending_told: bool = False
    is_moved: bool = False
    """By the station, to another time or place: not coming there is no strike."""
    port_due: bool = False
    """Its port is still to be given back; the sweep looks for this."""

    def state_at(self, now: datetime) -> State:
        """Say what the state is, written down or not."""
        if self.state is State.BOOKED and now >= self.come_by:
            return State.NO_SHOW
        if self.state is State.IN_USE and now >= self.end + OVERSTAY:
            return State.OVERSTAYED
        return self.state

    def taken(self) -> Taken:
        """Say what it takes of the worker's hours (日程)."""
        return Taken(
            ref=self.id,
            kind=self.service,
            title=f"{self.service.label}·{self.station_name}",
            start=self.start,
            end=self.end,
            binding=self.service.binds and self.way is Way.BOOKING,
        )


class BookingEvent(Event, kw_only=True, frozen=True):
    """What a message about a booking needs to say."""

    booking_id: str
    worker_id: str
    station_id: str
    station_name: str
    service: ServiceKind
    port: int
    start: Instant
    end: Instant
    org_path: str = ""
    state: State | None = None
    """How it stands since."""

    def push(self) -> Push:
        """Tell the worker, the station's desk and who is above it."""
        desk = audience.of(Hall.DESK, self.station_id, self.org_path)
        return Push(
            topics=(push.worker(self.worker_id), *desk),
            ref=self.booking_id,
            station_id=self.station_id,
            state=self.state,
        )


class BookingMade(BookingEvent, kw_only=True, frozen=True):
    """A worker booked a port."""


class BookingDropped(Event, kw_only=True, frozen=True):
    """A port was given back before its booking was written; there will be none."""

    booking_id: str
    slot_id: str


class BookingCancelled(BookingEvent, kw_only=True, frozen=True):
    """A booking was given up: by the worker, by a clerk, by a door that is shut."""

    by_station: bool = False
    reason: str = ""
    """What the station says of it."""
    is_late: bool = False
    """Within 15 minutes of the start: half a strike."""


class BookingUsed(BookingEvent, kw_only=True, frozen=True):
    """A worker came and began to use a port, booked or not."""

    way: Way


class BookingEnding(BookingEvent, kw_only=True, frozen=True):
    """Five minutes are left; the port is somebody else's after that."""


class BookingFinished(BookingEvent, kw_only=True, frozen=True):
    """A worker unplugged and left."""


class BookingOverstayed(BookingEvent, kw_only=True, frozen=True):
    """The time is over and nobody said that the port is free."""


class BookingMissed(BookingEvent, kw_only=True, frozen=True):
    """A worker did not come; the port was freed."""


class NoSuchBooking(NotFound):
    """No booking of this worker has this id."""

    code = "no_such_booking"
    message = "没有找到这个预约，请到“我的预约”查看。"


class BookingMoved(Conflict):
    """The booking is in another state by now; ``details.state`` says which."""

    code = "booking_moved"
    message = "预约状态已变化，请刷新后查看。"


class TooEarly(Conflict):
    """It is more than ten minutes to the start."""

    code = "too_early"
    message = "还没到签到时间，开始前 10 分钟起可以签到。"


class TooLate(Conflict):
    """Ten minutes after the start the port went to others."""

    code = "too_late"
    message = "已超过开始后 10 分钟，预约已失效；有空闲充电口时可以直接扫码使用。"


def first_event(booking_id: str) -> str:
    """Return the id of the event that a booking begins with, or is dropped with.

    Rules: there is only one of them, so whoever records it has decided.
    """
    return f"event_{booking_id.removeprefix('booking_')}"


def tell(booking: Booking) -> dict[str, Any]:
    """Return what every event of a booking says."""
    return {
        "booking_id": booking.id,
        "worker_id": booking.worker_id,
        "station_id": booking.station_id,
        "station_name": booking.station_name,
        "service": booking.service,
        "port": booking.port,
        "start": booking.start,
        "end": booking.end,
        "org_path": booking.org_path,
        "state": booking.state,
    }


async def get(ctx: Context, booking_id: str, *, worker_id: str) -> Booking:
    """Return a worker's own booking.

    Refuses: NoSuchBooking.
    """
    booking = await Booking.get(ctx, booking_id)
    if booking is None or booking.worker_id != worker_id:
        raise NoSuchBooking
    return booking


async def of_worker(
    ctx: Context,
    worker_id: str,
    *,
    state: State | None = None,
    before: str | None = None,
    limit: int,
) -> list[Booking]:
    """List a worker's bookings, the latest made first (我的预约)."""
    where: dict[str, Any] = {"worker_id": worker_id}
    if before is not None:
        where["_id"] = {"$lt": before}
    if state is not None:
        where |= seen_as(state, ctx.clock.now())
    return await Booking.many(ctx, where, limit=limit)


def seen_as(state: State, now: datetime) -> dict[str, Any]:
    """Say the same as ``state_at``, to MongoDB."""
    coming = {"state": State.BOOKED, "come_by": {"$gt": now}}
    missed = {"state": State.BOOKED, "come_by": {"$lte": now}}
    using = {"state": State.IN_USE, "end": {"$gt": now - OVERSTAY}}
    stayed = {"state": State.IN_USE, "end": {"$lte": now - OVERSTAY}}
    also = {State.NO_SHOW: missed, State.OVERSTAYED: stayed}
    exactly = {State.BOOKED: coming, State.IN_USE: using}
    if state in exactly:
        return exactly[state]
    return {"$or": [{"state": state}, *([also[state]] if state in also else [])]}

"""The desk (值守台): a station's bookings of a day, as its clerks see them.

What they do to one is in `desk_arrivals`, `desk_endings` and `extensions`; each
deed may be undone for a while, and leaves a row behind either way.

Source: screens.md, "Client: station staff" (今日预约).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple

from models.agenda import hours
from models.base import audit, pages
from models.base.clock import end_of, start_of
from models.base.context import Context
from models.base.pages import Page
from models.base.units import Instant
from models.stations.booked import Booking, NoSuchBooking, State, seen_as
from models.stations.slots import AlreadyHeld
from models.stations.stations import NoSuchStation
from models.unions.staff import Role, Staff

BY_TIME = (("start", 1), ("_id", 1))


class Spot(NamedTuple):
    """Where a page ends."""

    start: Instant
    id: str


def check_clerk(by: Staff, station_id: str) -> None:
    """Go on only with a clerk of a station.

    Refuses: NoSuchStation, RoleMissing.
    """
    if not by.may_serve(station_id):
        raise NoSuchStation
    by.require(Role.STATION_CLERK)


async def find(ctx: Context, booking_id: str, *, by: Staff) -> Booking:
    """Return a booking of a station where somebody is a clerk.

    Refuses: NoSuchBooking, RoleMissing.
    """
    booking = await Booking.find(ctx, _id=booking_id)
    if booking is None or not by.may_serve(booking.station_id):
        raise NoSuchBooking(message="没有找到本站的这个预约，请刷新列表再试。")
    by.require(Role.STATION_CLERK)
    return booking


@contextmanager
def of_another() -> Iterator[None]:
    """Say a refusal that is about the worker to the clerk who asks for them.

    Rules: where else the worker is needed is their own affair.
    """
    with hours.of_another():
        try:
            yield
        except AlreadyHeld as refusal:
            raise AlreadyHeld(
                message="这位劳动者已约了该时段，请换一个时段。"
            ) from refusal


async def note(
    ctx: Context, booking: Booking, what: str, *, reason: str, by: Staff
) -> None:
    """Keep in the audit what a clerk did to somebody's booking, and why."""
    await audit.note(
        ctx,
        who=by.id,
        what=what,
        about=booking.id,
        reason=reason,
        subject=booking.worker_id,
        org_path=booking.org_path,
    )


async def of_day(
    ctx: Context,
    station_id: str,
    day: date,
    *,
    by: Staff,
    state: State | None = None,
    cursor: str | None = None,
    limit: int,
) -> Page[Booking]:
    """List the bookings and walk-ins of a day, the earliest first (今日预约).

    Refuses: NoSuchStation, RoleMissing, BadCursor.
    """
    check_clerk(by, station_id)
    where: list[dict[str, Any]] = [
        {"station_id": station_id},
        {"start": {"$gte": start_of(day), "$lt": end_of(day)}},
    ]
    if state is not None:
        where.append(seen_as(state, ctx.clock.now()))
    if cursor is not None:
        where.append(_after(pages.decode(cursor, Spot)))
    found = await Booking.many(ctx, {"$and": where}, sort=BY_TIME, limit=limit + 1)
    return pages.cut(found, limit, lambda booking: Spot(booking.start, booking.id))


def _after(spot: Spot) -> dict[str, Any]:
    later = {"start": {"$gt": spot.start}}
    return {"$or": [later, {"start": spot.start, "_id": {"$gt": spot.id}}]}

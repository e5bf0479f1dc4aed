"""Rotating codes (动态码): a station's for workers to scan, a worker's for staff.

::

    v1.station_a.phone_charging.in.119000000.<signature>     the station's screen
    w1.worker_b.booking_c.29750000.<signature>               the worker's phone

How they rotate is `base.rotating`'s; that one is used once is the ledger's rule
(`check_ins`), since whoever scans is known only then.

Source: rules §3.9; features S1-20.
"""

from datetime import timedelta
from enum import StrEnum

import msgspec

from models.base import rotating
from models.base.context import Context
from models.base.errors import Conflict
from models.base.rotating import NAME, BadCode, Shown
from models.stations import booked, directory
from models.stations.booked import ACTIVE, BookingMoved
from models.stations.port_services import ServiceKind
from models.stations.stations import NoSuchStation, service_of
from models.unions.staff import Staff
from models.workers.sessions import SignedIn

STATION_SLOT = rotating.SCREEN_SLOT

WORKER_SLOT = timedelta(minutes=1)
"""How long a worker's phone shows one."""

VISIT = "visit"
"""In place of a service: whoever comes in, booked or not."""

STATION_CODE = rotating.shape(
    rf"v1\.(?P<station>{NAME})\.(?P<service>[a-z_]{{1,30}})\.(?P<direction>in|out)"
)
WORKER_CODE = rotating.shape(rf"w1\.(?P<worker>{NAME})\.(?P<booking>{NAME})")

SHAPES = {"station_code": STATION_CODE, "worker_code": WORKER_CODE}
"""What each key signs; a signature for one is none for the other."""


class Direction(StrEnum):
    """Which way through the door."""

    IN = "in"
    OUT = "out"
    """Leaving: known so that a code for it is not taken for the other."""


class StationCode(msgspec.Struct, kw_only=True, frozen=True):
    """What a station's code says."""

    station_id: str
    service: ServiceKind | None
    """None is a visit."""
    direction: Direction


class WorkerCode(msgspec.Struct, kw_only=True, frozen=True):
    """What a worker's code says."""

    worker_id: str
    booking_id: str


class WrongDirection(Conflict):
    """A good code, but for the other side or for the way out."""

    code = "wrong_direction"
    message = "这个码用反了，请扫驿站屏幕上的签到码，或向工作人员出示预约码。"


def show_station(
    ctx: Context,
    station_id: str,
    service: ServiceKind | None,
    direction: Direction = Direction.IN,
) -> Shown:
    """Make the code that a station shows now."""
    told = f"v1.{station_id}.{service or VISIT}.{direction}"
    return rotating.show(ctx, "station_code", told, STATION_SLOT)


async def of_station(
    ctx: Context, station_id: str, service: ServiceKind | None, *, by: Staff
) -> Shown:
    """Show staff the code of their station's screen (驿站动态码).

    Refuses: NoSuchStation, NoSuchService.
    """
    if not by.may_serve(station_id):
        raise NoSuchStation
    station = await directory.find(ctx, station_id)
    if service is not None:
        service_of(station, service)
    return show_station(ctx, station_id, service)


async def of_booking(ctx: Context, booking_id: str, *, by: SignedIn) -> Shown:
    """Show a worker the code of their own booking (预约码).

    Refuses: NoSuchBooking, BookingMoved, when it is over.
    """
    booking = await booked.get(ctx, booking_id, worker_id=by.id)
    state = booking.state_at(ctx.clock.now())
    if state not in ACTIVE:
        raise BookingMoved({"state": state})
    told = f"w1.{by.id}.{booking_id}"
    return rotating.show(ctx, "worker_code", told, WORKER_SLOT)


def read_station(ctx: Context, text: str) -> StationCode:
    """Read what a worker scanned off a station's screen.

    Refuses: BadCode, WrongDirection, CodeExpired.
    """
    said = STATION_CODE.fullmatch(text)
    if said is None:
        raise WrongDirection if _is_signed(ctx, "worker_code", text) else BadCode
    if not _is_signed(ctx, "station_code", text):
        raise BadCode
    rotating.check_time(ctx, said, STATION_SLOT)
    if said["direction"] != Direction.IN:
        raise WrongDirection
    return StationCode(
        station_id=said["station"],
        service=_service(said["service"]),
        direction=Direction(said["direction"]),
    )


def read_worker(ctx: Context, text: str) -> WorkerCode:
    """Read what staff scanned off a worker's phone.

    Refuses: BadCode, WrongDirection, CodeExpired.
    """
    said = WORKER_CODE.fullmatch(text)
    if said is None:
        raise WrongDirection if _is_signed(ctx, "station_code", text) else BadCode
    if not _is_signed(ctx, "worker_code", text):
        raise BadCode
    rotating.check_time(ctx, said, WORKER_SLOT)
    return WorkerCode(worker_id=said["worker"], booking_id=said["booking"])


def _service(said: str) -> ServiceKind | None:
    """Return the service a code is for, None for a visit.

    Refuses: BadCode, for one that only a newer release has.
    """
    if said == VISIT:
        return None
    try:
        return ServiceKind(said)
    except ValueError as problem:
        raise BadCode from problem


def _is_signed(ctx: Context, purpose: str, text: str) -> bool:
    return rotating.is_ours(ctx, purpose, SHAPES[purpose].fullmatch(text))

"""Rotating codes (动态码): a station's for workers to scan, a worker's for staff.

::

    v1.station_a.phone_charging.in.119000000.<signature>     the station's screen
    w1.worker_b.booking_c.29750000.<signature>               the worker's phone

A screenshot is worth nothing a moment later: each names the stretch of time it
was shown in, on our clock. Nothing is stored to show one; that it is used once is
the ledger's rule (`check_ins`), since whoever scans is known only then.

Source: rules §3.9; features S1-20.
"""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

from models.base.clock import SHANGHAI
from models.base.context import Context
from models.base.errors import Conflict, Gone, Invalid
from models.base.units import Instant
from models.stations import booked, directory
from models.stations.booked import ACTIVE, BookingMoved
from models.stations.port_services import ServiceKind
from models.stations.stations import NoSuchStation, service_of
from models.unions.staff import Staff
from models.workers.sessions import SignedIn

STATION_SLOT = timedelta(seconds=15)
"""How long a station shows one code."""

WORKER_SLOT = timedelta(minutes=1)
"""How long a worker's phone shows one."""

GRACE = timedelta(seconds=30)
"""Scanned that long after it went, a code still counts: phones are slow."""

SKEW = timedelta(seconds=2)
"""How far the clocks of two of our servers may be apart."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

VISIT = "visit"
"""In place of a service: whoever comes in, booked or not."""

NAME = r"[a-z][A-Za-z0-9_-]{1,79}"
STATION_CODE = re.compile(
    rf"(?P<signed>v1\.(?P<station>{NAME})\.(?P<service>[a-z_]{{1,30}})"
    r"\.(?P<direction>in|out)\.(?P<slot>[0-9]{1,12}))\.(?P<signature>[A-Za-z0-9_-]{22})"
)
WORKER_CODE = re.compile(
    rf"(?P<signed>w1\.(?P<worker>{NAME})\.(?P<booking>{NAME})"
    r"\.(?P<slot>[0-9]{1,12}))\.(?P<signature>[A-Za-z0-9_-]{22})"
)

SHAPES = {"station_code": STATION_CODE, "worker_code": WORKER_CODE}
"""What each key signs; a signature for one is none for the other."""


class Direction(StrEnum):
    """Which way through the door."""

    IN = "in"
    OUT = "out"
    """Leaving: known so that a code for it is not taken for the other."""


class Shown(msgspec.Struct, kw_only=True, frozen=True):
    """A code, and how long to show it."""

    code: str
    refresh_at: Instant
    """Show the next one from then on."""
    good_until: Instant
    """Refused from then on."""


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


class BadCode(Invalid):
    """This is no code of ours, or somebody changed it."""

    code = "bad_code"
    message = "这不是有效的签到码，请对准驿站屏幕或预约页上的码重新扫描。"


class CodeExpired(Gone):
    """It was shown too long ago; ``details`` give our time."""

    code = "expired"
    message = "签到码已过期，请刷新后扫最新的码，截图无效。"


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
    slot = _slot(ctx.clock.now(), STATION_SLOT)
    told = f"v1.{station_id}.{service or VISIT}.{direction}.{slot}"
    return _shown(ctx, "station_code", told, slot, STATION_SLOT)


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
    slot = _slot(ctx.clock.now(), WORKER_SLOT)
    told = f"w1.{by.id}.{booking_id}.{slot}"
    return _shown(ctx, "worker_code", told, slot, WORKER_SLOT)


def read_station(ctx: Context, text: str) -> StationCode:
    """Read what a worker scanned off a station's screen.

    Refuses: BadCode, WrongDirection, CodeExpired.
    """
    said = STATION_CODE.fullmatch(text)
    if said is None:
        raise WrongDirection if _is_signed(ctx, "worker_code", text) else BadCode
    if not _is_signed(ctx, "station_code", text):
        raise BadCode
    _check_time(ctx, int(said["slot"]), STATION_SLOT)
    if said["direction"] != Direction.IN:
        raise WrongDirection
    service = said["service"]
    return StationCode(
        station_id=said["station"],
        service=None if service == VISIT else ServiceKind(service),
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
    _check_time(ctx, int(said["slot"]), WORKER_SLOT)
    return WorkerCode(worker_id=said["worker"], booking_id=said["booking"])


def _is_signed(ctx: Context, purpose: str, text: str) -> bool:
    said = SHAPES[purpose].fullmatch(text)
    return said is not None and ctx.secrets.is_signed(
        purpose, said["signed"], said["signature"]
    )


def _check_time(ctx: Context, slot: int, length: timedelta) -> None:
    now = ctx.clock.now()
    if now < EPOCH + slot * length - SKEW:
        raise BadCode
    until = EPOCH + (slot + 1) * length + GRACE
    if now >= until:
        raise CodeExpired(
            {"server_time": now.isoformat(), "good_until": until.isoformat()},
            message=f"签到码已过期，现在是{now.astimezone(SHANGHAI):%H:%M:%S}，"
            "请刷新后扫最新的码，截图无效。",
        )


def _slot(now: datetime, length: timedelta) -> int:
    return (now - EPOCH) // length


def _shown(
    ctx: Context, purpose: str, told: str, slot: int, length: timedelta
) -> Shown:
    ends = EPOCH + (slot + 1) * length
    return Shown(
        code=f"{told}.{ctx.secrets.sign(purpose, told)}",
        refresh_at=ends,
        good_until=ends + GRACE,
    )

"""The ledger of check-ins (签到记录): who came where, for what, and how we know.

Whoever scanned whom, or was written down by hand, the same row is written, once,
and never changed. Two unique indexes say so: a code is used once (a station's by
each worker once), and a booking or a day's visit is entered once. What was entered
by mistake is taken back by a row of its own::

    row ◀── undoes ── row      and what was undone may be entered again

So who came is the fold of the rows. The verbs are in `check_ins`, `visits` and
`desk_arrivals`.

Source: rules §3.8–3.10; features S1-20, S1-04.
"""

import hashlib
from datetime import date
from enum import StrEnum

from pymongo import IndexModel

from models.base import personal, push
from models.base.clock import SHANGHAI
from models.base.documents import Document
from models.base.errors import Conflict, Forbidden, Gone
from models.base.events import Event
from models.base.push import Push
from models.base.units import Day, Instant
from models.stations import audience
from models.stations.audience import Hall
from models.stations.booked import Booking
from models.stations.codes import Direction
from models.stations.port_services import ServiceKind
from models.stations.stations import Facility

VISIT = "visit"

NEXT_TRY = "#"
"""Stands before the number of undos after which something was entered again."""


class Way(StrEnum):
    """Who scanned whom, or how else staff knew."""

    WORKER_SCANNED = "worker_scanned"
    STATION_SCANNED = "station_scanned"
    BY_HAND = "by_hand"
    """Staff saw who it was."""
    BY_PHONE_NUMBER = "by_phone_number"
    BY_ID_NUMBER = "by_id_number"
    COUNT_ONLY = "count_only"
    """Staff counted heads."""


class CheckIn(Document, kw_only=True, frozen=True):
    """One coming-in (签到记录)."""

    SHELF = "check_ins"
    PERSONAL = personal.renamed(
        "驿站签到", "worker_id", beside=("by",), hidden=("proof", "once", "undone")
    )
    INDEXES = (
        IndexModel(["proof"], unique=True),
        IndexModel(["once"], unique=True),
        IndexModel(["station_id", "day", "_id"]),
        IndexModel(["worker_id", "station_id", "day"]),
        IndexModel(["org_path", ("_id", -1)]),
        IndexModel(["org_path", "day"]),
        IndexModel(["what", "_id"]),
        IndexModel(["undone"], partialFilterExpression={"undone": {"$type": "string"}}),
    )

    worker_id: str | None = None
    """None for who has no account, or was only counted."""
    visitor: str | None = None
    """Blind mark of a number of nobody's account: the same number, the same mark."""
    people: int = 1
    """How many came in."""
    station_id: str
    org_path: str = ""
    """Path of the union that answered for the station then."""
    what: str
    """The booking's id, or ``visit``."""
    service: ServiceKind | None = None
    """Of the booking."""
    used: Facility | None = None
    """What a visitor came for, if staff wrote that down."""
    direction: Direction = Direction.IN
    way: Way
    by: str
    """Who scanned: the worker's or the staff member's id."""
    proof: str
    """Hash of the code that was used, and by whom if it was a station's."""
    once: str
    """What there is one of: the booking, or, blindly, the worker's visit of the day."""
    online: bool = True
    device_time: Instant | None = None
    """What a device says that was not online; None for who asked us."""
    server_time: Instant
    day: Day
    undoes: str | None = None
    """The row that this one takes back."""
    undone: str | None = None
    """What may be entered again by that; see ``entry``."""

    @property
    def entry(self) -> str:
        """Name what there is one of, whichever try this is."""
        return self.once.partition(NEXT_TRY)[0]


class Entered(Event, kw_only=True, frozen=True):
    """What is said of somebody's coming."""

    check_in_id: str
    worker_id: str | None = None
    """None for who has no account, or was only counted."""
    station_id: str
    station_name: str
    org_path: str = ""

    def push(self) -> Push:
        """Tell the worker, the station's desk and who is above it."""
        desk = audience.of(Hall.DESK, self.station_id, self.org_path)
        mine = () if self.worker_id is None else (push.worker(self.worker_id),)
        topics = (*mine, *desk)
        return Push(topics=topics, ref=self.check_in_id, station_id=self.station_id)


class CheckedIn(Entered, kw_only=True, frozen=True):
    """A worker came for a booking."""

    booking_id: str
    service: ServiceKind


class VisitMade(Entered, kw_only=True, frozen=True):
    """A worker came in without a booking; once a day and station."""

    day: Day


class VisitorsCounted(Entered, kw_only=True, frozen=True):
    """Staff wrote down somebody without an account, or counted heads."""

    people: int
    day: Day


class CheckInUndone(Entered, kw_only=True, frozen=True):
    """A coming-in was taken back: it had been a mistake."""

    booking_id: str | None
    staff_id: str


class AlreadyUsed(Conflict):
    """The code was used; ``details`` say when and where."""

    code = "already_used"
    message = "这个签到码已经用过了，请刷新后重新扫描。"


class AlreadyIn(Conflict):
    """The booking or today's visit is entered; ``details`` say when and where."""

    code = "already_in"
    message = "已经签到过了，不用再签。"


class AlreadyRedeemed(Conflict):
    """Staff let this booking in before; ``details`` say when and where."""

    code = "already_redeemed"
    message = "这个预约已经核销过了，不用再核销。"


class WrongStation(Conflict):
    """The booking is for another station; ``details`` name it."""

    code = "wrong_station"
    message = "这个预约不在本站，请到预约的驿站签到。"


class NotBooked(Conflict):
    """The worker has no booking of this service here today."""

    code = "not_booked"
    message = "您今天在本站没有这项预约，有空闲时可以直接扫充电口的码使用。"


class CodeRevoked(Gone):
    """The booking that the code was for has been cancelled."""

    code = "revoked"
    message = "预约已取消，这个码已作废，请重新预约。"


class AccountSuspended(Forbidden):
    """The worker's account is not active."""

    code = "suspended"
    message = "账号已停用，暂不能签到，请联系所属工会；急救不受影响。"


def visit_of(who: str, station_id: str, day: date) -> str:
    """Name the visit of a person's day at a station, which there is one of.

    Rules: it does not name the person, who may leave and be forgotten.
    """
    told = f"{who}:{station_id}:{day}"
    return f"{VISIT}:{hashlib.sha256(told.encode()).hexdigest()}"


def elsewhere(booking: Booking) -> WrongStation:
    """Say where a booking is for."""
    return WrongStation(
        {"station_id": booking.station_id, "station_name": booking.station_name},
        message=f"这个预约在“{booking.station_name}”，请到那里签到。",
    )


def when_and_where(row: CheckIn, station_name: str) -> dict[str, str]:
    """Return the details of a refusal that an earlier row is the reason of."""
    return {
        "at": row.server_time.isoformat(),
        "station_id": row.station_id,
        "station_name": station_name,
    }


def redeemed(row: CheckIn, station_name: str) -> AlreadyRedeemed:
    """Say when and where a booking was let in."""
    at = f"{row.server_time.astimezone(SHANGHAI):%H:%M}"
    return AlreadyRedeemed(
        when_and_where(row, station_name) | {"station": station_name},
        message=f"这个预约{at}已在{station_name}核销，不用再核销。",
    )

"""Visits without a phone (登记来访): staff write down who came, or count heads.

Who has no smart phone, or an empty one, is served all the same. A number that is
given is looked up by its blind index and never kept: if it is an account's, the
visit is that worker's; else it leaves a blind mark, so that the same number twice
is one person. One visit a person, day and station, as with scanning; what comes
with an ``event_id`` is counted once under that instead, however often it is sent.

Source: screens.md (older workers: 手机号/证号 or count only); features S1-04.
"""

import re
from enum import StrEnum
from typing import Any

import msgspec

from models.base import audit
from models.base.context import Context
from models.base.errors import Invalid
from models.base.secrets import any_of
from models.base.units import Instant
from models.stations import desk, directory, entering
from models.stations.ledger import VISIT, AlreadyIn, CheckIn, Way, visit_of
from models.stations.stations import Facility, Station
from models.unions.staff import Staff
from models.workers import phones
from models.workers.phones import PhoneNotUsable
from models.workers.workers import PHONE, Worker

ID_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_LETTERS = "10X98765432"
"""Source: GB 11643-1999, the check digit of a citizen's number."""


class Kind(StrEnum):
    """How staff know who came."""

    BY_PHONE_NUMBER = "by_phone_number"
    BY_ID_NUMBER = "by_id_number"
    COUNT_ONLY = "count_only"


class Visitor(msgspec.Struct, kw_only=True, frozen=True):
    """Somebody who came, as staff wrote it down."""

    kind: Kind
    number: str = ""
    """As typed; never kept."""
    people: int = 1
    used: Facility | None = None
    event_id: str | None = None
    """What the writer calls this visit, so that it counts once."""
    at: Instant | None = None
    """When it was, if it is written down later."""

    def __repr__(self) -> str:
        return f"<Visitor {self.kind}>"


class Known(msgspec.Struct, kw_only=True, frozen=True):
    """Whom a number stands for: a worker, a blind mark, or nobody."""

    worker_id: str | None = None
    visitor: str | None = None


class NumberNotUsable(Invalid):
    """This is no phone number, or no citizen's number; it is not repeated here."""

    code = "number_not_usable"
    message = "号码有误，请核对后重新输入，或只登记人数。"


class NumberOrPeople(Invalid):
    """A number is one person's; a group is only counted."""

    code = "number_or_people"
    message = "按号码登记一次只登记一人；多人请选“只登记人数”，不填号码。"


class NotYet(Invalid):
    """A visit is written down when it has been."""

    code = "not_yet"
    message = "来访时间不能晚于现在，请核对后再试。"


async def register(
    ctx: Context, station_id: str, said: Visitor, *, by: Staff
) -> CheckIn:
    """Write down somebody who came without a phone (登记来访).

    Refuses: NoSuchStation, RoleMissing, NumberNotUsable, NumberOrPeople, NotYet,
        AlreadyIn.
    Records: VisitMade, or VisitorsCounted.
    """
    desk.check_clerk(by, station_id)
    station = await directory.find(ctx, station_id)
    blinds = check(ctx, said)
    worker = await Worker.find(ctx, phone_blind=any_of(blinds)) if blinds else None
    known = known_as(ctx, said, None if worker is None else worker.id)
    if worker is not None:
        await audit.note(
            ctx,
            who=by.id,
            what="visits.look_up",
            about=worker.id,
            subject=worker.id,
            org_path=station.org_path,
        )
    row = await _row(ctx, station, said, known, by)
    try:
        return await entering.enter(ctx, row, station)
    except AlreadyIn:
        earlier = await CheckIn.find(ctx, once=row.once)
        if said.event_id is None or earlier is None:
            raise
        return earlier


def check(ctx: Context, said: Visitor) -> list[str]:
    """Make sure that what was written makes sense; returns what finds a phone.

    Refuses: NumberNotUsable, NumberOrPeople, NotYet.
    """
    is_counted = said.kind is Kind.COUNT_ONLY
    if is_counted == bool(said.number) or not (is_counted or said.people == 1):
        raise NumberOrPeople
    if said.at is not None and said.at > ctx.clock.now():
        raise NotYet
    if is_counted:
        return []
    number = _normal(said)
    is_phone = said.kind is Kind.BY_PHONE_NUMBER
    return ctx.secrets.blinds(PHONE, number) if is_phone else []


def known_as(ctx: Context, said: Visitor, worker_id: str | None) -> Known:
    """Say whom a number stands for that may be a worker's."""
    if worker_id is not None or said.kind is Kind.COUNT_ONLY:
        return Known(worker_id=worker_id)
    mark = ctx.secrets.blind("visitor", f"{said.kind}:{_normal(said)}")
    return Known(visitor=mark)


def written(
    ctx: Context, station: Station, said: Visitor, known: Known, by: Staff, *, once: str
) -> CheckIn:
    """Return the row of a visit."""
    told: dict[str, Any] = {
        "worker_id": known.worker_id,
        "visitor": known.visitor,
        "people": said.people,
        "used": said.used,
        "way": Way(said.kind),
        "by": by.id,
        "proof": entering.proof_of(said.kind, ctx.new_id("proof")),
        "online": said.at is None,
        "device_time": said.at,
    }
    return entering.draft(ctx, station, told, once=once, what=VISIT)


def once_by(station: Station, event_id: str) -> str:
    """Name a visit as its writer does; writers at two stations may say the same."""
    return f"event:{station.id}:{event_id}"


async def _row(
    ctx: Context, station: Station, said: Visitor, known: Known, by: Staff
) -> CheckIn:
    who = known.worker_id or known.visitor
    if said.event_id is not None:
        once = once_by(station, said.event_id)
    elif who is None:
        once = ctx.new_id("heads")
    else:
        day = ctx.clock.today()
        once = await entering.once_of(ctx, visit_of(who, station.id, day))
    return written(ctx, station, said, known, by, once=once)


def _normal(said: Visitor) -> str:
    """Write a number the one way it is looked up by.

    Refuses: NumberNotUsable.
    """
    if said.kind is Kind.BY_PHONE_NUMBER:
        try:
            return phones.normalise(said.number)
        except PhoneNotUsable:
            raise NumberNotUsable from None
    number = said.number.strip().upper()
    if not ID_NUMBER.fullmatch(number) or _check_letter(number) != number[-1]:
        raise NumberNotUsable
    return number


def _check_letter(number: str) -> str:
    digits = map(int, number[:-1])
    weighed = sum(digit * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    return CHECK_LETTERS[weighed % len(CHECK_LETTERS)]

"""First-aid alerts (急救呼叫) as they are kept: somebody needs help, who comes.

An alert lives through this and nothing else::

    called ── acknowledge ──▶ acknowledged ── arrive ──▶ arrived ── close ──▶ closed
      └────────────────────────── arrive ───────────────────▲
      60 s, 120 s without an answer: more people are called (`first_aid_ladder`)

It may be closed at any time as a false alarm or as handed to 120. Of the first
answer there is one; everybody else is told who it was. The verbs are in
`first_aid`; what it says of somebody's health is kept apart, in ``details``.

Source: features S1-18; rules §3.8.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from pymongo import IndexModel

from models.base import personal, push
from models.base.documents import Document
from models.base.errors import Conflict, Invalid, NotFound
from models.base.events import Event
from models.base.push import Push
from models.base.units import Instant
from models.stations import audience
from models.stations.audience import Hall


class State(StrEnum):
    """Where an alert is in its life."""

    CALLED = "called"
    ACKNOWLEDGED = "acknowledged"
    ARRIVED = "arrived"
    CLOSED = "closed"


OPEN = (State.CALLED, State.ACKNOWLEDGED, State.ARRIVED)


class Kind(StrEnum):
    """What happened: four big buttons, and none of them."""

    INJURY = "injury"
    """受伤出血."""
    CHEST_PAIN = "chest_pain"
    """胸痛、喘不上气."""
    UNCONSCIOUS = "unconscious"
    """晕倒、叫不醒."""
    HEAT_STROKE = "heat_stroke"
    """中暑."""
    OTHER = "other"


class Outcome(StrEnum):
    """How an alert ended."""

    HELPED = "helped"
    HANDED_TO_120 = "handed_to_120"
    FALSE_ALARM = "false_alarm"


class Basis(StrEnum):
    """Why health details may be kept with an alert, beside saving a life now."""

    CONSENT = "consent"
    """The worker's standing consent, or the tick under this very call."""
    FOR_ANOTHER = "for_another"
    """What somebody saw of another person: kept to help them (PIPL art. 13)."""
    NONE = "none"
    """Nothing but what happened and a number to call back, and only till it ends."""


class Details(msgspec.Struct, kw_only=True, frozen=True):
    """What is known of the person; gone when its time has come."""

    kind: Kind | None = None
    note: str | None = None
    """Sealed."""
    phone: str | None = None
    """Sealed; as typed, to be called back."""
    basis: Basis = Basis.NONE


class Ring(msgspec.Struct, kw_only=True, frozen=True):
    """One person who was called, and on which rung of the ladder."""

    staff_id: str
    level: int
    at: Instant


class Deed(msgspec.Struct, frozen=True):
    """Who did something about it, and when."""

    by: str
    at: Instant


class Alert(Document, kw_only=True, frozen=True):
    """One call for help (急救呼叫)."""

    SHELF = "first_aid_alerts"
    PERSONAL = personal.renamed(
        "急救呼叫",
        "caller_id",
        emptied=("details", "reason", "tap"),
        opened=("details.note", "details.phone"),
        hidden=("tap", "rings", "reason", "acknowledged", "arrived", "closed"),
    )
    INDEXES = (
        IndexModel(
            ["tap"], unique=True, partialFilterExpression={"tap": {"$type": "string"}}
        ),
        IndexModel(["climb_at"], partialFilterExpression={"state": State.CALLED}),
        IndexModel(["station_id", "state", ("_id", -1)]),
        IndexModel(["rings.staff_id", "state", ("_id", -1)]),
        IndexModel(["org_path", ("_id", -1)]),
        IndexModel(["station_id", "called_at"]),
        IndexModel(["org_path", "called_at"]),
        IndexModel(
            ["forget_at"], partialFilterExpression={"forget_at": {"$type": "date"}}
        ),
        IndexModel(["caller_id"], sparse=True),
    )

    station_id: str
    org_path: str = ""
    """Path of the union that answered for the station then."""
    spot: str | None = None
    """Where in the station, when a port's code was scanned."""
    for_self: bool
    caller_id: str | None = None
    """The worker who called; None for a stranger."""
    called_at: Instant
    tap: str | None = None
    """What another tap of the same hand would have in common with it."""
    state: State = State.CALLED
    level: int
    """How far up the ladder: 1 to 3."""
    climb_at: Instant | None
    """When the next rung is due; None when there is none, or somebody answered."""
    rings: tuple[Ring, ...] = ()
    details: Details | None
    forget_at: Instant | None
    """From then on the details are nobody's to read."""
    acknowledged: Deed | None = None
    arrived: Deed | None = None
    closed: Deed | None = None
    outcome: Outcome | None = None
    reason: str | None = None
    """Sealed: why it was a false alarm; goes with the details."""

    def __repr__(self) -> str:
        return f"<Alert {self.id} {self.state}>"

    def details_at(self, now: datetime) -> Details | None:
        """Return what may still be read, erased already or not."""
        is_over = self.forget_at is not None and now >= self.forget_at
        return None if is_over else self.details

    def was_called(self, staff_id: str) -> bool:
        """Say whether somebody was called for this."""
        return any(ring.staff_id == staff_id for ring in self.rings)

    def last_deed(self) -> Deed | None:
        """Return who last did something about it."""
        return self.closed or self.arrived or self.acknowledged


class AlertEvent(Event, kw_only=True, frozen=True):
    """What is said of a call; of what happened nothing, events are kept for weeks."""

    alert_id: str
    station_id: str
    org_path: str
    caller_id: str | None
    """The worker who called; None for a stranger."""
    staff_ids: tuple[str, ...]
    """Who was called."""
    state: State

    def push(self) -> Push:
        """Tell the station, whoever was called from elsewhere, and who called."""
        caller = () if self.caller_id is None else (push.worker(self.caller_id),)
        called = (push.staff(each) for each in self.staff_ids)
        alarms = audience.of(Hall.ALARMS, self.station_id, self.org_path)
        return Push(
            topics=(*alarms, *called, *caller),
            ref=self.alert_id,
            station_id=self.station_id,
            state=self.state,
        )


class FirstAidCalled(AlertEvent, kw_only=True, frozen=True):
    """Somebody needs help."""

    station_name: str
    level: int


class FirstAidEscalated(FirstAidCalled, kw_only=True, frozen=True):
    """Nobody answered in time; more are called."""


class FirstAidAcknowledged(AlertEvent, kw_only=True, frozen=True):
    """Somebody is on the way; the others may stay."""

    staff_id: str
    seconds: int
    """From the call to the answer."""


class FirstAidArrived(AlertEvent, kw_only=True, frozen=True):
    """Help is there."""

    staff_id: str
    seconds: int
    """From the call to the arrival."""


class FirstAidClosed(AlertEvent, kw_only=True, frozen=True):
    """It is over."""

    staff_id: str
    outcome: Outcome


class NoSuchAlert(NotFound):
    """No alert that is this person's to see has this id."""

    code = "no_such_alert"
    message = "没有找到这次呼叫；如仍需帮助，请重新呼叫，紧急情况先拨打120。"


class AlertMoved(Conflict):
    """Somebody was faster; ``details`` say who, and how it stands."""

    code = "alert_moved"
    message = "这次呼叫的状态已变化，请刷新查看。"


class ReasonNeeded(Invalid):
    """A false alarm is closed with a reason."""

    code = "reason_needed"
    message = "误报请写明原因，例如“误触”“人已自行离开”。"


def tell(alert: Alert) -> dict[str, Any]:
    """Return what every event of an alert says."""
    return {
        "alert_id": alert.id,
        "station_id": alert.station_id,
        "org_path": alert.org_path,
        "caller_id": alert.caller_id,
        "staff_ids": tuple(dict.fromkeys(ring.staff_id for ring in alert.rings)),
        "state": alert.state,
    }

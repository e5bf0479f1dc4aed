"""Appeals (爽约申诉): a worker says why a strike is wrong, the union decides.

::

    open ── accept ──▶ accepted    the strike counts for nothing, a suspension that
      │                            followed from it is over at once
      └──── refuse ──▶ refused     with a reason

There is one open appeal a strike. Deciding is `appeal_decisions`.

Source: features S1-22; rules §3.5, 7.6.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Conflict, NotFound
from models.base.events import Event, record
from models.base.pages import Page
from models.base.store import atomic
from models.base.units import Instant
from models.stations import desk_marks
from models.stations.booked import Booking
from models.stations.desk_marks import Deed
from models.stations.strikes import Strike
from models.unions.officials import Official
from models.unions.permissions import Permission
from models.workers.sessions import SignedIn


class State(StrEnum):
    """How far an appeal has come."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Appeal(Document, kw_only=True, frozen=True):
    """What a worker says against a strike (申诉)."""

    SHELF = "appeals"
    PERSONAL = personal.deleted(
        "爽约申诉",
        "worker_id",
        opened=("text",),
        hidden=("marked_by", "decided_by"),
    )
    INDEXES = (
        IndexModel(
            ["strike_id"], unique=True, partialFilterExpression={"state": State.OPEN}
        ),
        IndexModel([("strike_id", 1), ("_id", -1)]),
        IndexModel([("org_path", 1), ("state", 1), ("_id", -1)]),
        IndexModel(["worker_id"]),
    )

    strike_id: str
    worker_id: str
    booking_id: str
    station_id: str
    station_name: str
    org_path: str
    """As the booking has it."""
    missed_at: Instant
    text: str
    """Sealed: people tell of illness and family."""
    state: State = State.OPEN
    made_at: Instant
    marked_by: str | None = None
    """The clerk who marked the no-show; None if the clockwork did."""
    decided_by: str | None = None
    decided_at: Instant | None = None
    reason: str = ""

    def __repr__(self) -> str:
        return f"<Appeal {self.id} {self.state}>"


class AppealMade(Event, kw_only=True, frozen=True):
    """A worker says that a strike is wrong."""

    appeal_id: str
    worker_id: str
    station_id: str


class AppealDecided(Event, kw_only=True, frozen=True):
    """The union decided about an appeal."""

    appeal_id: str
    worker_id: str
    booking_id: str
    station_name: str
    missed_at: Instant
    is_accepted: bool
    reason: str


class NoSuchStrike(NotFound):
    """No strike of this worker has this id."""

    code = "no_such_strike"
    message = "没有找到这条爽约记录，请到“我的爽约记录”查看。"


class StrikeOver(Conflict):
    """The strike counts for nothing any more."""

    code = "strike_over"
    message = "这条爽约记录已不再计入，无需申诉。"


class AppealOpen(Conflict):
    """This strike's appeal is not decided yet."""

    code = "appeal_open"
    message = "这条爽约记录的申诉正在处理中，请等待结果，有消息会通知您。"


class NoSuchAppeal(NotFound):
    """No appeal within reach has this id."""

    code = "no_such_appeal"
    message = "没有找到这条申诉，请刷新列表再试。"


async def appeal(ctx: Context, strike_id: str, text: str, *, by: SignedIn) -> Appeal:
    """Say why a strike is wrong (申诉).

    Refuses: NoSuchStrike, StrikeOver, AppealOpen.
    Records: AppealMade.
    """
    strike = await Strike.find(ctx, _id=strike_id, worker_id=by.id)
    booking = None if strike is None else await Booking.get(ctx, strike.booking_id)
    if strike is None or booking is None:
        raise NoSuchStrike
    if strike.is_over(ctx.clock.now()):
        raise StrikeOver
    mark = await desk_marks.last(ctx, booking.id, Deed.NO_SHOW)
    draft = Appeal(
        id=ctx.new_id("appeal"),
        strike_id=strike.id,
        worker_id=by.id,
        booking_id=booking.id,
        station_id=booking.station_id,
        station_name=booking.station_name,
        org_path=booking.org_path,
        missed_at=strike.at,
        text=ctx.secrets.seal(text),
        made_at=ctx.clock.now(),
        marked_by=None if mark is None or mark.is_undo else mark.by,
    )
    return await _make(ctx, draft)


@atomic(duplicate=AppealOpen)
async def _make(ctx: Context, draft: Appeal) -> Appeal:
    await draft.insert(ctx)
    event = AppealMade(
        appeal_id=draft.id, worker_id=draft.worker_id, station_id=draft.station_id
    )
    await record(ctx, event)
    return draft


async def find(ctx: Context, appeal_id: str, *, by: Official) -> Appeal:
    """Return an appeal within reach.

    Refuses: PermissionMissing, NoSuchAppeal.
    """
    scope = by.scope(Permission.STATIONS)
    found = await Appeal.find(ctx, _id=appeal_id, **scope.where())
    if found is None:
        raise NoSuchAppeal
    return found


async def of(
    ctx: Context,
    *,
    by: Official,
    state: State = State.OPEN,
    cursor: str | None = None,
    limit: int,
) -> Page[Appeal]:
    """List the appeals within reach, the last first (申诉列表).

    Refuses: PermissionMissing, BadCursor.
    """
    where: dict[str, Any] = {**by.scope(Permission.STATIONS).where(), "state": state}
    return await Appeal.page(ctx, where, cursor=cursor, limit=limit)


async def about(ctx: Context, strike_ids: Sequence[str]) -> dict[str, Appeal]:
    """Return the last appeal about each of some strikes, in one question."""
    where = {"strike_id": {"$in": list(strike_ids)}}
    found = await Appeal.many(ctx, where, sort=[("_id", 1)], limit=0)
    return {each.strike_id: each for each in found}

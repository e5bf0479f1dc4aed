"""Strikes (爽约记录): what missed bookings cost, and how it wears off.

A no-show is a whole strike, a late cancellation half. A strike wears off after
30 days. When three have come together in 30 days, booking rests for a week;
nothing is stored of that, it follows from the strikes, so a strike taken away
ends it by itself. What the station is to blame for is no strike. Walking in,
checking in and first aid are never refused for strikes::

    given ── an appeal is accepted ──▶ lifted       (`appeals`)
      └──── the no-show is undone ───▶ gone         (`desk_endings`)

Source: rules §3.5; features S1-22.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import IntEnum

from pymongo import IndexModel

from models.base import personal
from models.base.clock import SHANGHAI
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Forbidden
from models.base.events import Event, record
from models.base.pages import Page
from models.base.store import atomic
from models.base.units import Instant

WEARS_OFF = timedelta(days=30)

SUSPENDED = timedelta(days=7)
"""The longest that booking may rest."""

REMEMBERED = WEARS_OFF + SUSPENDED
"""Older strikes count for nothing any more."""

MOST_READ = 200
"""More than anybody can collect while suspended most of the time."""


class Weight(IntEnum):
    """How heavy it is, in halves of a strike."""

    LATE_CANCEL = 1
    NO_SHOW = 2


TOO_MANY = 3 * Weight.NO_SHOW
"""Halves: the third whole one."""


class Strike(Document, kw_only=True, frozen=True):
    """One booking that kept a port from others for nothing."""

    SHELF = "strikes"
    INDEXES = (
        IndexModel(["worker_id", "at"]),
        IndexModel(["org_path", ("_id", -1)]),
        IndexModel([("worker_id", 1), ("_id", -1)]),
    )
    PERSONAL = personal.deleted("爽约记录", "worker_id")

    worker_id: str
    booking_id: str
    org_path: str = ""
    """As the booking has it."""
    weight: Weight
    at: Instant
    lifted_at: Instant | None = None
    """From then on it counts for nothing, also looking back."""

    def is_over(self, now: datetime) -> bool:
        """Say whether it counts for nothing any more."""
        return self.lifted_at is not None or now >= self.at + REMEMBERED


class WorkerSuspended(Event, kw_only=True, frozen=True):
    """A worker may not book for some days."""

    worker_id: str
    until: Instant
    booking_id: str
    """The one that was too many."""


class BookingSuspended(Forbidden):
    """Too many missed bookings; ``details.until`` says when it is over."""

    code = "booking_suspended"
    message = "近期多次预约未到，暂时不能预约；到站扫码使用和急救不受影响。"

    @classmethod
    def till(cls, until: datetime) -> "BookingSuspended":
        """Name the day."""
        day = until.astimezone(SHANGHAI)
        says = f"近30天多次预约未到，{day.month}月{day.day}日{day:%H:%M}起可重新预约；"
        return cls(
            {"until": until.isoformat()}, message=says + "到站扫码使用和急救不受影响。"
        )


@atomic()
async def add(
    ctx: Context,
    worker_id: str,
    *,
    booking_id: str,
    org_path: str,
    weight: Weight,
    at: datetime,
) -> None:
    """Give a strike for a booking; a second for the same changes nothing.

    Rules: called in the transaction that ends the booking, which also writes the
    worker's agenda, so two strikes of one worker come one after the other.
    Records: WorkerSuspended, when it is the one too many.
    """
    before = await of(ctx, worker_id, at)
    if any(strike.booking_id == booking_id for strike in before):
        return
    strike = Strike(
        id=strike_id(booking_id),
        worker_id=worker_id,
        booking_id=booking_id,
        org_path=org_path,
        weight=weight,
        at=at,
    )
    await strike.insert(ctx)
    until = suspended_until([*before, strike], at)
    if until is not None and until != suspended_until(before, at):
        told = WorkerSuspended(worker_id=worker_id, until=until, booking_id=booking_id)
        await record(ctx, told)


async def take_back(ctx: Context, booking_id: str) -> None:
    """Forget the strike of a booking that was not missed after all."""
    await Strike.shelf(ctx).delete_one({"_id": strike_id(booking_id)})


async def lift(ctx: Context, strike_id: str) -> None:
    """Let a strike count for nothing (撤销爽约记录); a second time changes nothing."""
    await Strike.change(
        ctx,
        where={"_id": strike_id, "lifted_at": None},
        update={"$set": {"lifted_at": ctx.clock.now()}},
    )


def strike_id(booking_id: str) -> str:
    """Name the strike of a booking; there is one at most."""
    return f"strike_{booking_id.removeprefix('booking_')}"


async def check(ctx: Context, worker_id: str) -> None:
    """Make sure that a worker may book.

    Refuses: BookingSuspended.
    """
    now = ctx.clock.now()
    judge(await of(ctx, worker_id, now), now)


def judge(strikes: Sequence[Strike], now: datetime) -> None:
    """Make sure that somebody with these strikes may book.

    Refuses: BookingSuspended.
    """
    until = suspended_until(strikes, now) if strikes else None
    if until is not None:
        raise BookingSuspended.till(until)


async def page_of(
    ctx: Context, worker_id: str, *, cursor: str | None = None, limit: int
) -> Page[Strike]:
    """List a worker's strikes, also those that are over, the last first.

    Refuses: BadCursor.
    """
    where = {"worker_id": worker_id}
    return await Strike.page(ctx, where, cursor=cursor, limit=limit)


async def of(ctx: Context, worker_id: str, now: datetime) -> list[Strike]:
    """List the strikes that may still count, the oldest first."""
    return await counted(ctx, [worker_id], now)


async def counted(
    ctx: Context, worker_ids: Sequence[str], now: datetime
) -> list[Strike]:
    """List those of some workers, the oldest first."""
    return await Strike.many(
        ctx,
        {
            "worker_id": {"$in": worker_ids},
            "at": {"$gt": now - REMEMBERED},
            "lifted_at": None,
        },
        sort=[("at", 1)],
        limit=MOST_READ * len(worker_ids),
    )


def suspended_until(strikes: Sequence[Strike], now: datetime) -> datetime | None:
    """Say till when booking rests; None if it does not (暂停预约至).

    Rules: a week from the strike that made it three within 30 days.
    """
    ends = [
        last.at + SUSPENDED
        for last in strikes
        if last.at <= now and _together(strikes, last.at) >= TOO_MANY
    ]
    return max((end for end in ends if end > now), default=None)


def _together(strikes: Sequence[Strike], at: datetime) -> int:
    """Add up what had not worn off at a moment, in halves."""
    return sum(each.weight for each in strikes if at - WEARS_OFF < each.at <= at)

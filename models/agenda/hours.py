"""Taken hours (日程): when a person is already somewhere, so a clash is one look.

One document a person. Every room that takes somebody's hours writes here in
its own transaction; because all of them write this one document, two deeds of
the same person can never both pass a check that only one may pass. Intervals
are half-open: an end that is the next one's start does not clash.

Hours that *bind* need the person there (a course, charging a vehicle) and clash
with each other. Charging a phone does not bind, but two of the same kind at the
same time are still one too many.
Source: rules §2.7, §3.1; features S9-09 (without travel time).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import msgspec
from pymongo import UpdateOne

from models.base import personal
from models.base.context import Context
from models.base.deeds import Guard
from models.base.documents import Document, plain
from models.base.errors import Conflict
from models.base.units import Instant

KEPT_PAST = timedelta(days=2)
"""Ended hours stay this long for a glance back; the document stays small."""

NEXT_REV = {"$add": [{"$ifNull": ["$rev", 0]}, 1]}


class Taken(msgspec.Struct, kw_only=True, frozen=True):
    """One stretch of a person's time."""

    ref: str
    """The id of the booking or enrolment that took it."""
    kind: str
    """What it is for, such as ``training`` or ``phone_charging``."""
    title: str
    """What the person calls it."""
    start: Instant
    end: Instant
    binding: bool
    """Whether the person must be there."""


class Agenda(Document, kw_only=True, frozen=True):
    """Everything one person's time is taken by."""

    SHELF = "agendas"
    PERSONAL = personal.deleted("日程", "_id", hidden=("rev",))

    taken: tuple[Taken, ...] = ()
    closed: bool = False
    """Its person is leaving: nothing new is taken."""
    rev: int = 0
    """Goes up with every change, so a decision by what was read here can be kept
    from being written when it no longer stands."""


class TimeConflict(Conflict):
    """The person is already somewhere else then; ``details`` name it."""

    code = "time_conflict"
    message = "这个时间您已有其他安排，请换一个时间或先取消原安排。"

    @classmethod
    def over(cls, other: Taken) -> "TimeConflict":
        """Name what stands in the way."""
        return cls(
            {
                "ref": other.ref,
                "kind": other.kind,
                "title": other.title,
                "start": other.start.isoformat(),
                "end": other.end.isoformat(),
            },
            message=f"与“{other.title}”时间冲突，请换一个时间或先取消原安排。",
        )


class AgendaClosed(TimeConflict):
    """The person asked for their account to be erased; first they call that off."""

    code = "account_leaving"
    message = "您已申请注销账号，暂不能预约和报名；如需继续使用，请先撤销注销申请。"


@contextmanager
def of_another() -> Iterator[None]:
    """Tell whoever acts for somebody that it cannot be then, and nothing of why.

    Rules: where a person is needed, and that they are leaving, is their own affair.
    Refuses: TimeConflict in place of TimeConflict and AgendaClosed.
    """
    try:
        yield
    except TimeConflict as refusal:
        raise TimeConflict(
            message="这位劳动者当时不能到，不能这样办理；可请本人在手机上查看日程。"
        ) from refusal


async def seen(ctx: Context, worker_id: str) -> Agenda:
    """Return a person's agenda as it stands; a newcomer's is empty."""
    return await Agenda.get(ctx, worker_id) or Agenda(id=worker_id)


def check(agenda: Agenda, wanted: Sequence[Taken]) -> None:
    """Make sure that hours are free.

    Refuses: TimeConflict, AgendaClosed.
    """
    if wanted and agenda.closed:
        raise AgendaClosed
    clash = _clash(agenda, wanted)
    if clash is not None:
        raise TimeConflict.over(clash)


def are_free(agenda: Agenda, wanted: Sequence[Taken]) -> bool:
    """Tell the same."""
    return not agenda.closed and _clash(agenda, wanted) is None


def taking(ctx: Context, agenda: Agenda, wanted: Sequence[Taken]) -> Guard:
    """Return the change that takes hours just checked, if nothing came between."""
    refs = {hours.ref for hours in wanted}
    since = ctx.clock.now() - KEPT_PAST
    kept = [h for h in agenda.taken if h.end > since and h.ref not in refs]
    as_seen = agenda.rev or {"$in": [0, None]}
    change = {"$set": {"taken": plain([*kept, *wanted])}, "$inc": {"rev": 1}}
    where = {"_id": agenda.id, "rev": as_seen}
    return Guard(Agenda, UpdateOne(where, change, upsert=not agenda.rev))


async def look(ctx: Context, worker_id: str, wanted: Sequence[Taken]) -> None:
    """Refuse early what ``take`` would refuse; opens the agenda of a newcomer.

    Refuses: TimeConflict.
    """
    agenda = await Agenda.get(ctx, worker_id)
    if agenda is None:
        await Agenda.shelf(ctx).update_one(
            {"_id": worker_id}, {"$setOnInsert": {"taken": []}}, upsert=True
        )
        return
    check(agenda, wanted)


async def take(ctx: Context, worker_id: str, wanted: Sequence[Taken]) -> None:
    """Take hours for one ref, all or none; taking them again changes nothing.

    Rules: call ``look`` first, outside the transaction.
    Refuses: TimeConflict, AgendaClosed.
    """
    if not wanted:
        return
    refs = sorted({hours.ref for hours in wanted})
    changed = await Agenda.change(
        ctx,
        where={
            "_id": worker_id,
            "closed": {"$ne": True},
            "$nor": [{"taken": {"$elemMatch": _clashes(h)}} for h in wanted],
        },
        update=[{"$set": {"taken": _with(refs, wanted, ctx), "rev": NEXT_REV}}],
    )
    if changed is None:
        check(await Agenda.find(ctx, _id=worker_id) or Agenda(id=worker_id), wanted)
        raise TimeConflict


async def impose(ctx: Context, worker_id: str, wanted: Sequence[Taken]) -> Taken | None:
    """Take hours for one ref whatever else is there; returns what they clash with.

    Rules: for what others decide, such as a course that is moved; the person is told.
    """
    refs = sorted({hours.ref for hours in wanted})
    agenda = await Agenda.change(
        ctx,
        where={"_id": worker_id},
        update=[{"$set": {"taken": _with(refs, wanted, ctx), "rev": NEXT_REV}}],
    )
    if agenda is None:
        await Agenda(id=worker_id, taken=tuple(wanted), rev=1).insert(ctx)
        return None
    return _clash(agenda, wanted)


async def give_back(ctx: Context, worker_id: str, *, ref: str) -> None:
    """Free the hours a ref took; a second time changes nothing."""
    await Agenda.change(
        ctx,
        where={"_id": worker_id},
        update={"$pull": {"taken": {"ref": ref}}, "$inc": {"rev": 1}},
    )


async def close(ctx: Context, worker_id: str) -> None:
    """Let nothing new be taken of somebody who is leaving.

    Rules: call ``look`` first, outside the transaction; then this and a taking at
    the same moment cannot both go through.
    """
    await _set_closed(ctx, worker_id, True)


async def reopen(ctx: Context, worker_id: str) -> None:
    """Let hours be taken again of somebody who stays."""
    await _set_closed(ctx, worker_id, False)


async def _set_closed(ctx: Context, worker_id: str, closed: bool) -> None:
    await Agenda.change(
        ctx,
        where={"_id": worker_id},
        update={"$set": {"closed": closed}, "$inc": {"rev": 1}},
    )


async def of(ctx: Context, worker_id: str) -> list[Taken]:
    """List a person's hours that have not ended, soonest first."""
    agenda = await Agenda.get(ctx, worker_id)
    now = ctx.clock.now()
    ahead = () if agenda is None else agenda.taken
    return sorted((h for h in ahead if h.end > now), key=lambda hours: hours.start)


def _clashes(wanted: Taken) -> dict[str, Any]:
    same_kind = {"kind": wanted.kind}
    return {
        "ref": {"$ne": wanted.ref},
        "start": {"$lt": wanted.end},
        "end": {"$gt": wanted.start},
        **({"$or": [{"binding": True}, same_kind]} if wanted.binding else same_kind),
    }


def _clash(agenda: Agenda, wanted: Sequence[Taken]) -> Taken | None:
    return next(
        (old for new in wanted for old in agenda.taken if _is_clash(old, new)), None
    )


def _is_clash(old: Taken, new: Taken) -> bool:
    return (
        old.ref != new.ref
        and old.start < new.end
        and old.end > new.start
        and (old.kind == new.kind or (old.binding and new.binding))
    )


def _with(refs: list[str], wanted: Sequence[Taken], ctx: Context) -> dict[str, Any]:
    kept = {
        "$filter": {
            "input": "$taken",
            "as": "h",
            "cond": {
                "$and": [
                    {"$gt": ["$$h.end", ctx.clock.now() - KEPT_PAST]},
                    {"$not": [{"$in": ["$$h.ref", refs]}]},
                ]
            },
        }
    }
    return {"$concatArrays": [kept, {"$literal": plain(list(wanted))}]}

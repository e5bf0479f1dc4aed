"""Seats (名额): taking, handing on and giving back, each one guarded update.

The update of the session document *is* the commit, and stays out of transactions
(hot documents: house §6). It holds total ∧ group ∧ not already in, so all of them
are taken or none::

    left ──── take ────▶ held by an enrolment ──── give_back ────▶ left
                              └── hand_on ──▶ held by who waits first

A session's groups keep their order, so a group is named by its place in the list
and guarded by its name.
Source: features S9-02; rules §2.3, §2.5.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from models.base.context import Context
from models.base.documents import plain
from models.base.errors import Conflict
from models.trainings import sessions
from models.trainings.sessions import Holder, Session, Stage

ON = {"stage": {"$ne": Stage.CANCELLED}}
"""No seat is taken in a session that has been cancelled, whoever read it before."""

ANY = (None,)
"""Whoever counts in no group takes a seat that only the total bounds."""


class Claim(NamedTuple):
    """Who wants a seat, under which enrolment, counted in which groups."""

    enrolment_id: str
    worker_id: str
    groups: Sequence[str]
    """The first with room is taken."""


class SessionFull(Conflict):
    """No seat is left for this person; ``details`` say whether they may wait."""

    code = "session_full"
    message = "这一期名额已满，您可以加入候补，有名额时会为您保留并通知您。"

    @classmethod
    def at(cls, session: Session, now: datetime) -> "SessionFull":
        """Say whether waiting still makes sense."""
        if now < session.last_offer_at:
            return cls({"may_wait": True})
        return cls({"may_wait": False}, message="这一期名额已满，请看看其他班次。")


class AlreadyEnrolled(Conflict):
    """The person has an active sign-up for this programme; ``details`` name it."""

    code = "already_enrolled"
    message = "您已报名这个培训，请到“我的培训”查看。"


async def take(ctx: Context, session: Session, claim: Claim) -> None:
    """Take one seat (占名额): in the first group that has room.

    Refuses: SessionFull, AlreadyEnrolled, SessionCancelled.
    """
    for group in claim.groups or ANY:
        where: dict[str, Any] = {"_id": session.id, "left": {"$gt": 0}, **ON}
        count = {"left": -1}
        if group is not None:
            place = _place(session, group)
            where |= {f"{place}.name": group, f"{place}.left": {"$gt": 0}}
            count[f"{place}.left"] = -1
        where["holders.worker_id"] = {"$ne": claim.worker_id}
        push = {"holders": _holder(ctx, claim, group)}
        if await _change(ctx, where, {"$inc": count, "$push": push}):
            return
    held = await Session.shelf(ctx).find_one(
        {"_id": session.id, "holders.worker_id": claim.worker_id},
        {"holders": {"$elemMatch": {"worker_id": claim.worker_id}}},
    )
    if held is not None:
        raise AlreadyEnrolled({"enrolment_id": held["holders"][0]["enrolment_id"]})
    sessions.check_on(await sessions.find(ctx, session.id))
    raise SessionFull.at(session, ctx.clock.now())


async def hand_on(ctx: Context, session: Session, held: Holder, claim: Claim) -> bool:
    """Move a seat from an ended enrolment to a claim; False if it does not fit.

    Rules: an over-booked total or group takes the seat back instead.
    """
    for group in claim.groups or ANY:
        where: dict[str, Any] = {
            "_id": session.id,
            "left": {"$gte": 0},
            **ON,
            "holders": {"$elemMatch": plain({"enrolment_id": held.enrolment_id})},
            "holders.worker_id": {"$ne": claim.worker_id},
        }
        count: dict[str, int] = {}
        if group is not None:
            place = _place(session, group)
            room = {"$gte": 0} if group == held.group else {"$gt": 0}
            where |= {f"{place}.name": group, f"{place}.left": room}
        if group != held.group:
            count |= {f"{_place(session, group)}.left": -1} if group else {}
            count |= {f"{_place(session, held.group)}.left": 1} if held.group else {}
        update: dict[str, Any] = {
            "$set": {"holders.$[gone]": _holder(ctx, claim, group)},
            **({"$inc": count} if count else {}),
        }
        gone = {"gone.enrolment_id": held.enrolment_id}
        if await _change(ctx, where, update, array_filters=[gone]):
            return True
    return False


async def give_back(ctx: Context, session: Session, held: Holder) -> bool:
    """Free a seat; a second time changes nothing."""
    count = {"left": 1}
    if held.group is not None:
        count[f"{_place(session, held.group)}.left"] = 1
    mine = {"enrolment_id": held.enrolment_id}
    return await _change(
        ctx,
        {"_id": session.id, "holders": {"$elemMatch": mine}},
        {"$inc": count, "$pull": {"holders": mine}},
    )


async def held_by(
    ctx: Context, session_id: str, enrolment_id: str
) -> tuple[Session, Holder] | None:
    """Return the seat of an enrolment with its session, if it holds one."""
    return await _held(ctx, session_id, "enrolment_id", enrolment_id)


async def held_for(
    ctx: Context, session_id: str, worker_id: str
) -> tuple[Session, Holder] | None:
    """Return the seat of a person with its session, if they hold one."""
    return await _held(ctx, session_id, "worker_id", worker_id)


async def _held(
    ctx: Context, session_id: str, name: str, id_: str
) -> tuple[Session, Holder] | None:
    session = await Session.find(ctx, _id=session_id, **{f"holders.{name}": id_})
    if session is None:
        return None
    return session, next(h for h in session.holders if getattr(h, name) == id_)


async def resize(
    ctx: Context,
    session_id: str,
    *,
    seats: int,
    groups: Mapping[str, int] = MappingProxyType({}),
    only: Mapping[str, Any] = MappingProxyType({}),
) -> Session | None:
    """Change how many seats there are (调整名额), if the session is ``only`` so.

    Rules: nobody is thrown out; a total under what is taken shows as over-booked.
    """
    more = {"$subtract": [_wanted(groups), "$$group.seats"]}
    resized = {"seats": _wanted(groups), "left": {"$add": ["$$group.left", more]}}
    return await Session.change(
        ctx,
        {"_id": session_id, **only},
        [
            {
                "$set": {
                    "version": {"$add": [{"$ifNull": ["$version", 0]}, 1]},
                    "left": {"$add": ["$left", {"$subtract": [seats, "$seats"]}]},
                    "seats": seats,
                    "groups": {
                        "$map": {
                            "input": "$groups",
                            "as": "group",
                            "in": {"$mergeObjects": ["$$group", resized]},
                        }
                    },
                }
            }
        ],
    )


def _wanted(groups: Mapping[str, int]) -> Any:
    if not groups:
        return "$$group.seats"
    cases = [
        {"case": {"$eq": ["$$group.name", name]}, "then": seats}
        for name, seats in groups.items()
    ]
    return {"$switch": {"branches": cases, "default": "$$group.seats"}}


def _place(session: Session, group: str) -> str:
    names = [each.name for each in session.groups]
    return f"groups.{names.index(group)}"


def _holder(ctx: Context, claim: Claim, group: str | None) -> dict[str, Any]:
    row: dict[str, Any] = plain(
        Holder(
            enrolment_id=claim.enrolment_id,
            worker_id=claim.worker_id,
            group=group,
            since=ctx.clock.now(),
        )
    )
    return row


async def _change(ctx: Context, where: Any, update: Any, **options: Any) -> bool:
    done = await Session.shelf(ctx).update_one(where, update, **options)
    return done.modified_count == 1

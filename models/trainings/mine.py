"""My trainings (我的培训): one's own enrolments with all that is shown of them.

A list is four questions however long it is: the enrolments, their programmes, their
sessions, their places in the queues.
Source: screens 我的培训; rules §2.5 (position shown).
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from models.base.context import Context
from models.base.pages import Page
from models.trainings import enrolments, sessions, waitlist
from models.trainings.enrolments import ACTIVE, Enrolment, State
from models.trainings.programmes import Programme
from models.trainings.sessions import Session, Stage
from models.workers.sessions import SignedIn


class Mine(msgspec.Struct, kw_only=True, frozen=True):
    """One of my enrolments and what it is for."""

    enrolment: Enrolment
    programme: Programme
    session: Session
    """Without its holders."""
    position: int | None
    """Place in the queue; None unless waiting."""

    def state_at(self, now: datetime) -> State:
        """Return the state at a moment, though nobody swept or wound up yet."""
        state = self.enrolment.state_at(now)
        if self.session.stage is Stage.CANCELLED and state in ACTIVE:
            return State.CANCELLED_BY_ORGANISER
        return state


async def find(ctx: Context, enrolment_id: str, *, by: SignedIn) -> Mine:
    """Return one of mine.

    Refuses: NoSuchEnrolment.
    """
    return await show(ctx, await enrolments.find(ctx, enrolment_id, by=by))


async def show(ctx: Context, enrolment: Enrolment) -> Mine:
    """Return what there is to show of one."""
    (mine,) = await _show(ctx, [enrolment])
    return mine


async def of(
    ctx: Context, *, by: SignedIn, cursor: str | None = None, limit: int = 20
) -> Page[Mine]:
    """List mine, newest first.

    Refuses: BadCursor.
    """
    where: dict[str, Any] = {"worker_id": by.id, "state": {"$ne": State.DROPPED}}
    page = await Enrolment.page(ctx, where, cursor=cursor, limit=limit)
    return Page(await _show(ctx, page.items), page.next)


async def _show(ctx: Context, found: Sequence[Enrolment]) -> list[Mine]:
    programmes = await asyncio.gather(
        *(Programme.get(ctx, each.programme_id) for each in found)
    )
    runs = await sessions.by_ids(ctx, [each.session_id for each in found])
    places = await waitlist.positions(ctx, found)
    return [
        Mine(
            enrolment=enrolment,
            programme=programme,
            session=runs[enrolment.session_id],
            position=places.get(enrolment.id),
        )
        for enrolment, programme in zip(found, programmes, strict=True)
        if programme is not None and enrolment.session_id in runs
    ]

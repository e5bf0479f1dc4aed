"""The roster (名单): who is in a session, who waits, who was there; masked.

A page is five questions however long it is: the session, the enrolments, their
people, their places in the queue, their marks.
Source: rules §7.3; screens.md §4 (roster, export).
"""

from typing import Any

import msgspec

from models.base.context import Context
from models.base.pages import Page
from models.trainings import attendance, waitlist
from models.trainings.attendance import Attendance
from models.trainings.enrolments import Enrolment, State
from models.trainings.turning import reach
from models.unions.officials import Official
from models.workers.workers import Worker


class Row(msgspec.Struct, kw_only=True, frozen=True):
    """One line of the roster."""

    enrolment: Enrolment
    worker: Worker | None
    """None once they have gone for good."""
    position: int | None
    """Place in the queue; None unless waiting."""
    marks: list[Attendance]

    def __repr__(self) -> str:
        return f"<Row {self.enrolment.id}>"


async def of(
    ctx: Context,
    session_id: str,
    *,
    state: State | None = None,
    clashing: bool = False,
    cursor: str | None = None,
    limit: int = 20,
    by: Official,
) -> Page[Row]:
    """List who signed up for a session, newest first (名单).

    Rules: those who wait come in the order in which seats are offered to them.
    clashing: only those who are needed elsewhere since staff decided on the hours.

    Refuses: PermissionMissing, NoSuchTrainingSession, BadCursor.
    """
    session = await reach(ctx, session_id, by=by)
    wanted = {"$ne": State.DROPPED} if state is None else state
    where: dict[str, Any] = {"session_id": session.id, "state": wanted}
    if clashing:
        where["clash"] = {"$ne": None}
    listed = Enrolment.page if state is not State.WAITLISTED else waitlist.page
    page = await listed(ctx, where, cursor=cursor, limit=limit)
    return Page(await rows(ctx, page.items), page.next)


async def rows(ctx: Context, found: list[Enrolment]) -> list[Row]:
    """Put together what there is to show of enrolments."""
    ids = [each.worker_id for each in found]
    people = await Worker.many(ctx, {"_id": {"$in": ids}}, limit=len(ids) or 1)
    by_id = {person.id: person for person in people}
    places = await waitlist.positions(ctx, found)
    marks = await attendance.of(ctx, [each.id for each in found])
    return [
        Row(
            enrolment=each,
            worker=by_id.get(each.worker_id),
            position=places.get(each.id),
            marks=marks[each.id],
        )
        for each in found
    ]

"""All clockwork on one page: what is done again and again, and how often.

Each line calls one verb. A late run never changes what a reader sees: whatever
ends by time is also a condition in the query. Every line is claimed in MongoDB
before it runs, so any number of workers share the page and each beat is run
once; what is not due yet is not claimed. A line that is late shows in
``schedule_overdue``.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pymongo.errors import DuplicateKeyError

from handlers.base import repeats
from models.assisted import finishing
from models.base import attempts, audit, events, files, personal
from models.base.context import Context
from models.base.documents import Document
from models.base.units import Instant
from models.members import verifying
from models.messages import pushes, sends
from models.moderation import checking, media
from models.policies import announcements, previews
from models.privacy import erased, erasing, exports
from models.stations import (
    cut_offs,
    duty,
    first_aid_details,
    first_aid_ladder,
    kit_watch,
    lapses,
    settling,
    sweeps,
)
from models.trainings import calling_off, completion, loose_ends, moving, offers
from models.unions import moves
from models.workers import exchanges, sessions

LATE = timedelta(minutes=1)
"""A line this late counts as overdue."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do, and how often."""

    name: str
    every: timedelta
    verb: Callable[[Context], Awaitable[int]]
    """Returns how many things it did."""


LINES: tuple[Line, ...] = (
    Line("first_aid_ladder.climb", timedelta(seconds=2), first_aid_ladder.climb),
    Line("first_aid_details.forget", timedelta(minutes=10), first_aid_details.forget),
    Line("sends.send_due", timedelta(seconds=5), sends.send_due),
    Line("announcements.begin_due", timedelta(seconds=5), announcements.begin_due),
    Line("audit.chain_up", timedelta(seconds=10), audit.chain_up),
    Line("lapses.lapse_no_shows", timedelta(seconds=5), lapses.lapse_no_shows),
    Line("lapses.tell_endings", timedelta(seconds=10), lapses.tell_endings),
    Line("lapses.end_overstays", timedelta(seconds=10), lapses.end_overstays),
    Line("cut_offs.tell_due", timedelta(seconds=10), cut_offs.tell_due),
    Line("settling.settle_due", timedelta(seconds=5), settling.settle_due),
    Line("kit_watch.look", timedelta(minutes=10), kit_watch.look),
    Line("sweeps.sweep_recent", timedelta(seconds=15), sweeps.sweep_recent),
    Line("sweeps.sweep_all", timedelta(hours=1), sweeps.sweep_all),
    Line("offers.lapse_overdue", timedelta(seconds=10), offers.lapse_overdue),
    Line("offers.offer_free_seats", timedelta(seconds=30), offers.offer_free_seats),
    Line("calling_off.wind_up", timedelta(seconds=10), calling_off.wind_up_all),
    Line("moving.bring_up", timedelta(seconds=10), moving.bring_up_all),
    Line("completion.settle", timedelta(seconds=30), completion.settle_all),
    Line("checking.check_due", timedelta(seconds=15), checking.check_due),
    Line("media.forget_old", timedelta(hours=1), media.forget_old),
    Line("loose_ends.tie_up", timedelta(minutes=1), loose_ends.tie_up),
    Line("verifying.tell_lapses", timedelta(minutes=10), verifying.tell_lapses),
    Line("exports.forget_old", timedelta(minutes=10), exports.forget_old),
    Line("finishing.finish", timedelta(seconds=15), finishing.finish),
    Line("erasing.carry_out", timedelta(minutes=1), erasing.carry_out),
    Line("erased.forget_old", timedelta(hours=1), erased.forget_old),
    Line("repeats.forget_old", timedelta(hours=1), repeats.forget_old),
    Line("events.forget_done", timedelta(hours=1), events.forget_done),
    Line("pushes.forget_old", timedelta(hours=1), pushes.forget_old),
    Line("files.sweep", timedelta(minutes=10), files.sweep),
    Line("previews.forget_old", timedelta(hours=1), previews.forget_old),
    Line("duty.forget_over", timedelta(hours=1), duty.forget_over),
    Line("exchanges.forget_old", timedelta(minutes=10), exchanges.forget_old),
    Line("moves.carry_out_due", timedelta(seconds=10), moves.carry_out_due),
    Line("attempts.forget_old", timedelta(minutes=10), attempts.forget_old),
    Line("sessions.forget_over", timedelta(hours=1), sessions.forget_over),
)


class Beat(Document, kw_only=True, frozen=True):
    """When a line is to run next."""

    SHELF = "clockwork"
    PERSONAL = personal.nobody()

    due_at: Instant


async def due(ctx: Context, lines: Sequence[Line]) -> list[Line]:
    """Return the lines that may be claimed now, by one question for them all."""
    known = {"_id": {"$in": [line.name for line in lines]}}
    later = known | {"due_at": {"$gt": ctx.clock.now()}}
    found = await Beat.shelf(ctx).find(later, {"_id": 1}).to_list()
    waiting = {row["_id"] for row in found}
    return [line for line in lines if line.name not in waiting]


async def claim(ctx: Context, line: Line) -> bool:
    """Take a line's present beat; False when it is not due or another has it."""
    now = ctx.clock.now()
    next_at = now + line.every
    taken = await Beat.change(
        ctx,
        where={"_id": line.name, "due_at": {"$lte": now}},
        update={"$set": {"due_at": next_at}},
    )
    if taken is not None:
        return True
    try:
        await Beat(id=line.name, due_at=next_at).insert(ctx)
    except DuplicateKeyError:
        return False
    return True


async def count_overdue(ctx: Context) -> int:
    """Count the lines that nobody ran in time."""
    return await Beat.shelf(ctx).count_documents(
        {"due_at": {"$lt": ctx.clock.now() - LATE}}
    )

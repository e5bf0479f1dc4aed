"""Loose ends: what a process left half done when it died, tied up by the clockwork.

::

    the session says      the record says     what is done
    held                  nothing             written down, or dropped and freed
    held                  waitlisted          the offer is written down
    held                  ended otherwise     the seat goes on to who waits

A cancelled session is `calling_off`'s to wind up.
"""

from contextlib import suppress
from datetime import timedelta

from models.agenda.hours import TimeConflict
from models.base.context import Context
from models.base.rounds import each
from models.trainings import offers, programmes, settling
from models.trainings.enrolments import SEATED, Enrolment, State
from models.trainings.seats import ON, AlreadyEnrolled
from models.trainings.sessions import Holder, Session

PATIENCE = timedelta(seconds=60)
"""Longer than any transaction; before that somebody may still be writing."""


async def tie_up(ctx: Context) -> int:
    """Finish every sign-up, offer and return that stopped half-way (补写).

    Rules: safe beside the process that was only slow: whoever writes first decides.
    """
    now = ctx.clock.now()
    rows = Session.shelf(ctx).find(
        {"starts_at": {"$gt": now}, **ON, "holders.since": {"$lte": now - PATIENCE}}
    )
    loose = [Session.of(row) async for row in rows]
    return await each("tie_up", loose, lambda session: _tie_up(ctx, session))


async def _tie_up(ctx: Context, session: Session) -> int:
    old = ctx.clock.now() - PATIENCE
    settled = [held for held in session.holders if held.since <= old]
    ids = [held.enrolment_id for held in settled]
    rows = Enrolment.shelf(ctx).find({"_id": {"$in": ids}})
    written = {row["_id"]: Enrolment.of(row) async for row in rows}
    tied = 0
    for held in settled:
        enrolment = written.get(held.enrolment_id)
        if enrolment is None or enrolment.state not in SEATED:
            await _finish(ctx, session, held, enrolment)
            tied += 1
    return tied


async def _finish(
    ctx: Context, session: Session, held: Holder, enrolment: Enrolment | None
) -> None:
    programme = await programmes.find(ctx, session.programme_id)
    if enrolment is None:
        with suppress(AlreadyEnrolled, TimeConflict):
            await settling.settle(
                ctx, settling.record_of(session, held), programme, session
            )
    elif enrolment.state is State.WAITLISTED:
        await offers.write_offer(ctx, enrolment, programme, session)
    else:
        await offers.free(ctx, session.id, held.enrolment_id)

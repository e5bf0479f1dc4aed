"""Finishing (协助办理对账): what a process that died left claimed.

A claim that outlived its lease is looked into: was the deed done, it is written
down now, under the id it was claimed with; was it not, the code lives on. A
declaration and its record are one transaction, so of those nothing is ever left.

Source: house §6.
"""

from models.assisted import assistances, codes
from models.assisted.codes import Code, What
from models.base import rounds
from models.base.context import Context
from models.stations.booked import Booking
from models.trainings.enrolments import Enrolment, State

BATCH = 100


async def finish(ctx: Context) -> int:
    """Finish what was left, and forget codes whose time is over."""
    now = ctx.clock.now()
    left = await Code.many(
        ctx,
        {"claim": {"$type": "object"}, "claim.until": {"$lte": now}},
        sort=[("claim.until", 1)],
        limit=BATCH,
    )
    finished = await rounds.each(
        "finishing.finish", left, lambda code: _finish(ctx, code)
    )
    return finished + await codes.forget_old(ctx)


async def _finish(ctx: Context, code: Code) -> bool:
    ref = await _done(ctx, code)
    if ref is None:
        await codes.give_back(ctx, code)
    else:
        await assistances.write_down(ctx, code, ref)
    return True


async def _done(ctx: Context, code: Code) -> str | None:
    """Return what came of a claim, or None if nothing did."""
    claim = code.under_way
    found: Booking | Enrolment | None = None
    if code.what is What.BOOKING:
        found = await Booking.find(
            ctx,
            worker_id=code.worker_id,
            slot_ids=claim.about,
            made_at={"$gte": claim.at},
        )
    elif code.what is What.SIGN_UP:
        found = await Enrolment.find(
            ctx,
            worker_id=code.worker_id,
            session_id=claim.about,
            received_at=claim.at,
            state={"$ne": State.DROPPED},
        )
    return None if found is None else found.id

"""Carrying an erasure out (执行注销), step by step, cut off anywhere.

First the account and everything that lets somebody in; a token's life later, when
nothing of theirs can be written any more, every shelf. The work is over when a walk
along all shelves finds nothing.

Source: features X-10.
"""

from datetime import timedelta

from models.base import aliases, audit
from models.base.context import Context
from models.base.rounds import each
from models.base.store import atomic
from models.privacy import erased, obligations, shelves
from models.privacy.erasures import PENDING, Erasure, State
from models.workers import sessions
from models.workers.tokens import ACCESS_LIFE
from models.workers.workers import Worker

DIE_OUT = ACCESS_LIFE + timedelta(minutes=1)
"""After this no access token of the person opens a door."""

TRY_AGAIN = timedelta(hours=1)
"""When somebody who is due is just being helped."""

A_ROUND = 100

MOST_WALKS = 5
"""Each but the first finds what was written during the one before: nothing."""


class NotOver(Exception):
    """Something keeps writing about somebody who has left; the next round looks."""


async def carry_out(ctx: Context) -> int:
    """Take the next step of every erasure that is due; returns how many steps."""
    due = await Erasure.many(
        ctx,
        {"state": {"$in": PENDING}, "due_at": {"$lte": ctx.clock.now()}},
        sort=[("due_at", 1)],
        limit=A_ROUND,
    )

    async def step(erasure: Erasure) -> bool:
        if erasure.state is State.ASKED:
            return await _begin(ctx, erasure)
        return await _finish(ctx, erasure)

    return await each("erasing.carry_out", due, step)


async def _begin(ctx: Context, erasure: Erasure) -> bool:
    """Let the account go; from here on whoever signs in is a new person."""
    if await obligations.in_need(ctx, erasure.worker_id):
        later = {"$set": {"due_at": ctx.clock.now() + TRY_AGAIN}}
        await Erasure.change(ctx, {"_id": erasure.id, "state": State.ASKED}, later)
        return False
    await obligations.end_all(ctx, erasure.worker_id)
    await sessions.put_out(ctx, erasure.worker_id)
    alias = await aliases.of(ctx, erasure.worker_id)
    return await _close(ctx, erasure, alias)


@atomic()
async def _close(ctx: Context, erasure: Erasure, alias: str) -> bool:
    begun = await Erasure.change(
        ctx,
        where={"_id": erasure.id, "state": State.ASKED},
        update={
            "$set": {
                "state": State.UNDER_WAY,
                "alias": alias,
                "due_at": ctx.clock.now() + DIE_OUT,
            }
        },
    )
    if begun is None:
        return False
    await Worker.shelf(ctx).delete_one({"_id": erasure.worker_id})
    await erased.note(ctx, erasure.worker_id, erasure.cause)
    await audit.note(
        ctx,
        who="clockwork",
        what="erasing.carry_out",
        about=erasure.id,
        reason=erasure.cause,
    )
    return True


async def _finish(ctx: Context, erasure: Erasure) -> bool:
    """Walk along all shelves till nothing is found, then forget whom this was for."""
    who, alias = erasure.worker_id, erasure.alias or erasure.worker_id
    for _ in range(MOST_WALKS):
        if not await shelves.forget(ctx, who, alias, but=Erasure):
            break
    else:
        raise NotOver
    await Erasure.shelf(ctx).update_many(
        {"worker_id": who, "state": State.CALLED_OFF}, {"$set": {"worker_id": alias}}
    )
    done = {"worker_id": alias, "state": State.DONE, "done_at": ctx.clock.now()}
    await Erasure.change(ctx, {"_id": erasure.id}, {"$set": done})
    return True

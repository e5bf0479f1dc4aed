"""What a restored backup owes those who left or changed their mind meanwhile.

Run before its doors open (`scripts/restore`). Who left is let go again, by the same
steps as the first time. Who was about to leave when the backup was taken may have
stayed since, and nobody knows any more: their seven days begin anew, so that nobody
is erased who called it off. That comes first: the clock has gone on meanwhile.

Source: PIPL (个人信息保护法) art. 47; docs/operations.md#erasures.
"""

from collections.abc import Sequence

from models.base.context import Context
from models.privacy import erased, erasing, erasures
from models.privacy.erased import Mark
from models.privacy.erasures import COOLING_OFF, Erasure, State
from models.workers.workers import Worker


async def give_time_again(ctx: Context) -> int:
    """Let the seven days of everybody who is about to leave begin anew."""
    until = ctx.clock.now() + COOLING_OFF
    given = 0
    async for row in Erasure.shelf(ctx).find({"state": State.ASKED}, ["worker_id"]):
        await Erasure.change(
            ctx, {"_id": row["_id"], "state": State.ASKED}, {"$set": {"due_at": until}}
        )
        leaving = {"_id": row["worker_id"]}
        await Worker.change(ctx, leaving, {"$set": {"leaving_at": until}})
        given += 1
    return given


async def let_go_again(ctx: Context, left: Sequence[Mark]) -> int:
    """Begin the erasure of everybody whose mark is given; returns how many.

    Rules: every mark is kept, also of whom this backup does not know any more; the
    clockwork ends each erasure when a token's life is over.
    """
    await erased.take_over(ctx, left)
    causes, again = {mark.id: mark.cause for mark in left}, 0
    async for row in Worker.shelf(ctx).find({}, ["_id"]):
        cause = causes.get(erased.mark_of(ctx, row["_id"]))
        if cause is not None:
            await erasures.begin_at_once(ctx, row["_id"], cause)
            again += 1
    while await erasing.carry_out(ctx):
        pass
    return again

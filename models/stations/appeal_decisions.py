"""Deciding about appeals (申诉处理): read on record, accept or refuse, once.

Whoever marked the no-show does not decide about it, nor does anybody who acts with
that person's power.

Source: features S1-22; rules 7.6.
"""

from models.base.context import Context
from models.base.errors import Conflict, Forbidden
from models.base.events import record
from models.base.store import atomic
from models.stations import strikes
from models.stations.appeals import Appeal, AppealDecided, State, find
from models.unions import acts
from models.unions.officials import Official
from models.unions.permissions import Permission


class AppealMoved(Conflict):
    """Somebody decided before; ``details.state`` says how."""

    code = "appeal_moved"
    message = "这条申诉已经处理过了，请刷新查看结果。"


class OwnMark(Forbidden):
    """Who marked a no-show does not decide about it."""

    code = "own_mark"
    message = "这次爽约由您本人（或您代理的同事）登记，请由其他人处理申诉。"


async def read(ctx: Context, appeal_id: str, *, by: Official) -> tuple[Appeal, str]:
    """Open what a worker wrote, on record (查看申诉).

    Refuses: PermissionMissing, NoSuchAppeal.
    """
    found = await find(ctx, appeal_id, by=by)
    await _note(ctx, found, "appeals.read", "", by=by)
    return found, ctx.secrets.open(found.text)


async def accept(
    ctx: Context, appeal_id: str, reason: str = "", *, by: Official
) -> Appeal:
    """Take the strike away (申诉通过).

    Refuses: PermissionMissing, NoSuchAppeal, OwnMark, AppealMoved.
    Records: AppealDecided.
    """
    return await _decide(ctx, appeal_id, State.ACCEPTED, reason, by=by)


async def refuse(ctx: Context, appeal_id: str, reason: str, *, by: Official) -> Appeal:
    """Let the strike stand, and say why (申诉不通过).

    Refuses: PermissionMissing, NoSuchAppeal, OwnMark, AppealMoved.
    Records: AppealDecided.
    """
    return await _decide(ctx, appeal_id, State.REFUSED, reason, by=by)


@atomic()
async def _decide(
    ctx: Context, appeal_id: str, state: State, reason: str, *, by: Official
) -> Appeal:
    seen = await find(ctx, appeal_id, by=by)
    if seen.marked_by in by.hands(Permission.STATIONS):
        raise OwnMark
    decided = await Appeal.change(
        ctx,
        where={"_id": seen.id, "state": State.OPEN},
        update={
            "$set": {
                "state": state,
                "decided_by": by.id,
                "decided_at": ctx.clock.now(),
                "reason": reason,
            }
        },
    )
    if decided is None:
        raise AppealMoved({"state": seen.state})
    if state is State.ACCEPTED:
        await strikes.lift(ctx, decided.strike_id)
    await record(ctx, _told(decided))
    await _note(ctx, decided, f"appeals.{state}", reason, by=by)
    return decided


def _told(appeal: Appeal) -> AppealDecided:
    return AppealDecided(
        appeal_id=appeal.id,
        worker_id=appeal.worker_id,
        booking_id=appeal.booking_id,
        station_name=appeal.station_name,
        missed_at=appeal.missed_at,
        is_accepted=appeal.state is State.ACCEPTED,
        reason=appeal.reason,
    )


async def _note(
    ctx: Context, appeal: Appeal, what: str, reason: str, *, by: Official
) -> None:
    await acts.note(
        ctx,
        what,
        appeal.id,
        under=Permission.STATIONS,
        at=appeal.org_path,
        by=by,
        reason=reason,
        subject=appeal.worker_id,
    )

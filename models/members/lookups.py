"""Looking workers up (查询职工): found by number or id, masked; opened with a reason.

Whoever opens what is masked says why, and the worker gets to see it. A number is
never part of an address, so that no log and no proxy keeps it.

Source: features X-11; rules 7.9; screens.md, "职工".
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from models.base.context import Context
from models.base.pages import Page
from models.base.store import atomic
from models.members import affiliations
from models.unions import acts
from models.unions.officials import Official
from models.unions.permissions import Permission
from models.workers import phones, sessions
from models.workers.workers import PHONE, State, Worker


class Field(StrEnum):
    """What can be opened."""

    NAME = "name"
    PHONE = "phone"


class Opened(msgspec.Struct, kw_only=True, frozen=True):
    """What was asked for, as it is; None for what is not kept."""

    name: str | None = None
    phone: str | None = None

    def __repr__(self) -> str:
        return "Opened(…)"


async def in_scope(
    ctx: Context, *, cursor: str | None, limit: int, by: Official
) -> Page[Worker]:
    """List the workers within reach, newest first (职工列表).

    Refuses: PermissionMissing, BadCursor.
    """
    where = affiliations.where(by.scope(Permission.WORKERS_READ))
    return await Worker.page(ctx, where, cursor=cursor, limit=limit)


async def search(ctx: Context, text: str, *, by: Official) -> list[Worker]:
    """Find the one worker within reach with this whole number or id (查找职工).

    Refuses: PermissionMissing, PhoneNotUsable.
    """
    where = affiliations.where(by.scope(Permission.WORKERS_READ))
    if text.startswith("worker_"):
        return await Worker.many(ctx, {"_id": text, **where}, limit=1)
    number = ctx.secrets.found_by(PHONE, phones.normalise(text))
    return await Worker.many(ctx, {"phone_blind": number, **where}, limit=1)


async def find(ctx: Context, worker_id: str, *, by: Official) -> Worker:
    """Return a worker within reach (查看职工).

    Refuses: PermissionMissing, NoSuchMember.
    """
    scope = by.scope(Permission.WORKERS_READ)
    return await affiliations.find(ctx, worker_id, scope=scope)


async def unmask(
    ctx: Context,
    worker_id: str,
    fields: Sequence[Field],
    *,
    reason: str,
    by: Official,
) -> Opened:
    """Open what is masked, on record (查看完整信息).

    Rules: nothing is opened that could not be noted down first.
    Refuses: PermissionMissing, NoSuchMember.
    """
    scope = by.scope(Permission.WORKERS_UNMASK)
    worker = await affiliations.find(ctx, worker_id, scope=scope)
    what = "lookups.unmask:" + "+".join(sorted(set(fields)))
    await _note(ctx, worker, what, Permission.WORKERS_UNMASK, reason=reason, by=by)
    sealed = {field: getattr(worker, field) for field in fields}
    return Opened(
        **{
            field: None if value is None else ctx.secrets.open(value)
            for field, value in sealed.items()
        }
    )


async def freeze(ctx: Context, worker_id: str, *, reason: str, by: Official) -> Worker:
    """Lock an account and put its owner out everywhere (冻结账号); again the same.

    Refuses: PermissionMissing, NoSuchMember.
    """
    frozen = await _become(ctx, worker_id, State.FROZEN, reason=reason, by=by)
    await sessions.put_out(ctx, worker_id)
    return frozen


async def unfreeze(
    ctx: Context, worker_id: str, *, reason: str, by: Official
) -> Worker:
    """Open a locked account again (解冻账号); again the same.

    Refuses: PermissionMissing, NoSuchMember.
    """
    return await _become(ctx, worker_id, State.ACTIVE, reason=reason, by=by)


@atomic()
async def _become(
    ctx: Context, worker_id: str, state: State, *, reason: str, by: Official
) -> Worker:
    scope = by.scope(Permission.WORKERS_UNMASK)
    seen = await affiliations.find(ctx, worker_id, scope=scope)
    if seen.state is state:
        return seen
    what = f"lookups.{'freeze' if state is State.FROZEN else 'unfreeze'}"
    await _note(ctx, seen, what, Permission.WORKERS_UNMASK, reason=reason, by=by)
    where = {"_id": worker_id, "state": seen.state}
    return await Worker.change(ctx, where, {"$set": {"state": state}}) or seen


async def _note(
    ctx: Context,
    worker: Worker,
    what: str,
    permission: Permission,
    *,
    reason: str,
    by: Official,
) -> None:
    await acts.note(
        ctx,
        what,
        worker.id,
        under=permission,
        at=worker.org_path,
        by=by,
        reason=reason,
        subject=worker.id,
    )

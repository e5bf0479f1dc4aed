"""Leaving (离岗): everything somebody could do ends in one transaction.

Grants, what they lent and were lent, their posts at stations, their sessions. The
tokens are dead within a second in every process, because their sessions are.

Source: rules 7.4 (leaving staff); features S1-24, X-03.
"""

from typing import Any

from models.base.context import Context
from models.base.errors import Conflict
from models.base.events import record
from models.base.store import atomic
from models.unions import accounts, acts, administrators, granting
from models.unions.accounts import AccountLeft
from models.unions.grants import Grant
from models.unions.officials import Official
from models.unions.permissions import Permission
from models.unions.staff import Staff
from models.workers import sessions


class AlreadyLeft(Conflict):
    """The person does not serve any more."""

    code = "already_left"
    message = "该工作人员已离岗，无需重复操作。"


class StillServing(Conflict):
    """Only somebody who left comes back."""

    code = "still_serving"
    message = "该工作人员在岗，无需恢复。"


async def leave(ctx: Context, staff_id: str, *, reason: str, by: Official) -> Staff:
    """Let somebody go (办理离岗).

    Refuses: PermissionMissing, NoSuchAccount, HoldsMoreThanOneHas, ToOneself,
    AlreadyLeft, LastAdministrator.
    Records: AccountLeft, GrantEnded.
    """
    gone = await _leave(ctx, staff_id, reason=reason, by=by)
    await sessions.put_out(ctx, staff_id)
    return gone


@atomic()
async def _leave(ctx: Context, staff_id: str, *, reason: str, by: Official) -> Staff:
    member = await accounts.under(ctx, staff_id, by=by)
    held = await Grant.many(ctx, _standing(staff_id), limit=0)
    await administrators.keep_one(
        ctx, [grant for grant in held if grant.staff_id == staff_id]
    )
    for grant in held:
        await granting.finish(ctx, grant, by=by, reason=reason, power=Permission.STAFF)
    gone = await Staff.change(
        ctx,
        {"_id": staff_id, "active": True},
        {"$set": {"active": False, "station_ids": [], "roles": []}},
    )
    if gone is None:
        raise AlreadyLeft
    await acts.note(
        ctx,
        "accounts.leave",
        staff_id,
        under=Permission.STAFF,
        at=member.org_path,
        by=by,
        reason=reason,
    )
    await record(ctx, AccountLeft(staff_id=staff_id, org_path=member.org_path))
    return gone


@atomic()
async def come_back(ctx: Context, staff_id: str, *, by: Official) -> Staff:
    """Take somebody back who left; what they held is not (恢复在岗).

    Rules: what was given in the moment they left ends now.
    Refuses: PermissionMissing, NoSuchAccount, HoldsMoreThanOneHas, ToOneself,
    StillServing.
    """
    member = await accounts.under(ctx, staff_id, by=by)
    back = await Staff.change(
        ctx, {"_id": staff_id, "active": False}, {"$set": {"active": True}}
    )
    if back is None:
        raise StillServing
    for grant in await Grant.many(ctx, _standing(staff_id), limit=0):
        await granting.finish(ctx, grant, by=by, power=Permission.STAFF)
    await accounts.note(ctx, member, "accounts.come_back", by=by)
    return back


def _standing(staff_id: str) -> dict[str, Any]:
    """Match what somebody holds, and what they lent."""
    either = [{"staff_id": staff_id}, {"lent_by": staff_id}]
    return {"$or": either, "ended_at": None}

"""Resets (重置与下线): what an administrator does for, or against, somebody's login.

Source: rules 7.4; features X-03 (instant revoke).
"""

from models.base.context import Context
from models.base.store import atomic
from models.unions import accounts, logins, passwords, staff
from models.unions.accounts import NoLogin
from models.unions.logins import Login, NameTaken
from models.unions.officials import Official
from models.unions.passwords import First
from models.unions.staff import Staff
from models.workers import sessions


async def reset(
    ctx: Context, staff_id: str, *, login: str | None = None, by: Official
) -> str:
    """Hand out a new password and let the authenticator be bound anew (重置密码).

    login: the name, for an account that has none yet.
    Rules: of an account that had one, every way in is bound anew, WeChat too.
    Refuses: PermissionMissing, NoSuchAccount, HoldsMoreThanOneHas, ToOneself, NoLogin,
    NameTaken.
    """
    member = await accounts.under(ctx, staff_id, by=by)
    await accounts.check_below(ctx, staff_id, by=by)
    old = await Login.get(ctx, staff_id)
    name = login if old is None else old.name
    if name is None:
        raise NoLogin
    first = await passwords.first()
    await _reset(ctx, member, name, first, is_first=old is None, by=by)
    await sessions.put_out(ctx, staff_id)
    return first.password


@atomic(duplicate=NameTaken)
async def _reset(
    ctx: Context,
    member: Staff,
    name: str,
    first: First,
    *,
    is_first: bool,
    by: Official,
) -> None:
    await logins.open_for(ctx, member.id, name=name, first=first)
    if not is_first:
        await staff.unbind(ctx, member.id)
    await accounts.note(ctx, member, "accounts.reset", by=by)


async def wake(ctx: Context, staff_id: str, *, by: Official) -> None:
    """Let somebody in again whom nobody saw for 90 days (重新启用).

    Refuses: PermissionMissing, NoSuchAccount, HoldsMoreThanOneHas, ToOneself, NoLogin.
    """
    member = await accounts.under(ctx, staff_id, by=by)
    woken = await Login.change(
        ctx, {"_id": staff_id}, {"$set": {"seen_on": ctx.clock.today().isoformat()}}
    )
    if woken is None:
        raise NoLogin
    await accounts.note(ctx, member, "accounts.wake", by=by)


async def put_out(ctx: Context, staff_id: str, *, by: Official) -> None:
    """End all of somebody's sessions at once (强制下线).

    Refuses: PermissionMissing, NoSuchAccount, HoldsMoreThanOneHas, ToOneself.
    """
    member = await accounts.under(ctx, staff_id, by=by)
    await sessions.put_out(ctx, staff_id)
    await accounts.note(ctx, member, "accounts.put_out", by=by)

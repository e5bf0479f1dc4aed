"""WeChat logins (微信登录): the back office by the WeChat one has bound.

It stands beside the name, the password and the authenticator, so it is bound only by
who proves all three; nobody seen for 90 days comes in by either.

Source: issue "Staff and editors"; rules 7.4 (dormant).
"""

from models.base.context import Context
from models.base.documents import plain
from models.unions import attempts, logins, staff
from models.unions.logins import Login, SignInFailed
from models.unions.officials import Official
from models.unions.staff import StaffSignIn
from models.workers.tokens import Port


async def sign_in(ctx: Context, code: str, *, device: str = "") -> StaffSignIn:
    """Let somebody in at the back office by their bound WeChat (微信登录).

    Refuses: NotStaff, Dormant, CodeInvalid, CodeUsed, WeChatBlocked, WeChatUnavailable.
    """
    member = await staff.recognise(ctx, code)
    login = await Login.get(ctx, member.id)
    if login is not None:
        logins.refuse_dormant(ctx, login)
        seen = {"$set": plain({"seen_on": ctx.clock.today()})}
        await Login.change(ctx, {"_id": login.id}, seen)
    return await staff.let_in(ctx, member, port=Port.UNION, device=device)


async def bind(
    ctx: Context, code: str, password: str, totp: str, *, by: Official
) -> None:
    """Bind the WeChat one comes in by, in place of another (绑定微信).

    Rules: it is a way in for good, so a token alone does not open it.
    Refuses: PasswordsBusy, SignInLocked, SignInFailed, CodeInvalid, CodeUsed,
    WeChatBlocked, WeChatUnavailable, WeChatTaken.
    """
    login = await Login.get(ctx, by.id)
    if login is None or login.totp_secret is None:
        raise SignInFailed
    await logins.prove_password(ctx, login.name, password)
    await logins.use_code(ctx, login, totp)
    await attempts.forgive(ctx, login.name)
    await staff.bind(ctx, code, staff_id=by.id)

"""Logins (账号登录): a name, a password and a second factor for the back office.

A login lives through this and nothing else::

    opened ── activate: own password, authenticator ──▶ pending
    pending ── first right code ──▶ ready ── unseen for 90 days ──▶ dormant
    any ── reset by an administrator ──▶ opened

Whoever does not get in is told the same sentence whatever was wrong, after the same
time. A code of the authenticator opens once.

Source: rules 7.4 (dormant), OWASP ASVS 2.8 (time-based one-time codes).
"""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pyotp
from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.errors import Conflict, Forbidden, NotSignedIn
from models.base.units import Day, Instant
from models.unions import attempts, passwords, staff
from models.unions.passwords import First
from models.unions.staff import NotStaff, Staff, StaffSignIn
from models.workers import sessions
from models.workers.sessions import SignedIn
from models.workers.tokens import Port

DORMANT = timedelta(days=90)

ISSUER = "云端客栈"
"""What the authenticator shows beside the name."""

STEP_SECONDS = 30
DRIFT = (0, -1, 1)
"""Steps a phone's clock may be off."""


class Login(Document, kw_only=True, frozen=True):
    """One person's way in by name; its id is the staff member's."""

    SHELF = "logins"
    PERSONAL = personal.nobody("of staff")
    INDEXES = (IndexModel(["name"], unique=True),)

    name: str
    password_hash: str
    must_change: bool = True
    changed_at: Instant
    totp_secret: str | None = None
    """Sealed."""
    totp_step: int = 0
    """The newest step whose code was used; older ones open no more."""
    is_confirmed: bool = False
    """Whether the authenticator has shown a right code once."""
    seen_on: Day
    """The last day of a sign-in, or when it was opened or woken."""

    def __repr__(self) -> str:
        return f"<Login {self.id}>"


class Authenticator(msgspec.Struct, kw_only=True, frozen=True):
    """What is shown once, to be put into an authenticator app."""

    secret: str
    uri: str

    def __repr__(self) -> str:
        return "Authenticator(…)"


class SignInFailed(NotSignedIn):
    """Name, password or code is wrong; nobody is told which."""

    code = "sign_in_failed"
    message = "账号、密码或动态码不正确，请检查后重新输入。"


class CodeNeeded(NotSignedIn):
    """The password is right; the authenticator's code is needed too."""

    code = "totp_required"
    message = "请输入身份验证器上的6位动态码。"


class NotActivated(Forbidden):
    """The password is the one handed out; set one's own and an authenticator first."""

    code = "activation_required"
    message = "首次登录请先设置自己的密码，并绑定身份验证器。"


class Dormant(Forbidden):
    """Nobody signed in for 90 days."""

    code = "account_dormant"
    message = "账号超过90天未登录，已停用，请联系本单位管理员重新启用。"


class AlreadyActivated(Conflict):
    """It has its own password and authenticator."""

    code = "already_activated"
    message = "账号已完成首次设置，请直接登录；忘记密码请联系管理员重置。"


class NameTaken(Conflict):
    """Another login has this name."""

    code = "login_name_taken"
    message = "这个账号名已被使用，请换一个。"


async def open_for(ctx: Context, staff_id: str, *, name: str, first: First) -> None:
    """Open a login, or open it anew, inside the transaction of an account.

    Refuses: NameTaken (a broken index, at the transaction's boundary).
    """
    fresh = Login(
        id=staff_id,
        name=name,
        password_hash=first.hash,
        changed_at=ctx.clock.now(),
        seen_on=ctx.clock.today(),
    )
    await Login.shelf(ctx).replace_one({"_id": staff_id}, plain(fresh), upsert=True)


async def sign_in(
    ctx: Context, name: str, password: str, *, totp: str | None, device: str = ""
) -> StaffSignIn:
    """Let somebody in at the back office by name (账号登录).

    Rules: a password that was changed or reset in the meantime opens nothing.
    Refuses: PasswordsBusy, SignInLocked, SignInFailed, CodeNeeded, NotActivated,
    Dormant, NotStaff.
    """
    login = await prove_password(ctx, name, password)
    if login.must_change or login.totp_secret is None:
        raise NotActivated
    if totp is None:
        raise CodeNeeded
    await use_code(ctx, login, totp)
    today = ctx.clock.today()
    refuse_dormant(ctx, login)
    member = await _serving(ctx, login.id)
    await attempts.forgive(ctx, name)
    entered = await staff.let_in(ctx, member, port=Port.UNION, device=device)
    seen = await Login.change(
        ctx,
        {"_id": login.id, "password_hash": login.password_hash},
        {"$set": plain({"is_confirmed": True, "seen_on": today})},
    )
    if seen is None:
        await sessions.put_out(ctx, login.id)
        raise SignInFailed
    return entered


async def activate(
    ctx: Context, name: str, password: str, *, new_password: str
) -> Authenticator:
    """Set one's own password and get an authenticator, the first time (首次设置).

    Rules: may be done again until the authenticator has shown a right code; a password
    handed out 90 days ago is good no more.
    Refuses: PasswordsBusy, SignInLocked, SignInFailed, AlreadyActivated, Dormant,
    WeakPassword, NotStaff.
    """
    login = await prove_password(ctx, name, password)
    if login.is_confirmed:
        raise AlreadyActivated
    refuse_dormant(ctx, login)
    passwords.check(new_password, name=name)
    if new_password == password:
        raise passwords.WeakPassword(message="新密码不能与原密码相同，请换一个。")
    await _serving(ctx, login.id)
    secret = pyotp.random_base32()
    done = await Login.change(
        ctx,
        {"_id": login.id, "is_confirmed": False, "password_hash": login.password_hash},
        {
            "$set": {
                "password_hash": await passwords.hash_of(new_password),
                "must_change": False,
                "changed_at": ctx.clock.now(),
                "totp_secret": ctx.secrets.seal(secret),
                "totp_step": 0,
            }
        },
    )
    if done is None:
        raise SignInFailed
    await attempts.forgive(ctx, name)
    uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)
    return Authenticator(secret=secret, uri=uri)


async def change_password(ctx: Context, old: str, new: str, *, by: SignedIn) -> None:
    """Change one's own password; every other session ends (修改密码).

    Refuses: PasswordsBusy, SignInLocked, SignInFailed, WeakPassword.
    """
    login = await Login.get(ctx, by.id)
    if login is None:
        raise SignInFailed
    await prove_password(ctx, login.name, old)
    passwords.check(new, name=login.name)
    await Login.change(
        ctx,
        {"_id": by.id},
        {
            "$set": {
                "password_hash": await passwords.hash_of(new),
                "changed_at": ctx.clock.now(),
            }
        },
    )
    await attempts.forgive(ctx, login.name)
    await sessions.put_out(ctx, by.id, but=by.session_id)


def refuse_dormant(ctx: Context, login: Login) -> None:
    """Let nobody in who was not seen for 90 days.

    Refuses: Dormant.
    """
    if login.seen_on <= ctx.clock.today() - DORMANT:
        raise Dormant


async def prove_presence(ctx: Context, staff_id: str, totp: str | None) -> None:
    """Ask for the authenticator's code of somebody who has bound one.

    Refuses: Dormant, CodeNeeded, SignInFailed, SignInLocked.
    """
    login = await Login.get(ctx, staff_id)
    if login is None:
        return
    refuse_dormant(ctx, login)
    if not login.is_confirmed:
        return
    if totp is None:
        raise CodeNeeded(message="请输入身份验证器上的6位动态码，再切换到工会后台。")
    await attempts.count(ctx, login.name)
    await use_code(ctx, login, totp)
    await attempts.forgive(ctx, login.name)


async def prove_password(ctx: Context, name: str, password: str) -> Login:
    """Return the login a name and a password open.

    Refuses: PasswordsBusy, SignInLocked, SignInFailed.
    """
    passwords.refuse_when_busy()
    await attempts.count(ctx, name)
    login = await Login.find(ctx, name=name)
    kept = None if login is None else login.password_hash
    if not await passwords.matches(password, kept) or login is None:
        raise SignInFailed
    return login


async def use_code(ctx: Context, login: Login, code: str) -> None:
    """Use an authenticator's code, once.

    Refuses: SignInFailed.
    """
    for step in _steps_of(ctx, login, code):
        used = await Login.change(
            ctx,
            {"_id": login.id, "totp_step": {"$lt": step}},
            {"$set": {"totp_step": step}},
        )
        if used is not None:
            return
    raise SignInFailed


def _steps_of(ctx: Context, login: Login, code: str) -> Iterator[int]:
    totp = pyotp.TOTP(ctx.secrets.open(login.totp_secret or ""))
    now = int(ctx.clock.now().timestamp()) // STEP_SECONDS
    for drift in DRIFT:
        if pyotp.utils.strings_equal(code, totp.generate_otp(now + drift)):
            yield now + drift


async def _serving(ctx: Context, staff_id: str) -> Staff:
    member = await Staff.get(ctx, staff_id)
    if member is None or not member.is_serving(ctx.clock.today()):
        raise NotStaff
    return member

"""Signing in and out at the back office over HTTP (后台登录)."""

from typing import Annotated

import msgspec

from handlers.base import limits
from handlers.base.access import official_session, public
from handlers.base.crowd import Yields
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from handlers.base.signing_in import (
    EXCHANGED,
    RENEWALS,
    RENEWED,
    Device,
    RenewalRequest,
    SignInRequest,
    TokensView,
    TotpCode,
)
from models.unions import logins, wechat_logins
from models.unions.attempts import SignInLocked
from models.unions.logins import (
    AlreadyActivated,
    Authenticator,
    CodeNeeded,
    Dormant,
    NotActivated,
    SignInFailed,
)
from models.unions.passwords import LONGEST, PasswordsBusy, WeakPassword
from models.unions.staff import NotStaff
from models.workers import renewals, sessions
from models.workers.tokens import Port

LoginName = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[a-z][a-z0-9._-]{2,31}\Z",
        description="Small letters, digits, dots; begins with a letter.",
    ),
]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST)]

BY_NAME = limits.per_minute("sign_in_by_name", 60, by_address=True)
"""An office behind one address; each name has its own count besides."""


class NameSignInRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Name, password and the authenticator's code."""

    name: LoginName
    password: Password
    totp: TotpCode | None = None
    device: Device = ""


class ActivationRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The password handed out, and one's own."""

    name: LoginName
    password: Password
    new_password: Password


class AuthenticatorView(msgspec.Struct):
    """What to put into an authenticator app; shown this once."""

    secret: str
    uri: str

    @classmethod
    def of(cls, made: Authenticator) -> "AuthenticatorView":
        """Show it, to its owner."""
        return cls(secret=made.secret, uri=made.uri)


class PasswordRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The present password and the new one."""

    old: Password
    new: Password


class SignInHandler(Handler):
    """Signing in by name."""

    @endpoint(
        access=public,
        refusals=(
            PasswordsBusy,
            SignInLocked,
            SignInFailed,
            CodeNeeded,
            NotActivated,
            Dormant,
            NotStaff,
        ),
        limit=BY_NAME,
    )
    async def post(self, *, body: NameSignInRequest) -> TokensView:
        """Change name, password and code for tokens of this port."""
        entered = await logins.sign_in(
            self.ctx, body.name, body.password, totp=body.totp, device=body.device
        )
        return TokensView.of(entered.tokens)


class WeChatHandler(Handler):
    """Signing in by the WeChat one has bound."""

    @endpoint(
        access=public, refusals=(*EXCHANGED, NotStaff, Dormant), limit=limits.SIGN_IN
    )
    async def post(self, *, body: SignInRequest) -> TokensView:
        """Change a mini-program's login code for tokens of this port."""
        entered = await wechat_logins.sign_in(self.ctx, body.code, device=body.device)
        return TokensView.of(entered.tokens)


class ActivationHandler(Handler):
    """The first time."""

    @endpoint(
        access=public,
        refusals=(
            PasswordsBusy,
            SignInLocked,
            SignInFailed,
            AlreadyActivated,
            Dormant,
            WeakPassword,
            NotStaff,
        ),
        limit=BY_NAME,
    )
    async def post(self, *, body: ActivationRequest) -> AuthenticatorView:
        """Set one's own password and get an authenticator; then sign in with it."""
        made = await logins.activate(
            self.ctx, body.name, body.password, new_password=body.new_password
        )
        return AuthenticatorView.of(made)


class PasswordHandler(Handler):
    """My password."""

    @endpoint(
        access=official_session,
        refusals=(PasswordsBusy, SignInLocked, SignInFailed, WeakPassword),
        limit=BY_NAME,
    )
    async def put(self, *, body: PasswordRequest) -> None:
        """Change it; I am signed out everywhere else."""
        await logins.change_password(self.ctx, body.old, body.new, by=self.actor)


class RenewalHandler(Handler):
    """Going on without signing in."""

    @endpoint(access=public, refusals=RENEWED, limit=RENEWALS)
    async def post(self, *, body: RenewalRequest) -> TokensView:
        """Change the newest refresh token for new tokens, once."""
        renewed = await renewals.renew(self.ctx, body.refresh_token, port=Port.UNION)
        return TokensView.of(renewed)


class SignOutHandler(Handler):
    """Signing out."""

    @endpoint(access=official_session, limit=limits.WRITES, yields=Yields.NEVER)
    async def post(self) -> None:
        """End the session of this token, at once."""
        await sessions.sign_out(self.ctx, by=self.actor)


ROUTES: list[Route] = [
    ("/union/v1/auth/sign-in", SignInHandler),
    ("/union/v1/auth/wechat", WeChatHandler),
    ("/union/v1/auth/activate", ActivationHandler),
    ("/union/v1/auth/refresh", RenewalHandler),
    ("/union/v1/auth/sign-out", SignOutHandler),
    ("/union/v1/me/password", PasswordHandler),
]

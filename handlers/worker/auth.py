"""Signing in and out at the worker's port over HTTP (登录)."""

import msgspec

from handlers.base import limits
from handlers.base.access import public, worker
from handlers.base.crowd import Yields
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from handlers.base.signing_in import (
    EXCHANGED,
    RENEWALS,
    RENEWED,
    RenewalRequest,
    SignInRequest,
    TokensView,
)
from handlers.worker.me import WorkerView
from models.base.context import Context
from models.base.units import Seconds
from models.privacy import coming_back
from models.workers import renewals, sessions
from models.workers.sign_in import AccountNotActive, SignIn
from models.workers.tokens import Port


class SignInView(msgspec.Struct):
    """Tokens, and whose they are."""

    access_token: str
    expires_in: Seconds
    refresh_token: str
    worker: WorkerView
    is_new: bool
    """Whether this sign-in made the account."""

    @classmethod
    def of(cls, entered: SignIn, ctx: Context) -> "SignInView":
        """Show a sign-in, to whoever signed in."""
        return cls(
            access_token=entered.tokens.access_token,
            expires_in=entered.tokens.expires_in,
            refresh_token=entered.tokens.refresh_token,
            worker=WorkerView.of(entered.worker, ctx),
            is_new=entered.is_new,
        )


class SignInHandler(Handler):
    """Signing in."""

    @endpoint(
        access=public,
        refusals=(*EXCHANGED, AccountNotActive),
        limit=limits.SIGN_IN,
    )
    async def post(self, *, body: SignInRequest) -> SignInView:
        """Change a login code for tokens; the first time makes the account.

        Who had asked to be erased stays.
        """
        entered = await coming_back.sign_in(self.ctx, body.code, device=body.device)
        return SignInView.of(entered, self.ctx)


class RenewalHandler(Handler):
    """Going on without signing in."""

    @endpoint(access=public, refusals=RENEWED, limit=RENEWALS)
    async def post(self, *, body: RenewalRequest) -> TokensView:
        """Change the newest refresh token for new tokens, once."""
        renewed = await renewals.renew(self.ctx, body.refresh_token, port=Port.WORKER)
        return TokensView.of(renewed)


class SignOutHandler(Handler):
    """Signing out."""

    @endpoint(access=worker, limit=limits.WRITES, yields=Yields.NEVER)
    async def post(self) -> None:
        """End the session of this token, at once."""
        await sessions.sign_out(self.ctx, by=self.actor)


ROUTES: list[Route] = [
    ("/worker/v1/auth/sign-in", SignInHandler),
    ("/worker/v1/auth/refresh", RenewalHandler),
    ("/worker/v1/auth/sign-out", SignOutHandler),
]

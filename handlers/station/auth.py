"""Signing in and out at the station's port over HTTP (工作人员登录)."""

import msgspec

from handlers.base import limits
from handlers.base.access import public, staff_session
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
from models.base.context import Context
from models.base.units import Seconds
from models.unions import staff
from models.unions.staff import NotStaff, Role, Staff, StaffSignIn
from models.workers import renewals, sessions
from models.workers.tokens import Port


class StaffView(msgspec.Struct):
    """A staff member as they see themselves; the name is masked."""

    id: str
    name: str
    unit_id: str
    station_ids: list[str]
    roles: list[Role]

    @classmethod
    def of(cls, who: Staff, ctx: Context) -> "StaffView":
        """Show a staff member."""
        return cls(
            id=who.id,
            name=who.masked_name(ctx),
            unit_id=who.unit_id,
            station_ids=sorted(who.station_ids),
            roles=sorted(who.roles),
        )


class StaffSignInView(msgspec.Struct):
    """Tokens, and whose they are."""

    access_token: str
    expires_in: Seconds
    refresh_token: str
    staff: StaffView

    @classmethod
    def of(cls, entered: StaffSignIn, ctx: Context) -> "StaffSignInView":
        """Show a sign-in, to whoever signed in."""
        return cls(
            access_token=entered.tokens.access_token,
            expires_in=entered.tokens.expires_in,
            refresh_token=entered.tokens.refresh_token,
            staff=StaffView.of(entered.staff, ctx),
        )


class SignInHandler(Handler):
    """Signing in."""

    @endpoint(access=public, refusals=(*EXCHANGED, NotStaff), limit=limits.SIGN_IN)
    async def post(self, *, body: SignInRequest) -> StaffSignInView:
        """Change a staff member's login code for tokens of this port."""
        entered = await staff.sign_in(self.ctx, body.code, device=body.device)
        return StaffSignInView.of(entered, self.ctx)


class RenewalHandler(Handler):
    """Going on without signing in."""

    @endpoint(access=public, refusals=RENEWED, limit=RENEWALS)
    async def post(self, *, body: RenewalRequest) -> TokensView:
        """Change the newest refresh token for new tokens, once."""
        renewed = await renewals.renew(self.ctx, body.refresh_token, port=Port.STATION)
        return TokensView.of(renewed)


class SignOutHandler(Handler):
    """Signing out."""

    @endpoint(access=staff_session, limit=limits.WRITES, yields=Yields.NEVER)
    async def post(self) -> None:
        """End the session of this token, at once."""
        await sessions.sign_out(self.ctx, by=self.actor)


ROUTES: list[Route] = [
    ("/station/v1/auth/sign-in", SignInHandler),
    ("/station/v1/auth/refresh", RenewalHandler),
    ("/station/v1/auth/sign-out", SignOutHandler),
]

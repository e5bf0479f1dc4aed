"""An official's own account over HTTP: what I may do, my WeChat, my sessions."""

import msgspec

from handlers.base import limits
from handlers.base.access import official_any, official_session
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from handlers.base.signing_in import EXCHANGED, Code, SessionView
from handlers.union.auth import BY_NAME, Password, TotpCode
from handlers.union.powers import PowerView, powers_view
from models.base.context import Context
from models.base.pages import Page
from models.unions import wechat_logins
from models.unions.attempts import SignInLocked
from models.unions.logins import SignInFailed
from models.unions.officials import Official
from models.unions.passwords import PasswordsBusy
from models.unions.staff import WeChatTaken
from models.workers import sessions
from models.workers.sessions import NoSuchSession


class BindingRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The mini-program's login code; password and code say that it is me."""

    code: Code
    password: Password
    totp: TotpCode


class OfficialView(msgspec.Struct):
    """An official as they see themselves; the name is masked."""

    id: str
    name: str
    unit_id: str
    has_wechat: bool
    powers: list[PowerView]

    @classmethod
    async def of(cls, ctx: Context, who: Official) -> "OfficialView":
        """Show an official."""
        return cls(
            id=who.id,
            name=who.staff.masked_name(ctx),
            unit_id=who.staff.unit_id,
            has_wechat=who.staff.openid_blind is not None,
            powers=await powers_view(ctx, who.powers),
        )


class MeHandler(Handler):
    """The signed-in official."""

    @endpoint(access=official_any)
    async def get(self) -> OfficialView:
        """Show who I am, and what I may do where."""
        return await OfficialView.of(self.ctx, self.actor)


class WeChatBindingHandler(Handler):
    """The WeChat I come in by."""

    @endpoint(
        access=official_any,
        refusals=(
            *EXCHANGED,
            WeChatTaken,
            PasswordsBusy,
            SignInLocked,
            SignInFailed,
        ),
        limit=BY_NAME,
    )
    async def put(self, *, body: BindingRequest) -> None:
        """Bind the WeChat of a login code, in place of another."""
        await wechat_logins.bind(
            self.ctx, body.code, body.password, body.totp, by=self.actor
        )


class SessionsHandler(Handler):
    """Where the official is signed in."""

    @endpoint(access=official_session)
    async def get(self) -> Page[SessionView]:
        """List where I am signed in, newest first, fifty at the most."""
        found = await sessions.of(self.ctx, by=self.actor)
        return Page([SessionView.of(session, self.actor) for session in found])

    @endpoint(access=official_session, limit=limits.WRITES)
    async def delete(self) -> None:
        """Sign out everywhere, here too, at once."""
        await sessions.sign_out_everywhere(self.ctx, by=self.actor)


class SessionHandler(Handler):
    """One of the official's sessions."""

    @endpoint(access=official_session, refusals=(NoSuchSession,), limit=limits.WRITES)
    async def delete(self, session_id: str) -> None:
        """End it at once."""
        await sessions.end(self.ctx, session_id, by=self.actor)


ROUTES: list[Route] = [
    ("/union/v1/me", MeHandler),
    ("/union/v1/me/wechat", WeChatBindingHandler),
    ("/union/v1/me/sessions", SessionsHandler),
    ("/union/v1/me/sessions/{session_id}", SessionHandler),
]

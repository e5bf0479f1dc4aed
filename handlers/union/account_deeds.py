"""What an administrator does to an account over HTTP: reset, wake, sign out, let go."""

import msgspec

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.routing import Route
from handlers.union.accounts import AccountView
from handlers.union.auth import LoginName
from handlers.union.moves import Reason
from models.unions import leaving, resets
from models.unions.accounts import (
    HoldsMoreThanOneHas,
    NoLogin,
    NoSuchAccount,
    ToOneself,
)
from models.unions.administrators import LastAdministrator
from models.unions.leaving import AlreadyLeft, StillServing
from models.unions.logins import NameTaken
from models.unions.passwords import PasswordsBusy
from models.unions.permissions import Permission

NOT_UNDER = (NoSuchAccount, HoldsMoreThanOneHas, ToOneself)
"""How somebody may be out of one's hands."""


class ResetRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The login name, for an account that has none yet."""

    login: LoginName | None = None


class LeavingRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Why."""

    reason: Reason


class PasswordView(msgspec.Struct):
    """The password to begin with, shown this once."""

    password: str


class ResetHandler(Handler):
    """A new password."""

    @endpoint(
        access=official(Permission.STAFF),
        refusals=(*NOT_UNDER, NoLogin, NameTaken, PasswordsBusy),
        limit=WRITES,
    )
    async def post(self, account_id: str, *, body: ResetRequest) -> PasswordView:
        """Hand out a new password; authenticator and WeChat are bound anew."""
        password = await resets.reset(
            self.ctx, account_id, login=body.login, by=self.actor
        )
        return PasswordView(password)


class WakingHandler(Handler):
    """Letting somebody in again whom nobody saw for 90 days."""

    @endpoint(
        access=official(Permission.STAFF), refusals=(*NOT_UNDER, NoLogin), limit=WRITES
    )
    async def post(self, account_id: str) -> None:
        """Wake a dormant account."""
        await resets.wake(self.ctx, account_id, by=self.actor)


class AccountSessionsHandler(Handler):
    """Where somebody is signed in."""

    @endpoint(access=official(Permission.STAFF), refusals=NOT_UNDER, limit=WRITES)
    async def delete(self, account_id: str) -> None:
        """End all of somebody's sessions, at once."""
        await resets.put_out(self.ctx, account_id, by=self.actor)


class DepartureHandler(Handler):
    """Leaving the service."""

    @endpoint(
        access=official(Permission.STAFF),
        refusals=(*NOT_UNDER, AlreadyLeft, LastAdministrator),
        limit=WRITES,
    )
    async def post(self, account_id: str, *, body: LeavingRequest) -> AccountView:
        """Let somebody go: grants, posts and sessions end at once."""
        gone = await leaving.leave(
            self.ctx, account_id, reason=body.reason, by=self.actor
        )
        return await AccountView.one(self.ctx, gone)

    @endpoint(
        access=official(Permission.STAFF),
        refusals=(*NOT_UNDER, StillServing),
        limit=WRITES,
    )
    async def delete(self, account_id: str) -> AccountView:
        """Take somebody back; what they held is not."""
        back = await leaving.come_back(self.ctx, account_id, by=self.actor)
        return await AccountView.one(self.ctx, back)


ROUTES: list[Route] = [
    ("/union/v1/accounts/{account_id}/reset", ResetHandler),
    ("/union/v1/accounts/{account_id}/waking", WakingHandler),
    ("/union/v1/accounts/{account_id}/sessions", AccountSessionsHandler),
    ("/union/v1/accounts/{account_id}/departure", DepartureHandler),
]

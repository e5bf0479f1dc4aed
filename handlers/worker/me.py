"""A worker's own account over HTTP (我的): profile, phone, where one is signed in."""

from typing import Annotated

import msgspec

from handlers.base import limits
from handlers.base.access import worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from handlers.base.signing_in import Code, SessionView
from models.base.context import Context
from models.base.pages import Page
from models.base.units import Instant
from models.workers import names, phones, sessions, workers
from models.workers.consents import ConsentRequired
from models.workers.names import BadName
from models.workers.phones import PhoneCodeInvalid, PhoneInUse, PhoneNotUsable
from models.workers.sessions import NoSuchSession
from models.workers.wechat import WeChatUnavailable
from models.workers.workers import AccountGone, Worker

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]


class NameRequest(msgspec.Struct, forbid_unknown_fields=True):
    """One's real name."""

    name: Name


class PhoneRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The phone button's code."""

    code: Code


class WorkerView(msgspec.Struct):
    """A worker as they see themselves; name and number are masked."""

    id: str
    nickname: str | None
    name: str | None
    phone: str | None
    unit_id: str | None
    joined_at: Instant

    @classmethod
    def of(cls, who: Worker, ctx: Context) -> "WorkerView":
        """Show a worker."""
        return cls(
            id=who.id,
            nickname=who.nickname,
            name=who.masked_name(ctx),
            phone=who.masked_phone(ctx),
            unit_id=who.unit_id,
            joined_at=who.created_at,
        )


class MeHandler(Handler):
    """The signed-in worker."""

    @endpoint(access=worker, refusals=(AccountGone,))
    async def get(self) -> WorkerView:
        """Show my profile."""
        return WorkerView.of(await workers.me(self.ctx, by=self.actor), self.ctx)

    @endpoint(
        access=worker,
        refusals=(BadName, ConsentRequired, AccountGone),
        limit=limits.WRITES,
    )
    async def patch(self, *, body: NameRequest) -> WorkerView:
        """Fill in my real name; needs the consent `identity`."""
        renamed = await names.rename(self.ctx, body.name, by=self.actor)
        return WorkerView.of(renamed, self.ctx)


class PhoneHandler(Handler):
    """The signed-in worker's phone number."""

    @endpoint(
        access=worker,
        refusals=(
            ConsentRequired,
            AccountGone,
            PhoneCodeInvalid,
            PhoneNotUsable,
            PhoneInUse,
            WeChatUnavailable,
        ),
        limit=limits.WRITES,
        repeats=True,
    )
    async def post(self, *, body: PhoneRequest) -> WorkerView:
        """Bind a number, or another one; needs the consent `phone`."""
        bound = await phones.bind(self.ctx, body.code, by=self.actor)
        return WorkerView.of(bound, self.ctx)

    @endpoint(access=worker, limit=limits.WRITES)
    async def delete(self) -> None:
        """Delete my number."""
        await phones.unbind(self.ctx, by=self.actor)


class SessionsHandler(Handler):
    """Where the worker is signed in."""

    @endpoint(access=worker)
    async def get(self) -> Page[SessionView]:
        """List where I am signed in, newest first, fifty at the most."""
        found = await sessions.of(self.ctx, by=self.actor)
        return Page([SessionView.of(session, self.actor) for session in found])

    @endpoint(access=worker, limit=limits.WRITES)
    async def delete(self) -> None:
        """Sign out everywhere, here too, at once."""
        await sessions.sign_out_everywhere(self.ctx, by=self.actor)


class SessionHandler(Handler):
    """One of the worker's sessions."""

    @endpoint(access=worker, refusals=(NoSuchSession,), limit=limits.WRITES)
    async def delete(self, session_id: str) -> None:
        """End it at once, such as that of a lost phone."""
        await sessions.end(self.ctx, session_id, by=self.actor)


ROUTES: list[Route] = [
    ("/worker/v1/me", MeHandler),
    ("/worker/v1/me/phone", PhoneHandler),
    ("/worker/v1/me/sessions", SessionsHandler),
    ("/worker/v1/me/sessions/{session_id}", SessionHandler),
]

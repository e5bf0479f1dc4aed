"""Who may enter: the named access policies a verb chooses from.

``access=`` is required on every verb, so a door without a policy does not even
import. A policy finds the actor or refuses; whether the actor may touch *this*
thing is the verb's own question, asked through ``by=``.

Only the ``Authorization`` header says who is asking. What a cloud platform would
inject (``X-WX-OPENID``) anybody can send here, so nobody reads it (rules 8).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.base.errors import NotSignedIn, Refusals
from models.unions import officials
from models.unions import staff as members
from models.unions.officials import Official, PermissionMissing
from models.unions.permissions import Permission
from models.unions.staff import NotStaff, Staff
from models.workers import sessions
from models.workers.sessions import PortMismatch, SessionRevoked, SignedIn
from models.workers.tokens import Port, TokenExpired, TokenInvalid

if TYPE_CHECKING:
    from handlers.base.endpoint import Handler


@dataclass(frozen=True, slots=True)
class Access:
    """One policy: its name, how OpenAPI calls its token, how it finds the actor."""

    name: str
    find: "Callable[[Handler], Awaitable[Any]]"
    scheme: str | None = None
    """The OpenAPI security scheme; None when no token is asked for."""
    refusals: Refusals = ()
    """How it may turn somebody away, beside 401."""
    optional: bool = False
    """A token is used when there is one."""
    permissions: tuple[Permission, ...] = ()
    """Any of these opens the door; whose rows are behind it is the verb's question."""

    @property
    def is_public(self) -> bool:
        """Whether nobody has to say who they are."""
        return self.scheme is None or self.optional


TURNED_AWAY = (TokenInvalid, TokenExpired, SessionRevoked, PortMismatch)


async def _nobody(handler: "Handler") -> None:
    return None


async def _worker(handler: "Handler") -> SignedIn:
    return await sessions.admit(handler.ctx, bearer(handler), port=Port.WORKER)


async def _worker_if_any(handler: "Handler") -> SignedIn | None:
    if "Authorization" not in handler.request.headers:
        return None
    return await _worker(handler)


async def _worker_if_known(handler: "Handler") -> SignedIn | None:
    try:
        return await _worker_if_any(handler)
    except (NotSignedIn, PortMismatch):
        return None


async def _staff_session(handler: "Handler") -> SignedIn:
    return await sessions.admit(handler.ctx, bearer(handler), port=Port.STATION)


async def _staff(handler: "Handler") -> Staff:
    return await members.who(handler.ctx, by=await _staff_session(handler))


async def _official_session(handler: "Handler") -> SignedIn:
    return await sessions.admit(handler.ctx, bearer(handler), port=Port.UNION)


async def _official(handler: "Handler") -> Official:
    return await officials.who(handler.ctx, by=await _official_session(handler))


def bearer(handler: "Handler") -> str:
    """Return what follows ``Bearer`` in the one header that is read."""
    told = handler.request.headers.get("Authorization")
    if told is None:
        raise NotSignedIn
    scheme, _, token = told.partition(" ")
    if scheme.lower() != "bearer":
        raise TokenInvalid
    return token.strip()


public = Access("public", _nobody)
"""Anyone may call, signed in or not; the actor is None."""

worker = Access("worker", _worker, "workerToken", TURNED_AWAY)
"""A signed-in worker; the actor is a `SignedIn`, and nothing was read for it."""

worker_if_any = Access(
    "worker_if_any", _worker_if_any, "workerToken", TURNED_AWAY, optional=True
)
"""Anyone; but a token that is sent must be good, so that the client renews it."""

worker_if_known = Access(
    "worker_if_known", _worker_if_known, "workerToken", optional=True
)
"""Anyone; a token that is not good counts as none. For first aid: never refuses."""

staff = Access("staff", _staff, "staffToken", (*TURNED_AWAY, NotStaff))
"""A staff member serving today; the actor is a `Staff`, read for this very call."""

staff_session = Access("staff_session", _staff_session, "staffToken", TURNED_AWAY)
"""Whoever signed in at the station's port; the actor is a `SignedIn`."""

official_session = Access(
    "official_session", _official_session, "officialToken", TURNED_AWAY
)
"""Whoever signed in at the back office's port; the actor is a `SignedIn`."""

official_any = Access(
    "official_any", _official, "officialToken", (*TURNED_AWAY, NotStaff)
)
"""A staff member at the back office, whatever they may do; an `Official`."""


def official(*permissions: Permission) -> Access:
    """Admit who holds one of these permissions somewhere; the actor is an `Official`.

    Which rows they reach with it is the verb's own question.
    """

    async def find(handler: "Handler") -> Official:
        found = await _official(handler)
        held = {power.permission for power in found.powers if power.scope.paths}
        if held.isdisjoint(permissions):
            raise PermissionMissing({"permission": permissions[0]})
        return found

    return Access(
        name=f"official({', '.join(permissions)})",
        find=find,
        scheme="officialToken",
        refusals=(*TURNED_AWAY, NotStaff, PermissionMissing),
        permissions=permissions,
    )

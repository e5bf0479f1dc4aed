"""What signing in looks like on the wire, the same at every port."""

from typing import Annotated

import msgspec

from handlers.base import limits
from models.base.units import Instant, Seconds
from models.workers.exchanges import CodeInvalid, CodeUsed, WeChatBlocked
from models.workers.renewals import RefreshInvalid, RefreshReused
from models.workers.sessions import (
    PortMismatch,
    Session,
    SessionExpired,
    SessionRevoked,
    SignedIn,
    Tokens,
)
from models.workers.wechat import WeChatUnavailable

Code = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=128,
        pattern=r"^[!-~]+(?!\n)$",
        description="What WeChat gave the phone; good for five minutes, once.",
    ),
]
Device = Annotated[
    str, msgspec.Meta(max_length=64, description="What the phone calls itself.")
]
TotpCode = Annotated[
    str,
    msgspec.Meta(pattern=r"^[0-9]{6}\Z", description="The authenticator's six digits."),
]
RefreshToken = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]

EXCHANGED = (CodeInvalid, CodeUsed, WeChatBlocked, WeChatUnavailable)
"""How a login code may be refused."""

RENEWED = (RefreshInvalid, RefreshReused, SessionRevoked, SessionExpired, PortMismatch)
"""How a refresh token may be refused."""

RENEWALS = limits.per_minute("renewals", 1_200, by_address=True)
"""Phones behind one address refresh by themselves; guessing is hopeless anyway."""


class SignInRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The phone's login code."""

    code: Code
    device: Device = ""


class RenewalRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The newest refresh token."""

    refresh_token: RefreshToken


class TokensView(msgspec.Struct):
    """What to come back with."""

    access_token: str
    expires_in: Seconds
    refresh_token: str

    @classmethod
    def of(cls, tokens: Tokens) -> "TokensView":
        """Show tokens, to their owner."""
        return cls(
            access_token=tokens.access_token,
            expires_in=tokens.expires_in,
            refresh_token=tokens.refresh_token,
        )


class SessionView(msgspec.Struct):
    """One phone's sign-in, to its owner."""

    id: str
    device: str
    started_at: Instant
    last_used_at: Instant
    """When it was last refreshed."""
    is_this: bool
    """Whether this call came with it."""

    @classmethod
    def of(cls, session: Session, by: SignedIn) -> "SessionView":
        """Show a session."""
        return cls(
            id=session.id,
            device=session.device,
            started_at=session.started_at,
            last_used_at=session.turned_at,
            is_this=session.id == by.session_id,
        )

"""The words of a socket: what either side says, and with which code we close."""

from enum import IntEnum

import msgspec

from handlers.base.changes import ChangeView
from models.base.errors import Forbidden, Invalid
from models.base.units import Instant


class Code(IntEnum):
    """Why we close, and so what the client does next."""

    RESTART = 1012
    """Connect again after the time that ``reconnect`` said."""
    TRY_LATER = 1013
    """Too many here, or the database is away: connect again in a while."""
    BAD_MESSAGE = 4400
    """Not what a client may say: mend the client."""
    SIGN_IN = 4401
    """The token is not good (any more): renew it, connect again."""
    NOT_ALLOWED = 4403
    """Not for this person (any more): do not connect again."""
    NO_TOKEN = 4408
    """Nothing said who it is."""
    TOO_MANY = 4409
    """Close another connection of this person first."""
    REVOKED = 4410
    """The session was ended: sign in again."""
    TOO_SLOW = 4413
    """Did not keep up: connect again and fetch the changes."""
    SAID_TOO_MUCH = 4429


class NotASocket(Invalid):
    """This address is for WebSockets."""

    code = "not_a_socket"
    message = "这个地址只接受实时连接，请使用 WebSocket。"


class ForeignOrigin(Forbidden):
    """The page that connects is of another site."""

    code = "foreign_origin"
    message = "当前网页不能使用实时连接，请从工会后台打开。"


class Said(msgspec.Struct, forbid_unknown_fields=True):
    """All a client may say."""

    token: str


class Welcome(msgspec.Struct, tag_field="type", tag="welcome"):
    """You are listening."""

    until: Instant
    """Send a new token before; at the latest then rights are looked at anew."""


class Change(msgspec.Struct, tag_field="type", tag="change"):
    """Something happened."""

    change: ChangeView
    after: str
    """Your cursor, once you have fetched what was before."""


class Gap(msgspec.Struct, tag_field="type", tag="gap"):
    """Something may have been missed: fetch the changes after your cursor."""


class Reconnect(msgspec.Struct, tag_field="type", tag="reconnect"):
    """This process is going: connect again, after some seconds."""

    in_seconds: float

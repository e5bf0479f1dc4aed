"""Access tokens (访问令牌): short-lived, signed, read without asking anybody.

A token is a JWT that names a session and the one port it opens. Its key is named
too (``kid``), so that a new key can take over while tokens of the old one live
out their quarter of an hour.

Source: features X-03; performance.md "what it asks", 5.
"""

import base64
import hmac
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Literal

import jwt
import msgspec

from models.base.errors import NotSignedIn
from models.base.secrets import Secrets

ACCESS_LIFE = timedelta(minutes=15)

ALGORITHM = "HS256"

LONGEST_TOKEN = 512
"""Characters; ours have about 330."""

REMEMBERED = 16_384
"""Tokens a process has verified and need not verify again; about 12 MB."""


HEADERS_REMEMBERED = 64
"""Ours are as many as there are keys; those of others make no room for long."""


class Port(StrEnum):
    """Which doors a session opens (端口)."""

    WORKER = "worker"
    STATION = "station"
    UNION = "union"


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a token of ours is signed; another sort is not ours."""

    alg: Literal["HS256"]
    kid: str
    typ: Literal["JWT"] = "JWT"


class Claims(msgspec.Struct, frozen=True):
    """What a token of ours says."""

    sub: str
    """A worker's or a staff member's id."""
    sid: str
    """The session it belongs to."""
    port: Port
    exp: int
    """Seconds since 1970; from then on it is dead."""


class TokenInvalid(NotSignedIn):
    """The access token is not ours or has been changed."""

    code = "token_invalid"
    message = "登录信息无效，请重新登录。"


class TokenExpired(NotSignedIn):
    """The access token has lived out its quarter of an hour; refresh it."""

    code = "token_expired"
    message = "登录已过期，请重新登录。"


def make(
    secrets: Secrets, *, owner_id: str, session_id: str, port: Port, now: datetime
) -> str:
    """Sign an access token with the newest key."""
    kid, key = next(iter(secrets.token_keys.items()))
    told = {
        "sub": owner_id,
        "sid": session_id,
        "port": port.value,
        "iat": int(now.timestamp()),
        "exp": int((now + ACCESS_LIFE).timestamp()),
    }
    return jwt.encode(told, key, algorithm=ALGORITHM, headers={"kid": kid})


def read(secrets: Secrets, token: str, *, now: datetime) -> Claims:
    """Read a token that is ours and still alive.

    Refuses: TokenInvalid, TokenExpired.
    """
    if len(token) > LONGEST_TOKEN:
        raise TokenInvalid
    claims = _verified(secrets, token)
    if datetime.fromtimestamp(claims.exp, UTC) <= now:
        raise TokenExpired
    return claims


@lru_cache(maxsize=REMEMBERED)
def _verified(secrets: Secrets, token: str) -> Claims:
    """Verify a signature once; whether it is too old is asked every time.

    By hand, since each phone's token is new to each process: the library's way with
    any token of anybody took as long as a bare answer. Ours are of one kind only.
    """
    told, _, signature = token.rpartition(".")
    header, _, payload = told.partition(".")
    try:
        key = secrets.token_keys[_header(header).kid]
        signed = _letters(hmac.digest(key, told.encode(), "sha256"))
        if not hmac.compare_digest(signed, signature.encode()):
            raise TokenInvalid
        return msgspec.json.decode(_bytes(payload), type=Claims)
    except (ValueError, KeyError, RecursionError) as problem:
        raise TokenInvalid from problem


@lru_cache(maxsize=HEADERS_REMEMBERED)
def _header(text: str) -> Header:
    return msgspec.json.decode(_bytes(text), type=Header)


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}")


def _letters(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")

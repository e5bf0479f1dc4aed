"""Sessions (登录会话): one person signed in on one phone, at one port.

A session lives through this and nothing else::

    live ──▶ expired      nobody refreshed it for a month, or it turned too often
      └────▶ revoked      signed out, here or from another phone, or a token of
                          it was used that had been followed by a newer one

Source: features X-03.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

import msgspec
from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Forbidden, NotFound, NotSignedIn
from models.base.units import Instant, Seconds
from models.workers import chain, revocations, tokens
from models.workers.revocations import Revocations
from models.workers.tokens import ACCESS_LIFE, Port

REFRESH_LIFE = timedelta(days=30)
"""Counted from the last refresh; signing in again costs a worker no tap."""

LIFE_AT: Mapping[Port, timedelta] = MappingProxyType({Port.UNION: timedelta(hours=12)})
"""Where it is shorter: an office PC is shared, and shows what concerns others."""

MOST_TURNS = 5_000
"""Then the session is over: 52 days without a pause. A bound on `chain.leads_to`."""

KEPT_OVER = timedelta(days=1)
"""A session that is over stays so long, to say so to whoever comes back late."""

MOST_SHOWN = 50


class Why(StrEnum):
    """Why a session was revoked."""

    SIGNED_OUT = "signed_out"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    PUT_OUT = "put_out"
    """By somebody in charge: left the service, forgot the password, was frozen."""
    REUSED = "reused"
    """An old refresh token came back: somebody may have stolen it."""


class Session(Document, kw_only=True, frozen=True):
    """One phone's way in."""

    SHELF = revocations.SHELF
    PERSONAL = personal.deleted(
        "登录设备", "owner_id", hidden=("refresh_mark", "previous_mark")
    )
    INDEXES = (
        IndexModel(["owner_id", "_id"]),
        IndexModel(
            ["revoked_at"], partialFilterExpression={"revoked_at": {"$type": "date"}}
        ),
        IndexModel(["expires_at"]),
    )

    owner_id: str
    """A worker's or a staff member's id."""
    port: Port
    device: str
    """What the phone calls itself, for its owner to know it by; may be empty."""
    started_at: Instant
    expires_at: Instant
    refresh_mark: str
    """Hash of the newest refresh token."""
    previous_mark: str | None = None
    """Hash of the one before."""
    turned_at: Instant
    """When the newest took over."""
    turns: int = 0
    revoked_at: Instant | None = None
    revoked_why: Why | None = None


class SignedIn(msgspec.Struct, kw_only=True, frozen=True):
    """Somebody a token speaks for; nothing was read to know it."""

    id: str
    """A worker's id (at the station's port, a staff member's)."""
    session_id: str


class Tokens(msgspec.Struct, kw_only=True, frozen=True):
    """What a client is given to come back with."""

    access_token: str
    expires_in: Seconds
    refresh_token: str

    def __repr__(self) -> str:
        return "Tokens(…)"


class PortMismatch(Forbidden):
    """The token opens another port."""

    code = "port_mismatch"
    message = "当前登录身份不能使用这里的功能，请切换身份后再试。"


class SessionRevoked(NotSignedIn):
    """The session was signed out."""

    code = "session_revoked"
    message = "您已退出登录，请重新登录。"


class SessionExpired(NotSignedIn):
    """Nobody used the session for too long."""

    code = "session_expired"
    message = "您很久没有使用，请重新登录。"


class NoSuchSession(NotFound):
    """No live session of this person has this id."""

    code = "no_such_session"
    message = "没有找到这次登录，可能已经退出。"


async def start(ctx: Context, *, owner_id: str, port: Port, device: str = "") -> Tokens:
    """Let somebody in who proved who they are."""
    now = ctx.clock.now()
    session_id = ctx.new_id("session")
    refresh_token = chain.first(session_id)
    session = Session(
        id=session_id,
        owner_id=owner_id,
        port=port,
        device=device,
        started_at=now,
        expires_at=now + life_at(port),
        refresh_mark=chain.mark(refresh_token),
        turned_at=now,
    )
    await session.insert(ctx)
    return tokens_of(ctx, session, refresh_token)


def life_at(port: Port) -> timedelta:
    """Return how long a session lives without being refreshed."""
    return LIFE_AT.get(port, REFRESH_LIFE)


def tokens_of(ctx: Context, session: Session, refresh_token: str) -> Tokens:
    """Make what the client comes back with."""
    access_token = tokens.make(
        ctx.secrets,
        owner_id=session.owner_id,
        session_id=session.id,
        port=session.port,
        now=ctx.clock.now(),
    )
    return Tokens(
        access_token=access_token,
        expires_in=int(ACCESS_LIFE.total_seconds()),
        refresh_token=refresh_token,
    )


async def admit(ctx: Context, token: str, *, port: Port) -> SignedIn:
    """Let the bearer of an access token in; asks nobody while we hear of changes.

    Refuses: TokenInvalid, TokenExpired, PortMismatch, SessionRevoked.
    """
    claims = tokens.read(ctx.secrets, token, now=ctx.clock.now())
    if claims.port is not port:
        raise PortMismatch({"port": claims.port})
    if await ctx.the(Revocations).include(ctx, claims.sid):
        raise SessionRevoked
    return SignedIn(id=claims.sub, session_id=claims.sid)


async def sign_out(ctx: Context, *, by: SignedIn) -> None:
    """End the session this call came with (退出登录)."""
    await _revoke(ctx, [by.session_id], Why.SIGNED_OUT)


async def sign_out_everywhere(ctx: Context, *, by: SignedIn) -> None:
    """End every session of a person, this one too (退出所有设备)."""
    await _end_all(ctx, by.id, Why.SIGNED_OUT_EVERYWHERE)


async def put_out(ctx: Context, owner_id: str, *, but: str | None = None) -> None:
    """End every session of somebody else (强制下线); ``but`` spares one."""
    await _end_all(ctx, owner_id, Why.PUT_OUT, but=but)


async def end(ctx: Context, session_id: str, *, by: SignedIn) -> None:
    """End one of a person's sessions, such as that of a lost phone.

    Refuses: NoSuchSession.
    """
    session = await Session.find(ctx, _id=session_id, owner_id=by.id, revoked_at=None)
    if session is None:
        raise NoSuchSession
    await _revoke(ctx, [session.id], Why.SIGNED_OUT)


async def of(ctx: Context, *, by: SignedIn) -> list[Session]:
    """List where a person is signed in, the newest first."""
    return await Session.many(
        ctx,
        {
            "owner_id": by.id,
            "revoked_at": None,
            "expires_at": {"$gt": ctx.clock.now()},
        },
        limit=MOST_SHOWN,
    )


async def forget_over(ctx: Context) -> int:
    """Delete sessions that are over; by our clock, so not by MongoDB's."""
    over = {"expires_at": {"$lt": ctx.clock.now() - KEPT_OVER}}
    return (await Session.shelf(ctx).delete_many(over)).deleted_count


async def _end_all(
    ctx: Context, owner_id: str, why: Why, *, but: str | None = None
) -> None:
    live = {"owner_id": owner_id, "revoked_at": None, "_id": {"$ne": but}}
    rows = Session.shelf(ctx).find(live, {"_id": 1})
    await _revoke(ctx, [row["_id"] async for row in rows], why)


async def _revoke(ctx: Context, session_ids: list[str], why: Why) -> None:
    now = ctx.clock.now()
    await Session.shelf(ctx).update_many(
        {"_id": {"$in": session_ids}, "revoked_at": None},
        {"$set": {"revoked_at": now, "revoked_why": why}},
    )
    for session_id in session_ids:
        ctx.the(Revocations).add(session_id, now)

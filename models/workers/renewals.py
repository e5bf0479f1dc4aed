"""Renewals (续期): a refresh token is changed for the next, once.

::

    the newest token                      the next link of the chain
    the one before, within the grace      the same link again: the reply was lost
    an older one of the chain             theft: the session ends for everybody
    anything else                         nothing happens to the session

Source: features X-03.
"""

from datetime import timedelta

from models.base import audit
from models.base.context import Context
from models.base.errors import NotSignedIn
from models.base.events import Event, record
from models.base.store import atomic
from models.workers import chain, sessions
from models.workers.revocations import Revocations
from models.workers.sessions import (
    MOST_TURNS,
    PortMismatch,
    Session,
    SessionExpired,
    SessionRevoked,
    Tokens,
    Why,
    life_at,
)
from models.workers.tokens import Port

GRACE = timedelta(seconds=10)
"""A phone that lost the reply may send the same token again for so long.

It gets the very successor it missed, so there is never a second chain: a thief
within these seconds and the owner then hold one token, and when both have used
it the theft is noticed as ever. A longer silence only costs a silent sign-in.
"""


class TheftSuspected(Event, kw_only=True, frozen=True):
    """An old refresh token was used and the session ended; its owner should know."""

    owner_id: str
    session_id: str
    port: Port
    device: str


class RefreshInvalid(NotSignedIn):
    """The refresh token is not ours."""

    code = "refresh_invalid"
    message = "登录信息无效，请重新登录。"


class RefreshReused(NotSignedIn):
    """An old refresh token came back; the session is over for everybody."""

    code = "refresh_reused"
    message = "为保护您的账号，这次登录已失效，请重新登录。"


async def renew(ctx: Context, token: str, *, port: Port) -> Tokens:
    """Change a refresh token for new tokens (续期).

    Refuses: RefreshInvalid, PortMismatch, SessionRevoked, SessionExpired,
    RefreshReused.
    Records: TheftSuspected.
    """
    following = chain.successor(ctx.secrets, token)
    session = await _turn(ctx, token, following, port)
    if session is None:
        session = await _of_lost_reply(ctx, token, port)
        following = chain.same_successor(ctx.secrets, token, session.refresh_mark)
    return sessions.tokens_of(ctx, session, following)


async def _turn(ctx: Context, token: str, following: str, port: Port) -> Session | None:
    now = ctx.clock.now()
    return await Session.change(
        ctx,
        where={
            "_id": chain.session_of(token),
            "port": port,
            "refresh_mark": chain.mark(token),
            "revoked_at": None,
            "expires_at": {"$gt": now},
            "turns": {"$lt": MOST_TURNS},
        },
        update={
            "$set": {
                "refresh_mark": chain.mark(following),
                "previous_mark": chain.mark(token),
                "turned_at": now,
                "expires_at": now + life_at(port),
            },
            "$inc": {"turns": 1},
        },
    )


async def _of_lost_reply(ctx: Context, token: str, port: Port) -> Session:
    """Return the session whose last token was sent again, or say what is wrong."""
    session = await Session.find(ctx, _id=chain.session_of(token))
    if session is None:
        raise RefreshInvalid
    if session.port is not port:
        raise PortMismatch({"port": session.port})
    if session.revoked_at is not None:
        raise SessionRevoked
    now = ctx.clock.now()
    if session.expires_at <= now or session.turns >= MOST_TURNS:
        raise SessionExpired
    is_last = chain.mark(token) == session.previous_mark
    if is_last and now - session.turned_at <= GRACE:
        return session
    if not _is_old(ctx, token, session):
        raise RefreshInvalid
    await _suspect_theft(ctx, session)
    ctx.the(Revocations).add(session.id, now)
    raise RefreshReused


def _is_old(ctx: Context, token: str, session: Session) -> bool:
    newest, turns = session.refresh_mark, session.turns
    return chain.leads_to(ctx.secrets, token, newest, turns=turns)


@atomic()
async def _suspect_theft(ctx: Context, session: Session) -> None:
    ended = await Session.change(
        ctx,
        where={"_id": session.id, "revoked_at": None},
        update={"$set": {"revoked_at": ctx.clock.now(), "revoked_why": Why.REUSED}},
    )
    if ended is None:
        return
    await audit.note(
        ctx,
        who=session.owner_id,
        what="renewals.renew",
        about=session.id,
        reason=Why.REUSED,
    )
    await record(
        ctx,
        TheftSuspected(
            owner_id=session.owner_id,
            session_id=session.id,
            port=session.port,
            device=session.device,
        ),
    )

"""Exchanges (登录码兑换): a wx.login code goes to WeChat once, whoever brings it.

::

    pending ── WeChat answered ──▶ done       the same answer for 10 s, then `code_used`
       ▲  ├─── WeChat refused ───▶ refused    the same refusal
       │  └─── WeChat was away ──▶ failed ─┐
       └──── the next that asks ───────────┘  or when the lease ran out

The first to put the record on the shelf asks WeChat; the others, in this process
or another, wait for what it learns. It needs nothing but MongoDB.

Source: features X-01; rules 8; wechat-api 1.
"""

import asyncio
from datetime import timedelta
from enum import StrEnum

from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from miniprogram_api.errors import Advice, Refused, WeChatError
from miniprogram_api.private import Private
from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Forbidden, NotSignedIn, Refusal
from models.base.units import Instant
from models.workers.wechat import WeChatUnavailable, unavailable

WINDOW = timedelta(seconds=3)
"""Taps and repeats of one sign-in arrive within this; later it is somebody else."""

LEASE = timedelta(seconds=30)
"""Longer than the gateway tries; who has not answered by then has died."""

KEPT = timedelta(minutes=10)
"""A code lives five minutes; after that WeChat itself knows that it is dead."""

LONGEST_WAIT_SECONDS = 8.0
LOOK_EVERY_SECONDS = 0.03

USED = 40163


class State(StrEnum):
    """Where an exchange is in its life."""

    PENDING = "pending"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class Exchange(Document, kw_only=True, frozen=True):
    """One code, known by its blind index, and what it turned out to be."""

    SHELF = "exchanges"
    PERSONAL = personal.passing("sealed, for ten minutes")
    INDEXES = (IndexModel(["at"]),)

    state: State = State.PENDING
    at: Instant
    leased_until: Instant
    """Till then whoever asks WeChat is waited for."""
    ended_at: Instant | None = None
    openid: str | None = None
    """Sealed, like the two below."""
    unionid: str | None = None
    session_key: str | None = None
    refused: str | None = None
    """The word of the refusal."""


class Proof(Private, frozen=True, kw_only=True):
    """Who somebody is, by WeChat's word."""

    exchange_id: str
    openid: str
    unionid: str | None
    session_key: str | None
    """Sealed; nobody but the decryption of open data needs to read it."""


class CodeInvalid(NotSignedIn):
    """WeChat does not know the code, or not any more."""

    code = "code_invalid"
    message = "登录凭证已失效，请重新打开小程序登录。"


class CodeUsed(NotSignedIn):
    """The code has signed somebody in already."""

    code = "code_used"
    message = "登录凭证已使用过，请重新登录。"


class WeChatBlocked(Forbidden):
    """WeChat holds this person for a high risk."""

    code = "wechat_blocked"
    message = "微信提示该账号存在安全风险，请先在微信中解除限制后再登录。"


REFUSALS: dict[str, type[Refusal]] = {
    refusal.code: refusal for refusal in (CodeInvalid, CodeUsed, WeChatBlocked)
}


async def exchange(ctx: Context, code: str) -> Proof:
    """Learn from WeChat whose code this is; all who ask at once learn the same.

    Refuses: CodeInvalid, CodeUsed, WeChatBlocked, WeChatUnavailable.
    """
    exchange_id = "exchange_" + ctx.secrets.blind("login_code", code)
    if await _claim(ctx, exchange_id):
        return await _ask(ctx, exchange_id, code)
    return await _learn(ctx, exchange_id)


async def forget_old(ctx: Context) -> int:
    """Delete what nobody can ask for any more; by our clock, so not by MongoDB's."""
    old = {"at": {"$lt": ctx.clock.now() - KEPT}}
    return (await Exchange.shelf(ctx).delete_many(old)).deleted_count


async def _claim(ctx: Context, exchange_id: str) -> bool:
    now = ctx.clock.now()
    mine = Exchange(id=exchange_id, at=now, leased_until=now + LEASE)
    try:
        await mine.insert(ctx)
    except DuplicateKeyError:
        return await _take_over(ctx, mine)
    return True


async def _take_over(ctx: Context, mine: Exchange) -> bool:
    taken = await Exchange.change(
        ctx,
        where={
            "_id": mine.id,
            "state": {"$in": [State.PENDING, State.FAILED]},
            "leased_until": {"$lte": mine.at},
        },
        update={"$set": {"state": State.PENDING, "leased_until": mine.leased_until}},
    )
    return taken is not None


async def _ask(ctx: Context, exchange_id: str, code: str) -> Proof:
    try:
        session = await ctx.wechat.sign_in(code)
    except WeChatError as error:
        refusal = _refusal(error)
        if isinstance(refusal, WeChatUnavailable):
            now = ctx.clock.now()
            await _end(ctx, exchange_id, State.FAILED, leased_until=now)
        else:
            await _end(ctx, exchange_id, State.REFUSED, refused=refusal.code)
        raise refusal from error
    seal, unionid = ctx.secrets.seal, session.unionid
    session_key = seal(session.session_key)
    await _end(
        ctx,
        exchange_id,
        State.DONE,
        openid=seal(session.openid),
        unionid=None if unionid is None else seal(unionid),
        session_key=session_key,
    )
    return Proof(
        exchange_id=exchange_id,
        openid=session.openid,
        unionid=unionid,
        session_key=session_key,
    )


def _refusal(error: WeChatError) -> Refusal:
    if isinstance(error, Refused) and error.errcode == USED:
        return CodeUsed()
    if error.advice is Advice.SIGN_IN_AGAIN:
        return CodeInvalid()
    if error.advice is Advice.REFUSE_USER:
        return WeChatBlocked()
    return unavailable(error)


async def _end(ctx: Context, exchange_id: str, state: State, **learnt: object) -> None:
    await Exchange.shelf(ctx).update_one(
        {"_id": exchange_id, "state": State.PENDING},
        {"$set": {"state": state, "ended_at": ctx.clock.now(), **learnt}},
    )


async def _learn(ctx: Context, exchange_id: str) -> Proof:
    """Wait for whoever asks WeChat; the look-ups of one process go out as one."""
    began = ctx.clock.monotonic()
    while ctx.clock.monotonic() - began < LONGEST_WAIT_SECONDS:
        found = await Exchange.get(ctx, exchange_id)
        if found is None:
            raise CodeUsed
        if found.state is not State.PENDING:
            return _outcome(ctx, found)
        await asyncio.sleep(LOOK_EVERY_SECONDS)
    raise WeChatUnavailable


def _outcome(ctx: Context, found: Exchange) -> Proof:
    if found.refused is not None:
        raise REFUSALS[found.refused]
    if found.openid is None or found.session_key is None or found.ended_at is None:
        raise WeChatUnavailable
    if ctx.clock.now() - found.ended_at > WINDOW:
        raise CodeUsed
    unseal = ctx.secrets.open
    return Proof(
        exchange_id=found.id,
        openid=unseal(found.openid),
        unionid=None if found.unionid is None else unseal(found.unionid),
        session_key=found.session_key,
    )

"""Hats (身份切换): one person at several ports, without signing in again.

A worker who also serves at a station and looks after a firm's union is three
accounts with one openid. Whoever is in with one may go on as another; a token still
opens one port only. Two ways are shut: nobody goes on as the worker, whose own data
ask for their own WeChat (whoever handed out a password could come that way), and into
the back office only with the authenticator's code, where one is bound.

Source: features S1-02.
"""

import msgspec

from models.base.context import Context
from models.base.errors import Forbidden
from models.base.secrets import same_as
from models.unions import logins, officials
from models.unions.staff import Staff
from models.workers import sessions
from models.workers.sessions import SignedIn, Tokens
from models.workers.tokens import Port
from models.workers.workers import State, Worker


class Hat(msgspec.Struct, kw_only=True, frozen=True):
    """One account of the person who is asking."""

    port: Port
    owner_id: str


class NoSuchHat(Forbidden):
    """The person is nobody at that port."""

    code = "no_such_hat"
    message = "您没有这个身份，如有疑问请联系所属工会。"


async def of(ctx: Context, *, by: SignedIn, port: Port) -> list[Hat]:
    """List at which ports the person may be, this one too.

    port: the one they are at.
    """
    worker, member = await _both(ctx, by, port)
    hats: list[Hat] = []
    if worker is not None and worker.state is State.ACTIVE:
        hats.append(Hat(port=Port.WORKER, owner_id=worker.id))
    if member is not None and member.is_serving(ctx.clock.today()):
        if member.station_ids or member.roles:
            hats.append(Hat(port=Port.STATION, owner_id=member.id))
        if port is Port.UNION or await officials.powers_of(ctx, member.id):
            hats.append(Hat(port=Port.UNION, owner_id=member.id))
    return hats


async def switch(
    ctx: Context,
    to: Port,
    *,
    by: SignedIn,
    port: Port,
    totp: str | None = None,
    device: str = "",
) -> Tokens:
    """Go on under another hat (切换身份); the present session stays.

    Refuses: NoSuchHat, Dormant, CodeNeeded, SignInFailed, SignInLocked.
    """
    wanted = [hat for hat in await of(ctx, by=by, port=port) if hat.port is to]
    if not wanted:
        raise NoSuchHat({"port": to})
    if to is Port.UNION and port is not Port.UNION:
        await logins.prove_presence(ctx, wanted[0].owner_id, totp)
    return await sessions.start(
        ctx, owner_id=wanted[0].owner_id, port=to, device=device
    )


async def _both(
    ctx: Context, by: SignedIn, port: Port
) -> tuple[Worker | None, Staff | None]:
    """Find who is asking: a worker and their staff account, or a staff member alone."""
    if port is not Port.WORKER:
        return None, await Staff.get(ctx, by.id)
    worker = await Worker.get(ctx, by.id)
    if worker is None:
        return None, None
    return worker, await Staff.find(ctx, openid_blind=same_as(worker.openid_blind))

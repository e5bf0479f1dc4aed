"""Erasures (注销账号): somebody leaves, and everything that says who they were goes.

::

    asked ── 7 days ──▶ under_way ── a token's life ──▶ done
      │                     the account is gone, who signs in is a new person
      └── they come back ──▶ called_off

Asking shuts the person's agenda in the same transaction that finds nothing open in
it, so a booking made at the same moment is either an obligation or refused. What is
carried out goes shelf by shelf and may be cut off anywhere; the next round goes on.
Rows that totals need stay under the person's alias, which by then is tied to nobody.

Source: features X-10; rules 4.15; PIPL (个人信息保护法) art. 47.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from pymongo import IndexModel

from models.agenda import hours
from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Conflict, NotFound
from models.base.events import Event, record
from models.base.store import atomic
from models.base.units import Instant
from models.privacy import obligations
from models.workers import sessions
from models.workers.sessions import SignedIn
from models.workers.workers import AccountGone, Worker

COOLING_OFF = timedelta(days=7)
"""Long enough to notice that somebody else asked for it, from a lost phone; short of
the 15 working days within which an account must be closed (rules 8)."""


class State(StrEnum):
    """Where an erasure is in its life."""

    ASKED = "asked"
    CALLED_OFF = "called_off"
    UNDER_WAY = "under_way"
    DONE = "done"


PENDING = [State.ASKED, State.UNDER_WAY]


class Cause(StrEnum):
    """Who wanted it."""

    WORKER = "worker"
    WECHAT = "wechat"
    """The person closed their WeChat account."""


class Erasure(Document, kw_only=True, frozen=True):
    """One leaving (注销)."""

    SHELF = "erasures"
    PERSONAL = personal.renamed("注销申请", "worker_id", hidden=("alias",))
    INDEXES = (
        IndexModel(
            ["worker_id"],
            unique=True,
            partialFilterExpression={"state": {"$in": PENDING}},
        ),
        IndexModel(["due_at"], partialFilterExpression={"state": {"$in": PENDING}}),
        IndexModel(["worker_id", "_id"]),
    )

    worker_id: str
    """The alias, once it is done."""
    alias: str | None = None
    """What the rows that stay are renamed to; known from the beginning of the work."""
    cause: Cause
    state: State = State.ASKED
    asked_at: Instant
    due_at: Instant
    """When the next step is due."""
    done_at: Instant | None = None


class ErasureAsked(Event, kw_only=True, frozen=True):
    """Somebody wants to leave; they can call it off till then."""

    worker_id: str
    erasure_id: str
    until: Instant


class ErasureCalledOff(Event, kw_only=True, frozen=True):
    """Somebody stays."""

    worker_id: str
    erasure_id: str


class ObligationsOpen(Conflict):
    """Something must end first; ``details.obligations`` list it, with how."""

    code = "obligations_open"
    message = "您还有未办完的事项，请按提示逐项结束后再申请注销。"


class AlreadyLeaving(Conflict):
    """It has been asked for; ``details.due_at`` says when it is done."""

    code = "already_leaving"
    message = "您已申请注销，到期将自动完成；如需继续使用，可随时撤销申请。"


class NotLeaving(NotFound):
    """There is nothing to call off."""

    code = "not_leaving"
    message = "您没有待生效的注销申请，无需撤销。"


async def ask(ctx: Context, *, by: SignedIn) -> Erasure:
    """Ask to be forgotten in seven days (申请注销).

    Rules: only the phone that asked stays signed in, to call it off.
    Refuses: AlreadyLeaving, ObligationsOpen, AccountGone.
    Records: ErasureAsked.
    """
    await hours.look(ctx, by.id, [])
    erasure = await _ask(ctx, by.id, ctx.clock.now() + COOLING_OFF)
    await sessions.put_out(ctx, by.id, but=by.session_id)
    return erasure


async def begin_for_cancelled(ctx: Context, worker_id: str) -> None:
    """Forget somebody who closed their WeChat account, who cannot come back."""
    await begin_at_once(ctx, worker_id, Cause.WECHAT)


async def begin_at_once(ctx: Context, worker_id: str, cause: Cause) -> None:
    """Make somebody's erasure due now.

    Rules: there is nothing to wait for; what is open is given back for them.
    """
    await hours.look(ctx, worker_id, [])
    with suppress(AlreadyLeaving, AccountGone):
        await _open(ctx, worker_id, cause, ctx.clock.now())
        return
    await Erasure.change(
        ctx,
        where={"worker_id": worker_id, "state": State.ASKED},
        update={"$set": {"cause": cause}, "$min": {"due_at": ctx.clock.now()}},
    )


async def call_off(ctx: Context, *, by: SignedIn) -> None:
    """Stay after all (撤销注销).

    Refuses: NotLeaving.
    Records: ErasureCalledOff.
    """
    if await stay(ctx, by.id) is None:
        raise NotLeaving


@atomic()
async def stay(ctx: Context, worker_id: str) -> Erasure | None:
    """Call an erasure off that has not begun; None if there is none."""
    called_off = await Erasure.change(
        ctx,
        where={"worker_id": worker_id, "state": State.ASKED},
        update={"$set": {"state": State.CALLED_OFF}},
    )
    if called_off is None:
        return None
    await Worker.change(ctx, {"_id": worker_id}, {"$set": {"leaving_at": None}})
    await hours.reopen(ctx, worker_id)
    await record(ctx, ErasureCalledOff(worker_id=worker_id, erasure_id=called_off.id))
    return called_off


async def pending(ctx: Context, *, by: SignedIn) -> Erasure:
    """Return the erasure somebody is waiting for.

    Refuses: NotLeaving.
    """
    found = await Erasure.find(ctx, worker_id=by.id, state={"$in": PENDING})
    if found is None:
        raise NotLeaving
    return found


@atomic(duplicate=AlreadyLeaving)
async def _ask(ctx: Context, worker_id: str, due_at: datetime) -> Erasure:
    erasure = await _open(ctx, worker_id, Cause.WORKER, due_at)
    open_ = await obligations.of(ctx, worker_id)
    if open_:
        raise ObligationsOpen({"obligations": msgspec.to_builtins(open_)})
    await record(
        ctx,
        ErasureAsked(worker_id=worker_id, erasure_id=erasure.id, until=due_at),
    )
    return erasure


@atomic(duplicate=AlreadyLeaving)
async def _open(
    ctx: Context, worker_id: str, cause: Cause, due_at: datetime
) -> Erasure:
    """Shut the agenda first: whoever books meanwhile clashes with this."""
    await hours.close(ctx, worker_id)
    marked = await Worker.change(
        ctx, {"_id": worker_id}, {"$set": {"leaving_at": due_at}}
    )
    if marked is None:
        raise AccountGone
    erasure = Erasure(
        id=ctx.new_id("erasure"),
        worker_id=worker_id,
        cause=cause,
        asked_at=ctx.clock.now(),
        due_at=due_at,
    )
    return await erasure.insert(ctx)

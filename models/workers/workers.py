"""Workers (职工): one document a person, found by their WeChat openid.

A worker lives through this and nothing else::

    active ── the back office ──▶ frozen ──▶ active
      └────── closes the account ──▶ closed

Who freezes or closes an account also revokes its sessions: tokens are read
without asking for the worker. What is personal is sealed; a blind index finds it.

Source: features X-01, X-02; rules 7.7 (one primary unit).
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Any

from pymongo import IndexModel

from models.base import aliases, personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Conflict, NotSignedIn
from models.base.events import Event, record
from models.base.secrets import Mark, same_as
from models.base.store import atomic
from models.base.units import Instant
from models.workers import masks
from models.workers.exchanges import Proof
from models.workers.sessions import SignedIn

TEXT = {"$type": "string"}

OPENID, UNIONID, PHONE = "openid", "unionid", "phone"
"""Kinds of blind marks."""


class State(StrEnum):
    """Where an account is in its life."""

    ACTIVE = "active"
    FROZEN = "frozen"
    CLOSED = "closed"


class Worker(Document, kw_only=True, frozen=True):
    """One person who came in through WeChat."""

    SHELF = "workers"
    PERSONAL = personal.deleted(
        "个人资料",
        "_id",
        opened=("openid", "unionid", "name", "phone"),
        hidden=(
            "openid_blind",
            "unionid_blind",
            "phone_blind",
            "session_key",
            "joined_with",
        ),
    )
    INDEXES = (
        IndexModel(["openid_blind"], unique=True),
        IndexModel(
            ["unionid_blind"],
            unique=True,
            partialFilterExpression={"unionid_blind": TEXT},
        ),
        IndexModel(
            ["phone_blind"], unique=True, partialFilterExpression={"phone_blind": TEXT}
        ),
        IndexModel([("org_path", 1), ("_id", -1)]),
        IndexModel(["unit_id"], sparse=True),
    )
    MARKED = MappingProxyType(
        {
            "openid_blind": (OPENID, "openid"),
            "unionid_blind": (UNIONID, "unionid"),
            "phone_blind": (PHONE, "phone"),
        }
    )

    openid: str
    """Sealed; names the person in this mini-program only."""
    openid_blind: Mark
    unionid: str | None = None
    """Sealed; the same in every app of one Open Platform account."""
    unionid_blind: Mark | None = None
    session_key: str | None = None
    """Sealed; opens what WeChat encrypts for this person, never leaves the server."""
    name: str | None = None
    """Sealed; kept under the consent `identity`."""
    nickname: str | None = None
    phone: str | None = None
    """Sealed, E.164; kept under the consent `phone`."""
    phone_blind: Mark | None = None
    """One account a number, a frozen one too; a closed one keeps none."""
    unit_id: str | None = None
    """The union they belong to, if any yet."""
    org_path: str = ""
    """That union's path; follows when the unit moves. Empty: they have chosen none."""
    state: State = State.ACTIVE
    created_at: Instant
    leaving_at: Instant | None = None
    """When the account is to be erased, if its owner asked for that."""
    joined_with: str = ""
    """The exchange that brought them: its answers, and no others, call them new."""

    def __repr__(self) -> str:
        return f"<Worker {self.id}>"

    def masked_name(self, ctx: Context) -> str | None:
        """Return the name as it may be shown."""
        sealed = self.name
        return None if sealed is None else masks.sealed_name(ctx.secrets, sealed)

    def masked_phone(self, ctx: Context) -> str | None:
        """Return the number as it may be shown."""
        sealed = self.phone
        return None if sealed is None else masks.sealed_phone(ctx.secrets, sealed)


class WorkerJoined(Event, kw_only=True, frozen=True):
    """Somebody signed in for the first time."""

    worker_id: str


class AccountGone(NotSignedIn):
    """The token is good, but its account is not there any more."""

    code = "account_gone"
    message = "没有找到您的账号，请重新登录。"


class _JoinedMeanwhile(Conflict):
    """Two first sign-ins of one person met; the other one was faster."""


async def enter(ctx: Context, proof: Proof) -> Worker:
    """Find who WeChat says it is, or take them in (注册).

    Rules: two first sign-ins at once make one worker.
    Records: WorkerJoined.
    """
    worker = await _known(ctx, proof)
    if worker is not None:
        return worker
    try:
        return await _join(ctx, _newcomer(ctx, proof, ctx.new_id("worker")))
    except _JoinedMeanwhile:
        worker = await _known(ctx, proof)
        if worker is None:
            raise
        return worker


async def put_worker(
    ctx: Context,
    *,
    id_: str,
    openid: str,
    name: str | None = None,
    nickname: str | None = None,
) -> Worker:
    """Take in a person whose data is loaded; one who is here already stays as is.

    Records: WorkerJoined.
    """
    proof = Proof(exchange_id="", openid=openid, unionid=None, session_key=None)
    worker = await Worker.find(ctx, openid_blind=by_openid(ctx, openid))
    if worker is not None:
        return worker
    seal = ctx.secrets.seal
    about = {"name": None if name is None else seal(name), "nickname": nickname}
    return await _join(ctx, _newcomer(ctx, proof, id_, **about))


async def me(ctx: Context, *, by: SignedIn) -> Worker:
    """Return the worker who is asking.

    Refuses: AccountGone.
    """
    worker = await Worker.get(ctx, by.id)
    if worker is None:
        raise AccountGone
    return worker


async def openid_of(ctx: Context, worker_id: str) -> str | None:
    """Return where WeChat reaches a worker; None when we may not. Never to be logged.

    Rules: only an active account is written to.
    """
    worker = await Worker.get(ctx, worker_id)
    if worker is None or worker.state is not State.ACTIVE:
        return None
    return ctx.secrets.open(worker.openid)


async def id_of_openid(ctx: Context, openid: str) -> str | None:
    """Return whose openid this is, such as one that WeChat pushes; None: nobody's."""
    worker = await Worker.find(ctx, openid_blind=by_openid(ctx, openid))
    return None if worker is None else worker.id


def openid_mark(ctx: Context, openid: str) -> Mark:
    """Return what to keep beside an openid, a worker's or a staff member's."""
    return ctx.secrets.mark(OPENID, openid)


def by_openid(ctx: Context, openid: str) -> dict[str, Any]:
    """Return what the mark of an openid fulfils."""
    return ctx.secrets.found_by(OPENID, openid)


async def _known(ctx: Context, proof: Proof) -> Worker | None:
    """Find by openid; else by unionid, should the mini-program have moved."""
    marks = _marks(ctx, proof)
    update = {"$set": marks | _sealed(ctx, proof)}
    for name, mark in marks.items():
        worker = await Worker.change(ctx, {name: same_as(mark)}, update)
        if worker is not None:
            return worker
    return None


@atomic(duplicate=_JoinedMeanwhile)
async def _join(ctx: Context, worker: Worker) -> Worker:
    await worker.insert(ctx)
    await aliases.give(ctx, worker.id)
    await record(ctx, WorkerJoined(worker_id=worker.id))
    return worker


def _newcomer(ctx: Context, proof: Proof, id_: str, **about: Any) -> Worker:
    return Worker(
        id=id_,
        created_at=ctx.clock.now(),
        joined_with=proof.exchange_id,
        **_marks(ctx, proof),
        **_sealed(ctx, proof),
        **about,
    )


def _marks(ctx: Context, proof: Proof) -> dict[str, Any]:
    marks = {"openid_blind": openid_mark(ctx, proof.openid)}
    if proof.unionid is not None:
        marks["unionid_blind"] = ctx.secrets.mark(UNIONID, proof.unionid)
    return marks


def _sealed(ctx: Context, proof: Proof) -> dict[str, Any]:
    sealed = {"openid": ctx.secrets.seal(proof.openid)}
    if proof.unionid is not None:
        sealed["unionid"] = ctx.secrets.seal(proof.unionid)
    if proof.session_key is not None:
        sealed["session_key"] = proof.session_key
    return sealed

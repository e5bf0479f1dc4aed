"""Verifying (核实身份): what the union's officials do with requests.

Nobody verifies themself, nor one whose power they use. The proof is read one page at
a time, each with a reason that the worker gets to see.

Source: features S1-03, X-11; rules 1.10, 7.6.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from models.base import files
from models.base.clock import end_of
from models.base.context import Context
from models.base.errors import Conflict, Forbidden, Invalid
from models.base.events import record
from models.base.files import KeptFile
from models.base.pages import Page
from models.base.rounds import each
from models.base.secrets import same_as
from models.base.store import atomic
from models.members.verifications import (
    NOTICE,
    IdentityLapsed,
    IdentityLapsing,
    IdentityRefused,
    IdentityRevoked,
    IdentityVerified,
    NoSuchVerification,
    State,
    Verification,
    VerificationMoved,
    about,
)
from models.unions import acts
from models.unions.officials import Official
from models.unions.permissions import Permission
from models.unions.staff import Staff
from models.workers import identities
from models.workers.workers import Worker

LONGEST = timedelta(days=3 * 366)
"""Nobody's occupation is certain for longer; then the papers are shown again."""

A_ROUND = 200


class OwnRequest(Forbidden):
    """The request is the official's own, or of the one whose power they use."""

    code = "own_request"
    message = "不能核实自己的身份，请由其他核实人员办理。"


class BadValidity(Invalid):
    """The day is over already, or too far away."""

    code = "bad_validity"
    message = "有效期须晚于今天，且不超过三年。"


class NoProof(Conflict):
    """Nothing was uploaded, and nothing was shown at the desk."""

    code = "no_proof"
    message = "没有证明材料，不能核实；如已当面查看原件，请勾选“已当面核对”。"


async def queue(
    ctx: Context, state: State, *, cursor: str | None, limit: int, by: Official
) -> Page[Verification]:
    """List requests within reach, newest first (核实申请列表).

    Refuses: PermissionMissing, BadCursor.
    """
    where = by.scope(Permission.IDENTITIES).where()
    return await Verification.page(
        ctx, {**where, "state": state}, cursor=cursor, limit=limit
    )


async def find(ctx: Context, verification_id: str, *, by: Official) -> Verification:
    """Return a request within reach.

    Refuses: PermissionMissing, NoSuchVerification.
    """
    scope = by.scope(Permission.IDENTITIES)
    found = await Verification.find(ctx, _id=verification_id)
    if found is None or not scope.covers(found.org_path):
        raise NoSuchVerification
    return found


async def read_evidence(
    ctx: Context, verification_id: str, file_id: str, *, reason: str, by: Official
) -> KeptFile:
    """Open a page of proof, on record (查看证明材料).

    Refuses: PermissionMissing, NoSuchVerification.
    """
    asked = await find(ctx, verification_id, by=by)
    held = {file.id: file for file in await files.held_by(ctx, asked.id)}
    if file_id not in held:
        raise NoSuchVerification
    await _note(ctx, asked, "verifying.read_evidence", reason=reason, by=by)
    return held[file_id]


@atomic()
async def verify(
    ctx: Context,
    verification_id: str,
    *,
    until: date,
    seen_in_person: bool,
    by: Official,
) -> Verification:
    """Say that a class is proven, to the end of a day (核实通过).

    Refuses: PermissionMissing, NoSuchVerification, OwnRequest, BadValidity, NoProof,
        VerificationMoved, also when the class is no longer declared.
    Records: IdentityVerified.
    """
    asked = await find(ctx, verification_id, by=by)
    await _check_hands(ctx, asked, by)
    valid_until = _end_of(ctx, until)
    if not asked.evidence and not seen_in_person:
        raise NoProof
    told = {"valid_until": valid_until, "seen_in_person": seen_in_person}
    decided = await _decide(ctx, asked, State.VERIFIED, told, by=by)
    proven = await identities.verify(
        ctx,
        asked.worker_id,
        asked.client_class,
        valid_until=valid_until,
        verified_by=by.id,
    )
    if not proven:
        raise VerificationMoved({"state": State.TAKEN_BACK})
    await _note(ctx, asked, "verifying.verify", by=by)
    await record(ctx, IdentityVerified(**about(asked), valid_until=valid_until))
    return decided


@atomic()
async def refuse(
    ctx: Context, verification_id: str, *, reason: str, by: Official
) -> Verification:
    """Say that it is not proven, and why; the proof is let go (核实不通过).

    Refuses: PermissionMissing, NoSuchVerification, OwnRequest, VerificationMoved.
    Records: IdentityRefused.
    """
    asked = await find(ctx, verification_id, by=by)
    await _check_hands(ctx, asked, by)
    told = {"reason": reason, "evidence": ()}
    decided = await _decide(ctx, asked, State.REFUSED, told, by=by)
    await files.let_go(ctx, owner=asked.id)
    await _note(ctx, asked, "verifying.refuse", reason=reason, by=by)
    await record(ctx, IdentityRefused(**about(asked), reason=reason))
    return decided


@atomic()
async def revoke(
    ctx: Context, verification_id: str, *, reason: str, by: Official
) -> Verification:
    """Take back what was verified, and say why (撤销核实).

    Refuses: PermissionMissing, NoSuchVerification, OwnRequest, VerificationMoved.
    Records: IdentityRevoked.
    """
    asked = await find(ctx, verification_id, by=by)
    await _check_hands(ctx, asked, by)
    told = {"reason": reason, "evidence": ()}
    decided = await _decide(ctx, asked, State.REVOKED, told, by=by, only=State.VERIFIED)
    await identities.doubt(ctx, asked.worker_id, asked.client_class)
    await files.let_go(ctx, owner=asked.id)
    await _note(ctx, asked, "verifying.revoke", reason=reason, by=by)
    await record(ctx, IdentityRevoked(**about(asked), reason=reason))
    return decided


async def tell_lapses(ctx: Context) -> int:
    """Tell whose identity lapses in thirty days, or has; returns how many were told."""
    due = await Verification.many(
        ctx,
        {
            "state": State.VERIFIED,
            "valid_until": {"$lte": ctx.clock.now() + NOTICE},
            "$or": [
                {"is_notice_given": False},
                {"valid_until": {"$lte": ctx.clock.now()}},
            ],
        },
        sort=[("valid_until", 1)],
        limit=A_ROUND,
    )
    return await each("verifying.tell_lapses", due, lambda one: _tell(ctx, one))


@atomic()
async def _tell(ctx: Context, verified: Verification) -> bool:
    until = verified.valid_until or ctx.clock.now()
    is_over = until <= ctx.clock.now()
    where: dict[str, Any] = {"_id": verified.id, "state": State.VERIFIED}
    if is_over:
        lapsed = {"state": State.LAPSED, "evidence": ()}
        if await Verification.change(ctx, where, {"$set": lapsed}) is None:
            return False
        await files.let_go(ctx, owner=verified.id)
        await record(ctx, IdentityLapsed(**about(verified)))
        return True
    where["is_notice_given"] = False
    if await Verification.change(ctx, where, {"$set": {"is_notice_given": True}}):
        await record(ctx, IdentityLapsing(**about(verified), valid_until=until))
        return True
    return False


async def _decide(
    ctx: Context,
    asked: Verification,
    state: State,
    told: Mapping[str, object],
    *,
    by: Official,
    only: State = State.WAITING,
) -> Verification:
    """Move a request from the one state it must be in."""
    decided = {"state": state, "decided_by": by.id, "decided_at": ctx.clock.now()}
    moved = await Verification.change(
        ctx, {"_id": asked.id, "state": only}, {"$set": {**decided, **told}}
    )
    if moved is None:
        raise VerificationMoved({"state": asked.state})
    return moved


async def _check_hands(ctx: Context, asked: Verification, by: Official) -> None:
    """Let nobody decide about themself."""
    worker = await Worker.find(ctx, _id=asked.worker_id)
    if worker is None:
        raise NoSuchVerification
    hands = sorted(by.hands(Permission.IDENTITIES))
    mine = {"_id": {"$in": hands}, "openid_blind": same_as(worker.openid_blind)}
    if await Staff.many(ctx, mine, limit=1):
        raise OwnRequest


def _end_of(ctx: Context, last_day: date) -> datetime:
    """Return when a day is over, within what may be promised."""
    end = end_of(last_day)
    if not ctx.clock.now() < end <= ctx.clock.now() + LONGEST:
        raise BadValidity
    return end


async def _note(
    ctx: Context, asked: Verification, what: str, *, reason: str = "", by: Official
) -> None:
    await acts.note(
        ctx,
        what,
        asked.id,
        under=Permission.IDENTITIES,
        at=asked.org_path,
        by=by,
        reason=reason,
        subject=asked.worker_id,
    )

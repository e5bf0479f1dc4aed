"""Asking to be verified (申请核实): what the worker does.

Source: features S1-03.
"""

from models.base import files
from models.base.context import Context
from models.base.errors import Conflict
from models.base.files import KeptFile
from models.base.inspection import Purpose as FilePurpose
from models.base.inspection import Upload
from models.base.store import atomic
from models.members import affiliations
from models.members.affiliations import UnitChosen
from models.members.verifications import (
    MOST_EVIDENCE,
    NoSuchVerification,
    State,
    Verification,
    VerificationMoved,
)
from models.workers import consents, identities, workers
from models.workers import identities as declared
from models.workers.consent_texts import Purpose
from models.workers.consents import ConsentWithdrawn
from models.workers.identities import ClientClass
from models.workers.sessions import SignedIn


class NotDeclared(Conflict):
    """The class is not among those the worker declared; first they declare it."""

    code = "identity_not_declared"
    message = "请先在“我的身份”里申报这一类别，再申请核实。"


class AlreadyVerified(Conflict):
    """There is nothing to verify; ``details.valid_until`` says how long it holds."""

    code = "identity_already_verified"
    message = "这一身份已经核实，有效期内无需重复申请。"


class AlreadyAsked(Conflict):
    """A request for this class waits already."""

    code = "verification_waiting"
    message = "这一身份的核实申请正在处理，请耐心等待或先撤回。"


class TooMuchEvidence(Conflict):
    """More pages than anybody needs."""

    code = "too_much_evidence"
    message = "一次申请最多上传6份材料，请合并或先撤回重新申请。"


async def ask(ctx: Context, client_class: ClientClass, *, by: SignedIn) -> Verification:
    """Ask the union to verify a declared class (申请身份核实).

    Rules: the worker's own union is asked; the root, if they have chosen none.
    Refuses: ConsentRequired, AccountGone, NotDeclared, AlreadyVerified, AlreadyAsked,
        NoSuchUnit.
    """
    await consents.require(ctx, by.id, Purpose.IDENTITY)
    worker = await workers.me(ctx, by=by)
    await _check_declared(ctx, client_class, by.id)
    unit_id, org_path = await affiliations.home_of(ctx, worker)
    return await _write(
        ctx,
        Verification(
            id=ctx.new_id("verification"),
            worker_id=by.id,
            client_class=client_class,
            unit_id=unit_id,
            org_path=org_path,
            asked_at=ctx.clock.now(),
        ),
    )


async def add_evidence(
    ctx: Context, verification_id: str, content: bytes, *, by: SignedIn
) -> Verification:
    """Add a page of proof to a request that waits (上传证明材料).

    Refuses: NoSuchVerification, VerificationMoved, TooMuchEvidence, ConsentRequired;
        as `inspection` does.
    """
    await _mine(ctx, verification_id, by)
    await consents.require(ctx, by.id, Purpose.IDENTITY)
    upload = Upload("", content)
    file = await files.keep(ctx, upload, purpose=FilePurpose.EVIDENCE, by=by.id)
    return await _hold(ctx, verification_id, file, by)


@atomic()
async def take_back(ctx: Context, verification_id: str, *, by: SignedIn) -> None:
    """Take a request back; its proof is let go (撤回申请).

    Refuses: NoSuchVerification, VerificationMoved.
    """
    mine = await _mine(ctx, verification_id, by)
    taken = await Verification.change(
        ctx,
        where={"_id": mine.id, "state": State.WAITING},
        update={"$set": {"state": State.TAKEN_BACK, "evidence": ()}},
    )
    if taken is None:
        raise VerificationMoved({"state": mine.state})
    await files.let_go(ctx, owner=mine.id)


async def follow_unit(ctx: Context, event: UnitChosen) -> None:
    """Let what waits wait at the union the worker belongs to now."""
    await Verification.shelf(ctx).update_many(
        {"worker_id": event.worker_id, "state": State.WAITING},
        {"$set": {"unit_id": event.unit_id, "org_path": event.org_path}},
    )


async def forget_withdrawn(ctx: Context, event: ConsentWithdrawn) -> None:
    """Keep no proof of somebody who took the consent back; again changes nothing."""
    if event.purpose is not Purpose.IDENTITY:
        return
    for each in await Verification.many(ctx, {"worker_id": event.worker_id}):
        await files.let_go(ctx, owner=each.id)
    await Verification.shelf(ctx).update_many(
        {
            "worker_id": event.worker_id,
            "state": {"$in": [State.WAITING, State.VERIFIED]},
        },
        {"$set": {"state": State.TAKEN_BACK, "evidence": ()}},
    )


async def _check_declared(
    ctx: Context, client_class: ClientClass, worker_id: str
) -> None:
    now = ctx.clock.now()
    stands = {each.client_class: each for each in await identities.of(ctx, worker_id)}
    identity = stands.get(client_class)
    if identity is None or identity.at(now) is declared.State.LAPSED:
        raise NotDeclared
    if identity.at(now) is declared.State.VERIFIED:
        until = identity.valid_until
        raise AlreadyVerified({"valid_until": until and until.isoformat()})


@atomic(duplicate=AlreadyAsked)
async def _write(ctx: Context, verification: Verification) -> Verification:
    await consents.hold(ctx, verification.worker_id, Purpose.IDENTITY)
    return await verification.insert(ctx)


async def _mine(ctx: Context, verification_id: str, by: SignedIn) -> Verification:
    mine = await Verification.find(ctx, _id=verification_id, worker_id=by.id)
    if mine is None:
        raise NoSuchVerification
    return mine


@atomic()
async def _hold(
    ctx: Context, verification_id: str, file: KeptFile, by: SignedIn
) -> Verification:
    await consents.hold(ctx, by.id, Purpose.IDENTITY)
    held = await Verification.change(
        ctx,
        where={
            "_id": verification_id,
            "state": State.WAITING,
            f"evidence.{MOST_EVIDENCE - 1}": {"$exists": False},
        },
        update={"$push": {"evidence": file.id}},
    )
    if held is None:
        seen = await _mine(ctx, verification_id, by)
        if seen.state is State.WAITING:
            raise TooMuchEvidence
        raise VerificationMoved({"state": seen.state})
    await files.hold(ctx, file.id, owner=verification_id)
    return held

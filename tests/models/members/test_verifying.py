"""A class is proven by papers that an official of the subtree has seen."""

from datetime import date, timedelta

import pytest

from models.base import files
from models.base.audit import Entry
from models.base.events import Happening
from models.base.files import KeptFile
from models.members import affiliations, asking, verifying
from models.members.asking import (
    AlreadyAsked,
    AlreadyVerified,
    NotDeclared,
    TooMuchEvidence,
)
from models.members.verifications import (
    NoSuchVerification,
    State,
    Verification,
    VerificationMoved,
)
from models.members.verifying import BadValidity, NoProof, OwnRequest
from models.unions.officials import PermissionMissing
from models.unions.permissions import Permission
from models.unions.staff import Staff
from models.unions.units import NoSuchUnit
from models.workers import identities, withdrawals
from models.workers.consent_texts import Purpose
from models.workers.consents import ConsentRequired, ConsentWithdrawn
from models.workers.workers import Worker
from tests.client import together
from tests.models.base.samples import pdf
from tests.models.members.people import COURIER, asked, member, verifier
from tests.models.unions.people import official
from tests.models.workers.people import signed_in

UNTIL = date(2027, 11, 22)


async def events(ctx):
    return {row.kind for row in await Happening.many(ctx, {})}


async def verify(ctx, request, by, **also):
    given = {"until": UNTIL, "seen_in_person": False} | also
    return await verifying.verify(ctx, request.id, by=by, **given)


async def test_a_class_is_verified_to_the_end_of_a_day_and_then_lapses(ctx, clock):
    me, wang = await member(ctx), await verifier(ctx)
    request = await asked(ctx, me)
    (waiting,) = (
        await verifying.queue(ctx, State.WAITING, cursor=None, limit=9, by=wang)
    ).items
    assert waiting.id == request.id
    decided = await verify(ctx, request, wang)
    assert (decided.state, decided.decided_by) == (State.VERIFIED, wang.id)
    (identity,) = await identities.of(ctx, me.id)
    assert (identity.state, identity.verified_by) == ("verified", wang.id)
    now = clock.now()
    assert await identities.verified_classes_of(ctx, me.id, now) == {COURIER}
    last = decided.valid_until - timedelta(milliseconds=1)
    assert await identities.verified_classes_of(ctx, me.id, last) == {COURIER}
    assert await identities.classes_of(ctx, me.id, decided.valid_until) == set()
    assert "IdentityVerified" in await events(ctx)
    (noted,) = await Entry.many(ctx, {"what": "verifying.verify"})
    assert (noted.who, noted.about) == (wang.id, request.id)
    with pytest.raises(AlreadyVerified):
        await asking.ask(ctx, COURIER, by=me)


async def test_the_notice_comes_once_before_and_once_at_the_lapse(ctx, clock):
    me, wang = await member(ctx), await verifier(ctx)
    decided = await verify(ctx, await asked(ctx, me), wang)
    assert await verifying.tell_lapses(ctx) == 0
    clock.put(decided.valid_until - timedelta(days=30))
    assert await verifying.tell_lapses(ctx) == 1
    assert await verifying.tell_lapses(ctx) == 0
    assert "IdentityLapsed" not in await events(ctx)
    clock.put(decided.valid_until)
    assert await verifying.tell_lapses(ctx) == 1
    assert await verifying.tell_lapses(ctx) == 0
    assert {"IdentityLapsing", "IdentityLapsed"} <= await events(ctx)
    lapsed = await Verification.find(ctx, _id=decided.id)
    assert (lapsed.state, lapsed.evidence) == (State.LAPSED, ())
    assert await files.held_by(ctx, decided.id) == []
    await identities.declare(ctx, [COURIER], by=me)
    await asking.ask(ctx, COURIER, by=me)


async def test_refused_with_a_reason_one_may_ask_again(ctx):
    me, wang = await member(ctx), await verifier(ctx)
    request = await asked(ctx, me)
    refused = await verifying.refuse(ctx, request.id, reason="证件已过期", by=wang)
    assert (refused.state, refused.reason) == (State.REFUSED, "证件已过期")
    assert await files.held_by(ctx, request.id) == []
    assert "IdentityRefused" in await events(ctx)
    assert (await asking.ask(ctx, COURIER, by=me)).state is State.WAITING


async def test_revoked_it_counts_as_declared_again(ctx, clock):
    me, wang = await member(ctx), await verifier(ctx)
    request = await asked(ctx, me)
    with pytest.raises(VerificationMoved):
        await verifying.revoke(ctx, request.id, reason="证明系伪造", by=wang)
    await verify(ctx, request, wang)
    await verifying.revoke(ctx, request.id, reason="证明系伪造", by=wang)
    now = clock.now()
    assert await identities.verified_classes_of(ctx, me.id, now) == set()
    assert await identities.classes_of(ctx, me.id, now) == {COURIER}
    assert "IdentityRevoked" in await events(ctx)


async def test_two_officials_at_once_decide_once(ctx):
    me = await member(ctx)
    wang, zhao = await verifier(ctx), await verifier(ctx, "zhao")
    request = await asked(ctx, me)

    async def outcome(deed):
        try:
            return (await deed).state
        except VerificationMoved:
            return None

    states = await together(
        outcome(verify(ctx, request, wang)),
        outcome(verifying.refuse(ctx, request.id, reason="看不清", by=zhao)),
        outcome(verify(ctx, request, zhao)),
    )
    assert len([state for state in states if state]) == 1


async def test_proof_is_opened_only_on_record(ctx):
    me, wang = await member(ctx), await verifier(ctx)
    request = await asked(ctx, me)
    (page,) = request.evidence
    file = await verifying.read_evidence(
        ctx, request.id, page, reason="核对岗位", by=wang
    )
    content = b"".join([piece async for piece in files.read(ctx, file)])
    assert content.startswith(b"%PDF")
    (noted,) = await Entry.many(ctx, {"what": "verifying.read_evidence"})
    assert (noted.who, noted.reason) == (wang.id, "核对岗位")
    assert noted.subject is not None
    assert noted.subject != me.id
    with pytest.raises(NoSuchVerification):
        await verifying.read_evidence(ctx, request.id, "file_1", reason="无", by=wang)


async def test_another_branch_sees_nothing(ctx):
    me = await member(ctx)
    west = await verifier(ctx, "xie", "unit_west")
    request = await asked(ctx, me)
    page = await verifying.queue(ctx, State.WAITING, cursor=None, limit=9, by=west)
    assert page.items == []
    deeds = (
        verify(ctx, request, west),
        verifying.refuse(ctx, request.id, reason="不清楚", by=west),
        verifying.revoke(ctx, request.id, reason="不清楚", by=west),
        verifying.read_evidence(
            ctx, request.id, request.evidence[0], reason="看看", by=west
        ),
    )
    for deed in deeds:
        with pytest.raises(NoSuchVerification):
            await deed


async def test_without_the_permission_nothing_is_seen(ctx):
    li = await official(ctx, "li", permissions=(Permission.WORKERS_READ,))
    with pytest.raises(PermissionMissing):
        await verifying.queue(ctx, State.WAITING, cursor=None, limit=9, by=li)


async def test_nobody_verifies_themself(ctx):
    me, wang = await member(ctx), await verifier(ctx)
    request = await asked(ctx, me)
    worker = await Worker.find(ctx, _id=me.id)
    await Staff.shelf(ctx).update_one(
        {"_id": wang.id}, {"$set": {"openid_blind": worker.openid_blind}}
    )
    with pytest.raises(OwnRequest):
        await verify(ctx, request, wang)


@pytest.mark.parametrize("until", [date(2026, 11, 22), date(2030, 1, 1)])
async def test_a_day_that_makes_no_sense_is_refused(ctx, until):
    me, wang = await member(ctx), await verifier(ctx)
    request = await asked(ctx, me)
    with pytest.raises(BadValidity):
        await verify(ctx, request, wang, until=until)


async def test_without_proof_nothing_is_verified_but_what_was_seen(ctx):
    me, wang = await member(ctx), await verifier(ctx)
    request = await asked(ctx, me, pages=0)
    with pytest.raises(NoProof):
        await verify(ctx, request, wang)
    decided = await verify(ctx, request, wang, seen_in_person=True)
    assert decided.seen_in_person


async def test_what_is_no_longer_declared_is_not_verified(ctx):
    me, wang = await member(ctx), await verifier(ctx)
    request = await asked(ctx, me)
    await identities.declare(ctx, [], by=me)
    with pytest.raises(VerificationMoved):
        await verify(ctx, request, wang)
    assert (await Verification.find(ctx, _id=request.id)).state is State.WAITING


async def test_asking_needs_consent_and_a_declared_class(ctx):
    me = await member(ctx, classes=())
    with pytest.raises(NotDeclared):
        await asking.ask(ctx, COURIER, by=me)
    stranger = await signed_in(ctx, "18")
    with pytest.raises(ConsentRequired):
        await asking.ask(ctx, COURIER, by=stranger)


async def test_one_request_at_a_time_waits_for_a_class(ctx):
    me = await member(ctx)

    async def ask():
        try:
            return await asking.ask(ctx, COURIER, by=me)
        except AlreadyAsked:
            return None

    made = await together(*[ask() for _ in range(6)])
    assert len([each for each in made if each]) == 1


async def test_taken_back_the_proof_is_let_go(ctx):
    me = await member(ctx)
    request = await asked(ctx, me)
    await asking.take_back(ctx, request.id, by=me)
    assert await files.held_by(ctx, request.id) == []
    with pytest.raises(VerificationMoved):
        await asking.take_back(ctx, request.id, by=me)
    with pytest.raises(VerificationMoved):
        await asking.add_evidence(ctx, request.id, pdf(), by=me)
    with pytest.raises(NoSuchVerification):
        await asking.take_back(ctx, request.id, by=await signed_in(ctx, "18"))


async def test_six_pages_are_enough(ctx):
    me = await member(ctx)
    request = await asked(ctx, me, pages=6)
    with pytest.raises(TooMuchEvidence):
        await asking.add_evidence(ctx, request.id, pdf(), by=me)
    held = await KeptFile.shelf(ctx).count_documents({"owner": request.id})
    assert held == 6


async def test_consent_taken_back_takes_request_and_proof_along(ctx, clock):
    me, wang = await member(ctx), await verifier(ctx)
    request = await asked(ctx, me)
    await verify(ctx, request, wang)
    await withdrawals.withdraw(ctx, Purpose.IDENTITY, by=me)
    event = ConsentWithdrawn(worker_id=me.id, purpose=Purpose.IDENTITY)
    await asking.forget_withdrawn(ctx, event)
    left = await Verification.find(ctx, _id=request.id)
    assert (left.state, left.evidence) == (State.TAKEN_BACK, ())
    assert await files.held_by(ctx, request.id) == []
    assert await identities.verified_classes_of(ctx, me.id, clock.now()) == set()


async def test_who_belongs_nowhere_is_the_citys(ctx):
    me = await member(ctx, unit=None)
    request = await asked(ctx, me)
    assert (request.unit_id, request.org_path) == ("unit_city", "/unit_city/")
    with pytest.raises(NoSuchVerification):
        await verifying.find(ctx, request.id, by=await verifier(ctx))
    city = await verifier(ctx, "cheng", "unit_city")
    assert await verifying.find(ctx, request.id, by=city) == request


async def test_what_waits_goes_along_to_another_unit(ctx):
    me = await member(ctx)
    request = await asked(ctx, me)
    joined = await affiliations.join(ctx, "unit_west_firm", by=me)
    await asking.follow_unit(
        ctx,
        affiliations.UnitChosen(
            worker_id=me.id, unit_id=joined.unit_id, org_path=joined.org_path
        ),
    )
    west = await verifier(ctx, "xie", "unit_west")
    assert (await verifying.find(ctx, request.id, by=west)).id == request.id


async def test_only_a_union_with_members_can_be_joined(ctx):
    me = await member(ctx)
    for unit_id in ("unit_city", "unit_nowhere"):
        with pytest.raises(NoSuchUnit):
            await affiliations.join(ctx, unit_id, by=me)
    first = await affiliations.choices(ctx, None)
    assert [unit.id for unit in first] == ["unit_east", "unit_west"]
    below = await affiliations.choices(ctx, "unit_east")
    assert [unit.id for unit in below] == ["unit_east_firm"]

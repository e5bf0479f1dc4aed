"""Granting: never more than one has, never to oneself, never out of reach."""

from datetime import timedelta

import pytest

from models.base.audit import Entry
from models.unions import granting, leaving, lending
from models.unions.accounts import HoldsMoreThanOneHas, NoSuchAccount, ToOneself
from models.unions.administrators import LastAdministrator
from models.unions.granting import (
    EndsBeforeItBegins,
    MoreThanOneHas,
    NoPermissions,
)
from models.unions.grants import Grant, NoSuchGrant
from models.unions.leaving import AlreadyLeft, StillServing
from models.unions.officials import PermissionMissing
from models.unions.permissions import GrantRole, Permission
from models.unions.staff import NotStaff
from models.unions.units import LevelSkipped, NoSuchUnit
from tests.client import together
from tests.models.unions.people import again, grant, official

ADMIN = GrantRole.ADMINISTRATOR


async def administrator(ctx, name, unit):
    return await official(
        ctx, name, unit=unit, permissions=list(Permission), role=ADMIN
    )


async def crew(ctx):
    """An administrator of the east, and somebody to be given something."""
    gao = await administrator(ctx, "gao", "unit_east")
    tang = await official(ctx, "tang", unit="unit_east_firm")
    return gao, tang


async def give(ctx, staff_id, by, *, unit="unit_east_firm", role=GrantRole.EDITOR, **o):
    return await granting.give(ctx, staff_id, unit_id=unit, role=role, by=by, **o)


async def count(ctx):
    return await Grant.shelf(ctx).count_documents({})


async def test_what_was_given_counts_from_the_next_call_and_stands_in_the_audit(ctx):
    gao, tang = await crew(ctx)
    given = await give(ctx, tang.id, gao, reason="试用")
    tang = await again(ctx, tang.id)
    assert tang.may(Permission.POLICIES_WRITE, given.org_path)
    entry = await Entry.find(ctx, about=given.id)
    assert (entry.who, entry.what, entry.reason) == (gao.id, "grants.give", "试用")
    await granting.end(ctx, given.id, by=gao)
    tang = await again(ctx, tang.id)
    assert not tang.powers
    with pytest.raises(NoSuchGrant):
        await granting.end(ctx, given.id, by=gao)


ATTACKS = {
    "a unit of another branch": (
        lambda ctx, gao, tang: give(ctx, tang.id, gao, unit="unit_west_firm"),
        NoSuchUnit,
    ),
    "a unit above": (
        lambda ctx, gao, tang: give(ctx, tang.id, gao, unit="unit_city"),
        NoSuchUnit,
    ),
    "a unit that is not there": (
        lambda ctx, gao, tang: give(ctx, tang.id, gao, unit="unit_nowhere"),
        NoSuchUnit,
    ),
    "himself": (lambda ctx, gao, tang: give(ctx, gao.id, gao), ToOneself),
    "somebody who is not there": (
        lambda ctx, gao, tang: give(ctx, "staff_nobody", gao),
        NoSuchAccount,
    ),
    "what is not of the role": (
        lambda ctx, gao, tang: give(
            ctx, tang.id, gao, permissions=[Permission.STATIONS]
        ),
        NoPermissions,
    ),
    "a delegate's role": (
        lambda ctx, gao, tang: give(ctx, tang.id, gao, role=GrantRole.DELEGATE),
        NoPermissions,
    ),
    "an end before the begin": (
        lambda ctx, gao, tang: give(
            ctx, tang.id, gao, ends_at=ctx.clock.now() - timedelta(days=1)
        ),
        EndsBeforeItBegins,
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
async def test_nothing_is_written_when_somebody_tries_to_give(ctx, attack):
    gao, tang = await crew(ctx)
    tries, refusal = ATTACKS[attack]
    before = await count(ctx)
    with pytest.raises(refusal):
        await tries(ctx, gao, tang)
    assert await count(ctx) == before


async def test_nobody_gives_to_somebody_of_another_branch(ctx):
    gao, _ = await crew(ctx)
    fan = await official(ctx, "fan", unit="unit_west_firm")
    with pytest.raises(NoSuchAccount):
        await give(ctx, fan.id, gao)


async def test_nobody_gives_what_he_lacks_at_that_place(ctx):
    _, tang = await crew(ctx)
    half = await official(ctx, "half", permissions=[Permission.GRANTS])
    await grant(ctx, half.id, unit="unit_west", permissions=[Permission.POLICIES_WRITE])
    half = await again(ctx, half.id)
    with pytest.raises(MoreThanOneHas) as refused:
        await give(ctx, tang.id, half)
    assert refused.value.details == {"permissions": ["policies.write"]}
    with pytest.raises(PermissionMissing):
        await give(ctx, half.id, tang)


async def test_administrators_are_made_by_the_level_right_above(ctx):
    city = await administrator(ctx, "city", "unit_city")
    _, tang = await crew(ctx)
    with pytest.raises(LevelSkipped):
        await give(ctx, tang.id, city, role=ADMIN)
    made = await give(ctx, tang.id, city, unit="unit_east", role=ADMIN)
    assert made.permissions == frozenset(Permission)


async def test_nobody_ends_what_is_mightier_or_his_own(ctx):
    gao, tang = await crew(ctx)
    mighty = await grant(ctx, tang.id, unit="unit_east", permissions=[Permission.AUDIT])
    lesser = await official(ctx, "lesser", permissions=[Permission.GRANTS])
    with pytest.raises(MoreThanOneHas):
        await granting.end(ctx, mighty.id, by=lesser)
    own = await Grant.find(ctx, staff_id=gao.id)
    with pytest.raises(ToOneself):
        await granting.end(ctx, own.id, by=gao)


async def test_the_last_administrator_stays(ctx):
    city = await administrator(ctx, "city", "unit_city")
    gao, _ = await crew(ctx)
    only = await Grant.find(ctx, staff_id=gao.id)
    with pytest.raises(LastAdministrator):
        await granting.end(ctx, only.id, by=city)
    with pytest.raises(LastAdministrator):
        await leaving.leave(ctx, gao.id, reason="调走", by=city)
    await administrator(ctx, "next", "unit_east")
    await granting.end(ctx, only.id, by=city)


async def test_one_whose_time_runs_out_is_no_other_administrator(ctx, clock):
    city = await administrator(ctx, "city", "unit_city")
    gao, _ = await crew(ctx)
    guest = await official(ctx, "guest")
    await grant(
        ctx,
        guest.id,
        unit="unit_east",
        permissions=list(Permission),
        role=ADMIN,
        ends_at=clock.now() + timedelta(hours=1),
    )
    only = await Grant.find(ctx, staff_id=gao.id)
    with pytest.raises(LastAdministrator):
        await granting.end(ctx, only.id, by=city)


async def test_two_administrators_who_end_each_other_leave_one(ctx):
    people = [await administrator(ctx, name, "unit_east") for name in ("gao", "tang")]
    held = {who.id: await Grant.find(ctx, staff_id=who.id) for who in people}
    gao, tang = people

    async def end(other, by):
        try:
            await granting.end(ctx, held[other.id].id, by=by)
        except LastAdministrator:
            return False
        return True

    ended = await together(end(tang, gao), end(gao, tang))
    assert sorted(ended) == [False, True]
    assert await Grant.shelf(ctx).count_documents({"ended_at": None}) == 1


async def test_lending_is_bounded_in_time_and_never_lent_on(ctx, clock):
    gao, tang = await crew(ctx)
    until = clock.now() + timedelta(days=3)

    async def lend(to, by, permission=Permission.POLICIES_REVIEW, unit="unit_east"):
        return await lending.lend(
            ctx,
            to.id,
            unit_id=unit,
            permissions=[permission],
            ends_at=until,
            reason="休假",
            by=by,
        )

    lent = await lend(tang, gao)
    tang = await again(ctx, tang.id)
    assert tang.hands(Permission.POLICIES_REVIEW) == {gao.id, tang.id}
    third = await official(ctx, "third", unit="unit_east")
    refusals = [
        (lend(third, tang), MoreThanOneHas),
        (lend(tang, gao, Permission.GRANTS), MoreThanOneHas),
        (lend(gao, gao), ToOneself),
        (lend(tang, gao, unit="unit_west"), NoSuchUnit),
    ]
    for attempt, refusal in refusals:
        with pytest.raises(refusal):
            await attempt
    clock.put(until)
    assert not (await again(ctx, tang.id)).powers
    await granting.end(ctx, lent.id, by=gao)


async def test_who_leaves_has_nothing_left_and_comes_back_with_nothing(ctx, clock):
    gao, tang = await crew(ctx)
    await give(ctx, tang.id, gao)
    await leaving.leave(ctx, tang.id, reason="合同到期", by=gao)
    with pytest.raises(NotStaff):
        await again(ctx, tang.id)
    with pytest.raises(AlreadyLeft):
        await leaving.leave(ctx, tang.id, reason="合同到期", by=gao)
    await leaving.come_back(ctx, tang.id, by=gao)
    assert not (await again(ctx, tang.id)).powers
    with pytest.raises(StillServing):
        await leaving.come_back(ctx, tang.id, by=gao)
    with pytest.raises(ToOneself):
        await leaving.leave(ctx, gao.id, reason="离开", by=gao)


async def test_nobody_lets_somebody_mightier_go(ctx):
    gao, tang = await crew(ctx)
    await grant(ctx, tang.id, unit="unit_city", permissions=[Permission.AUDIT])
    with pytest.raises(HoldsMoreThanOneHas):
        await leaving.leave(ctx, tang.id, reason="越权", by=gao)

"""Escalation: with little in hand nobody comes to hold more, nor for longer."""

from datetime import timedelta

import pytest

from models.base.attempts import Attempts
from models.base.audit import Entry
from models.unions import (
    accounts,
    attempts,
    emergencies,
    granting,
    lapsing,
    leaving,
    lending,
    logins,
    passwords,
    resets,
    staff,
    units,
    wechat_logins,
)
from models.unions.accounts import HoldsMoreThanOneHas, NoSuchAccount, ToOneself
from models.unions.administrators import LastAdministrator
from models.unions.attempts import SignInLocked
from models.unions.emergencies import NoSuchEmergency
from models.unions.granting import LongerThanOneHas, MoreThanOneHas
from models.unions.grants import Grant
from models.unions.logins import Dormant, SignInFailed
from models.unions.passwords import PasswordsBusy
from models.unions.permissions import GrantRole, Permission
from models.unions.staff import Staff
from models.unions.units import NoSuchUnit, Unit
from tests.models.unions.people import again, grant, official
from tests.models.unions.test_logins import OWN, code, enter, ready

ALL = list(Permission)
ADMIN = GrantRole.ADMINISTRATOR


async def boss(ctx, name="gao", **other):
    return await official(ctx, name, permissions=ALL, role=ADMIN, **other)


async def lend(ctx, by, to, *permissions, days=3):
    await lending.lend(
        ctx,
        to.id,
        unit_id="unit_east",
        permissions=permissions,
        ends_at=ctx.clock.now() + timedelta(days=days),
        reason="休假",
        by=by,
    )
    return await again(ctx, to.id)


async def give(ctx, to, by, role=GrantRole.EDITOR, **other):
    return await granting.give(
        ctx, to.id, unit_id="unit_east", role=role, by=by, **other
    )


async def test_what_was_lent_is_not_given_on(ctx):
    half = await official(ctx, "half", permissions=[Permission.GRANTS])
    half = await lend(ctx, await boss(ctx), half, Permission.POLICIES_WRITE)
    with pytest.raises(MoreThanOneHas):
        await give(ctx, await official(ctx, "tang"), half)


async def test_what_is_held_for_an_hour_is_given_for_no_longer(ctx, clock):
    until = clock.now() + timedelta(hours=1)
    guest = await boss(ctx, "guest", ends_at=until)
    tang = await official(ctx, "tang")
    for longer in (None, until + timedelta(minutes=1)):
        with pytest.raises(LongerThanOneHas):
            await give(ctx, tang, guest, ends_at=longer)
    assert (await give(ctx, tang, guest, ends_at=until)).ends_at == until


async def test_nobody_gets_a_password_by_power_that_is_lent_or_for_an_hour(ctx, clock):
    gao, wang, _ = await ready(ctx)
    await grant(
        ctx, wang.id, unit="unit_east_firm", permissions=[Permission.POLICIES_WRITE]
    )
    half = await official(ctx, "half", permissions=[Permission.STAFF])
    half = await lend(ctx, gao, half, Permission.POLICIES_WRITE)
    guest = await boss(ctx, "guest", ends_at=clock.now() + timedelta(hours=1))
    for by in (half, guest):
        with pytest.raises(HoldsMoreThanOneHas):
            await resets.reset(ctx, wang.id, by=by)
    await resets.reset(ctx, wang.id, by=gao)


async def test_nobody_resets_or_prolongs_himself(ctx):
    gao = await boss(ctx)
    with pytest.raises(ToOneself):
        await resets.reset(ctx, gao.id, by=gao)
    with pytest.raises(ToOneself):
        await accounts.change(ctx, gao.id, valid_to=ctx.clock.today(), by=gao)


async def test_an_administrator_in_name_or_for_a_while_is_no_other_one(ctx, clock):
    city = await boss(ctx, "city", unit="unit_city")
    gao = await boss(ctx)
    await official(ctx, "name", permissions=[Permission.STATISTICS], role=ADMIN)
    parting = await boss(ctx, "parting")
    end = clock.today() + timedelta(days=9)
    await accounts.change(ctx, parting.id, valid_to=end, by=city)
    only = await Grant.find(ctx, staff_id=gao.id)
    with pytest.raises(LastAdministrator):
        await granting.end(ctx, only.id, by=city)
    with pytest.raises(LastAdministrator):
        await accounts.change(ctx, gao.id, valid_to=end, by=city)
    assert (await Staff.find(ctx, _id=gao.id)).valid_to is None


async def test_an_emergency_needs_power_of_ones_own_that_still_stands(ctx):
    gao = await boss(ctx)
    tang = await official(ctx, "tang", permissions=[Permission.AUDIT])
    idle = await lend(ctx, gao, await official(ctx, "idle"), Permission.STATISTICS)
    with pytest.raises(NoSuchUnit):
        await emergencies.ask(ctx, "unit_east", reason="失联", by=idle)
    asked = await emergencies.ask(ctx, "unit_east", reason="失联", by=tang)
    with pytest.raises(NoSuchEmergency):
        await emergencies.agree(ctx, asked.id, by=idle)
    held = await Grant.find(ctx, staff_id=tang.id)
    await granting.end(ctx, held.id, by=gao)
    with pytest.raises(NoSuchEmergency):
        await emergencies.agree(ctx, asked.id, by=gao)


async def test_wechat_is_bound_by_who_proves_who_he_is_and_ends_with_a_reset(ctx):
    gao, wang, secret = await ready(ctx)
    by = await again(ctx, wang.id)
    for password, totp in (("wrong-horse-1", code(ctx, secret)), (OWN, "000000")):
        with pytest.raises(SignInFailed):
            await wechat_logins.bind(ctx, "w-thief", password, totp, by=by)
    await wechat_logins.bind(ctx, "w-wang", OWN, code(ctx, secret), by=by)
    assert await Entry.find(ctx, what="accounts.bind_wechat", who=wang.id)
    await resets.reset(ctx, wang.id, by=gao)
    assert (await Staff.find(ctx, _id=wang.id)).openid_blind is None
    with pytest.raises(SignInFailed):
        await wechat_logins.bind(ctx, "w-no", OWN, "000000", by=gao)


async def test_nobody_unseen_comes_in_by_wechat_or_with_an_old_first_password(
    ctx, clock
):
    gao, wang, _ = await ready(ctx)
    await staff.bind(ctx, "w-wang-1", staff_id=wang.id)
    password = (
        await accounts.open_account(
            ctx, unit_id="unit_east", name="新人", login="xin.ren", by=gao
        )
    ).password
    clock.put(clock.now() + timedelta(days=90))
    with pytest.raises(Dormant):
        await wechat_logins.sign_in(ctx, "w-wang-2")
    with pytest.raises(Dormant):
        await logins.activate(ctx, "xin.ren", password, new_password=OWN)


async def test_who_waits_as_told_is_let_in_although_he_knocked_meanwhile(ctx, clock):
    _, _, secret = await ready(ctx)
    for _ in range(attempts.MOST):
        with pytest.raises(SignInFailed):
            await enter(ctx, secret, "wrong-horse-1")
    for minutes in (0, 10):
        clock.put(clock.now() + timedelta(minutes=minutes))
        with pytest.raises(SignInLocked) as locked:
            await enter(ctx, secret)
    clock.put(clock.now() + timedelta(seconds=locked.value.retry_after))
    assert await enter(ctx, secret)


async def test_a_full_line_is_said_and_counts_against_nobody(ctx, monkeypatch):
    _, _, secret = await ready(ctx)
    monkeypatch.setattr(passwords, "MOST_WAITING", 0)
    with pytest.raises(PasswordsBusy):
        await enter(ctx, secret)
    assert await Attempts.shelf(ctx).count_documents({}) == 0


async def test_a_lender_whose_service_is_over_does_not_end_it_again_and_again(
    ctx, clock
):
    gao = await boss(ctx)
    tang = await lend(ctx, gao, await official(ctx, "tang"), Permission.STATIONS)
    today = clock.today().isoformat()
    await Staff.shelf(ctx).update_one({"_id": gao.id}, {"$set": {"valid_to": today}})
    ends = await lapsing.powers_end(ctx, tang)
    assert ends is None or ends > clock.now()


async def test_past_loans_never_crowd_out_what_is_ones_own(ctx, clock):
    tang = await official(ctx, "tang", permissions=[Permission.AUDIT])
    gao = await boss(ctx)
    now = clock.now()
    for _ in range(201):
        await grant(
            ctx, tang.id, unit="unit_east", permissions=[], lent_by=gao.id, ends_at=now
        )
    assert (await again(ctx, tang.id)).may(Permission.AUDIT, tang.staff.org_path)


async def test_nothing_is_written_at_a_place_a_unit_has_left(ctx):
    await boss(ctx)
    seen = await Unit.find(ctx, _id="unit_east_firm")
    await Unit.shelf(ctx).update_one(
        {"_id": seen.id}, {"$set": {"path": "/unit_city/unit_west/unit_east_firm/"}}
    )
    with pytest.raises(NoSuchUnit):
        await units.hold(ctx, seen)
    with pytest.raises(NoSuchUnit):
        await accounts.open_at(ctx, seen, name="王五", login=None, who="first")


async def test_what_was_given_while_somebody_left_is_not_there_when_he_is_back(ctx):
    gao = await boss(ctx)
    tang = await official(ctx, "tang")
    await leaving.leave(ctx, tang.id, reason="调走", by=gao)
    with pytest.raises(NoSuchAccount):
        await give(ctx, tang, gao)
    await grant(ctx, tang.id, unit="unit_east", permissions=[Permission.AUDIT])
    await leaving.come_back(ctx, tang.id, by=gao)
    assert not (await again(ctx, tang.id)).powers


async def test_a_stand_ins_deeds_show_both_names(ctx):
    gao, tang = await boss(ctx), await official(ctx, "tang")
    idle = await lend(ctx, gao, await official(ctx, "idle"), Permission.STAFF)
    await accounts.change(ctx, tang.id, name="唐二", by=idle)
    await leaving.leave(ctx, tang.id, reason="调走", by=idle)
    for what in ("accounts.change", "accounts.leave"):
        entry = await Entry.find(ctx, what=what)
        assert (entry.who, entry.acting_for) == (idle.id, gao.id)


async def test_powers_are_seen_where_one_keeps_people_not_anywhere(ctx):
    half = await official(ctx, "half", permissions=[Permission.STAFF])
    await grant(ctx, half.id, unit="unit_city", permissions=[Permission.STATISTICS])
    half = await again(ctx, half.id)
    fan = await official(ctx, "fan", unit="unit_west")
    with pytest.raises(NoSuchAccount):
        await accounts.find_to_see(ctx, fan.id, by=half)

"""Officials: powers per permission, from the grants in force at this very call."""

from datetime import timedelta

import pytest

from models.unions.officials import PermissionMissing
from models.unions.permissions import Permission
from models.unions.staff import NotStaff, Staff
from models.unions.units import Unit
from tests.models.unions.people import again, grant, official

EAST = "/unit_city/unit_east/"
WEST = "/unit_city/unit_west/"


async def test_each_permission_has_its_own_reach(ctx):
    wang = await official(ctx, "wang", permissions=[Permission.STATISTICS])
    await grant(ctx, wang.id, unit="unit_west_firm", permissions=[Permission.STATIONS])
    wang = await again(ctx, wang.id)
    assert wang.scope(Permission.STATISTICS).paths == (EAST,)
    assert wang.scope(Permission.STATIONS).paths == (f"{WEST}unit_west_firm/",)
    assert wang.may(Permission.STATISTICS, f"{EAST}unit_east_firm/")
    assert not wang.may(Permission.STATIONS, EAST)
    with pytest.raises(PermissionMissing) as refused:
        wang.scope(Permission.AUDIT)
    assert refused.value.details == {"permission": "audit.read"}


async def test_a_grant_counts_from_its_begin_to_before_its_end(ctx, clock):
    begins = clock.now() + timedelta(hours=1)
    wang = await official(
        ctx,
        "wang",
        permissions=[Permission.AUDIT],
        begins_at=begins,
        ends_at=begins + timedelta(hours=1),
    )
    seen = []
    for moment in (begins - timedelta(milliseconds=1), begins):
        clock.put(moment)
        seen.append((await again(ctx, wang.id)).may(Permission.AUDIT, EAST))
    clock.put(begins + timedelta(hours=1))
    seen.append((await again(ctx, wang.id)).may(Permission.AUDIT, EAST))
    assert seen == [False, True, False]


async def test_lent_power_is_worth_what_the_lender_holds(ctx):
    gao = await official(ctx, "gao", permissions=[Permission.POLICIES_REVIEW])
    tang = await official(ctx, "tang")
    await grant(
        ctx,
        tang.id,
        unit="unit_city",
        permissions=[Permission.POLICIES_REVIEW, Permission.AUDIT],
        lent_by=gao.id,
    )
    tang = await again(ctx, tang.id)
    assert tang.scope(Permission.POLICIES_REVIEW).paths == (EAST,)
    assert not tang.may(Permission.AUDIT, EAST)
    assert tang.hands(Permission.POLICIES_REVIEW) == {gao.id, tang.id}
    assert tang.acting_for(Permission.POLICIES_REVIEW, EAST) == gao.id
    await Staff.shelf(ctx).update_one({"_id": gao.id}, {"$set": {"active": False}})
    assert not (await again(ctx, tang.id)).may(Permission.POLICIES_REVIEW, EAST)


async def test_ones_own_power_needs_no_lender(ctx):
    gao = await official(ctx, "gao", permissions=[Permission.AUDIT])
    tang = await official(ctx, "tang", permissions=[Permission.AUDIT])
    await grant(
        ctx, tang.id, unit="unit_east", permissions=[Permission.AUDIT], lent_by=gao.id
    )
    tang = await again(ctx, tang.id)
    assert tang.acting_for(Permission.AUDIT, EAST) is None
    assert tang.hands(Permission.AUDIT) == {gao.id, tang.id}


async def test_a_unit_in_charge_reaches_what_it_made_where_it_stood_before(ctx):
    firm = await official(
        ctx, "xie", unit="unit_east_firm", permissions=[Permission.STATIONS]
    )
    await Unit.shelf(ctx).update_one(
        {"_id": "unit_east_firm"},
        {
            "$set": {
                "path": f"{WEST}unit_east_firm/",
                "former_paths": [f"{EAST}unit_east_firm/"],
            }
        },
    )
    firm = await again(ctx, firm.id)
    assert firm.scope(Permission.STATIONS).paths == (
        f"{EAST}unit_east_firm/",
        f"{WEST}unit_east_firm/",
    )


async def test_who_left_is_no_official(ctx):
    wang = await official(ctx, "wang", permissions=[Permission.AUDIT])
    await Staff.shelf(ctx).update_one({"_id": wang.id}, {"$set": {"active": False}})
    with pytest.raises(NotStaff):
        await again(ctx, wang.id)

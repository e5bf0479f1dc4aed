"""The union's tree: every unit knows its way up."""

import asyncio

import pytest

from models.unions import units
from models.unions.units import Kind, NoSuchUnit, Unit, UnitElsewhere


async def plant(ctx, id_, parent_id=None, *, name="示例·工会", kind=Kind.ZONE):
    return await units.put_unit(ctx, id_=id_, name=name, kind=kind, parent_id=parent_id)


async def test_a_unit_carries_the_path_from_the_root(ctx):
    await plant(ctx, "unit_city", kind=Kind.CITY)
    await plant(ctx, "unit_zone", "unit_city")
    street = await plant(ctx, "unit_street", "unit_zone", kind=Kind.STREET)
    assert street.path == "/unit_city/unit_zone/unit_street/"


async def test_all_below_a_unit_are_found_and_no_neighbours(ctx):
    await plant(ctx, "unit_city")
    zone = await plant(ctx, "unit_zone", "unit_city")
    await plant(ctx, "unit_zone2", "unit_city")
    await plant(ctx, "unit_a", "unit_zone")
    await plant(ctx, "unit_b", "unit_zone2")
    found = await units.below(ctx, zone)
    assert [unit.id for unit in found] == ["unit_zone", "unit_a"]


async def test_planting_the_same_again_changes_nothing(ctx):
    first = await plant(ctx, "unit_city")
    told = await asyncio.gather(*(plant(ctx, "unit_city") for _ in range(5)))
    assert {unit.path for unit in told} == {first.path}
    assert await Unit.shelf(ctx).count_documents({}) == 1


async def test_a_unit_can_be_renamed_but_not_moved(ctx):
    await plant(ctx, "unit_city")
    await plant(ctx, "unit_zone", "unit_city")
    renamed = await plant(ctx, "unit_zone", "unit_city", name="示例·新名")
    assert renamed.name == "示例·新名"
    with pytest.raises(UnitElsewhere):
        await plant(ctx, "unit_zone")
    assert (await Unit.find(ctx, _id="unit_zone")).path == "/unit_city/unit_zone/"


async def test_a_unit_needs_its_parent(ctx):
    with pytest.raises(NoSuchUnit):
        await plant(ctx, "unit_zone", "unit_none")

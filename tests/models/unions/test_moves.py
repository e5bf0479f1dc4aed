"""Moves: a unit goes elsewhere on a date; what it made before stays behind."""

from datetime import timedelta

import pytest

from models.base import events
from models.reactions import REACTIONS
from models.stations.stations import Station
from models.unions import moves, planting, units
from models.unions.moves import (
    DayOver,
    IntoItself,
    Move,
    MovePlanned,
    NoSuchMove,
    State,
)
from models.unions.permissions import Permission
from models.unions.planting import WrongLevel
from models.unions.staff import Staff
from models.unions.units import Kind, NoSuchUnit, Unit
from tests.client import together
from tests.models.stations import places
from tests.models.unions.people import again, official

EAST = "/unit_city/unit_east/"
WEST = "/unit_city/unit_west/"


async def city(ctx):
    return await official(ctx, "city", unit="unit_city", permissions=list(Permission))


async def plan(ctx, by, unit="unit_east_firm", to="unit_west", days=0):
    on = ctx.clock.today() + timedelta(days=days)
    return await moves.plan(ctx, unit, to_id=to, on=on, reason="区划调整", by=by)


async def path(ctx, unit_id):
    return (await Unit.find(ctx, _id=unit_id)).path


async def test_a_move_of_today_takes_the_unit_its_people_and_its_stations(ctx):
    by = await city(ctx)
    xie = await official(
        ctx, "xie", unit="unit_east_firm", permissions=[Permission.STATIONS]
    )
    old = f"{EAST}unit_east_firm/"
    await places.put(ctx, places.station(unit_id="unit_east_firm", org_path=old))
    moved = await plan(ctx, by)
    assert moved.state is State.CARRIED_OUT
    new = f"{WEST}unit_east_firm/"
    assert await path(ctx, "unit_east_firm") == new
    assert (await Staff.find(ctx, _id=xie.id)).org_path == new
    while await events.deliver_one(ctx, REACTIONS):
        pass
    assert (await Station.find(ctx, _id="station_park")).org_path == new


async def test_old_and_new_superior_each_see_their_time_and_the_firm_both(ctx):
    by = await city(ctx)
    east = await official(ctx, "east", permissions=[Permission.STATIONS])
    west = await official(
        ctx, "west", unit="unit_west", permissions=[Permission.STATIONS]
    )
    firm = await official(
        ctx, "firm", unit="unit_east_firm", permissions=[Permission.STATIONS]
    )
    old, new = f"{EAST}unit_east_firm/", f"{WEST}unit_east_firm/"
    await plan(ctx, by)
    seen = {
        each.id: [(await again(ctx, each.id)).may(Permission.STATIONS, p) for p in pair]
        for pair in [(old, new)]
        for each in (east, west, firm)
    }
    assert seen == {
        east.id: [True, False],
        west.id: [False, True],
        firm.id: [True, True],
    }


async def test_a_planned_move_waits_for_its_day_in_shanghai(ctx, clock):
    by = await city(ctx)
    move = await plan(ctx, by, days=1)
    clock.put(clock.now().replace(hour=15, minute=59))
    assert await moves.carry_out_due(ctx) == 0
    clock.put(clock.now().replace(hour=16, minute=0))
    assert await moves.carry_out_due(ctx) == 1
    assert await moves.carry_out_due(ctx) == 0
    assert (await Move.find(ctx, _id=move.id)).state is State.CARRIED_OUT


async def test_two_workers_carry_a_move_out_once(ctx):
    by = await city(ctx)
    move = await plan(ctx, by, days=1)
    done = await together(*(moves.carry_out(ctx, move) for _ in range(4)))
    assert done.count(True) == 1
    unit = await Unit.find(ctx, _id="unit_east_firm")
    assert unit.former_paths == (f"{EAST}unit_east_firm/",)


async def test_a_unit_planted_while_its_parent_moves_is_where_its_parent_is(ctx):
    by = await city(ctx)
    street = await planting.plant(
        ctx, parent_id="unit_east", name="示例·街道", kind=Kind.STREET, by=by
    )

    async def plant():
        return await planting.plant(
            ctx, parent_id=street.id, name="示例·网格", kind=Kind.GRID, by=by
        )

    planted, *_ = await together(plant(), plan(ctx, by, unit=street.id), plant())
    grid = await path(ctx, planted.id)
    assert grid == f"{await path(ctx, street.id)}{planted.id}/"
    assert grid.startswith(WEST)


async def test_there_and_back_again(ctx):
    by = await city(ctx)
    await plan(ctx, by)
    await plan(ctx, by, to="unit_east")
    unit = await Unit.find(ctx, _id="unit_east_firm")
    assert unit.path == f"{EAST}unit_east_firm/"
    assert unit.former_paths == (f"{WEST}unit_east_firm/",)


@pytest.mark.parametrize(
    ("unit", "to", "days", "refusal"),
    [
        ("unit_east", "unit_east_firm", 0, IntoItself),
        ("unit_east", "unit_east", 0, IntoItself),
        ("unit_east_firm", "unit_east", 0, IntoItself),
        ("unit_east_firm", "unit_west_firm", 0, WrongLevel),
        ("unit_east_firm", "unit_west", -1, DayOver),
        ("unit_nowhere", "unit_west", 0, NoSuchUnit),
        ("unit_east_firm", "unit_nowhere", 0, NoSuchUnit),
    ],
)
async def test_what_makes_no_sense_moves_nothing(ctx, unit, to, days, refusal):
    by = await city(ctx)
    with pytest.raises(refusal):
        await plan(ctx, by, unit=unit, to=to, days=days)
    assert await Move.shelf(ctx).count_documents({}) == 0


async def test_nobody_moves_a_unit_out_of_or_into_another_branch(ctx):
    east = await official(ctx, "east", permissions=[Permission.UNITS])
    with pytest.raises(NoSuchUnit):
        await plan(ctx, east)
    with pytest.raises(NoSuchUnit):
        await plan(ctx, east, unit="unit_west_firm", to="unit_east")


async def test_one_plan_a_unit_and_it_can_be_called_off(ctx, clock):
    by = await city(ctx)
    move = await plan(ctx, by, days=2)
    with pytest.raises(MovePlanned):
        await plan(ctx, by, days=3)
    west = await official(ctx, "west", unit="unit_west", permissions=[Permission.UNITS])
    with pytest.raises(NoSuchMove):
        await moves.call_off(ctx, move.id, by=west)
    await moves.call_off(ctx, move.id, by=by)
    with pytest.raises(NoSuchMove):
        await moves.call_off(ctx, move.id, by=by)
    clock.put(clock.now() + timedelta(days=3))
    assert await moves.carry_out_due(ctx) == 0


async def test_a_move_that_became_impossible_is_called_off(ctx):
    by = await city(ctx)
    street = await planting.plant(
        ctx, parent_id="unit_east", name="示例·街道", kind=Kind.STREET, by=by
    )
    move = await plan(ctx, by, unit="unit_east_firm", to=street.id, days=1)
    await Unit.shelf(ctx).update_one(
        {"_id": street.id}, {"$set": {"path": f"{EAST}unit_east_firm/{street.id}/"}}
    )
    assert await moves.carry_out(ctx, move) is False
    assert (await Move.find(ctx, _id=move.id)).state is State.CALLED_OFF


async def test_planting_and_renaming_stay_within_reach(ctx):
    east = await official(ctx, "east", permissions=[Permission.UNITS])
    with pytest.raises(NoSuchUnit):
        await planting.plant(
            ctx, parent_id="unit_west", name="示例", kind=Kind.GRID, by=east
        )
    with pytest.raises(NoSuchUnit):
        await planting.rename(ctx, "unit_city", name="示例", by=east)
    with pytest.raises(WrongLevel):
        await planting.plant(
            ctx, parent_id="unit_east", name="示例", kind=Kind.CITY, by=east
        )
    renamed = await planting.rename(ctx, "unit_east_firm", name="新名", by=east)
    assert renamed.name == "新名"


async def test_the_tree_is_read_in_pages_parents_first(ctx):
    by = await city(ctx)
    first = await units.in_scope(
        ctx, parent_id=None, cursor=None, limit=3, scope=by.reach
    )
    rest = await units.in_scope(
        ctx, parent_id=None, cursor=first.next, limit=3, scope=by.reach
    )
    assert [unit.id for unit in (*first.items, *rest.items)] == [
        "unit_city",
        "unit_east",
        "unit_east_firm",
        "unit_west",
        "unit_west_firm",
    ]
    assert rest.next is None
